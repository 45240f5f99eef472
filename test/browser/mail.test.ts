// The mail of each kind of day in a real browser: read by axe, measured on a phone and a desktop; and the contact sheet.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import chromium from '@sparticuz/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cut } from '../../src/digests/cut.ts';
import { forReader, renderDigest } from '../../src/digests/digest.ts';
import type { Edition } from '../../src/editions/edition.ts';
import { contactSheet, SHEET } from '../../src/studio/looks/contact-sheet.ts';
import { inLook, LOOKS, type Look, WIDTHS } from '../../src/studio/looks/looks.ts';
import { findBrowser, shoot } from '../../src/studio/looks/shots.ts';
import { SPECIMENS, type SpecimenSlug, specimenEdition } from '../../src/studio/specimens.ts';
import type { Preferences } from '../../src/subscribers/preferences.ts';
import { DAYS } from '../digests/days.ts';
import { MASTHEAD, shippedTemplates, wants } from '../digests/editions.ts';
import { openBrowser } from '../support/browser.ts';
import { LOW_CONTRAST } from '../support/contrast.ts';
import { installation, temporaryFolder } from '../support/installation.ts';

const templates = await shippedTemplates();
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const READER = {
  address: 'ada@example.org',
  unsubscribeUrl: 'https://papers.example.org/unsubscribe/1D4-tW9nLRp-hZXCGdyiVDs87VEqZ_8lELU5GkjWNALQ',
  preferencesUrl: 'https://papers.example.org/preferences/1Ktg4oYVhBPuiS9AEPQ2CspGgtHcHvJ6rLtvqa8ZZ0kE',
};

const MAILS: [name: string, day: keyof typeof DAYS, preferences: Partial<Preferences>][] = [
  ['a quiet day', 'quiet', {}],
  ['one paper', 'one', { length: 'full' }],
  ['thirty papers', 'hugging-face', { keywords: ['agent', 'model'], authors: ['Yang He'] }],
  ['seventy-one papers', 'page', {}],
  ['two hundred papers', 'long', {}],
  ['a day read from right to left', 'hugging-face', { locale: 'ar-EG', keywords: ['agent', 'model'] }],
];

const mailOfEdition = (edition: Edition, preferences: Partial<Preferences>) =>
  forReader(renderDigest(cut([edition], wants(preferences)), MASTHEAD, templates), READER).html;
const mailOf = (day: keyof typeof DAYS, preferences: Partial<Preferences>) =>
  mailOfEdition(DAYS[day](), preferences);

/** Opens a mail and calls `look` with its page, and with whatever it asked for from elsewhere. */
async function withPage<T>(
  html: string,
  screen: { width: number; colorScheme: 'light' | 'dark' },
  look: (page: Page, asked: readonly string[]) => Promise<T>,
): Promise<T> {
  const { width, colorScheme } = screen;
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  await page.setContent(html);
  const seen = await look(page, asked);
  await context.close();
  return seen;
}

/** What axe finds that keeps somebody from reading: its rules of the impacts "serious" and "critical". */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

const screens = Object.values(WIDTHS).flatMap(width =>
  (['light', 'dark'] as const).map(colorScheme => ({ width, colorScheme })),
);

describe.each(MAILS)('the mail of %s', (_, day, preferences) => {
  it.each(screens)('keeps nobody from reading, at $width px in $colorScheme', async screen => {
    await withPage(mailOf(day, preferences), screen, async (page, asked) => {
      expect(asked).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(screen.width);
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
      expect(await barriers(page)).toEqual([]);
    });
  });

  it.each<Look>(['light', 'dark', 'forced-dark', 'no-styles', 'images-off'])(
    'can be read as a program shows it: %s',
    async look => {
      const html = inLook(mailOf(day, preferences), look);
      // The browser is in the other mode: the look decides.
      const colorScheme = look === 'light' ? 'dark' : 'light';
      for (const width of Object.values(WIDTHS))
        await withPage(html, { width, colorScheme }, async (page, asked) => {
          expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
          expect(asked).toEqual([]);
        });
    },
  );
});

describe.each<SpecimenSlug>(['tex', 'right-to-left', 'hostile'])('the mail of an extreme day: %s', slug => {
  it.each(screens)('keeps nobody from reading, at $width px in $colorScheme', async screen => {
    const edition = await specimenEdition(slug, (await installation()).press);
    await withPage(mailOfEdition(edition, SPECIMENS[slug].preferences), screen, async (page, asked) => {
      expect(asked).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(screen.width);
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
      expect(await barriers(page)).toEqual([]);
    });
  });
});

