// `paperround papers theme ID SLUG`: which theme a paper has. It holds for its edition, and the model learns from it.
import { curatorsName, paperNamed } from '../../editions/curation.ts';
import { editionOf } from '../../editions/edition.ts';
import { PaperroundError } from '../../errors.ts';
import { readPapers } from '../../papers/stored-papers.ts';
import { instantText } from '../../store/schema.ts';
import { type Correction, correct, isKnown, takeBack } from '../../themes/corrections.ts';
import { nearestTo } from '../../themes/spelling.ts';
import { ALSO_TODAY, type Theme } from '../../themes/taxonomy.ts';
import type { Command } from '../context.ts';
import { answerTo } from './desk.ts';

const theme: Command<{ by?: string; undo?: boolean }, [string, string | undefined]> = async (
  { terminal, app },
  { by, undo = false },
  text,
  slug,
) => {
  if (undo === (slug !== undefined)) {
    throw new PaperroundError('usage', undo ? 'A theme and --undo exclude each other' : 'There is no theme', {
      hint: 'paperround papers theme ID SLUG, or paperround papers theme ID --undo.',
    });
  }
  const open = await app();
  const { db, themes, settings } = open;
  const said = slug === undefined ? undefined : themeNamed(slug, themes);
  const { id, known } = await paperNamed(db, text);
  const [paper] = await readPapers(db, { ids: [id] });
  const edition = await editionOf(db, id);
  const name = paper?.title ?? id;
  const show = (correction: Correction | undefined, line: string) => {
    const about = { id, known, title: paper?.title ?? null, edition: edition ?? null };
    terminal.result({ ...about, correction: shownCorrection(correction) }, [line]);
    return 0;
  };
  if (said === undefined) {
    const before = await takeBack(db, id);
    return show(
      undefined,
      `${before === undefined ? 'it was not corrected' : 'no longer corrected'}: ${name}`,
    );
  }
  const named = by ?? settings.curator;
  const curator = named === undefined ? null : await curatorsName(named);
  const own = said.slug === ALSO_TODAY.slug ? null : said.slug;
  const correction = { paperId: id, theme: own, curator, at: instantText(open.clock()) };
  await correct(db, correction);
  const answer = answerTo(
    `corrected to ${said.slug}`,
    { known, edition, name },
    {
      known: `it has the theme "${said.name}" in its edition, and the themes learn from it`,
      unknown: `it has the theme "${said.name}" when it comes`,
    },
  );
  return show(correction, answer);
};
export default theme;

/** @throws PaperroundError `usage` that names the nearest theme and all of them */
function themeNamed(given: string, themes: readonly Theme[]): Pick<Theme, 'slug' | 'name'> {
  const slug = given.trim().toLowerCase();
  const allowed = [...themes, ALSO_TODAY];
  const found = allowed.find(candidate => candidate.slug === slug);
  if (found !== undefined) return found;
  const slugs = allowed.map(candidate => candidate.slug);
  const nearest = nearestTo(slug, slugs);
  const question = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  throw new PaperroundError('usage', `There is no theme "${given.slice(0, 80)}"${question}`, {
    hint: `Allowed: ${slugs.join(', ')} (no theme).`,
  });
}

/** A correction as `--json` shows it. */
export function shownCorrection(correction: Correction | undefined): object | null {
  if (correction === undefined) return null;
  const { theme: own, curator, at } = correction;
  return { theme: own ?? ALSO_TODAY.slug, curator, at };
}

/** A correction in words, for `papers show`. */
export function correctedBy({ theme: own, curator, at }: Correction, themes: readonly Theme[]): string {
  const gone = isKnown(own, themes) ? '' : '; ignored: the taxonomy has no such theme';
  return `${own ?? ALSO_TODAY.slug}, by ${curator ?? 'somebody'} at ${at}${gone}`;
}
