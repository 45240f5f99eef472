// `npm run images`: makes the pictures of the README and the docs from the studio's specimens, in a real browser.
// `node docs/images/make.ts FOLDER` puts them elsewhere, to look at them first.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { cut } from '../../src/digests/cut.ts';
import { forReader, renderDigest } from '../../src/digests/digest.ts';
import { contactSheet, SHEET } from '../../src/studio/looks/contact-sheet.ts';
import { inLook, WIDTHS } from '../../src/studio/looks/looks.ts';
import { SPECIMENS, type SpecimenSlug, specimenEdition } from '../../src/studio/specimens.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';
import { openBrowser } from '../../test/support/browser.ts';
import { smallPng } from './small-png.ts';

const target = process.argv[2] ?? import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), 'paperround-images-'));
const environment = { DATA_DIR: folder, PUBLIC_URL: 'https://papers.example.org' };
const app = await openApp((await loadConfig(undefined, environment)).settings);
const { templates, masthead } = await app.desk();
const browser = await openBrowser();

async function mailOf(slug: SpecimenSlug): Promise<string> {
  const edition = await specimenEdition(slug, app.press);
  const wants = Preferences.parse(SPECIMENS[slug].preferences);
  const reader = {
    address: 'ada@example.org',
    unsubscribeUrl: 'https://papers.example.org/unsubscribe/0',
    preferencesUrl: 'https://papers.example.org/preferences/0',
  };
  return forReader(renderDigest(cut([edition], wants), masthead, templates), reader).html;
}

type Pane = [width: keyof typeof WIDTHS, look: 'light' | 'dark'];

/** One picture of the first `height` pixels of a mail on some screens, side by side, each shrunk by `scale`. */
async function picture(name: string, mail: string, panes: readonly Pane[], height: number, scale: number) {
  const shots: string[] = [];
  for (const [device, look] of panes) {
    const context = await browser.newContext({
      viewport: { width: WIDTHS[device], height },
      deviceScaleFactor: scale,
    });
    const page = await context.newPage();
    await page.setContent(inLook(mail, look));
    shots.push((await page.screenshot()).toString('base64'));
    await context.close();
  }
  const images = shots.map(shot => `<img src="data:image/png;base64,${shot}">`).join('');
  const page = await browser.newPage({ viewport: { width: 1600, height: 1200 } });
  await page.setContent(
    `<body style="margin:0"><style>img{display:block;border-radius:8px}</style><main style="display:inline-flex;gap:20px;padding:24px;background:#d8d2c6">${images}</main>`,
  );
  const shot = await page.locator('main').screenshot();
  writeFileSync(join(target, `${name}.png`), smallPng(shot));
  await page.close();
}

const FOUR: Pane[] = [
  ['desktop', 'light'],
  ['phone', 'light'],
  ['desktop', 'dark'],
  ['phone', 'dark'],
];
const HEIGHTS = {
  none: 400,
  one: 860,
  thirty: 1000,
  'seventy-one': 1000,
  'two-hundred': 1000,
  'right-to-left': 1000,
};
for (const [slug, height] of Object.entries(HEIGHTS) as [SpecimenSlug, number][])
  await picture(`day-${slug}`, await mailOf(slug), FOUR, height, 0.73);
const sheet = await browser.newContext({ viewport: SHEET, deviceScaleFactor: 0.75 });
const page = await sheet.newPage();
const thirty = await mailOf('thirty');
const rows = [{ label: 'HTML', value: `${Buffer.byteLength(thirty).toLocaleString('en')} bytes` }];
await page.setContent(contactSheet(thirty, { title: SPECIMENS.thirty.about, rows }));
writeFileSync(join(target, 'contact-sheet.png'), smallPng(await page.screenshot()));
// The README's: a desktop in light beside a phone in dark.
await picture('digest', thirty, [FOUR[0] as Pane, FOUR[3] as Pane], 1100, 1);

await browser.close();
await app.close();
rmSync(folder, { recursive: true });
