// A new model is taken into use only if it is no worse than the one that readers know.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitModel, type LabelledText, openModel } from '../../src/themes/model/model.ts';
import { type Figures, objections, setExam, signTest, sitExam } from '../../src/themes/self-check.ts';
import type { Theme } from '../../src/themes/taxonomy.ts';
import { madeUpPapers, THEMES } from './model/papers.ts';

type Duel = Figures['doubtless'];

/** Of `papers`, so many right by both, and by one of both only. */
const duel = (papers: number, both: number, onlyBefore: number, onlyAfter: number): Duel => ({
  papers,
  before: both + onlyBefore,
  after: both + onlyAfter,
  onlyBefore,
  onlyAfter,
});
const NOTHING = duel(0, 0, 0, 0);
const figures = (changes: Partial<Figures>): Figures => ({
  papers: 200,
  doubtless: duel(200, 150, 5, 5),
  corrections: NOTHING,
  changed: 10,
  themes: [{ slug: 'vision', before: 70, after: 72 }],
  ...changes,
});
const share = (slug: string, before: number, after: number) => figures({ themes: [{ slug, before, after }] });

describe('the rule', () => {
  it.each<[string, Figures]>([
    ['as good on all', figures({})],
    ['better on all', figures({ doubtless: duel(200, 150, 0, 20), corrections: duel(60, 30, 0, 9) })],
    ['one or two worse, as chance has it', figures({ doubtless: duel(200, 150, 6, 4) })],
    ['two of a hundred worse', figures({ doubtless: duel(100, 60, 12, 10) })],
    ['three of few corrections lost', figures({ corrections: duel(10, 4, 3, 0) })],
    ['just enough papers are beyond doubt', figures({ doubtless: duel(20, 10, 0, 0) })],
    ['a theme that held more than 40 % holds more', share('vision', 81, 120)],
    ['a theme holds 40 %', share('vision', 20, 80)],
    ['five of a hundred more are without a theme', share('also-today', 10, 20)],
    ['all were without a theme', share('also-today', 200, 0)],
  ])('takes a model: %s', (_how, measured) => {
    expect(objections(measured)).toEqual([]);
  });

  it.each<[string, Figures, RegExp]>([
    [
      'too many of those beyond doubt are lost for chance',
      figures({ doubtless: duel(200, 150, 4, 0) }),
      /^of 200 papers whose theme is beyond doubt it gets 150 right, and the model in use 154$/,
    ],
    [
      'it is more than two in a hundred worse, though chance could explain it',
      figures({ doubtless: duel(200, 100, 40, 35) }),
      /it gets 135 right, and the model in use 140$/,
    ],
    [
      'hardly any paper is beyond doubt: the archive may be of a source that broke',
      figures({ doubtless: duel(19, 10, 0, 0) }),
      /^only 19 of 200 papers are beyond doubt: too few to compare by$/,
    ],
    [
      'it forgets what curators corrected',
      figures({ corrections: duel(12, 5, 4, 0) }),
      /^of 12 corrected papers it gets 5 right, and the model in use 9$/,
    ],
    [
      'one theme swallows the others',
      share('vision', 30, 81),
      /^vision would hold 41 % of 200 papers, instead of 15 %$/,
    ],
    [
      'more papers are without a theme',
      share('also-today', 10, 21),
      /^11 % of 200 papers would have no theme, instead of 5 %$/,
    ],
  ])('refuses one: %s', (_how, measured, words) => {
    expect(objections(measured)).toEqual([expect.stringMatching(words)]);
  });

  it('names every objection', () => {
    const bad = figures({ doubtless: duel(100, 10, 50, 0), corrections: duel(100, 10, 50, 0) });
    expect(objections({ ...bad, themes: share('rl', 0, 200).themes })).toHaveLength(3);
  });
});

describe('the sign test', () => {
  it.each([
    [0, 0, 1],
    [1, 0, 0.5],
    [3, 0, 0.125],
    [4, 0, 0.0625],
    [5, 1, 0.109_375],
    [8, 2, 0.054_688],
    [0, 9, 1],
    [1_500, 1_500, 0.507_283],
    [3_000, 0, 0],
  ])('of %i against and %i in favour is %d', (against, inFavour, p) => {
    expect(signTest(against, inFavour)).toBeCloseTo(p, 5);
  });
});

const ARCHIVE = madeUpPapers(900);
const CORRECTIONS: LabelledText[] = ARCHIVE.slice(0, 90).map(({ title, abstract }) => ({
  title,
  abstract,
  theme: 'stone',
}));

