// The readers' pages in a process of their own, for bench/web.ts: it listens, and says what CPU it has taken.
import { openApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { listen } from '../src/web/listen.ts';
import { readersPages } from '../src/web/web.ts';

const { settings } = await loadConfig(undefined, {
  DATA_DIR: process.argv[2],
  PUBLIC_URL: 'https://papers.example.org',
});
const app = await openApp(settings);
const { url } = await listen(readersPages({ ...app, ...(await app.desk()) }), 0);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: (user + system) / 1000, memory: process.memoryUsage().rss / 2 ** 20 });
});
process.on('disconnect', () => process.exit());
process.send?.({ url });
