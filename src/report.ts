// What the day's job says of itself: a line for each step, and the exit status.
import type { App } from './app.ts';
import type { SendReport } from './delivery/deliver.ts';
import { ASKED_TO_STOP } from './delivery/drain.ts';
import { type Problem, problemWords } from './delivery/inspect.ts';
import type { ShareReport } from './delivery/share.ts';
import type { Stop } from './delivery/stop.ts';
import { papersOf } from './editions/edition.ts';
import type { Publication } from './editions/publish.ts';
import type { Collection } from './papers/collections.ts';
import type { Day } from './store/schema.ts';
import type { Refit } from './themes/refit.ts';

/** What came of one job; a step that failed is null and has its reason in `failures`. */
export interface JobReport {
  date: Day;
  collections: Collection[] | null;
  publication: DayPublication | null;
  sending: SendReport | null;
  failures: { step: 'collect' | 'publish' | 'deliver'; error: unknown }[];
  /** What came of learning themes; null when it was not looked at. */
  themes: Refit | null;
}

/** What came of publishing a day, with why there is no edition where papers are missing. */
export type DayPublication = Omit<Publication, 'outcome'> & {
  outcome: Publication['outcome'] | 'not-yet' | 'stale';
  because?: string;
};

/** The instant at which the papers of `date` are waited for no longer. */
export function giveUpAt({ settings }: App, date: Day): Temporal.Instant {
  const { giveUpAt: time, timeZone } = settings;
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).toInstant();
}

/**
 * The exit status of a job: 1 when a step failed, 3 when something should have been sent and was not, else 0.
 * A quiet day is a good day.
 */
export function exitStatusOf(app: App, { date, failures, collections, sending }: JobReport): number {
  if (failures.length > 0) return 1;
  return collectStatus(app, date, collections ?? []) || (sending === null ? 0 : sendStatus(sending));
}

/** The exit status of asking the sources: 1 when one failed, 3 when papers are missing that should be there, else 0. */
export function collectStatus(app: App, date: Day, collections: readonly Collection[]): number {
  const outcomes = new Set(collections.map(({ outcome }) => outcome));
  if (outcomes.has('failed')) return 1;
  return outcomes.has('stale') || (outcomes.has('not-yet') && isOver(app, date)) ? 3 : 0;
}

/** Whether it is too late for papers of `date` that are still to come. */
export function isOver(app: App, date: Day): boolean {
  return Temporal.Instant.compare(app.clock(), giveUpAt(app, date)) >= 0;
}

/**
 * The exit status of sending an edition: 3 when it is paused, 1 when it ended early with mails waiting or preflight held
 * some back, 3 when nobody could be sent it.
 */
export function sendStatus({
  sent,
  refused,
  unknown,
  deferred,
  held,
  waiting,
  before,
  stopped,
  stop,
}: SendReport): number {
  if (stop?.state === 'paused') return 3;
  // Asked to stop before anything was sent, it may not even have planned for everybody.
  const isDone = stopped === ASKED_TO_STOP && waiting === 0 && sent > 0;
  if (held > 0 || (stopped !== null && !isDone)) return 1;
  const failed = refused + unknown + deferred > 0 || (before.sent === 0 && before.refused > 0);
  return sent === 0 && failed ? 3 : 0;
}

export const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

export function collectionLine({ name, outcome, reason, error, ...c }: Collection): string {
  const parts = [`${c.new} new`, `${c.updated} updated`, `${c.duplicate} known`];
  for (const { reason, count } of c.dropped) parts.push(`${count} dropped (${reason})`);
  const counts = parts.filter(part => !part.startsWith('0 ')).join(', ');
  const held = c.fetched > 0 ? `${counted(c.fetched, 'paper')}: ${counts}` : '';
  if (outcome === 'failed')
    return `${name}: failed: ${error}${held && c.new + c.updated > 0 ? `; kept of ${held}` : ''}`;
  const why = [reason ?? '', held].filter(part => part !== '').join('; ');
  return `${name}: ${outcome}: ${why || 'nothing'}`;
}

export function publicationLine({ edition, outcome, waiting, because }: DayPublication): string {
  const wait = waiting === 0 ? '' : `; waiting for another edition: ${counted(waiting, 'new paper')}`;
  const size = `${counted(papersOf(edition).length, 'paper')} in ${counted(edition.themes.length, 'theme')}`;
  if (outcome === 'published') return `edition ${edition.date}: ${size}`;
  if (outcome === 'already-published')
    return `edition ${edition.date} was published before (${size}); nothing was changed${wait}`;
  if (outcome === 'stale') return `no edition of ${edition.date}: papers are missing: ${because}`;
  if (outcome === 'not-yet') return `no edition of ${edition.date} yet: ${because}`;
  return waiting === 0
    ? `${edition.date} is a quiet day: no paper is new`
    : `${edition.date} is a quiet day: ${counted(waiting, 'paper')} came late to an earlier day and will be in the next edition`;
}

