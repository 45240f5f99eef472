// The studio in a real browser: what its readers of every kind see of tomorrow's digest, before anything is sent.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { simpleParser } from 'mailparser';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { paperround, start } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';
import { ownTemplates } from '../support/templates.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** An installation with two editions and the example's readers, and its studio. */
async function openStudio(more: Record<string, string> = {}, args: string[] = []) {
  const env = {
    DATA_DIR: join(await temporaryFolder(), 'data'),
    PUBLIC_URL: 'https://papers.example.org',
    ...more,
  };
  await paperround(['publish', '--from', 'samples/huggingface-2026-06-12.json'], { env });
  await paperround(['publish', '--from', 'samples/daily-papers-page.txt'], { env });
  await paperround(['subscribers', 'import', 'subscribers.example.json'], { env });
  const studio = start(['preview', '--port', '0', ...args], { env });
  const url = (await studio.says(/(http:\/\/127\.0\.0\.1:\d+)\/studio/))[1] as string;
  return { url, env, studio };
}

/** A page that fails the test when it asks for anything from elsewhere, or its policy is broken. */
async function openPage(options: BrowserContextOptions = {}): Promise<Page & { problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
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

const phone = (page: Page) => page.frameLocator('figure.phone iframe');
const desktop = (page: Page) => page.frameLocator('figure.desktop iframe');
const tab = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();

interface Styles {
  getComputedStyle(element: unknown): { backgroundColor: string };
}
const paperColour = (page: Page) =>
  phone(page)
    .locator('.c')
    .first()
    .evaluate(element => (globalThis as unknown as Styles).getComputedStyle(element).backgroundColor);

describe('whoever looks at tomorrow’s digest, without JavaScript', () => {
  it('sees the mail on a phone beside the desktop, in every look, for any day, reader and extreme', async () => {
    const { url } = await openStudio();
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(url);
    await phone(page)
      .getByText(/^71 papers in \d+ themes$/)
      .waitFor();
    await desktop(page)
      .getByText(/^71 papers in \d+ themes$/)
      .waitFor();
    for (const [look, colour] of [
      ['Dark', 'rgb(29, 28, 26)'],
      ['Light', 'rgb(255, 253, 249)'],
    ] as const) {
      await tab(page, look);
      await expect.poll(() => paperColour(page)).toBe(colour);
    }
    await tab(page, 'Forced dark');
    await expect.poll(() => paperColour(page)).toMatch(/^rgb\([1-3]?\d, [1-3]?\d, [1-3]?\d\)$/);
    await tab(page, 'No styles');
    await expect.poll(() => phone(page).locator('style').count()).toBe(0);
    await tab(page, 'Images off');
    await phone(page)
      .getByText(/^71 papers in \d+ themes$/)
      .waitFor();
    await page.getByLabel('Day', { exact: true }).fill('2026-06-12');
    await page.getByLabel('Reader').fill('ada@example.org');
    await page.getByRole('button', { name: 'Show' }).first().click();
    await page.locator('header').getByText('ada@example.org').waitFor();
    await phone(page).getByText('Friday, 12 June 2026').waitFor();
    for (const name of ['No papers', '1 paper', '30 papers', '71 papers', '200 papers']) {
      await tab(page, name);
      await phone(page)
        .locator('p', { hasText: new RegExp(`^${name}( in|$)`) })
        .waitFor();
      await page.locator('header').getByText('made up').waitFor();
    }
    await tab(page, 'All TeX');
    await expect.poll(() => phone(page).locator('body').innerText()).not.toMatch(/\\\w+\{|\$/);
    await page.getByLabel('Reader').fill('');
    await page.getByRole('button', { name: 'Show' }).first().click();
    await tab(page, 'Right to left');
    await expect.poll(() => phone(page).locator('html').getAttribute('dir')).toBe('rtl');
    expect(page.problems).toEqual([]);
  });

  it('sees all looks at once, the line in three inboxes, the text, the source, the headers and the raw mail', async () => {
    const { url } = await openStudio();
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${url}/studio`);
    await tab(page, 'All looks');
    expect(await page.locator('.wall iframe').count()).toBe(10);
    await page
      .frameLocator('.wall iframe')
      .first()
      .getByText(/^71 papers in \d+ themes$/)
      .waitFor();
    await tab(page, 'Inbox');
    for (const client of ['Gmail', 'Apple Mail', 'Outlook'])
      await page.getByRole('heading', { name: new RegExp(client) }).waitFor();
    await tab(page, 'Text');
    expect(await page.locator('pre').textContent()).toMatch(/^Daily Papers\n/);
    await tab(page, 'HTML source');
    expect(await page.locator('pre').textContent()).toMatch(/^<!doctype html>/i);
    await tab(page, 'Headers');
    expect(await page.locator('pre').textContent()).toContain(
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    );
    await tab(page, 'Raw');
    expect(await page.locator('pre').textContent()).toContain('Content-Type: multipart/alternative');
    const file = await page.getByRole('link', { name: 'Download as .eml' }).getAttribute('href');
    const mail = await simpleParser(await (await fetch(`${url}${file}`)).text());
    expect(mail.subject).toContain('20 Aug');
    expect(page.problems).toEqual([]);
  });

  it('sees what each paper costs, what preflight says, what changed, and who gets it', async () => {
    const { url } = await openStudio();
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${url}/studio?day=two-hundred`);
    await tab(page, 'Bytes');
    await page.getByRole('heading', { name: /bytes of HTML/ }).waitFor();
    expect(await page.locator('main').innerText()).toMatch(/95,000/);
    await page.goto(`${url}/studio`);
    await tab(page, 'Preflight');
    await page.getByText('every expression is filled').waitFor();
    await tab(page, 'Difference');
    await page.getByRole('heading', { name: /^What changed since/ }).waitFor();
    await tab(page, 'Readers');
    await page.getByRole('heading', { name: /Who gets/ }).waitFor();
    expect(await page.locator('main').innerText()).toContain('ada@example.org');
    await tab(page, 'Themes');
    await page.getByRole('heading', { name: 'Why each paper stands where it stands' }).waitFor();
    expect(page.problems).toEqual([]);
  });

  it('makes up a reader, whose wishes stand in the address, and is told which of them cannot be', async () => {
    const { url } = await openStudio();
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${url}/studio?day=2026-06-12`);
    await page.getByText('What they want').click();
    await page.getByLabel('Length').selectOption('brief: titles');
    await page.getByLabel('Days and numbers as in').fill('he');
    await page.getByLabel('Image generation and editing').check();
    await page.getByRole('button', { name: 'Show' }).last().click();
    expect(new URL(page.url()).searchParams.get('length')).toBe('brief');
    await expect.poll(() => phone(page).locator('html').getAttribute('dir')).toBe('rtl');
    await expect.poll(() => phone(page).locator('h3').count()).toBe(0);
    await page.goto(`${url}/studio?reader=made-up&length=endless`);
    await page.getByRole('alert').getByText('allowed: brief, standard, full').waitFor();
    await page.goto(`${url}/studio?day=soon`);
    await page.getByRole('alert').getByText('“soon” is no day').waitFor();
    await page.goto(`${url}/studio?reader=nobody@example.org`);
    await page.getByRole('alert').getByText('Nobody is subscribed as nobody@example.org').waitFor();
  });
});

describe('a test send', () => {
  it('goes by the real mail server, marked as a test; not to one who left, not when another site asks for it', async () => {
    const server = await smtpServer();
    const { url, env } = await openStudio({ SMTP_URL: server.url, MAIL_FROM: 'papers@example.org' });
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${url}/studio?view=send&day=thirty`);
    await page.getByLabel('Address').fill('designer@example.org');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByRole('status').getByText('designer@example.org: sent').waitFor();
    expect(server.accepted).toHaveLength(1);
    const mail = await simpleParser(server.accepted[0]?.bytes as Buffer);
    expect(mail.subject).toMatch(/^\[Test\] .* and 29 more/);
    await paperround(['subscribers', 'remove', 'ada@example.org'], { env });
    await page.getByLabel('Address').fill('ada@example.org');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByRole('alert').getByText('no mail goes there').waitFor();
    const asked = await fetch(`${url}/studio?view=send`, {
      method: 'POST',
      headers: { Origin: 'https://elsewhere.example', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'to=designer%40example.org',
    });
    expect(asked.status).toBe(403);
    expect(server.accepted).toHaveLength(1);
  });
});

describe('a designer who saves a template', () => {
  it('sees it at once; an error with its file, line and excerpt in place; and the configuration too', async () => {
    const own = await ownTemplates();
    const config = join(own.folder, 'paperround.config.ts');
    const setting = (more: string) =>
      writeFile(config, `export default { templates: ${JSON.stringify(own.folder)}, ${more} };`);
    await setting('name: "First light"');
    const { url } = await openStudio({}, ['--config', config]);
    const page = await openPage();
    await page.goto(`${url}/studio?day=thirty`);
    await phone(page).getByRole('heading', { name: 'First light' }).waitFor();
    await own.change('digest.mjml', 'Sent by Paperround', 'Made by hand');
    await phone(page).getByText('Made by hand').waitFor();
    await own.change('digest.mjml', '{{summary}}', '{{sumary}}');
    const alert = page.getByRole('alert');
    await alert.getByText(/digest\.mjml, line \d+: "sumary" not defined/).waitFor();
    expect(await alert.locator('pre').textContent()).toMatch(/> +\d+ \| .*\{\{sumary\}\}/);
    await own.change('digest.mjml', '{{sumary}}', '{{#if sumary}}');
    await alert.getByText(/digest\.mjml, line \d+: .*if/).waitFor();
    await own.mend();
    await phone(page).getByText('Sent by Paperround').waitFor();
    await setting('name: "Second light"');
    await phone(page).getByRole('heading', { name: 'Second light' }).waitFor();
    await setting('nmae: "Third light"');
    await alert.getByText(/"nmae".*unknown/).waitFor();
    await setting('name: "Third light"');
    await phone(page).getByRole('heading', { name: 'Third light' }).waitFor();
    expect(page.problems).toEqual([]);
  });

  it('moves by keys: between views, light and dark, and from day to day', async () => {
    const { url } = await openStudio();
    const page = await openPage();
    await page.goto(`${url}/studio`);
    await page.keyboard.press('d');
    await expect.poll(() => new URL(page.url()).searchParams.get('look')).toBe('dark');
    await page.waitForLoadState();
    await page.keyboard.press('[');
    await expect.poll(() => new URL(page.url()).searchParams.get('day')).toBe('2026-06-12');
    await page.waitForLoadState();
    await page.keyboard.press('4');
    await expect.poll(() => new URL(page.url()).searchParams.get('view')).toBe('text');
    await page.getByLabel('Reader').pressSequentially('d4@');
    expect(new URL(page.url()).searchParams.get('view')).toBe('text');
    await page.reload();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the mail');
  });
});

describe('everybody', () => {
  it('can use every page: axe finds nothing serious, and no page is wider than the screen', async () => {
    const { url } = await openStudio();
    const views = ['mail', 'looks', 'inbox', 'text', 'source', 'headers', 'raw'];
    const about = ['bytes', 'preflight', 'difference', 'readers', 'send'];
    for (const [width, colorScheme] of [
      [375, 'light'],
      [375, 'dark'],
      [1280, 'light'],
      [1280, 'dark'],
    ] as const) {
      const page = await openPage({ viewport: { width, height: 900 }, colorScheme });
      for (const view of [...views, ...about]) {
        const place = `${view}, ${width} px, ${colorScheme}`;
        await page.goto(`${url}/studio?day=hostile&view=${view}`);
        expect(await page.evaluate('document.documentElement.scrollWidth'), place).toBe(width);
        const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze();
        const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(
          grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
          place,
        ).toEqual([]);
      }
      expect(page.problems).toEqual([]);
    }
  });

  it('is safe from what stands in a mail: no script runs, nothing is fetched, the policy is strict', async () => {
    const { url } = await openStudio();
    const page = await openPage();
    await page.goto(`${url}/studio?day=hostile`);
    await phone(page).locator('h3').first().waitFor();
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(page.problems).toEqual([]);
    const frame = (await page.locator('figure.phone iframe').getAttribute('src')) as string;
    const policy = (await fetch(url + frame)).headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'.*sandbox allow-popups allow-popups-to-escape-sandbox$/);
    const around = (await fetch(`${url}/studio`)).headers.get('content-security-policy');
    expect(around).toContain("default-src 'none'");
    expect(around).toContain("script-src 'self'");
  });
});
