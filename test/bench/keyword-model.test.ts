// The plain matcher that models are measured against: were it worse than it says, they would look better than they are.
import { describe, expect, it } from 'vitest';
import { keywordModel } from '../../bench/themes/keyword-model.ts';
import { defaultTaxonomy, type Theme } from '../../src/themes/taxonomy.ts';

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
