// `paperround status`: how it stands, on one page: the last edition and who got it, what waits, the sources, what comes next.
import { heldWords } from '../delivery/bounces/held.ts';
import type { Open } from '../delivery/standing.ts';
import { bytesInWords } from '../folder.ts';
import { type Overview, overviewOf } from '../overview.ts';
import { stopWords } from '../report.ts';
import { whoAnswers } from '../themes/model-in-use.ts';
import { readModels } from '../themes/stored-models.ts';
import type { Command } from './context.ts';
import { answering, modelLine } from './models.ts';
import { counted, paceWords, table } from './terminal.ts';

const status: Command = async ({ terminal, app }) => {
  const open = await app();
  const overview = await overviewOf(open);
  const models = await readModels(open.db);
  const inUse = await whoAnswers(open.db, open.themes);
  const { edition, subscribers, heldBounces, papers, waiting, sources, ...more } = overview;
  terminal.result(
    {
      edition: edition?.date ?? null,
      editionPapers: edition?.papers ?? 0,
      deliveries: edition?.deliveries ?? null,
      stop: edition?.stop ?? null,
      subscribers,
      heldBounces,
      papers,
      waiting,
      sources,
      themeModel: inUse?.version ?? 'shipped',
      themeModelAnswers: answering(inUse),
      open: edition?.open ?? null,
      refusedWhy: edition?.refused ?? [],
      deferredWhy: edition?.deferred ?? [],
      morning:
        edition === null
          ? null
          : { trace: edition.trace, pingedAt: edition.pingedAt, reportedAt: edition.reportedAt },
      ...more,
    },
    table([
      ...editionRows(edition),
      ['readers', counts(subscribers)],
      ['due', dueWords(more.due)],
      ...bounceRows(overview),
      ...paceRows(overview, open.settings.warmUp !== undefined),
      ['papers', `${papers} stored, ${waiting} of them in no edition yet`],
      ...sources.map(s => ['source', `${s.source}: ${s.outcome} at ${s.at}${describe(s.error ?? s.reason)}`]),
      ['themes', modelLine(models, inUse)],
      [
        'next',
        `${more.nextRun ?? 'never'}: the day’s job, where serve runs (CRON "${open.settings.cron}" in ${open.settings.timeZone})`,
      ],
      ['disk', diskWords(overview)],
    ]),
  );
  return 0;
};
export default status;

function editionRows(edition: Overview['edition']): string[][] {
  if (edition === null)
    return [
      ['edition', 'none yet'],
      ['deliveries', 'none yet'],
    ];
  const { date, publishedAt, papers, themes, deliveries, open, stop, refused, deferred } = edition;
  const size = `${counted(papers, 'paper')} in ${counted(themes, 'theme')}`;
  return [
    ['edition', `${date}: ${size}${publishedAt === null ? '' : `, published at ${publishedAt}`}`],
    ['deliveries', counts(deliveries)],
    ...(stop === null ? [] : [['sending', stopWords(date, stop)]]),
    ...refused.map(({ reason, times }) => ['refused', `${times} × ${reason}`]),
    ...deferred.map(({ reason, times }) => ['deferred', `${times} × ${reason}`]),
    ...(open.waiting === 0 ? [] : [['waiting', waitingWords(open, deliveries.sending > 0)]]),
    ...(open.unknown === 0
      ? []
      : [['unknown', `${open.unknown}: see "paperround deliveries list --state unknown"`]]),
    ...toldRows(edition),
  ];
}

/** "12 readers now; next 340 readers at …". */
function dueWords({ now, next }: Overview['due']): string {
  const later = next === null ? [] : [`next ${counted(next.readers, 'reader')} at ${next.at}`];
  return [`${counted(now, 'reader')} now`, ...later].join('; ');
}

/** While mails go out, how fast and how long the rest will take; else when the first of them is tried. */
function waitingWords({ waiting, next, lastMinute }: Open, isSending: boolean): string {
  if (!isSending || lastMinute === 0) return `${counted(waiting, 'mail')}, the first is tried at ${next}`;
  const minute = [
    { at: 0, done: 0 },
    { at: 60_000, done: lastMinute },
  ];
  return `${counted(waiting, 'mail')}${paceWords(minute, waiting + lastMinute)}, as in the last minute`;
}

/** What the operator was told of the morning. */
function toldRows({ trace, pingedAt, reportedAt }: NonNullable<Overview['edition']>): string[][] {
  if (trace === null) return [];
  const told = [
    ...(pingedAt === null ? [] : [`told as good at ${pingedAt}`]),
    ...(reportedAt === null ? [] : [`reported at ${reportedAt}`]),
  ];
  return [['morning', [`trace ${trace}`, ...told].join(', ')]];
}

function bounceRows({ bouncesWeek, heldBounces }: Overview): string[][] {
  const week = counts(bouncesWeek);
  return [
    ...(week === 'none' ? [] : [['bounces', `${week} in seven days`]]),
    ...heldBounces.map(held => ['bounces', heldWords(held)]),
  ];
}

/** Domains are told one by one up to here. */
const MOST_QUIET = 5;

function paceRows({ pace: { quiet, warmUp } }: Overview, isWarming: boolean): string[][] {
  const more = quiet.length - MOST_QUIET;
  return [
    ...quiet
      .slice(0, MOST_QUIET)
      .map(({ who, until, answer }) => ['pace', `${who} is left alone until ${until}${describe(answer)}`]),
    ...(more > 0 ? [['pace', `and ${more} more domains`]] : []),
    ...(isWarming && warmUp !== null
      ? [['pace', `warm-up since ${warmUp.since}: ${counted(warmUp.used, 'message')} on ${warmUp.day}`]]
      : []),
  ];
}

function diskWords({ disk: { free, database } }: Overview): string {
  return `${bytesInWords(free)} free${database === null ? '' : `; the database has ${bytesInWords(database)}`}`;
}

function counts(of: Record<string, number>): string {
  const present = Object.entries(of).filter(([, n]) => n > 0);
  return present.length === 0 ? 'none' : present.map(([name, n]) => `${n} ${name}`).join(', ');
}

const describe = (why: string | null) => (why === null ? '' : `: ${why}`);