describe('the looks of a mail', () => {
  it.each<[Look, (background: number) => boolean]>([
    ['light', background => background > 240],
    ['dark', background => background < 40],
    ['forced-dark', background => background < 40],
    ['no-styles', background => background > 240],
    ['images-off', background => background > 240],
  ])('stand on light or dark ground, whatever the browser is in: %s', async (look, fits) => {
    const html = inLook(mailOf('one', {}), look);
    for (const colorScheme of ['light', 'dark'] as const) {
      const colour = await withPage(html, { width: 640, colorScheme }, page =>
        page.evaluate<string>(
          `(() => { for (let at = document.querySelector('h1'); at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (colour !== 'rgba(0, 0, 0, 0)') return colour;
          } return 'rgb(255, 255, 255)'; })()`,
        ),
      );
      expect(fits(Number(colour.match(/\d+/)?.[0])), `${colorScheme}: ${colour}`).toBe(true);
    }
  });

  it('show a picture of their own, and of others a box that can be read', async () => {
    const html = mailOf('one', {}).replace('<h1', '<img alt="Two ships" src="https://x.example/a.png"><h1');
    for (const look of Object.keys(LOOKS) as Look[])
      await withPage(inLook(html, look), { width: 375, colorScheme: 'light' }, async (page, asked) => {
        await page.getByText('Two ships').waitFor();
        expect(await page.evaluate(LOW_CONTRAST), look).toEqual([]);
        expect(asked, look).toEqual([]);
      });
  });
});

describe('the contact sheet', () => {
  const sheet = () =>
    contactSheet(mailOf('hugging-face', {}), {
      title: 'Robots & 29 more <b>',
      rows: [{ label: 'Edition', value: '2026-08-20' }],
    });

  it('shows every look at both widths on one page, without a script', async () => {
    await withPage(sheet(), { width: SHEET.width, colorScheme: 'light' }, async (page, asked) => {
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Robots & 29 more <b>');
      expect(await page.locator('iframe[sandbox=""]').count()).toBe(10);
      for (const frame of await page.locator('iframe').all())
        await frame.contentFrame().getByRole('heading', { level: 1, name: 'Daily Papers' }).waitFor();
      expect(await page.locator('script').count()).toBe(0);
      const size = '[document.documentElement.scrollWidth, document.body.offsetHeight]';
      expect(await page.evaluate(size)).toEqual([SHEET.width, SHEET.height]);
      expect(asked.filter(url => url !== 'about:srcdoc')).toEqual([]);
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
    });
  });

  it('becomes a picture of its size by a browser of this machine', async () => {
    const program = (await findBrowser(undefined)) as string;
    const png = join(await temporaryFolder(), 'sheet.png');
    await shoot(program, sheet(), png, SHEET);
    const bytes = await readFile(png);
    expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
    // PNG (RFC 2083 §4.1.1): width and height stand after the name of the first chunk.
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([SHEET.width, SHEET.height]);
    expect(bytes.length).toBeGreaterThan(100_000);
  });
});

describe('a picture of a page', () => {
  it('is taken by the browser that is set, and by no other', async () => {
    expect(await findBrowser('/opt/mine/chrome')).toBe('/opt/mine/chrome');
    const folder = await temporaryFolder();
    const shot = shoot('/opt/mine/chrome', '<p>x', join(folder, 'x.png'), { width: 10, height: 10 });
    await expect(shot).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('/opt/mine/chrome: there is no such program'),
      hint: expect.stringContaining('BROWSER_PATH'),
    });
  });

  it('is not made by a program that is no browser, which is told', async () => {
    const folder = await temporaryFolder();
    const shot = shoot(process.execPath, '<p>x', join(folder, 'x.png'), { width: 10, height: 10 });
    await expect(shot).rejects.toMatchObject({ code: 'input', message: expect.stringContaining('x.png') });
    await expect(stat(join(folder, 'x.png'))).rejects.toThrow('ENOENT');
  });

  it('runs no script of the page and asks nobody for anything', async () => {
    const asked: string[] = [];
    const server = (await import('node:http')).createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as { port: number };
    const png = join(await temporaryFolder(), 'x.png');
    const at = `http://127.0.0.1:${port}`;
    const page = `<img src="${at}/picture"><script>document.body.append('x');fetch('${at}/script')</script>`;
    await shoot(await chromium.executablePath(), page, png, { width: 40, height: 40 });
    expect(asked).toEqual([]);
    server.close();
  });
});
