// Templates that a test designs: MJML in a few words, and the templates that ship with some files replaced.
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PaperroundError } from '../../src/errors.ts';
import { temporaryFolder } from '../support/installation.ts';
import { TEMPLATES } from './editions.ts';

export const mjml = (body: string, head = '') =>
  `<mjml><mj-head><mj-title>x</mj-title>${head}</mj-head><mj-body>${body}</mj-body></mjml>`;
export const section = (content: string) => `<mj-section><mj-column>${content}</mj-column></mj-section>`;
export const text = (content: string) => section(`<mj-text>${content}</mj-text>`);

/** The shipped templates in a folder of their own, with some files replaced. */
export async function designed(files: Record<string, string | null> = {}) {
  const folder = join(await temporaryFolder(), 'templates');
  await cp(TEMPLATES, folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    if (content === null) await rm(join(folder, name));
    else await writeFile(join(folder, name), content);
  }
  return { folder, cache: join(folder, '..', 'cache') };
}

/** The error with which some work fails. */
export async function refusal(work: Promise<unknown>): Promise<PaperroundError> {
  const error = await work.then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PaperroundError);
  return error as PaperroundError;
}
