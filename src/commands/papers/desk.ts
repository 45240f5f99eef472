// The curator's desk: takes down one word of a curator and tells what it means for the editions.
import { type Curated, type CuratorsWord, curate } from '../../editions/curation.ts';
import { editionOf } from '../../editions/edition.ts';
import { readPapers } from '../../papers/stored-papers.ts';
import { instantText } from '../../store/schema.ts';
import type { Context } from '../context.ts';

/** A curated paper, for the answer. `name` is its title, or its id while no source knows it. */
export interface Answered extends Curated {
  name: string;
  /** The published edition in which it stands already, or undefined. */
  edition: string | undefined;
}

/**
 * Takes down a curator's word and prints the answer that `say` makes of it.
 * @param by the curator's name; without one the setting `curator` is taken, and where that is not set none
 */
export async function speak(
  { terminal, app }: Context,
  id: string,
  { by, ...word }: Omit<CuratorsWord, 'curator'> & { by?: string | undefined },
  say: (answered: Answered) => string,
): Promise<number> {
  const open = await app();
  // Whoever undoes or hides puts no name under another curator's words.
  const signs = word.picked === true || typeof word.note === 'string';
  const curator = signs ? (by ?? open.settings.curator) : undefined;
  const named = curator === undefined ? word : { ...word, curator };
  const curated = await curate(open.db, id, named, instantText(open.clock()));
  const [paper] = await readPapers(open.db, { ids: [curated.paperId] });
  const edition = await editionOf(open.db, curated.paperId);
  const { paperId, known, now } = curated;
  const document = {
    id: paperId,
    known,
    title: paper?.title ?? null,
    picked: now?.picked ?? false,
    hidden: now?.hidden ?? false,
    note: now?.note ?? null,
    curator: now?.curator ?? null,
    edition: edition ?? null,
  };
  terminal.result(document, [say({ ...curated, name: paper?.title ?? paperId, edition })]);
  return 0;
}

/** The answer to a word such as "picked": what follows for a paper that sources know, or for one that has not come. */
export function answerTo(
  word: string,
  { known, edition, name }: Pick<Answered, 'known' | 'edition' | 'name'>,
  then: { known: string; unknown: string },
): string {
  if (!known) return `${word} ${name}: no source knows it yet; ${then.unknown}`;
  const follows =
    edition === undefined ? then.known : `but edition ${edition} went out with it and stays as it is`;
  return `${word}: ${name}; ${follows}`;
}