export function refitLine({ outcome, why, model }: Refit): string {
  if (outcome === 'not-due') return `nothing to learn yet: ${why}`;
  if (outcome === 'too-few') return `too few papers to learn from: ${why}`;
  if (outcome === 'busy' || outcome === 'stopped') return `not fitted: ${why}`;
  if (outcome === 'failed') return `version ${model?.version} failed, so nothing changes: ${why}`;
  const made = `version ${model?.version}, learnt from ${counted(model?.papers ?? 0, 'paper')}`;
  return outcome === 'taken'
    ? `${made}, is in use from now on (fitted: ${why})`
    : `${made}, is not taken into use: ${why}`;
}

export function sendingLine(report: SendReport): string {
  const { edition, planned, sent, before, stopped, paced, waiting, elsewhere, later, deferred, unknown } =
    report;
  const others = (['deferred', 'refused', 'unknown', 'skipped', 'held'] as const).filter(
    state => report[state] > 0,
  );
  const more = others
    .map(state => `, ${report[state]} ${state}${state === 'held' ? ' back by preflight' : ''}`)
    .join('');
  const notYet = later - deferred - unknown;
  const owed =
    (notYet > 0 ? `; ${notYet} will be tried again later` : '') +
    (elsewhere > 0
      ? `; ${elsewhere} being sent by another process, or by one that was killed less than 15 minutes ago`
      : '') +
    (before.refused > 0 ? `; ${before.refused} were refused before` : '');
  if (report.stop !== null)
    return `${stopWords(edition, report.stop)}: ${sent} sent now${more}${owed}; ${waiting} waiting`;
  if (stopped !== null)
    return `stopped after ${sent} of ${planned}: ${stopped}; ${waiting} waiting${more}${owed}`;
  if (paced !== null && waiting > 0)
    return `edition ${edition}: ${sent} sent${more}${owed}; ${waiting} wait for their turn (${paced.because})`;
  if (planned > 0)
    return `edition ${edition}: ${sent} sent${more}${before.sent > 0 ? `, ${before.sent} had it before` : ''}${owed}`;
  const why =
    before.sent > 0
      ? `edition ${edition} went to ${counted(before.sent, 'reader')} before`
      : report.active === 0
        ? 'nobody is subscribed (paperround subscribers import FILE)'
        : 'no active reader is due';
  return `nothing to send: ${owed === '' || before.sent > 0 ? why : `edition ${edition}`}${owed}`;
}

/** What came of a share; null where there was nothing left to do. */
export function shareLine(share: ShareReport): string | null {
  const parts = (['sent', 'deferred', 'refused', 'unknown', 'held'] as const)
    .filter(state => share[state] > 0)
    .map(state => `${share[state]} ${state}`);
  if (share.stopped !== null) parts.push(`stopped: ${share.stopped}`);
  if (share.paced !== null) parts.push(`the rest waits for its turn (${share.paced.because})`);
  return parts.length === 0 ? null : parts.join(', ');
}

/** "edition 2026-08-20 is paused since … (why)". */
export function stopWords(edition: Day, { state, reason, at }: Stop): string {
  const what = state === 'paused' ? 'is paused since' : 'was cancelled at';
  return `edition ${edition} ${what} ${at} (${reason})`;
}

/** What the operator can do about an edition that does not go on. */
export const stopHint = (edition: Day, { state }: Stop): string =>
  state === 'paused'
    ? `Look at "paperround deliveries list --date ${edition} --state refused"; then "paperround deliveries resume --date ${edition}" and send it again, or "paperround deliveries cancel --date ${edition}".`
    : 'Nothing has to be done: nobody gets a mail of its own for it any more.';

/** More warnings than this about one edition are not read; `preview` shows all. */
const MOST_WARNINGS = 3;

/** What preflight has to say of an edition, a line for each problem; a failure is never left out. */
export function preflightLines(problems: readonly Problem[]): { line: string; failed: boolean }[] {
  const failures = problems.filter(({ level }) => level === 'failure');
  const warnings = problems.filter(({ level }) => level === 'warning');
  const more = warnings.length - MOST_WARNINGS;
  return [
    ...failures.map(problem => ({ line: failureLine(problem), failed: true })),
    ...warnings
      .slice(0, MOST_WARNINGS)
      .map(problem => ({ line: `preflight: warning: ${problemWords(problem)}`, failed: false })),
    ...(more > 0
      ? [
          {
            line: `preflight: ${counted(more, 'more warning')}; paperround preview shows them`,
            failed: false,
          },
        ]
      : []),
  ];
}

function failureLine(problem: Problem): string {
  const whose = problem.digest === null ? 'every digest' : `such as a ${problem.digest}`;
  const said = `preflight: ${problemWords(problem)}; holds back ${counted(problem.readers, 'mail')} (${whose})`;
  return problem.hint === null ? said : `${said}. ${problem.hint}`;
}
