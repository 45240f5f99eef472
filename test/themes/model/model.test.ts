// The theme model: what a reader's sections rest on. It is the same every day, on every machine, for every paper.
import { readFile, stat } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaperroundError } from '../../../src/errors.ts';
import { keywordHashes } from '../../../src/themes/model/machines.ts';
import {
  fitModel,
  openModel,
  type PaperText,
  priorModel,
  type TextModel,
} from '../../../src/themes/model/model.ts';
import { unpack } from '../../../src/themes/model/pack.ts';
import { defaultTaxonomy, type Theme } from '../../../src/themes/taxonomy.ts';
import { madeUpPapers, THEMES } from './papers.ts';

const ARCHIVE = madeUpPapers(300);
const fitted = fitModel(THEMES, ARCHIVE, { prior: null });
const shipped = priorModel(defaultTaxonomy());
const answers = (model: TextModel, papers: readonly PaperText[]) =>
  papers.map(paper => [model.classify(paper), [...model.vector(paper)], [...model.terms(paper)]]);
const share = (model: TextModel, papers: ReturnType<typeof madeUpPapers>) =>
  papers.filter(paper => model.classify(paper).theme === paper.subject).length / papers.length;

describe('a model fitted to an archive without labels', () => {
  it('finds the themes of papers that it has not seen, most of which use none of the keywords', () => {
    const unseen = madeUpPapers(120, 99);
    const wordless = unseen.filter(({ title, abstract }) =>
      THEMES.every(({ keywords }) => keywords.every(word => !`${title} ${abstract}`.includes(word))),
    );
    expect(share(fitted, unseen)).toBeGreaterThan(0.95);
    expect(wordless.length).toBeGreaterThan(5);
    expect(share(fitted, wordless)).toBeGreaterThan(0.8);
  });

  it('answers with the phrases that spoke for the theme, all themes in order, and the distance to the next', () => {
    const answer = fitted.classify({ title: 'Whales of the coral reefs', abstract: 'A whale, a storm.' });
    expect(answer).toMatchObject({ theme: 'sea', matched: ['coral reef', 'whale'] });
    const [first, second] = answer.ranking;
    expect(answer.ranking.map(({ theme }) => theme).toSorted()).toEqual(['sea', 'sky', 'stone']);
    expect(answer.score).toBe(first?.score);
    expect(answer.margin).toBeCloseTo((first?.score ?? 0) - (second?.score ?? 0), 3);
    expect(answer.margin).toBeGreaterThan(0);
  });

  it('does not depend on the order of the archive, nor on papers that come twice', () => {
    const again = fitModel(THEMES, [...ARCHIVE.toReversed(), ...ARCHIVE.slice(0, 40)], { prior: null });
    expect(again.pack()).toEqual(fitted.pack());
  });

  it('does not depend on the order of the themes', () => {
    const turned = fitModel(THEMES.toReversed(), ARCHIVE, { prior: null });
    const probe = madeUpPapers(40, 5);
    expect(probe.map(paper => turned.classify(paper))).toEqual(probe.map(paper => fitted.classify(paper)));
  });

  it('is the same bytes for the same seed, and others for another', () => {
    expect(fitModel(THEMES, ARCHIVE, { prior: null }).pack()).toEqual(fitted.pack());
    expect(fitModel(THEMES, ARCHIVE, { prior: null, seed: 2 }).pack()).not.toEqual(fitted.pack());
  });

  it('gives each paper the same answer in any company', () => {
    const probe = madeUpPapers(30, 11);
    const alone = openModel(THEMES, fitted.pack());
    const inTurn = answers(fitted, probe);
    expect(answers(alone, probe.toReversed()).toReversed()).toEqual(inTurn);
  });

  it('stands back for the model that ships while the archive is small', () => {
    const papers = [{ title: 'Speech recognition with whales', abstract: '' }];
    const small = fitModel(defaultTaxonomy(), papers);
    expect(answers(small, papers)).toEqual(answers(shipped, papers));
  });

  it('is its own where what ships does not know the words', () => {
    const own = fitModel(THEMES, ARCHIVE);
    expect(own.pack()).toEqual(fitted.pack());
  });

  it.each([0, 1, 3, 30])('works on an archive of %i papers', size => {
    const model = fitModel(THEMES, ARCHIVE.slice(0, size), { prior: null });
    expect(openModel(THEMES, model.pack()).classify({ title: 'Coral reef whales', abstract: '' }).theme).toBe(
      'sea',
    );
  });

  it('works for one theme, and for an archive that is one paper many times or has no words', () => {
    const [one] = THEMES as [Theme];
    expect(fitModel([one], ARCHIVE, { prior: null }).classify({ title: 'Whale', abstract: '' }).theme).toBe(
      'sea',
    );
    for (const paper of [ARCHIVE[0] as PaperText, { title: '', abstract: '' }]) {
      const model = fitModel(THEMES, Array(250).fill(paper), { prior: null });
      expect(model.classify({ title: 'Whale', abstract: '' }).theme).toBe('sea');
    }
  });
});

