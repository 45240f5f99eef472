// The operator's page of evidence: complete, safe whatever a paper is called, and readable in every look.
import { HtmlValidate } from 'html-validate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { themesPage } from '../../../src/studio/pages/themes-page.ts';
import type { Evidence } from '../../../src/themes/evidence.ts';
import { edition, paper } from '../../digests/editions.ts';
import { openBrowser } from '../../support/browser.ts';

const THEMES = [
  { slug: 'robots', name: 'Robotics' },
  { slug: 'rl', name: 'Reinforcement learning' },
];
const HOSTILE = `<script>alert("1")</script> & 'quoted' ${'x'.repeat(120)}`;
const evidence: Evidence = {
  theme: 'robots',
  second: 'rl',
  score: 2,
  margin: 0.1,
  matched: ['manipulation', '<b>'],
  by: 'model',
  placed: 'theme',
};

const EDITION = edition({
  robots: [
    paper({ title: HOSTILE, evidence }),
    paper({ title: 'Moved', evidence: { ...evidence, theme: 'rl', margin: 2, placed: 'second' } }),
    paper({ title: 'Corrected', evidence: { ...evidence, by: 'person', margin: null } }),
  ],
  alike: [paper({ title: 'Alike', evidence: { ...evidence, placed: 'likeness', by: 'embedder' } })],
  'also-today': [paper({ title: 'Of old' })],
});

describe('the page of evidence', () => {
  it('has every paper with its theme, its phrases and the next theme; what is unusual is said', async () => {
    const page = await themesPage(EDITION, THEMES);
    const text = page
      .replace(/<style>[\s\S]*?<\/style>/, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
    expect(text).toContain('5 papers in 3 sections, 2 close calls');
    expect(text).toMatch(
      /Robotics manipulation &lt;b&gt; no\. 1 of the day · next Reinforcement learning, 0\.1 behind · a close call/,
    );
    expect(text).toMatch(
      /Moved Reinforcement learning .* alone under its theme that day, so it went to robots/,
    );
    expect(text).toMatch(/Corrected Robotics .* a person said so/);
    expect(text).toMatch(/Put together because they are alike; each keeps its own theme\. Alike/);
    expect(text).toContain('with the embedder');
    expect(text).toMatch(/Of old no\. 5 of the day/);
  });

  it('is sound HTML in which nothing of a paper is markup', async () => {
    const page = await themesPage(EDITION, THEMES);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<b>"');
    const validator = new HtmlValidate({
      extends: ['html-validate:standard'],
      rules: {
        'no-trailing-whitespace': 'off',
        'doctype-style': 'off',
        'long-title': 'off',
        'no-inline-style': 'off',
      },
    });
    const report = await validator.validateString(page);
    expect(report.results.flatMap(result => result.messages.map(m => `${m.ruleId}: ${m.message}`))).toEqual(
      [],
    );
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
  ] as const)('it fits %d px and follows the %s look, and loads nothing', async (width, colorScheme) => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url()));
    await page.setContent(await themesPage(EDITION, THEMES));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await page.evaluate('getComputedStyle(document.querySelector("section")).backgroundColor')).toBe(
      colorScheme === 'dark' ? 'rgb(29, 28, 26)' : 'rgb(255, 253, 249)',
    );
    expect(asked).toEqual([]);
    await page.close();
  });
});
