// `paperround run`: the day's job, once. The line for system cron.
import { exitStatusOf, runJob } from '../job.ts';
import { shownCollection } from './collect.ts';
import type { Command } from './context.ts';
import { shownReport } from './send.ts';

const run: Command<{ date?: string }> = async ({ terminal, app, signal }, { date }) => {
  const open = await app();
  const progress = terminal.progress('sent');
  const onStep = (line: string, failed: boolean) => (failed ? terminal.warn(line) : terminal.say(line));
  const report = await runJob(open, date ?? open.today(), { onStep, signal, onProgress: progress.update });
  progress.end();
  const { collections, publication, sending } = report;
  terminal.result({
    ...shownReport(sending, report.date),
    outcome: publication?.outcome ?? 'failed',
    sources: (collections ?? []).map(shownCollection),
    failures: report.failures.map(({ step, error }) => ({
      step,
      error: error instanceof Error ? error.message : String(error),
    })),
  });
  return exitStatusOf(report);
};
export default run;
