// A process of its own that publishes: `node publish-now.ts DATA_FOLDER DAY` prints the outcome and the edition's ids.
import { openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { papersOf } from '../../src/editions/edition.ts';
import { publish } from '../../src/editions/publish.ts';

const [folder = '', day = ''] = process.argv.slice(2);
const { settings } = await loadConfig(undefined, { DATA_DIR: folder });
const app = await openApp(settings);
const { outcome, edition } = await publish(app.press, day);
await app.close();
process.stdout.write(JSON.stringify({ outcome, ids: papersOf(edition).map(paper => paper.id) }));
