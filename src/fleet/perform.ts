// What doing a task means: twice, late or by another worker, the outcome is the same.
import type { App } from '../app.ts';
import type { SendRequest } from '../delivery/deliver.ts';
import { traceOf } from '../editions/morning.ts';
import { expectEdition, isEditionAwaited } from '../editions/timetable.ts';
import { reasonOf } from '../errors.ts';
import { tellOfMorning } from '../good-morning.ts';
import { makeDueEdition, planDue } from '../heartbeat.ts';
import { sendShare } from '../job.ts';
import { attemptsIn, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { counted, exitStatusOf, preflightLines, shareLine } from '../report.ts';
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
  metrics: Metrics;
  signal: AbortSignal;
  /** When an edition is due next, by CRON. */
  nextEdition: () => Temporal.Instant | undefined;
  /** Runs what hands mail over; one at a time, so that a process has no more connections than are set. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Does a task. What fails is said, and left to the next beat: what is not done yet is still due. */
export async function perform(task: Task, bench: Bench): Promise<void> {
  try {
    await DO[task.kind](task as never, bench);
  } catch (error) {
    bench.log.step(`${task.kind}: failed: ${reasonOf(error)}`, true);
  }
}

const DO: { [K in Task['kind']]: (task: Extract<Task, { kind: K }>, bench: Bench) => Promise<void> } = {
  async morning(_, bench) {
    const { app, queue, log, metrics, signal, inTurn } = bench;
    const share = (edition: string, waiting: number) => queue.add(sharesOf(edition, waiting));
    const others = queue.isShared ? { share } : {};
    const onAttempt = attemptsOf(bench);
    const report = await makeDueEdition(app, {
      ...{ onStep: log.step, signal, patient: true, inTurn, onAttempt },
      ...others,
      nextEdition: bench.nextEdition,
    });
    if (report === null) return;
    metrics.onJob(exitStatusOf(app, report));
    await tellOfMorning(app, report, log);
  },

  async plan({ day }, { app, queue, log, signal, nextEdition }) {
    await expectEdition(app.db, nextEdition());
    // One that was missed, or whose process died, is made up for.
    if (await isEditionAwaited(app.db, app.clock)) await queue.add([{ kind: 'morning', day }]);
    const due = await planDue(app, signal);
    if (due === null) return;
    const { edition, waiting } = due;
    const shares = await queue.add(sharesOf(edition, waiting));
    if (shares === 0) return;
    const facts = { trace: await traceOf(app.db, edition), step: 'plan', edition, waiting, shares };
    log.step(
      `plan: ${waiting} of edition ${edition} can go out, in ${counted(shares, 'share')}`,
      false,
      facts,
    );
  },

  async deliver({ edition }, bench) {
    const { app, log, signal, inTurn } = bench;
    const done = await inTurn(() => sendShare(app, edition, SHARE, { signal, onAttempt: attemptsOf(bench) }));
    for (const { line, failed } of preflightLines(done.problems)) log.step(line, failed);
    const line = shareLine(done);
    if (line === null) return;
    const { sent, deferred, refused, unknown, held } = done;
    const facts = { trace: await traceOf(app.db, edition), step: 'deliver', edition };
    log.step(`deliver: edition ${edition}: ${line}`, done.stopped !== null && !signal.aborted, {
      ...facts,
      ...{ sent, deferred, refused, unknown, held },
    });
  },
};

/** Each attempt is counted, and is a detail in the log. */
function attemptsOf({ app, log, metrics }: Bench): NonNullable<SendRequest['onAttempt']> {
  const tell = attemptsIn(log, app.db);
  return (delivery, outcome) => {
    metrics.onAttempt(delivery, outcome);
    tell(delivery, outcome);
  };
}

function sharesOf(edition: string, waiting: number): Task[] {
  const many = Math.min(Math.ceil(waiting / SHARE), MOST_SHARES);
  return Array.from({ length: many }, (_, share) => ({ kind: 'deliver', edition, share }));
}
