// Loads an operator's own embedder from a file, and gets a day's theme model ready with it.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PaperroundError, reasonOf } from '../errors.ts';
import { excerpt } from '../text-file.ts';
import { withEmbeddings } from './embedded-model.ts';
import { type Embedder, embedDay, MOST_WORDS, type Within, withinSeconds } from './embedder.ts';
import type { DayModel } from './layout.ts';
import type { PaperText } from './model/answer.ts';
import type { Theme } from './taxonomy.ts';

/** Gets a model ready for these papers. */
export type Prepare = (model: DayModel, papers: readonly PaperText[]) => Promise<DayModel>;

/**
 * An embedder's part in every day. Its file is loaded at the first day that has papers. One that fails is loaded anew at
 * the next; files that it imports are not: Node keeps those, and their failures, as long as the process lives.
 * @param path of a file of the operator's; nothing else is ever loaded
 * @param seconds how long loading and embedding may take together, for one day
 * @returns what gets a model ready. It throws PaperroundError `config` that names the file and what is wrong
 */
export function openEmbedder(path: string, seconds: number, themes: readonly Theme[]): Prepare {
  let loaded: Embedder | undefined;
  let tries = 0;
  return (model, papers) =>
    withinSeconds(seconds, path, async within => {
      if (papers.length === 0) return model;
      loaded ??= await loadEmbedder(path, tries++, within);
      return withEmbeddings(model, themes, await embedDay(loaded, themes, papers, within));
    });
}

async function loadEmbedder(path: string, tries: number, within: Within): Promise<Embedder> {
  const file = resolve(path);
  const fail = (why: string, cause?: unknown) =>
    new PaperroundError('config', `The embedder ${path} cannot be used: ${why}`, {
      hint: 'EMBEDDER names a file whose default export is {name, embed(texts)}, or a function that makes one.',
      cause,
    });
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw fail('there is no such file');
  // Node remembers a file that failed by its address: another time, or another try, makes another address.
  const address = `${pathToFileURL(file).href}?${found.mtimeMs}-${tries}`;
  let made: unknown;
  try {
    made = await within(async () => {
      const { default: exported } = (await import(address)) as { default?: unknown };
      return typeof exported === 'function' ? exported() : exported;
    }, 'loading');
  } catch (error) {
    if (error instanceof PaperroundError) throw error;
    throw fail(excerpt(reasonOf(error), MOST_WORDS), error);
  }
  if (made === undefined || made === null) throw fail('it has no default export, or one that makes nothing');
  const { name, embed } = made as Partial<Embedder>;
  if (typeof embed !== 'function') throw fail('its default export has no function "embed"');
  const label =
    typeof name === 'string' && name.trim() !== '' ? `${excerpt(name.trim(), 80)} (${path})` : path;
  return { name: label, embed: texts => embed.call(made, texts) };
}
