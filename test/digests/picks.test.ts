// What curators picked and wrote, as a reader meets it: first, under their name, and in the mail that it fits into.
import { describe, expect, it } from 'vitest';
import { type Cut, cut } from '../../src/digests/cut.ts';
import { forReader, renderDigest } from '../../src/digests/digest.ts';
import { HTML_LIMIT } from '../../src/digests/fit.ts';
import type { EditionPaper } from '../../src/editions/edition.ts';
import { bigEdition, cutOf, edition, MASTHEAD, paper, shippedTemplates, wants } from './editions.ts';

const templates = await shippedTemplates();
const render = (of: Cut) => renderDigest(of, MASTHEAD, templates);

const picked = (title: string, by: string | null = 'Ada', note: string | null = null) =>
  paper({ title, pick: { by, note } });

/** An edition whose picks rank first, as `publish` makes it. */
function withPicks(themes: Record<string, EditionPaper[]>, date?: string) {
  const made = edition(themes, date);
  const all = made.themes.flatMap(theme => theme.papers);
  const first = [...all.filter(one => one.pick !== null), ...all.filter(one => one.pick === null)];
  for (const [index, one] of first.entries()) one.rank = index + 1;
  return made;
}

const DAY = withPicks({
  agents: [paper({ title: 'Plain A' }), picked('Pick A', 'Ada', 'Read this first.')],
  speech: [picked('Pick S')],
  vision: [paper({ title: 'Plain V' })],
});

/** The headings of a digest and its titles, in order. */
function outline(html: string): string[] {
  const lines = html.matchAll(/<h2[^>]*>(.*?)<\/h2>|<h3><a[^>]*>(.*?)<\/a>|<p class="t"><a[^>]*>(.*?)<\/a>/g);
  return [...lines].map(([, heading, title, brief]) =>
    heading === undefined ? `  ${title ?? brief}` : heading.replace(/<[^>]*>/g, ''),
  );
}

describe('picks', () => {
  it('come first, under the curator’s name, and not again under their themes', () => {
    const { html, text, papers } = render(cutOf(DAY));
    expect(outline(html)).toEqual([
      'Picked by Ada 2',
      '  Pick A',
      '  Pick S',
      'agents 1',
      '  Plain A',
      'vision 1',
      '  Plain V',
    ]);
    expect(text).toMatch(/Picked by Ada \(2\)\n-+\n\nPick A\n {2}“Read this first.”\n/);
    expect(papers.map(({ title, theme }) => [title, theme])).toEqual([
      ['Pick A', 'agents'],
      ['Pick S', 'speech'],
      ['Plain A', 'agents'],
      ['Plain V', 'vision'],
    ]);
  });

  it('lead the subject and the contents, and every paper is counted once', () => {
    const { subject, preheader, text } = render(cutOf(DAY));
    expect(subject).toBe('Pick A and 3 more · 20 Aug');
    expect(preheader).toBe('4 papers in 2 themes: Picked by Ada, agents, vision');
    expect(text).toMatch(/\n {4}2 {2}Picked by Ada\n {4}1 {2}agents\n {4}1 {2}vision\n/);
  });

  it('of which there is nothing else are a digest without themes', () => {
    const { html, preheader } = render(
      cutOf(withPicks({ agents: [picked('One')], speech: [picked('Two')] })),
    );
    expect(outline(html)).toEqual(['Picked by Ada 2', '  One', '  Two']);
    expect(preheader).toBe('2 papers: Picked by Ada');
  });

  it.each<[string, EditionPaper[], string, string[]]>([
    [
      'of two curators each say by whom',
      [picked('One', 'Ada', 'Words.'), picked('Two', 'Bo')],
      'Picks 2',
      ['Picked by Ada: Words.', 'Picked by Bo'],
    ],
    [
      'of somebody without a name are picks all the same',
      [picked('One', null, 'Words.'), picked('Two', null)],
      'Picks 2',
      ['“Words.”'],
    ],
    [
      'of Ada and of somebody say what is Ada’s',
      [picked('One', null, 'Words.'), picked('Two', 'Ada')],
      'Picks 2',
      ['“Words.”', 'Picked by Ada'],
    ],
  ])('%s', (_what, papers, heading, lines) => {
    const { html, text } = render(cutOf(withPicks({ agents: papers })));
    expect(outline(html)[0]).toBe(heading);
    expect([...html.matchAll(/class="n">(.*?)</g)].map(([, line]) => line)).toEqual(lines);
    for (const line of lines) expect(text).toContain(`\n  ${line}\n`);
  });

  it('are for readers whose themes they fall into, and for nobody who muted them', () => {
    expect(outline(render(cut([DAY], wants({ themes: ['agents'] }))).html)).toEqual([
      'Picked by Ada 1',
      '  Pick A',
      'agents 1',
      '  Plain A',
    ]);
    expect(outline(render(cut([DAY], wants({ themes: ['vision'] }))).html)).toEqual([
      'vision 1',
      '  Plain V',
    ]);
    expect(outline(render(cut([DAY], wants({ mutedWords: ['pick'] }))).html)).toEqual([
      'agents 1',
      '  Plain A',
      'vision 1',
      '  Plain V',
    ]);
  });

  it('of several days stand together, before everything else', () => {
    const monday = withPicks({ agents: [picked('Monday’s'), paper({ title: 'M' })] }, '2026-08-17');
    const { html, papers } = render(cut([monday, DAY], wants()));
    expect(outline(html).slice(0, 4)).toEqual(['Picked by Ada 3', '  Pick A', '  Monday’s', '  Pick S']);
    expect(papers.slice(0, 3).map(({ title }) => title)).toEqual(['Pick A', 'Monday’s', 'Pick S']);
  });

  it('of a reader who wants titles alone keep the curator’s words', () => {
    const { html, text } = render(cutOf(DAY, 'brief'));
    expect(html).toContain('Pick A</a> <span class="n">“Read this first.”</span>');
    expect(text).toContain('Pick A\n  “Read this first.”\n');
  });
});

