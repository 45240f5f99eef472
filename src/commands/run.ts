// `paperround run`: the day's job, once. The line for system cron.
import type { App } from '../app.ts';
import { latestEditionDate, readEdition } from '../editions/edition.ts';
import { traceOf } from '../editions/morning.ts';
import { tellOfMorning } from '../good-morning.ts';
import { runJob } from '../job.ts';
import { attemptsIn, openLog } from '../log.ts';
import { sourceName } from '../papers/sources/spec.ts';
import { countPapers } from '../papers/stored-papers.ts';
import { exitStatusOf } from '../report.ts';
import type { Day } from '../store/schema.ts';
import { shownCollection } from './collect.ts';
import type { Command, Context } from './context.ts';
import { shownRefit } from './models.ts';
import { rehearse, shownReport } from './send.ts';

const run: Command<{ date?: string; wait?: boolean; dryRun?: boolean }> = async (
  context,
  { date, wait = false, dryRun = false },
) => {
  const { terminal, app, signal } = context;
  const open = await app();
  if (dryRun) return rehearseRun(context, open, date ?? open.today(), date === undefined);
  const progress = terminal.progress('sent');
  const log = await openLog(open.settings, {
    clock: open.clock,
    write: (line, failed) => (failed ? terminal.warn(line) : terminal.say(line)),
    stamped: false,
  });
  const report = await runJob(open, date ?? open.today(), {
    onStep: log.step,
    signal,
    onProgress: progress.update,
    onAttempt: attemptsIn(log, open.db),
    patient: wait,
    byHour: date === undefined,
  });
  progress.end();
  await tellOfMorning(open, report, log);
  const { collections, publication, sending } = report;
  terminal.result({
    ...shownReport(sending, report.date),
    trace: await traceOf(open.db, report.date),
    outcome: publication?.outcome ?? 'failed',
    sources: (collections ?? []).map(shownCollection),
    themes: report.themes && shownRefit(report.themes),
    failures: report.failures.map(({ step, error }) => ({
      step,
      error: error instanceof Error ? error.message : String(error),
    })),
  });
  return exitStatusOf(open, report);
};
export default run;

/** What a run would do is known as far as the store goes: sources are not asked, for what they say would be kept. */
async function rehearseRun(context: Context, open: App, date: Day, byHour: boolean): Promise<number> {
  const { terminal } = context;
  const { settings, db } = open;
  const sources = settings.sources.map(sourceName);
  terminal.say(
    `collect: ${sources.length === 0 ? 'no sources are configured' : `would ask ${sources.join(', ')}`}`,
  );
  const published = (await readEdition(db, date)) !== undefined;
  const { waiting } = await countPapers(db);
  if (!published) {
    terminal.say(
      `publish: would make the edition of ${date} of what is found, and of the ${waiting} papers in no edition yet`,
    );
    const edition = await latestEditionDate(db);
    terminal.result({ edition: edition ?? null, dryRun: true, sources, outcome: 'unpublished', waiting }, [
      'deliver: to whom is known once it is published: paperround publish, then paperround run --dry-run',
    ]);
    return 0;
  }
  terminal.say(`publish: the edition of ${date} is there already`);
  return rehearse(context, open, date, { dueOnly: true, ...(byHour && { dueNow: { isAwaited: false } }) });
}
