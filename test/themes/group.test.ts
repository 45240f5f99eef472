// Under which heading a reader finds a paper: with a plain model its own words decide, never the company it is in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keywordModel } from '../../bench/themes/keyword-model.ts';
import { group } from '../../src/themes/group.ts';
import { ALSO_TODAY, defaultTaxonomy, type Theme } from '../../src/themes/taxonomy.ts';

const theme = (slug: string, ...keywords: string[]): Theme => ({
  slug,
  name: `On ${slug}`,
  description: '',
  keywords,
});
const THEMES = [theme('sea', 'whale', 'sonar'), theme('sky', 'eagle', 'sonar')];
const model = keywordModel(THEMES);

describe('the day’s groups', () => {
  const paper = (title: string) => ({ title, abstract: '' });

  it('follow their best paper; papers of no theme come last, as "Also today"', () => {
    const day = ['Cups', 'Eagle one', 'Whale one', 'Saucers', 'Eagle two'].map(paper);
    const groups = group(day, THEMES, model);
    expect(groups.map(({ slug, name, papers }) => [slug, name, papers.map(p => p.title)])).toEqual([
      ['sky', 'On sky', ['Eagle one', 'Eagle two']],
      ['sea', 'On sea', ['Whale one']],
      ['also-today', 'Also today', ['Cups', 'Saucers']],
    ]);
  });

  it('have no empty sections', () => {
    expect(group([], THEMES, model)).toEqual([]);
    expect(group([paper('Whale')], THEMES, model).map(g => g.slug)).toEqual(['sea']);
    expect(group([paper('Cups')], THEMES, model).map(g => g.slug)).toEqual([ALSO_TODAY.slug]);
  });
});

const shipped = defaultTaxonomy();
const plain = keywordModel(shipped);
const keyword = fc.constantFrom(...shipped.flatMap(t => t.keywords));
const scripts = fc.constantFrom('漢字', 'العربية', 'हिन्दी', 'İı', 'ﬁ', '🎉', '\ud800', '\0', '--', '{{x}}');
const words = fc.array(fc.oneof(keyword, scripts, fc.string({ unit: 'binary' })), { maxLength: 12 });
const text = words.map(parts => parts.join(' '));
const papers = fc.array(fc.record({ title: text, abstract: text }), { maxLength: 12 });

describe('whatever the papers of a day are', () => {
  it('every paper is in one group, in the order of the day', () => {
    fc.assert(
      fc.property(papers, day => {
        const groups = group(day, shipped, plain);
        const all = groups.flatMap(g => g.papers);
        expect(all).toHaveLength(day.length);
        expect(new Set(all)).toEqual(new Set(day));
        expect(new Set(groups.map(g => g.slug)).size).toBe(groups.length);
        for (const { papers: own } of groups) {
          const places = own.map(p => day.indexOf(p));
          expect(places).toEqual(places.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it('a paper’s theme depends neither on their order nor on who else is there', () => {
    const themeOf = (day: { title: string; abstract: string }[]) =>
      new Map(group(day, shipped, plain).flatMap(g => g.papers.map(p => [p, g.slug] as const)));
    const shuffled = papers.chain(day =>
      fc.record({ day: fc.constant(day), other: fc.shuffledSubarray(day), strangers: papers }),
    );
    fc.assert(
      fc.property(shuffled, ({ day, other, strangers }) => {
        const whole = themeOf(day);
        for (const [paper, slug] of themeOf([...strangers, ...other])) {
          if (whole.has(paper)) expect(slug).toBe(whole.get(paper));
        }
      }),
    );
  });
});
