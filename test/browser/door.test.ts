// The whole way of a reader in a real browser: subscribe, the mail, its link, the preferences, the next digest, and out again.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { simpleParser } from 'mailparser';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { paperround, start } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const ADA = 'ada@example.org';

/** An installation whose pages are served, with an edition and a real mail server. */
async function opened() {
  const server = await smtpServer();
  const env = {
    DATA_DIR: join(await temporaryFolder(), 'data'),
    SMTP_URL: server.url,
    MAIL_FROM: 'Daily Papers <papers@example.org>',
    PAPERROUND_SECRET: 'the secret of this browser test',
  };
  await paperround(['publish', '--from', 'samples/huggingface-2026-06-12.json'], { env });
  const { url, env: served } = await serve(env);
  const newest = async (to: string, before: number) => {
    const found = () => server.accepted.filter(mail => mail.to === to);
    await expect.poll(() => found().length, { timeout: 30_000 }).toBeGreaterThan(before);
    return simpleParser(found().at(-1)?.bytes ?? '');
  };
  return { url, env: served, server, newest };
}

/** The links in the mails lead to the port on which the pages are served, so the port is found first. */
async function serve(env: Record<string, string>) {
  const { createServer } = await import('node:net');
  const port = await new Promise<number>(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const all = { ...env, PUBLIC_URL: url, PORT: String(port) };
  const daemon = start(['serve'], { env: all });
  await daemon.says(/readers' pages on/);
  return { url, env: all };
}

async function openPage(options: BrowserContextOptions): Promise<Page & { problems: string[] }> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', message => {
    if (!/status of 4\d\d/.test(message.text())) problems.push(message.text());
  });
  page.on('request', request => {
    if (!request.url().startsWith('http://127.0.0.1:')) problems.push(`asked for ${request.url()}`);
  });
  return Object.assign(page, { problems });
}

/** Set by who wants to look at the pages: a folder for pictures of them, in both looks. */
const SHOTS = process.env.SHOTS;

/** What somebody who reads with their ears or fingers would stumble over, in light and dark. */
async function sound(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`)).toEqual([]);
    if (SHOTS === undefined) continue;
    await mkdir(SHOTS, { recursive: true });
    const width = page.viewportSize()?.width;
    await page.screenshot({ path: join(SHOTS, `${name}-${width}-${colorScheme}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(wide, `${name} is wider than the window`).toBe(false);
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Whoever is faster than people are is asked to press once more. */
async function subscribe(page: Page): Promise<void> {
  await press(page, 'Subscribe');
  const again = page.getByText('press Subscribe again');
  const done = page.getByRole('heading', { name: 'Look into your mailbox' });
  for (;;) {
    await again.or(done).waitFor();
    if (await done.isVisible()) return;
    await page.waitForTimeout(500);
    await press(page, 'Subscribe');
  }
}

describe.each([
  ['on a phone', { viewport: { width: 375, height: 800 }, isMobile: true, hasTouch: true }],
  ['on a phone, without JavaScript', { viewport: { width: 375, height: 800 }, javaScriptEnabled: false }],
  ['at a desk', { viewport: { width: 1280, height: 900 } }],
] as [string, BrowserContextOptions][])('a reader %s', (where, options) => {
  it('subscribes, confirms, chooses, gets what they chose, and leaves by the mail’s own link', {
    timeout: 300_000,
  }, async () => {
    const { url, env, server, newest } = await opened();
    const page = await openPage(options);
    const check = (name: string) => (options.javaScriptEnabled === false ? undefined : sound(page, name));
    await page.goto(`${url}/subscribe`);
    await check('subscribe');
    await page.getByLabel('Your mail address').fill(ADA);
    await page.getByLabel('Keywords, one a line').fill('diffusion');
    await subscribe(page);
    await check('asked');
    const asked = await newest(ADA, 0);
    const link = /http:\/\/127\.0\.0\.1:\d+\/confirm\/\S+/.exec(asked.text ?? '')?.[0] ?? '';
    await page.goto(link);
    await check('confirm');
    await press(page, 'Confirm');
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await check('welcome');

    await page.getByRole('link', { name: 'What you get' }).click();
    await check('preferences');
    await page.getByLabel('Keywords, one a line').fill('video');
    await page.getByLabel('Length').selectOption('brief');
    await page.getByLabel('Time zone').selectOption('Europe/Paris');
    await press(page, 'Save');
    await page.getByText('Saved: your next digest is made of this.').waitFor();
    await page.getByText('What is stored').click();
    await page.getByText('Another address').click();
    await page.getByText('Erase', { exact: true }).first().click();
    await check('preferences-open');

    const sent = await paperround(['send', '--yes', '--json'], { env });
    expect(JSON.parse(sent.stdout)).toMatchObject({ planned: 1, sent: 1 });
    const digest = await newest(ADA, 1);
    expect(digest.text).toMatch(/video/i);
    expect(digest.text).not.toMatch(/We (?:propose|present)/);
    const leave = /http:\/\/127\.0\.0\.1:\d+\/unsubscribe\/[\w-]+/.exec(digest.text ?? '')?.[0] ?? '';
    await page.goto(leave);
    await check('leave');
    await press(page, 'Unsubscribe');
    await page.getByRole('heading', { name: 'You have left' }).waitFor();
    await check('left');
    await press(page, 'Undo');
    await page.getByRole('heading', { name: 'As before' }).waitFor();
    await page.goto(leave);
    await press(page, 'Unsubscribe');
    await page.getByRole('heading', { name: 'You have left' }).waitFor();

    await paperround(['publish', '--from', 'samples/daily-papers-page.txt'], { env });
    const next = await paperround(['send', '--yes', '--json'], { env });
    expect(JSON.parse(next.stdout)).toMatchObject({ sent: 0 });
    expect(server.accepted).toHaveLength(2);
    expect(page.problems, where).toEqual([]);
  });
});

describe('a link scanner', () => {
  it('that asks for every link of a mail a hundred times changes nothing', { timeout: 300_000 }, async () => {
    const { url, env, newest, server } = await opened();
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${url}/subscribe`);
    await page.getByLabel('Your mail address').fill(ADA);
    await subscribe(page);
    const scan = async (text: string) => {
      const links = new Set(text.match(/http:\/\/127\.0\.0\.1:\d+\/[^\s">)]*/g) ?? []);
      const ask = async (link: string, method: string) => (await fetch(link, { method })).arrayBuffer();
      for (const link of links)
        for (let i = 0; i < 10; i++)
          await Promise.all(
            Array.from({ length: 10 }, () => Promise.all([ask(link, 'GET'), ask(link, 'HEAD')])),
          );
      return links.size;
    };
    const shown = async () => (await paperround(['subscribers', 'show', ADA, '--json'], { env })).stdout;
    const asked = await newest(ADA, 0);
    const pending = await shown();
    expect(JSON.parse(pending)).toMatchObject({ status: 'pending' });
    expect(await scan(`${asked.text}${asked.html}`)).toBe(1);
    expect(await shown()).toBe(pending);

    await page.goto(/http:\/\/\S+\/confirm\/\S+/.exec(asked.text ?? '')?.[0] ?? '');
    await press(page, 'Confirm');
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await paperround(['send', '--yes'], { env });
    const digest = await newest(ADA, 1);
    const active = await shown();
    expect(await scan(`${digest.text}${digest.html}`)).toBeGreaterThanOrEqual(3);
    expect(await shown()).toBe(active);
    expect(server.accepted).toHaveLength(2);
  });
});
