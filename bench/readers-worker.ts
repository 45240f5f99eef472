// One process of bench/readers.ts: plans the readers who are due, or works a morning to its end; says what it took.
import { openApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { planDue } from '../src/heartbeat.ts';
import { sendShare } from '../src/job.ts';
import { growSlowly } from '../src/memory.ts';

growSlowly();

const SHARE = 500;
const { settings } = await loadConfig(undefined, process.env as Record<string, string>);
const app = await openApp(settings);
process.send?.('ready');
await new Promise(resolve => process.once('message', resolve));

const from = performance.now();
const due = await planDue(app);
const planned = (performance.now() - from) / 1000;
let sent = 0;
if (process.argv[2] === 'morning' && due !== null)
  for (let none = 0; none < 3; ) {
    const share = await sendShare(app, due.edition, SHARE, {});
    if (share.stopped !== null) throw new Error(share.stopped);
    sent += share.sent;
    none = share.sent === 0 ? none + 1 : 0;
  }
const { user, system } = process.cpuUsage();
process.send?.({
  planned,
  sent,
  seconds: (performance.now() - from) / 1000,
  cpu: (user + system) / 1e6,
  // Kilobytes.
  memory: process.resourceUsage().maxRSS / 1024,
});
await app.close();
process.disconnect?.();
