// `paperround papers theme ID SLUG`: which theme a paper has. It holds for its edition, and the model learns from it.
import { curatorsName, paperNamed, readCurations } from '../../editions/curation.ts';
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
  const show = (correction: Correction | undefined, ...lines: string[]) => {
    const about = { id, known, title: paper?.title ?? null, edition: edition ?? null };
    terminal.result({ ...about, correction: shownCorrection(correction) }, lines);
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
  const isHidden = (await readCurations(db)).get(id)?.hidden ?? false;
  const teaches = (paper?.abstract ?? '') !== '';
  const answer = answerTo(
    `corrected to ${said.slug}`,
    { known, edition, name },
    {
      known: whatFollows(said, { isHidden, teaches }),
      unknown: isHidden ? 'it is hidden, so no edition takes it' : `${placeOf(said)} when it comes`,
    },
  );
  const mayStandElsewhere = known && edition === undefined && !isHidden;
  return show(correction, answer, ...(mayStandElsewhere ? [onNarrowDay(said)] : []));
};
export default theme;

const isNone = ({ slug }: Pick<Theme, 'slug'>) => slug === ALSO_TODAY.slug;

const placeOf = (said: Pick<Theme, 'slug' | 'name'>) =>
  isNone(said) ? `it stands under "${said.name}"` : `it has the theme "${said.name}"`;

/** What a correction does to the paper itself, and to others. */
function whatFollows(
  said: Pick<Theme, 'slug' | 'name'>,
  { isHidden, teaches }: { isHidden: boolean; teaches: boolean },
): string {
  const itself = isHidden ? 'it is hidden, so no edition takes it' : `${placeOf(said)} in its edition`;
  if (!teaches) return `${itself}; it has no abstract, so the themes learn nothing from it`;
  return isNone(said)
    ? `${itself}; no other paper moves there with it`
    : `${itself}, and the themes learn from it`;
}

function onNarrowDay(said: Pick<Theme, 'slug'>): string {
  const place =
    'On a day that is all about one subject it may stand in another section, among papers like it';
  return isNone(said) ? `${place}.` : `${place}; readers of its theme get it all the same.`;
}

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
