// The studio's panels: sound HTML, safe whatever a paper is called, readable on every screen, in words for people.
import { AxeBuilder } from '@axe-core/playwright';
import { html } from 'hono/html';
import { HtmlValidate } from 'html-validate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forReader, renderDigest } from '../../src/digests/digest.ts';
import { checkCut, type Preflight } from '../../src/digests/preflight.ts';
import type { Edition } from '../../src/editions/edition.ts';
import type { Audience } from '../../src/studio/figures/audience.ts';
import { byteMap } from '../../src/studio/figures/byte-map.ts';
import { difference } from '../../src/studio/figures/difference.ts';
import { inboxRows } from '../../src/studio/figures/inbox-rows.ts';
import { audiencePanel } from '../../src/studio/panels/audience.ts';
import { bytesPanel } from '../../src/studio/panels/bytes.ts';
import { differencePanel } from '../../src/studio/panels/difference.ts';
import { inboxRowsPanel } from '../../src/studio/panels/inbox-rows.ts';
import { preflightPanel } from '../../src/studio/panels/preflight.ts';
import { PANEL_STYLE } from '../../src/studio/panels/style.ts';
import { page } from '../../src/web/page.ts';
import { bigEdition, cutOf, edition, MASTHEAD, paper, shippedTemplates } from '../digests/editions.ts';
import { openBrowser } from '../support/browser.ts';

const templates = await shippedTemplates();
const LONG = 'x'.repeat(300);
const HOSTILE = `<script>alert("1")</script> & 'quoted'`;
const RTL = 'نموذج لغوي كبير (2026) للبحث العلمي';

const day: Edition = {
  ...edition({
    [`<b>${LONG}`]: [
      paper({ title: HOSTILE, pick: { by: HOSTILE, note: RTL } }),
      paper({ title: RTL }),
      paper({ title: LONG }),
    ],
    robots: [paper({ title: 'Arms', abstract: 'We propose arms. They reach far.' })],
  }),
};
const made = (of: Edition, length: 'full' | 'standard' = 'standard') => {
  const digest = renderDigest(cutOf(of, length), MASTHEAD, templates);
  const parts = { address: 'a@example.org', unsubscribeUrl: 'https://example.org/u', preferencesUrl: null };
  return { digest, html: forReader(digest, parts).html };
};
const strange = made(day);
const long = made(bigEdition(200), 'full');
const wide = long.html.replace('</head>', `<style>${' '.repeat(12_000)}</style></head>`);
const rowsOf = (subject: string) =>
  inboxRows({ from: HOSTILE, subject, preheader: subject, html: `<p>${LONG}</p>`, date: LONG });

const audience: Audience = {
  day: '2026-08-17',
  draft: false,
  readers: { active: 100_000, pending: 2, paused: 1, unsubscribed: 40, suppressed: 3 },
  standing: { had: 3, owed: 2, unknown: 1, 'to plan': 99_000, nothing: 5, refused: 1, withdrawn: 1 },
  notDue: 12,
  cuts: [HOSTILE, LONG, RTL].map((wants, n) => ({
    wants,
    editions: ['2026-08-16', '2026-08-17'],
    readers: 30_000 - n,
    addresses: [`${LONG}@example.org`, `${HOSTILE}@example.org`],
    papers: n,
    standing: { had: 1, 'to plan': 20 },
    next: [{ day: '2026-08-18', readers: 21 }],
  })),
  rest: { cuts: 1_200, readers: 9_000 },
  next: [
    { day: '2026-08-18', cadence: 'daily', readers: 90_000 },
    { day: '2026-08-19', cadence: 'weekly', readers: 1 },
  ],
};
const bad: Preflight = {
  ok: false,
  checks: [
    {
      name: 'links',
      ok: false,
      level: 'failure',
      detail: HOSTILE,
      where: LONG,
      hint: 'Write {{safeUrl …}}.',
    },
    { name: 'leftovers', ok: false, level: 'warning', detail: LONG, where: null, hint: null },
    ...checkCut(strange.digest),
  ],
};

const PANELS: [string, unknown][] = [
  ['bytes of strange papers', bytesPanel(byteMap(strange.digest, strange.html))],
  ['bytes of a long day', bytesPanel(byteMap(long.digest, long.html))],
  ['bytes of a mail that is too large', bytesPanel(byteMap(long.digest, wide))],
  ['bytes of papers that are not found', bytesPanel(byteMap(strange.digest, '<p>nothing</p>'))],
  ['inbox rows', inboxRowsPanel([...rowsOf(HOSTILE), ...rowsOf(LONG), ...rowsOf(RTL)])],
  ['difference', differencePanel(difference(long.digest, strange.digest))],
  ['difference to itself', differencePanel(difference(strange.digest, strange.digest))],
  ['difference to nothing', differencePanel(difference(null, strange.digest))],
  ['audience', audiencePanel(audience)],
  ['audience of a draft', audiencePanel({ ...audience, draft: true })],
  ['preflight', preflightPanel(bad)],
  ['preflight of a good mail', preflightPanel({ ok: true, checks: checkCut(long.digest) })],
];

