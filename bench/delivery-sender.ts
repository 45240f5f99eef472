// One sender of bench/delivery.ts, a process of its own: sends what it is told, and says when each mail was taken.
import { deliver } from '../src/delivery/deliver.ts';
import { growSlowly } from '../src/memory.ts';
import type { Other } from './delivery-others.ts';
import { DATE, openRoom, settingsOf } from './delivery-room.ts';

/** What a sender is told, as JSON, in its one argument. */
export interface Task {
  way: 'paperround' | Other;
  /** The folder of the installation, and the settings that are special to this one. */
  folder: string;
  env?: Record<string, string>;
  port: number;
  connections: number;
  /** How many mails; of Paperround: when to stop. */
  count: number;
  /** Measured from here on. */
  warm: number;
}

/** What it says in the end. */
export interface Told {
  /** When each mail after the first `warm` was taken, in milliseconds since 1970. */
  times: number[];
  /** Microseconds of CPU a message, all threads. */
  cpu: number;
}

const task = JSON.parse(process.argv[2] ?? '') as Task;
const { way, port, connections, count, warm } = task;
// As the command does.
if (way === 'paperround') growSlowly();
const env: Record<string, string> = settingsOf(task.folder, port, {
  SMTP_CONNECTIONS: String(connections),
  ...task.env,
});
const app = await openRoom(env);

const times = new Float64Array(count - warm);
let done = 0;
let used = process.cpuUsage();
let total = 0;
function taken(): void {
  done++;
  if (done === warm) used = process.cpuUsage();
  if (done > warm && done <= count) times[done - warm - 1] = performance.timeOrigin + performance.now();
  if (done === count) {
    const { user, system } = process.cpuUsage(used);
    total = user + system;
  }
}

process.send?.('ready');
await new Promise(resolve => process.once('message', resolve));

if (way === 'paperround') {
  const { db, settings } = app;
  const stop = new AbortController();
  const { sent, stopped } = await deliver({
    db,
    edition: DATE,
    desk: await app.desk(),
    mailer: await app.mailer(),
    clock: app.clock,
    dueOnly: false,
    owedOnly: true,
    resendUnknown: true,
    bounces: settings,
    deliverHours: settings.deliverHours,
    stopRefusedPercent: settings.stopRefusedPercent,
    signal: stop.signal,
    onProgress() {
      taken();
      if (done === count) stop.abort();
    },
  });
  if (sent < count) throw new Error(`sent ${sent} of ${count}: ${stopped}`);
} else {
  // What others need is not Paperround's memory.
  const { openOther } = await import('./delivery-others.ts');
  const { send, close } = await openOther(way, app, { port, connections, dkimKey: env.DKIM_KEY });
  let next = 0;
  const lane = async () => {
    while (next < count) {
      await send(next++);
      taken();
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  close();
}
await app.close();
const told: Told = {
  times: [...times.subarray(0, Math.max(0, Math.min(done, count) - warm))],
  cpu: total / (count - warm),
};
process.send?.(told, undefined, undefined, () => process.disconnect?.());
