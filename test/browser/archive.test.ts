// The site in a real browser: on a phone and a desktop, in light and dark, by eye and by screen reader.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../src/web/listen.ts';
import { openBrowser } from '../support/browser.ts';
import { start } from '../support/cli.ts';
import { LOW_CONTRAST } from '../support/contrast.ts';
import { temporaryFolder } from '../support/installation.ts';
import { DAYS, published } from '../web/published.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const LOOKS = [
  [375, 'light'],
  [375, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const;

/** A page that tells what it asked for elsewhere and what its policy stopped. */
async function visitor(
  [width, colorScheme]: (typeof LOOKS)[number],
  javaScriptEnabled: boolean,
  site: string,
) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme,
    javaScriptEnabled,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', message => {
    if (!/status of 4\d\d/.test(message.text())) problems.push(message.text());
  });
  page.on('request', request => {
    if (!request.url().startsWith(site)) problems.push(`asked for ${request.url()}`);
  });
  return { page, problems, cookies: () => context.cookies() };
}

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  );
}

describe('the archive in a browser', () => {
  it.each(LOOKS)(
    'fits %i px in %s, can be read by everybody, and asks for nothing from elsewhere',
    async (...look) => {
      const long = { title: 'Supercalifragilistic'.repeat(9), abstract: 'https://example.org/'.repeat(30) };
      const arabic = {
        title: 'نماذج لغوية كبيرة للعربية',
        abstract: 'نقدم نموذجا لغويا جديدا.',
        authors: ['ليلى'],
      };
      const { app, pages, tell } = await published({ ...DAYS, '2026-08-21': [long, arabic] });
      const vote = { upvotes: 90, comments: 1, stars: null };
      await tell('2026-08-23', [
        { id: '2608.00002', title: 'Image Generation by Ferry', announcedOn: '2026-08-19', vote },
      ]);
      expect(app.themes.length).toBeGreaterThan(0);
      const site = await listen(pages, 0);
      onTestFinished(() => site.close());
      const { page, problems, cookies } = await visitor(look, true, site.url);
      const paths = [
        '/',
        '/2026-08-20',
        '/papers/arxiv:2608.00002',
        '/themes',
        '/themes/image-gen',
        '/editions',
        '/search?q=diffusion',
        '/nothing',
      ]; // prettier-ignore
      for (const path of paths) {
        await page.goto(site.url + path);
        expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(look[0]);
        expect(await page.evaluate(LOW_CONTRAST), path).toEqual([]);
        expect(await faults(page), path).toEqual([]);
        expect(
          await page.evaluate('getComputedStyle(document.querySelector("main")).backgroundColor'),
          path,
        ).toBe(look[1] === 'dark' ? 'rgb(29, 28, 26)' : 'rgb(255, 253, 249)');
      }
      expect(problems).toEqual([]);
      expect(await cookies()).toEqual([]);
    },
  );
});

describe('a visitor of the demo', () => {
  it('goes without a script from the day to a paper, its theme, a search and back, and finds the box for an address', async () => {
    const demo = start(['demo', '--port', '0'], { env: { DATA_DIR: await temporaryFolder() } });
    const url = (await demo.says(/The site with the day’s papers is (http:\/\/[\d.:]+)\//))[1] as string;
    const { page, problems } = await visitor([375, 'light'], false, url);
    await page.goto(`${url}/`);
    await page.getByRole('heading', { level: 1, name: 'Daily Papers' }).waitFor();
    await page.getByText('101 papers in 14 themes').waitFor();
    expect(await page.getByRole('article').count()).toBe(101);
    await page.getByLabel('Get trending papers in your email inbox!').fill('ada@example.org');
    await page.getByRole('link', { name: 'MiniMax Sparse Attention' }).click();
    await page.getByRole('heading', { level: 1, name: 'MiniMax Sparse Attention' }).waitFor();
    await page.getByRole('link', { name: 'Efficient inference and compression' }).click();
    await page.getByRole('heading', { level: 1, name: 'Efficient inference and compression' }).waitFor();
    await page.getByRole('link', { name: 'Search', exact: true }).click();
    await page.getByRole('searchbox').fill('token-shuffle');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('1 paper, the best match first.').waitFor();
    await page.getByRole('link', { name: 'Thursday, 20 August 2026' }).click();
    await page.getByRole('link', { name: 'Atom' }).waitFor();
    expect(problems).toEqual([]);
    demo.kill('SIGTERM');
    expect(await demo.ended).toBe(0);
  });
});