describe('the exam', () => {
  const exam = setExam(THEMES, ARCHIVE, CORRECTIONS);

  it('holds out papers, and a third of the corrections: nothing is both learnt and asked', () => {
    const title = (paper: { title: string }) => paper.title;
    const { toLearn } = exam;
    const corrected = new Set(CORRECTIONS.map(title));
    const others = ARCHIVE.map(title).filter(one => !corrected.has(one));
    expect([...exam.papers, ...toLearn.archive].map(title).sort()).toEqual(others.sort());
    expect([...exam.corrections, ...toLearn.corrections].map(title).sort()).toEqual(
      CORRECTIONS.map(title).sort(),
    );
    expect(exam.papers.length).toBeGreaterThan(90);
    expect(exam.papers.length).toBeLessThanOrEqual(900 / 8);
    expect(exam.corrections.length).toBeGreaterThan(15);
    expect(exam.corrections.length).toBeLessThan(45);
    // A curator's word may differ from what the keywords say.
    expect(exam.papers.map(title).filter(held => CORRECTIONS.some(one => one.title === held))).toEqual([]);
  });

  it('asks about papers whose theme their keywords leave no doubt about, and hides all keywords', () => {
    expect(exam.doubtless.length).toBeGreaterThan(10);
    const subjects = new Map<string, string>(
      exam.papers.map(paper => [
        paper.title.split(' ').at(-1) as string,
        (paper as { subject?: string }).subject ?? '',
      ]),
    );
    for (const { title, abstract, theme } of exam.doubtless) {
      expect(subjects.get(title.split(' ').at(-1) as string)).toBe(theme);
      expect(`${title} ${abstract}`).not.toMatch(/whale|coral reef|eagle|storm|granite|crystal/);
    }
  });

  it('is the same for the same papers in any order, and hardly another when some papers are added', () => {
    const again = setExam(THEMES, [...ARCHIVE.toReversed(), ...ARCHIVE.slice(0, 9)], CORRECTIONS);
    expect(again.papers).toEqual(exam.papers);
    expect(again.doubtless).toEqual(exam.doubtless);
    const later = setExam(THEMES, [...ARCHIVE, ...madeUpPapers(30, 5)], CORRECTIONS);
    const before = new Set(exam.papers.map(({ title }) => title));
    expect(later.papers.filter(({ title }) => before.has(title)).length).toBeGreaterThan(100);
  });

  it('can be set of any papers', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const papers = fc.array(fc.record({ title: text, abstract: text }), { maxLength: 40 });
    fc.assert(
      fc.property(papers, archive => {
        const { papers: held, toLearn } = setExam(THEMES, archive, []);
        const different = new Set(archive.map(paper => `${paper.title}\n${paper.abstract}`)).size;
        expect(held.length + toLearn.archive.length).toBe(different);
      }),
    );
  });
});

describe('a model fitted to the same papers', () => {
  const exam = setExam(THEMES, ARCHIVE, []);
  const learn = exam.toLearn.archive;
  const good = fitModel(THEMES, learn, { prior: null });

  it('is taken when it is as good as the one in use', () => {
    const other = fitModel(THEMES, learn.slice(200), { prior: null });
    const measured = sitExam(exam, other, good);
    expect(measured.doubtless.after).toBeGreaterThan(0.8 * measured.doubtless.papers);
    expect(objections(measured)).toEqual([]);
  });

  it('is refused when the texts were shuffled among the papers', () => {
    const words = learn.flatMap(({ abstract }) => abstract.split(' '));
    const shuffled = learn.map(({ title }, at) => ({
      title: title.split(' ').at(-1) as string,
      abstract: Array.from({ length: 30 }, (_, i) => words[(at + i * 997) % words.length]).join(' '),
    }));
    const spoiled = fitModel(THEMES, shuffled, { prior: null });
    expect(objections(sitExam(exam, good, spoiled))).not.toEqual([]);
  });

  it('is refused when the keywords of its themes were swapped', () => {
    const swapped = THEMES.map((theme, at): Theme => {
      const { keywords, description } = THEMES[(at + 1) % THEMES.length] as Theme;
      return { ...theme, keywords, description };
    });
    const spoiled = fitModel(swapped, learn, { prior: null });
    expect(objections(sitExam(exam, good, spoiled))).toContainEqual(expect.stringContaining('beyond doubt'));
  });

  it('is refused when it knows nothing, or one theme only', () => {
    const nothing = { classify: () => ({ theme: null }) };
    const one = { classify: () => ({ theme: 'sea' }) };
    expect(objections(sitExam(exam, good, nothing))).toContainEqual(expect.stringContaining('no theme'));
    expect(objections(sitExam(exam, good, one))).toContainEqual(
      expect.stringContaining('sea would hold 100 %'),
    );
  });

  it('is itself again when it is stored and opened', () => {
    const { changed, doubtless } = sitExam(exam, good, openModel(THEMES, good.pack()));
    expect([changed, doubtless.onlyBefore, doubtless.onlyAfter]).toEqual([0, 0, 0]);
  });
});