const asPage = async (panel: unknown) =>
  String(await page('Panel', html`<main><h1>Studio</h1>${panel}</main>`, `main{padding:10px}${PANEL_STYLE}`));

const wordsOf = async (panel: unknown) =>
  String(await panel)
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe.each(PANELS)('the panel of %s', (_name, panel) => {
  it('is sound HTML in which nothing of a paper is markup, and begins with a heading of its own', async () => {
    const source = await asPage(panel);
    expect(String(await panel)).toMatch(/^<section class="figures"><h2>/);
    expect(source).not.toContain('<script');
    const validator = new HtmlValidate({
      extends: ['html-validate:standard'],
      rules: {
        'no-trailing-whitespace': 'off',
        'doctype-style': 'off',
        'no-inline-style': 'off',
        'attribute-boolean-style': 'off',
      },
    });
    const report = await validator.validateString(source);
    expect(report.results.flatMap(result => result.messages.map(m => `${m.ruleId}: ${m.message}`))).toEqual(
      [],
    );
  });
});

describe('the panels say', () => {
  it('what the ladder did, and why', async () => {
    const words = await wordsOf(bytesPanel(byteMap(long.digest, long.html)));
    expect(words).toMatch(/95,000 are allowed; there is room for [\d,]+ more\. Gmail shows all of it/);
    expect(words).toContain('Summary, because its theme was over its share of the mail');
    expect(words).toContain('Title only, because its theme was over its share of the mail');
    expect(words).not.toMatch(/folded|\bfits\b|frame/);
  });

  it('how large each part is, so that a reader of the table can add it up', async () => {
    const map = byteMap(strange.digest, strange.html);
    const words = await wordsOf(bytesPanel(map));
    for (const bytes of [map.total, map.frame.bytes, ...map.sections.map(one => one.bytes)])
      expect(words).toContain(bytes.toLocaleString('en'));
  });

  it('where Gmail cuts a mail that is too large', async () => {
    const words = await wordsOf(bytesPanel(byteMap(long.digest, wide)));
    expect(words).toContain('Gmail cuts this mail off.');
    expect(words).toMatch(/first thing that is missing then is “ Paper \d+: .*”, in theme number \d+/);
  });

  it('that papers could not be found', async () => {
    const words = await wordsOf(bytesPanel(byteMap(strange.digest, '<p>nothing</p>')));
    expect(words).toContain('4 papers could not be found in the HTML');
  });

  it('what of a subject is cut off', async () => {
    const words = await wordsOf(inboxRowsPanel(rowsOf(`${'a'.repeat(37)}bcd`)));
    expect(words).toContain('Cut off of the subject: “ bcd ”');
  });

  it('that a paper stands in two mails', async () => {
    const twice = await wordsOf(differencePanel(difference(strange.digest, strange.digest)));
    expect(twice).toContain('4 papers stand in both mails. No reader should get a paper twice.');
    expect(await wordsOf(differencePanel(difference(long.digest, strange.digest)))).toContain(
      'No paper stands in both.',
    );
  });

  it('of a draft what would be, and nothing of hours', async () => {
    const words = await wordsOf(audiencePanel({ ...audience, draft: true }));
    expect(words).toContain('This edition is not published yet.');
    expect(words).toContain('would get it');
    expect(words).not.toMatch(/\d:\d\d|o’clock/);
    expect(words).toContain('And 1,200 more digests for 9,000 readers');
  });

  it('failures first, then warnings, then what is good', async () => {
    const words = await wordsOf(preflightPanel(bad));
    const places = ['held back', 'Must be mended', 'links', 'Should be looked at', 'leftovers', 'Good'].map(
      one => words.indexOf(one),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });
});

describe('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it.each([
    [375, 'light'],
    [375, 'dark'],
    [1200, 'light'],
    [1200, 'dark'],
  ] as const)(
    'they fit %d px, can be read in the %s look by everybody, and load nothing',
    async (width, colorScheme) => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
      const sheet = await context.newPage();
      const asked: string[] = [];
      sheet.on('request', request => asked.push(request.url()));
      await sheet.setContent(await asPage(PANELS.map(([, panel]) => panel)));
      expect(await sheet.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const { violations } = await new AxeBuilder({ page: sheet }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(asked).toEqual([]);
      await context.close();
    },
  );
});
