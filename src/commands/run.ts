// `paperround run`: the day's job, once. The line for system cron.
import { runJob } from '../job.ts';
import { exitStatusOf } from '../report.ts';
import { shownCollection } from './collect.ts';
import type { Command } from './context.ts';
import { shownRefit } from './models.ts';
import { shownReport } from './send.ts';

const run: Command<{ date?: string; wait?: boolean }> = async (
  { terminal, app, signal },
  { date, wait = false },
) => {
  const open = await app();
  const progress = terminal.progress('sent');
  const onStep = (line: string, failed: boolean) => (failed ? terminal.warn(line) : terminal.say(line));
  const report = await runJob(open, date ?? open.today(), {
    onStep,
    signal,
    onProgress: progress.update,
    patient: wait,
  });
  progress.end();
  const { collections, publication, sending } = report;
  terminal.result({
    ...shownReport(sending, report.date),
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
