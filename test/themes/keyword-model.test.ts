// Under which theme a reader finds a paper: its own words decide, never the company it is in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { group } from '../../src/themes/group.ts';
import { keywordModel } from '../../src/themes/keyword-model.ts';
import { ALSO_TODAY, defaultTaxonomy, type Theme } from '../../src/themes/taxonomy.ts';

const theme = (slug: string, ...keywords: string[]): Theme => ({
  slug,
  name: `On ${slug}`,
  description: '',
  keywords,
});
const sea = theme('sea', 'whale', 'deep sea', 'sonar', 'long distance call');
const sky = theme('sky', 'eagle', 'sonar', 'vision-language');
const THEMES = [sea, sky];
const model = keywordModel(THEMES);
const classify = (title: string, abstract = '') => model.classify({ title, abstract });

describe('a paper goes under the theme whose words it uses most', () => {
  it.each([
    ['a keyword of the title', 'On whales', '', 'sea', 3],
    ['a keyword once in the abstract is not yet a subject', 'On things', 'A whale.', null, 1],
    ['often in the abstract it is', 'On things', 'whale whale whale', 'sea', 2.099],
    ['two words count more than one', 'Deep sea', '', 'sea', 5.4],
    ['three words still more', 'A long distance call', '', 'sea', 7.2],
    [
      'a keyword of two themes is halved between them, and the first of equals wins',
      'Sonar sonar',
      'sonar',
      'sea',
      2,
    ],
    ['one more word decides', 'Sonar of an eagle', '', 'sky', 4.5],
    ['capitals, hyphens and plurals do not matter', 'VISION - LANGUAGES', '', 'sky', 5.4],
    ['full-width letters neither', 'ｗｈａｌｅ', '', 'sea', 3],
    ['part of a word is no keyword', 'Whalebone and beagles', '', null, 0],
    ['words that stand apart are no phrase', 'Deep in the sea', '', null, 0],
    ['nothing', '', '', null, 0],
  ])('%s', (_rule, title, abstract, slug, score) => {
    expect(classify(title, abstract)).toMatchObject({ theme: slug, score });
  });

  it('says which phrases spoke for it, the strongest first', () => {
    expect(classify('A whale in the deep sea', 'whale').matched).toEqual(['deep sea', 'whale']);
  });

  it('a keyword written twice in two ways counts once', () => {
    const twice = keywordModel([theme('sea', 'deep sea', 'Deep-Seas')]);
    expect(twice.classify({ title: 'Deep sea', abstract: '' }).score).toBe(5.4);
  });

  it('a keyword of signs alone is no keyword', () => {
    expect(
      keywordModel([theme('c', '++', '—')]).classify({ title: '++ —', abstract: '++' }).theme,
    ).toBeNull();
  });

  it.each([
    ['agents', 'A GUI agent for web agents', 'We study tool use and tool calling by agents.'],
    ['video-gen', 'Text-to-video generation with video diffusion', 'A video generation model.'],
    ['robotics', 'Robot manipulation', 'We train a robot policy for manipulation with humanoid robots.'],
    [null, 'On the history of porcelain', 'Cups and saucers.'],
  ])('with the themes that ship: %s', (slug, title, abstract) => {
    expect(keywordModel(defaultTaxonomy()).classify({ title, abstract }).theme).toBe(slug);
  });
});

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
const shippedModel = keywordModel(shipped);
const keyword = fc.constantFrom(...shipped.flatMap(t => t.keywords));
const scripts = fc.constantFrom('漢字', 'العربية', 'हिन्दी', 'İı', 'ﬁ', '🎉', '\ud800', '\0', '--', '{{x}}');
const words = fc.array(fc.oneof(keyword, scripts, fc.string({ unit: 'binary' })), { maxLength: 12 });
const text = words.map(parts => parts.join(' '));
const papers = fc.array(fc.record({ title: text, abstract: text }), { maxLength: 12 });

describe('whatever the papers of a day are', () => {
  it('any text in any script gets an answer: a theme that exists, or none', () => {
    const slugs = new Set<string | null>([null, ...shipped.map(t => t.slug)]);
    fc.assert(
      fc.property(text, text, (title, abstract) => {
        const { theme: slug, score, matched } = shippedModel.classify({ title, abstract });
        expect(slugs.has(slug)).toBe(true);
        expect(Number.isFinite(score) && score >= 0).toBe(true);
        if (slug !== null) expect(matched.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('every paper is in one group, in the order of the day', () => {
    fc.assert(
      fc.property(papers, day => {
        const groups = group(day, shipped, shippedModel);
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
      new Map(group(day, shipped, shippedModel).flatMap(g => g.papers.map(p => [p, g.slug] as const)));
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

  it('an abstract of the longest allowed length is read in a moment', () => {
    const started = performance.now();
    for (let i = 0; i < 100; i++) shippedModel.classify({ title: 'a', abstract: 'agent '.repeat(3333) });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
