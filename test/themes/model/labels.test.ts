// What people say about papers, and what a model makes of it: labels, corrections, and themes that it was never taught.
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitModel,
  type LabelledText,
  openModel,
  priorModel,
  type TextModel,
} from '../../../src/themes/model/model.ts';
import { pack, unpack } from '../../../src/themes/model/pack.ts';
import { widen } from '../../../src/themes/model/widen.ts';
import { wordReader } from '../../../src/themes/model/words.ts';
import { defaultTaxonomy, type Theme } from '../../../src/themes/taxonomy.ts';
import { madeUpPapers, THEMES } from './papers.ts';

const SHIPPED = new URL('../../../src/themes/prior/model.bin', import.meta.url);
const ARCHIVE = madeUpPapers(300);
const share = (model: TextModel, papers: ReturnType<typeof madeUpPapers>) =>
  papers.filter(paper => model.classify(paper).theme === paper.subject).length / papers.length;

describe('papers that people have labelled', () => {
  const labelled = madeUpPapers(150, 7).map(
    ({ title, abstract, subject }): LabelledText => ({ title, abstract, theme: subject }),
  );

  it('teach what names and keywords do not say', () => {
    const wordless = THEMES.map(({ slug }) => ({ slug, name: slug, description: '', keywords: ['xyzzy'] }));
    const unseen = madeUpPapers(120, 99);
    expect(share(fitModel(wordless, ARCHIVE, { prior: null }), unseen)).toBeLessThan(0.6);
    const taught = fitModel(wordless, ARCHIVE, { prior: null, labelled });
    const first = unseen.filter(paper => taught.classify(paper).ranking[0]?.theme === paper.subject);
    expect(first.length / unseen.length).toBeGreaterThan(0.9);
  });

  it('teach the same in any order', () => {
    const bytes = (labels: LabelledText[]) =>
      fitModel(THEMES, ARCHIVE, { prior: null, labelled: labels }).pack();
    expect(bytes(labelled.toReversed())).toEqual(bytes(labelled));
  });

  it('may name themes that are gone, or none: these teach nothing wrong', () => {
    const odd = labelled.map((paper, at) => ({ ...paper, theme: at % 2 === 0 ? null : 'gone' }));
    const model = fitModel(THEMES, ARCHIVE, { prior: null, labelled: odd });
    expect(share(model, madeUpPapers(90, 98))).toBeGreaterThan(0.9);
  });
});

describe('corrections', () => {
  const themes = defaultTaxonomy();
  const wheat: LabelledText[] = [
    {
      title: 'Detecting wheat rust from drone photographs of fields',
      abstract: 'We segment leaves in aerial images and detect rust with a convolutional network.',
      theme: 'science',
    },
    {
      title: 'Counting wheat ears with object detection',
      abstract: 'Aerial images of fields; a detector counts ears of wheat and barley.',
      theme: 'science',
    },
  ];
  const model = priorModel(themes, wheat);

  it('are followed for the paper itself', () => {
    for (const paper of wheat) {
      expect(priorModel(themes).classify(paper).theme).toBe('vision');
      expect(model.classify(paper).ranking[0]?.theme).toBe('science');
    }
  });

  it('move papers that are like it, and leave others alone', () => {
    const before = priorModel(themes);
    const scoreOf = (of: TextModel, paper: LabelledText | { title: string; abstract: string }) =>
      of.classify(paper).ranking.find(({ theme }) => theme === 'science')?.score ?? 0;
    const alike = { title: 'Barley and wheat rust in aerial images', abstract: 'Detecting rust on leaves.' };
    expect(scoreOf(model, alike)).toBeGreaterThan(scoreOf(before, alike) + 0.3);
    const other = { title: 'Speech recognition for low-resource languages', abstract: '' };
    expect(model.classify(other).theme).toBe(before.classify(other).theme);
    expect(Math.abs(scoreOf(model, other) - scoreOf(before, other))).toBeLessThan(0.05);
  });

  it('teach the same in any order; without a theme, or with one that is gone, they teach nothing', () => {
    const probe = { title: 'Rust on leaves of wheat', abstract: 'Aerial images.' };
    const answers = (corrections: LabelledText[]) => priorModel(themes, corrections).classify(probe);
    expect(answers(wheat.toReversed())).toEqual(answers(wheat));
    const empty = [null, 'gone'].map(theme => ({ ...(wheat[0] as LabelledText), theme }));
    expect(answers(empty)).toEqual(answers([]));
  });

  it('are each followed, however many there are and whatever they say', () => {
    const papers = madeUpPapers(40, 3);
    const slug = fc.constantFrom(...THEMES.map(theme => theme.slug));
    const base = fitModel(THEMES, ARCHIVE, { prior: null }).pack();
    fc.assert(
      fc.property(fc.array(slug, { minLength: 1, maxLength: 12 }), slugs => {
        const told = slugs.map(
          (theme, at): LabelledText => ({
            title: papers[at]?.title ?? '',
            abstract: papers[at]?.abstract ?? '',
            theme,
          }),
        );
        const corrected = openModel(THEMES, base, told);
        for (const { theme, ...paper } of told)
          expect(corrected.classify(paper).ranking[0]?.theme).toBe(theme);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a model built on the one that ships', () => {
  it('keeps its answers where there is nothing new, and learns words that came into use since', async () => {
    const prior = unpack(await readFile(SHIPPED));
    const read = wordReader();
    const archive = Array.from({ length: 40 }, (_, at) => ({
      title: read(`The grimblax estimator ${at}`),
      abstract: read('A grimblax transformer learns from tokens.'),
    }));
    const wider = widen(prior, archive);
    const themes = defaultTaxonomy();
    const model = openModel(themes, pack(wider));
    const before = priorModel(themes);
    const plain = { title: 'Diffusion models for protein design', abstract: 'We generate molecules.' };
    expect(model.classify(plain)).toEqual(before.classify(plain));
    expect([...model.vector(plain)]).toEqual([...before.vector(plain)]);
    const fresh = { title: 'Grimblax transformer', abstract: '' };
    expect([...before.terms(fresh).keys()]).not.toContain('grimblax');
    expect([...model.terms(fresh).keys()]).toEqual(
      expect.arrayContaining(['grimblax', 'grimblax transformer']),
    );
  });

  it('answers for themes that nobody taught it', () => {
    const own: Theme[] = [
      { slug: 'pictures', name: 'Making pictures', description: 'Text-to-image', keywords: ['diffusion'] },
      { slug: 'talking', name: 'Talking machines', description: 'Speech', keywords: ['speech', 'voice'] },
      { slug: 'moving', name: 'Moving machines', description: 'Robots', keywords: ['robot', 'manipulation'] },
    ];
    const model = priorModel(own);
    const theme = (title: string, abstract: string) => model.classify({ title, abstract }).theme;
    const [walk, faces, phonemes] = [
      'We train a policy in simulation for legged locomotion and grasping, and transfer it to the real world.',
      'We propose a method that edits images of faces with high quality and no training.',
      'We train a model for transcription of audio in low-resource languages, and evaluate it on a benchmark.',
    ];
    expect(theme('Learning to walk', walk)).toBe('moving');
    expect(theme('Consistent characters', faces)).toBe('pictures');
    expect(theme('Phoneme recognition', phonemes)).toBe('talking');
  });
});
