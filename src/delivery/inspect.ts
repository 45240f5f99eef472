// Preflight for a run of sending: each cut is looked at once, what is wrong is kept in a list, and counted by readers.
import type { Digest } from '../digests/digest.ts';
import {
  broken,
  type Check,
  checkCut,
  checkOneOfMany,
  checkTemplates,
  type Level,
} from '../digests/preflight.ts';
import type { Edition } from '../editions/edition.ts';
import { PaperroundError } from '../errors.ts';
import type { Day } from '../store/schema.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { HELD } from './ledger.ts';
import { type Desk, digestsOnce, type Written } from './write.ts';

/** Something that preflight found, once however many mails have it. */
export interface Problem {
  level: Level;
  check: string;
  detail: string;
  where: string | null;
  hint: string | null;
  /** The first kind of digest in which it was found, in words; null where it is the templates' own. */
  digest: string | null;
  /** How many readers' mails have it; 0 where it is the templates' own and stops nothing. */
  readers: number;
}

/** What came of looking at a mail: it, or why it must not be sent. */
type Looked<T> = { good: T } | { held: string };

export interface Inspector {
  /** The digest of a reader. Equal cuts are rendered and checked once. */
  digest(dates: readonly Day[], preferences: Preferences): Promise<Looked<Digest>>;
  /** One reader's finished message. */
  message(written: Written, preferences: Preferences): Looked<Written>;
  /** What was found up to now, failures first. */
  problems(): Problem[];
}

/** What is known of one cut: its digest, and the problems that its readers' mails have. */
interface Known {
  digest: Digest | null;
  problems: Problem[];
  held: string | null;
}

/**
 * Looks at mails before they are sent. A template that cannot be filled for a cut holds back that cut alone.
 * @throws what rendering throws beside PaperroundError `template`
 */
export function inspectOnce(
  desk: Desk,
  editionsOf: (dates: readonly Day[]) => Promise<Edition[]>,
): Inspector {
  const digests = digestsOnce(desk, editionsOf);
  const problems = new Map<string, Problem>();
  const byDigest = new WeakMap<Digest, Known>();
  const byFailure = new WeakMap<PaperroundError, Known>();
  let templates: Check[] | undefined;

  const problemOf = (check: Check, digest: string | null): Problem => {
    const { level, name, detail, where, hint } = check;
    const key = JSON.stringify([name, detail, where]);
    const known = problems.get(key) ?? { level, check: name, detail, where, hint, digest, readers: 0 };
    problems.set(key, known);
    return known;
  };
  const ofTemplates = (): Check[] => {
    if (templates === undefined) {
      templates = checkTemplates(desk.templates, desk.masthead);
      for (const check of broken(templates, 'warning')) problemOf(check, null);
    }
    return broken(templates, 'failure');
  };
  const known = (digest: Digest | null, checks: readonly Check[], preferences: Preferences): Known => {
    const own = ofTemplates().map(check => problemOf(check, null));
    const kind = kindOf(preferences);
    const found = checks.filter(({ ok }) => !ok).map(check => problemOf(check, kind));
    return { digest, problems: [...own, ...found], held: reasonFor([...own, ...found]) };
  };
  const lookAt = async (dates: readonly Day[], preferences: Preferences): Promise<Known> => {
    let digest: Digest;
    try {
      digest = await digests(dates, preferences);
    } catch (error) {
      if (!(error instanceof PaperroundError && error.code === 'template')) throw error;
      const seen = byFailure.get(error) ?? known(null, [unfilled(error)], preferences);
      byFailure.set(error, seen);
      return seen;
    }
    const seen = byDigest.get(digest) ?? known(digest, checkCut(digest), preferences);
    byDigest.set(digest, seen);
    return seen;
  };
  return {
    async digest(dates, preferences) {
      const { digest, problems, held } = await lookAt(dates, preferences);
      for (const problem of problems) problem.readers++;
      return digest === null || held !== null ? { held: held ?? HELD } : { good: digest };
    },
    message(written, preferences) {
      const bad = checkOneOfMany(written).filter(({ ok }) => !ok);
      if (bad.length === 0) return { good: written };
      const found = bad.map(check => problemOf(check, kindOf(preferences)));
      for (const problem of found) problem.readers++;
      return { held: reasonFor(found) ?? HELD };
    },
    problems: () =>
      [...problems.values()].sort((a, b) => a.level.localeCompare(b.level) || b.readers - a.readers),
  };
}

/** The reason that stands with a delivery: the first failure. Null where there are only warnings. */
function reasonFor(problems: readonly Problem[]): string | null {
  const first = problems.find(({ level }) => level === 'failure');
  return first === undefined ? null : `${HELD}${problemWords(first)}`;
}

/** "links: javascript:… (“A title”)". */
export function problemWords({ check, detail, where }: Pick<Problem, 'check' | 'detail' | 'where'>): string {
  return `${check}: ${detail}${where === null ? '' : ` (${where})`}`;
}

/** A template that names a field which is not there, or fails in another way on this cut. */
function unfilled(error: PaperroundError): Check {
  return {
    name: 'expressions',
    ok: false,
    level: 'failure',
    detail: error.message,
    where: null,
    hint: 'Compare the fields that the template names with those of the templates that ship.',
  };
}

/** How a person would tell one cut from the others: "standard digest of themes agents, speech". */
function kindOf({ themes, keywords, authors, mutedWords, length }: Preferences): string {
  const lists = { themes, keywords, authors, 'muted words': mutedWords };
  const parts = Object.entries(lists)
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => `${name} ${list.slice(0, 3).join(', ')}${list.length > 3 ? ' …' : ''}`);
  return `${length} digest${parts.length === 0 ? '' : ` of ${parts.join('; ')}`}`;
}