describe('a note on a paper that is not picked', () => {
  it('stands with the paper, with the name of who wrote it', () => {
    const noted = [
      paper({ title: 'One', note: { by: 'Ada', text: 'A fine table.' } }),
      paper({ title: 'Two', note: { by: null, text: 'See page 4.' } }),
    ];
    const { html, text } = render(cutOf(edition({ agents: noted })));
    expect(outline(html)).toEqual(['agents 2', '  One', '  Two']);
    for (const line of ['Ada: A fine table.', 'Note: See page 4.']) {
      expect(html).toContain(`<p class="n">${line}</p>`);
      expect(text).toContain(`\n  ${line}\n`);
    }
  });
});

describe('picks and the size of a mail', () => {
  const bigDay = (count: number, picks: number) => {
    const made = bigEdition(count, 40);
    for (const one of made.themes.flatMap(theme => theme.papers))
      if (one.rank <= picks) one.pick = { by: "O'Brien & Daughters", note: `'${'"&" '.repeat(120)}'` };
    return made;
  };

  it('are the last ones of which less is told', () => {
    const { papers } = render(cutOf(bigDay(200, 3), 'full'));
    const shown = papers.map(one => one.shown);
    expect(shown.slice(0, 3)).toEqual(['full', 'full', 'full']);
    expect(new Set(shown.slice(3))).toEqual(new Set(['summary', 'title']));
  });

  it.each([
    [30, 3],
    [30, 30],
    [200, 10],
    [1_000, 1_000],
    [3_000, 20],
  ])(
    'never let it grow too large: %i papers, %i of them picked, each with 480 characters of note',
    (count, picks) => {
      for (const length of ['full', 'standard', 'brief'] as const) {
        const digest = render(cutOf(bigDay(count, picks), length));
        const { html, text } = forReader(digest, {
          address: 'ada@example.org',
          unsubscribeUrl:
            'https://papers.example.org/unsubscribe/1D4-tW9nLRp-hZXCGdyiVDs87VEqZ_8lELU5GkjWNALQ',
          preferencesUrl:
            'https://papers.example.org/preferences/1Ktg4oYVhBPuiS9AEPQ2CspGgtHcHvJ6rLtvqa8ZZ0kE',
        });
        expect(Buffer.byteLength(html)).toBeLessThanOrEqual(HTML_LIMIT);
        const folded = digest.papers.filter(one => one.shown === 'folded').length;
        for (const body of [html, text]) {
          const said = [...body.matchAll(/([\d,]+) more on the web/g)].map(([, n = '']) =>
            Number(n.replace(',', '')),
          );
          expect(said.reduce((sum, n) => sum + n, 0)).toBe(folded);
        }
      }
    },
  );
});
