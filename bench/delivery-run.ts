// Runs the senders of bench/delivery.ts, and makes figures of what they say.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { copyRoom } from './delivery-room.ts';
import type { Task, Told } from './delivery-sender.ts';
import type { Sink } from './delivery-sinks.ts';

export interface Figures {
  /** Messages a second. */
  rate: number;
  /** Microseconds a message, all threads of all processes. */
  cpu: number;
}

const SENDER = fileURLToPath(new URL('delivery-sender.ts', import.meta.url));

/** What a sender says next. One that ends without a word has said why where errors go. */
async function answerOf(child: ChildProcess): Promise<Told> {
  const gone = new AbortController();
  const died = once(child, 'disconnect', { signal: gone.signal }).then(() => {
    throw new Error('a sender ended early');
  });
  const [told] = (await Promise.race([once(child, 'message'), died])) as [Told];
  died.catch(() => {});
  gone.abort();
  return told;
}

/**
 * Sends so many mails from a copy of the installation in `room`, with several processes on the one ledger where it is told
 * to. A fifth of the mails go before anything is measured.
 */
export async function send(
  room: string,
  sink: Sink,
  { processes = 1, count, ...task }: Omit<Task, 'folder' | 'port' | 'warm'> & { processes?: number },
): Promise<Figures> {
  const folder = `${room}-copy`;
  copyRoom(room, folder);
  const each = Math.round(count / processes);
  const whole: Task = { ...task, folder, port: sink.port, count: each, warm: Math.round(each / 5) };
  const children = Array.from({ length: processes }, () => fork(SENDER, [JSON.stringify(whole)]));
  const said = () => Promise.all(children.map(answerOf));
  await said();
  const answers = said();
  for (const child of children) child.send('go');
  const told = await answers;
  await Promise.all(children.map(child => child.exitCode ?? once(child, 'exit')));
  rmSync(folder, { recursive: true });
  const taken = await sink.count();
  if (taken !== null && taken < each * processes)
    throw new Error(`${task.way}: the sink took ${taken} of ${each * processes}`);
  // Only while all of them send: one that begins or ends alone has the machine to itself.
  const from = Math.max(...told.map(({ times }) => times[0] ?? 0));
  const until = Math.min(...told.map(({ times }) => times.at(-1) ?? 0));
  const within = told.flatMap(({ times }) => times.filter(time => time > from && time <= until));
  return {
    rate: (within.length / (until - from)) * 1000,
    cpu: told.reduce((sum, { cpu }) => sum + cpu, 0) / told.length,
  };
}
