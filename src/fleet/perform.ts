// What doing a task means: twice, late or by another worker, the outcome is the same.
import type { App } from '../app.ts';
import type { SendRequest } from '../delivery/deliver.ts';
import { traceOf } from '../editions/morning.ts';
import { reasonOf } from '../errors.ts';
import { runJob } from '../job.ts';
import type { Log } from '../log.ts';
import { counted, type JobReport, preflightLines, shareLine } from '../report.ts';
import { planDay, sendShare } from '../sending.ts';
import type { Day } from '../store/schema.ts';
import type { Queue } from './queue.ts';
import type { Task } from './task.ts';

/** A share has so many deliveries: a worker that is killed leaves a moment's work, and none waits for one that is slow. */
const SHARE = 500;
/** No more shares than this wait at once: the next beat makes more. */
const MOST_SHARES = 200;

/** What a worker works with. */
export interface Bench {
  app: App;
  queue: Queue;
  log: Log;
  signal: AbortSignal;
  onAttempt: NonNullable<SendRequest['onAttempt']>;
  /** Is told how a day's job went. */
  onMorning: (report: JobReport) => Promise<void>;
  /** Runs what hands mail over; one at a time, so that a process has no more connections than are set. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Does a task. What fails is said, and left to the next beat: what is not done yet is still due. */
export async function perform(task: Task, bench: Bench): Promise<void> {
  try {
    if (task.kind === 'morning') await morning(task.day, bench);
    else if (task.kind === 'plan') await plan(task.day, bench);
    else await deliver(task.edition, bench);
  } catch (error) {
    bench.log.step(`${task.kind}: failed: ${reasonOf(error)}`, true, { step: task.kind, outcome: 'failed' });
  }
}

/** The job of a day. One worker does it and hands mail over with all others; it tells how the morning went. */
async function morning(date: Day, bench: Bench): Promise<void> {
  const { app, queue, log, signal, onAttempt, onMorning, inTurn } = bench;
  const share = (edition: Day, waiting: number) => queue.add(sharesOf(edition, waiting));
  const report = await runJob(app, date, {
    onStep: log.step,
    signal,
    patient: true,
    onAttempt,
    inTurn,
    ...(queue.isShared ? { share } : {}),
  });
  await onMorning(report);
}

/** Plans what is due now, and cuts what can be claimed into shares. */
async function plan(date: Day, { app, queue, log }: Bench): Promise<void> {
  const planned = await planDay(app, date);
  if (planned === null || planned.waiting === 0) return;
  const { edition, waiting } = planned;
  const shares = await queue.add(sharesOf(edition, waiting));
  if (shares === 0) return;
  const facts = { trace: await traceOf(app.db, edition), step: 'plan', edition, waiting, shares };
  log.step(`plan: ${waiting} of edition ${edition} can go out, in ${counted(shares, 'share')}`, false, facts);
}

/** Hands over a share of an edition. */
async function deliver(edition: Day, { app, log, signal, onAttempt, inTurn }: Bench): Promise<void> {
  const { problems, stopped, paced, ...counts } = await inTurn(() =>
    sendShare(app, edition, SHARE, { signal, onAttempt }),
  );
  for (const { line, failed } of preflightLines(problems)) log.step(line, failed);
  const line = shareLine({ problems, stopped, paced, ...counts });
  if (line === null) return;
  const facts = { trace: await traceOf(app.db, edition), step: 'deliver', edition, ...counts };
  log.step(`deliver: edition ${edition}: ${line}`, stopped !== null && !signal.aborted, facts);
}

function sharesOf(edition: string, waiting: number): Task[] {
  const many = Math.min(Math.ceil(waiting / SHARE), MOST_SHARES);
  return Array.from({ length: many }, (_, share) => ({ kind: 'deliver', edition, share }));
}
