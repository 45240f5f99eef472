// What doing a task means: twice, late or by another worker, the outcome is the same.
import type { App } from '../app.ts';
import { reasonOf } from '../errors.ts';
import { planDay, runJob, sendShare } from '../job.ts';
import { counted, shareLine } from '../report.ts';
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
  onStep: (line: string, failed: boolean) => void;
  signal: AbortSignal;
  /** Runs what hands mail over; one at a time, so that a process has no more connections than are set. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Does a task. What fails is said, and left to the next beat: what is not done yet is still due. */
export async function perform(task: Task, bench: Bench): Promise<void> {
  try {
    await DO[task.kind](task as never, bench);
  } catch (error) {
    bench.onStep(`${task.kind}: failed: ${reasonOf(error)}`, true);
  }
}

const DO: { [K in Task['kind']]: (task: Extract<Task, { kind: K }>, bench: Bench) => Promise<void> } = {
  async morning({ day: date }, { app, queue, onStep, signal, inTurn }) {
    const share = (edition: string, waiting: number) => queue.add(sharesOf(edition, waiting));
    const others = queue.isShared ? { share } : {};
    await runJob(app, date, { onStep, signal, patient: true, inTurn, ...others });
  },

  async plan({ day: date }, { app, queue, onStep }) {
    const planned = await planDay(app, date);
    if (planned === null || planned.waiting === 0) return;
    const { edition, waiting } = planned;
    const shares = sharesOf(edition, waiting);
    const added = await queue.add(shares);
    if (added > 0)
      onStep(`plan: ${waiting} of edition ${edition} can go out, in ${counted(added, 'share')}`, false);
  },

  async deliver({ edition }, { app, onStep, signal, inTurn }) {
    const done = await inTurn(() => sendShare(app, edition, SHARE, signal));
    const line = shareLine(done);
    if (line !== null) onStep(`deliver: ${edition}: ${line}`, done.stopped !== null && !signal.aborted);
  },
};

function sharesOf(edition: string, waiting: number): Task[] {
  const many = Math.min(Math.ceil(waiting / SHARE), MOST_SHARES);
  return Array.from({ length: many }, (_, share) => ({ kind: 'deliver', edition, share }));
}