describe('a packed model', () => {
  const packed = fitted.pack();

  it('answers exactly as before', () => {
    const probe = madeUpPapers(60, 3);
    expect(answers(openModel(THEMES, packed), probe)).toEqual(answers(fitted, probe));
  });

  it('still knows the language for other themes, and knows its own themes again under new names', () => {
    const other: Theme[] = [
      { slug: 'wet', name: 'Wet', description: '', keywords: ['tide', 'plankton'] },
      { slug: 'dry', name: 'Dry', description: '', keywords: ['basalt', 'quarry'] },
    ];
    const papers = madeUpPapers(90, 21).filter(({ subject }) => subject !== 'sky');
    const right = papers.filter(
      paper => openModel(other, packed).classify(paper).theme === (paper.subject === 'sea' ? 'wet' : 'dry'),
    );
    expect(right.length / papers.length).toBeGreaterThan(0.9);
    const renamed = THEMES.map(theme => ({ ...theme, keywords: [...theme.keywords, 'unheard of'] }));
    expect(share(openModel(renamed, packed), madeUpPapers(90, 22))).toBeGreaterThan(0.95);
  });

  it('that is damaged anywhere, cut short or something else is refused', () => {
    const refused = (bytes: Uint8Array) => {
      try {
        openModel(THEMES, bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(PaperroundError);
        expect(error).toMatchObject({ code: 'storage', message: expect.stringContaining('cannot be read') });
        return;
      }
      expect.unreachable();
    };
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = packed.slice();
        bytes[at] = (bytes[at] as number) ^ change;
        refused(bytes);
      }),
    );
    fc.assert(fc.property(fc.nat(packed.length - 1), length => refused(packed.slice(0, length))));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), refused));
    refused(new Uint8Array([...packed, 0]));
  });
});

describe('the model that ships', () => {
  it.each([
    ['speech', 'Robust speech recognition for low-resource speakers', 'audio'],
    ['molecules', 'Equivariant networks for protein structure and drug discovery', 'science'],
    ['splats', 'Gaussian splatting for large scenes from unposed photographs', '3d'],
    ['robots', 'Vision-language-action policies for dexterous robot manipulation', 'robotics'],
    ['bandits', 'Regret bounds for offline reinforcement learning with linear bandits', 'rl'],
    ['radiology', 'Reading chest radiographs: a model for radiology reports', 'health'],
  ])('puts a paper about %s where a reader looks for it', (_, title, theme) => {
    expect(shipped.classify({ title, abstract: '' }).theme).toBe(theme);
  });

  it.each([
    [
      'The duty of care in commercial leases after the pandemic',
      'We examine how courts in common-law jurisdictions construed force majeure clauses in leases, and review forty appellate decisions on the frustration of contract.',
    ],
    [
      'Beta blockers after myocardial infarction with preserved ejection fraction',
      'In this randomised trial 5,020 persons with acute infarction were assigned to a beta blocker or none. The primary end point of death or recurrent infarction occurred in 7.9 and 8.3 percent.',
    ],
    [
      'Sediment transport in braided rivers',
      'Gravel bars move mainly during short floods; willows keep islands.',
    ],
    [
      'Über die Elektrodynamik bewegter Körper',
      'Daß die Elektrodynamik Maxwells zu Asymmetrien führt, ist bekannt.',
    ],
    ['Hello', ''],
    ['', ''],
  ])('says "Also today" to %j', (title, abstract) => {
    expect(shipped.classify({ title, abstract })).toMatchObject({ theme: null, second: null });
  });

  it('was taught the default themes as they are: whoever changes their keywords trains it again', async () => {
    const path = new URL('../../../src/themes/prior/model.bin', import.meta.url);
    const { machines } = unpack(await readFile(path));
    const taught = new Map(machines?.slugs.map((slug, at) => [slug, machines.keywords[at]]));
    expect(taught).toEqual(new Map(defaultTaxonomy().map(theme => [theme.slug, keywordHashes(theme)])));
  });

  it('weighs less than a megabyte', async () => {
    const { size } = await stat(new URL('../../../src/themes/prior/model.bin', import.meta.url));
    expect(size).toBeLessThan(1_000_000);
  });

  it('has an answer to any text, in bounded time, and the same one twice', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.lorem({ maxCount: 40 }));
    const slugs = defaultTaxonomy().map(({ slug }) => slug);
    fc.assert(
      fc.property(text, text, (title, abstract) => {
        const answer = shipped.classify({ title, abstract });
        expect(answer).toEqual(shipped.classify({ title, abstract }));
        expect(answer.ranking.map(({ theme }) => theme).toSorted()).toEqual(slugs.toSorted());
        expect(answer.ranking.every(({ score }) => Number.isFinite(score))).toBe(true);
        expect([...slugs, null]).toContain(answer.theme);
      }),
    );
    for (const word of ['diffusion ', '模型', 'a-', '\u0301', '\ud800', '((('])
      expect(shipped.classify({ title: word, abstract: word.repeat(300_000) }).ranking).toHaveLength(28);
  });

  it('gives a place of length 1 and terms of length 1 to papers it can read, and nothing to others', () => {
    const paper = { title: 'Diffusion models', abstract: 'Image generation by flow matching.' };
    expect(Math.hypot(...shipped.vector(paper))).toBeCloseTo(1, 5);
    expect(Math.hypot(...shipped.terms(paper).values())).toBeCloseTo(1, 5);
    expect([...shipped.terms(paper).keys()]).toContain('flow matching');
    expect(shipped.vector({ title: 'xyzzy', abstract: '' }).every(value => value === 0)).toBe(true);
    expect(shipped.terms({ title: 'xyzzy', abstract: '' }).size).toBe(0);
  });
});
