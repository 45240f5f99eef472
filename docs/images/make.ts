// `npm run images`: makes the pictures of the README and the docs from the samples, in a real browser.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../../test/support/browser.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'paperround-images-'));
const env = {
  PATH: process.env.PATH,
  DATA_DIR: join(folder, 'data'),
  PUBLIC_URL: 'https://papers.example.org',
};
const paperround = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'src/cli.ts'), ...args], {
    env,
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
};
paperround('publish', '--from', 'samples/huggingface-2026-06-12.json');
paperround('preview', '--out', folder);
const html = readFileSync(join(folder, 'digest.html'), 'utf8');

const browser = await openBrowser();
const shots = [
  ['light', 640, 1100],
  ['dark', 375, 1100],
] as const;
const pictures: string[] = [];
for (const [colorScheme, width, height] of shots) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.setContent(html);
  pictures.push((await page.screenshot()).toString('base64'));
}
// One picture for the README: the desktop in light beside the phone in dark.
const page = await browser.newPage({ viewport: { width: 1120, height: 1180 } });
const frames = pictures.map(
  p => `<img src="data:image/png;base64,${p}" style="border-radius:10px;box-shadow:0 6px 30px #0004">`,
);
await page.setContent(
  `<body style="margin:0;padding:40px;box-sizing:border-box;display:flex;gap:25px;justify-content:center;background:#d8d2c6">${frames.join('')}`,
);
await page.screenshot({ path: join(ROOT, 'docs/images/digest.png') });
await browser.close();
rmSync(folder, { recursive: true });
