// A process of its own that publishes: `node publish-now.ts DATA_FOLDER DAY [DATABASE_URL]` prints the outcome and the edition's ids.
import { openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { papersOf } from '../../src/editions/edition.ts';
import { publish } from '../../src/editions/publish.ts';

const [folder = '', day = '', url] = process.argv.slice(2);
const { settings } = await loadConfig(undefined, {
  DATA_DIR: folder,
  ...(url ? { DATABASE_URL: url } : {}),
});
const app = await openApp(settings);
const { outcome, edition } = await publish(app.press, day);
await app.close();
process.stdout.write(JSON.stringify({ outcome, ids: papersOf(edition).map(paper => paper.id) }));
