// The mail and the demo's inbox in a real browser: on a phone and a desktop, in light and in dark.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { paperround, start } from '../support/cli.ts';
import { LOW_CONTRAST } from '../support/contrast.ts';
import { temporaryFolder } from '../support/installation.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const looks = [
  [375, 'light'],
  [375, 'dark'],
  [640, 'light'],
  [640, 'dark'],
] as const;

async function sampleDigest(): Promise<string> {
  const folder = await temporaryFolder();
  const env = { DATA_DIR: join(folder, 'data'), PUBLIC_URL: 'https://papers.example.org' };
  await paperround(['publish', '--from', 'samples/huggingface-2026-06-12.json'], { env });
  await paperround(['preview', '--out', folder], { env });
  return readFile(join(folder, 'digest.html'), 'utf8');
}

describe('the mail', () => {
  it('fits the screen and has enough contrast for every text, on phone and desktop, in light and dark', async () => {
    const html = await sampleDigest();
    for (const [width, colorScheme] of looks) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      const asked: string[] = [];
      page.on('request', request => asked.push(request.url()));
      await page.setContent(html);
      const look = `${width} px, ${colorScheme}`;
      expect(await page.evaluate('document.documentElement.scrollWidth'), look).toBe(width);
      expect(await page.evaluate(LOW_CONTRAST), look).toEqual([]);
      expect(
        await page.evaluate('getComputedStyle(document.querySelector(".c")).backgroundColor'),
        look,
      ).toBe(colorScheme === 'dark' ? 'rgb(29, 28, 26)' : 'rgb(255, 253, 249)');
      expect(asked, look).toEqual([]);
      await page.close();
    }
  });

  it('can be read where the program throws its style sheet away', async () => {
    const html = (await sampleDigest()).replace(/<style[\s\S]*?<\/style>/g, '');
    const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
    await page.setContent(html);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    expect(await page.locator('h3').count()).toBe(30);
    await page.close();
  });
});

describe('the demo’s inbox', () => {
  it('shows who got what: the mail in a sandboxed frame, its text, its headers and its source, without a script', async () => {
    const demo = start(['demo', '--port', '0'], { env: { DATA_DIR: await temporaryFolder() } });
    const url = (await demo.says(/Open (http:\/\/\S+)\/inbox/))[1] as string;
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
    const problems: string[] = [];
    page.on('console', message => problems.push(message.text()));
    await page.goto(`${url}/inbox`);
    await page.getByRole('link', { name: /chen@example\.org/ }).click();
    const mail = page.frameLocator('figure.phone iframe');
    await mail.getByRole('heading', { level: 1, name: 'Daily Papers' }).waitFor();
    await page.getByRole('link', { name: 'Dark', exact: true }).click();
    await expect.poll(() => paperColour(page)).toBe('rgb(29, 28, 26)');
    await page.getByRole('link', { name: 'Light', exact: true }).click();
    await expect.poll(() => paperColour(page)).toBe('rgb(255, 253, 249)');
    await page.getByRole('link', { name: 'Text', exact: true }).click();
    expect(await page.locator('pre').textContent()).toMatch(/^Daily Papers\n/);
    await page.getByRole('link', { name: 'Headers', exact: true }).click();
    expect(await page.locator('pre').textContent()).toContain(
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    );
    await page.getByRole('link', { name: 'Raw', exact: true }).click();
    expect(await page.locator('pre').textContent()).toContain('Content-Type: multipart/alternative');
    expect(problems).toEqual([]);
    for (const width of [375, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('link', { name: 'To the studio' }).click();
    await mail.getByText(/^101 papers in \d+ themes$/).waitFor();
    await page.getByRole('link', { name: 'Delivered', exact: true }).click();
    await page.getByRole('heading', { name: 'Delivered' }).waitFor();
    demo.kill('SIGTERM');
    expect(await demo.ended).toBe(0);
  });

  it('lets a reader leave with one tap on the page that the mail leads to', async () => {
    const demo = start(['demo', '--port', '0'], { env: { DATA_DIR: await temporaryFolder() } });
    const url = (await demo.says(/Open (http:\/\/\S+)\/inbox/))[1] as string;
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}/inbox`);
    const [leave] = await Promise.all([
      context.waitForEvent('page'),
      page.frameLocator('figure.desktop iframe').getByRole('link', { name: 'Unsubscribe' }).first().click(),
    ]);
    await leave.getByRole('button', { name: 'Unsubscribe' }).click();
    await leave.getByRole('heading', { name: 'You have left' }).waitFor();
    await context.close();
    demo.kill('SIGTERM');
    await demo.ended;
  });
});

interface Styles {
  getComputedStyle(element: unknown): { backgroundColor: string };
}

/** The background of the mail in the inbox's frame. */
const paperColour = (page: Page) =>
  page
    .frameLocator('figure.phone iframe')
    .locator('.c')
    .first()
    .evaluate(element => (globalThis as unknown as Styles).getComputedStyle(element).backgroundColor);
