// Promises to the reader of a summary: whole sentences of the authors' own, the ones worth scanning.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences } from '../../src/digests/sentences.ts';
import { summarise } from '../../src/digests/summary.ts';

const BACKGROUND =
  'Recent years have seen a surge of interest in long-context language models across many fields.';
const TROUBLE = 'However, the quadratic cost of attention remains a bottleneck at deployment scale.';
const OFFER =
  'We propose Ferry, a sparse attention that ships only the key-value blocks a query needs to the accelerator.';
const METHOD =
  'Specifically, a light index branch scores the blocks and the main branch attends to the best.';
const RESULT =
  'Experiments on six benchmarks show that Ferry matches full attention while reducing compute by 28.4x.';
const CODE = 'Our code is available at https://github.com/harbour/ferry.';
const ABSTRACT = [BACKGROUND, TROUBLE, OFFER, METHOD, RESULT, CODE].join(' ');

/** Whether `summary` is at most `count` of these sentences, in this order, with one space between. */
function isChosenFrom(from: string[], summary: string, count: number): boolean {
  if (summary === '') return true;
  if (count === 0) return false;
  return from.some((sentence, at) => {
    if (sentence === summary) return true;
    if (!summary.startsWith(`${sentence} `)) return false;
    return isChosenFrom(from.slice(at + 1), summary.slice(sentence.length + 1), count - 1);
  });
}

const prose = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(BACKGROUND, TROUBLE, OFFER, METHOD, RESULT, CODE) },
      { weight: 2, arbitrary: fc.constantFrom('et al.', 'e.g.', 'Fig. 2', '(', ')', '"', '[', ']', '1.') },
      { weight: 1, arbitrary: fc.constantFrom('我们提出新方法。', 'نقترح طريقة جديدة.', 'J. Smith', '3.5') },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
    ),
    { maxLength: 14 },
  )
  .map(parts => parts.join(' '));

const anyText = fc.oneof(prose, fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }));

describe('a scanning reader learns what a paper does and what came of it', () => {
  it('a reader is told the proposal and the result, not the background or where the code is', () => {
    expect(summarise(ABSTRACT)).toBe(`${OFFER} ${RESULT}`);
  });

  it('a reader in a hurry gets the proposal; one with more time gets more, in the order it was written', () => {
    expect(summarise(ABSTRACT, 1)).toBe(OFFER);
    const three = summarise(ABSTRACT, 3);
    expect(three.startsWith(OFFER)).toBe(true);
    expect(three.endsWith(RESULT)).toBe(true);
    expect(three.length).toBeGreaterThan(OFFER.length + RESULT.length + 1);
    expect(summarise(ABSTRACT, 0)).toBe('');
  });

  it.each([
    'In this paper, we present Ferry, a benchmark of 400 questions.',
    'This paper introduces two models trained on sixty languages.',
    'This survey comprehensively examines the literature on ferries.',
    'To address this, we therefore propose Ferry, a framework for crossing.',
    'In this work, we investigate whether models can cross rivers at night.',
  ])('a reader recognises "%s" as what the paper is about', intro => {
    const abstract = [BACKGROUND, TROUBLE, intro, METHOD, RESULT].join(' ');
    expect(summarise(abstract)).toBe(`${intro} ${RESULT}`);
  });

  it.each([
    'Our method achieves 56.3% on the harbour benchmark, at a fraction of the usual cost.',
    'Ferry outperforms all earlier boats by a wide margin on open water.',
    'We find that models forget the route once the fog becomes thick enough.',
    'These results demonstrate that a compact index is enough for crossing rivers.',
  ])('a reader recognises "%s" as what came of it', outcome => {
    const abstract = [BACKGROUND, TROUBLE, OFFER, METHOD, outcome, CODE].join(' ');
    expect(summarise(abstract)).toBe(`${OFFER} ${outcome}`);
  });

  it.each([
    ['This research introduces a boat that crosses every river of the world without a crew.', 'research'],
    ['Our ferry system carries its passengers across every river of the world without a crew.', 'our system'],
  ])('a reader recognises "%s" as what the paper is about, by its "%s"', intro => {
    const scene = 'Rivers of the world have been crossed by boats with large crews for thousands of years.';
    expect(summarise([scene, intro, METHOD, RESULT].join(' '))).toBe(`${intro} ${RESULT}`);
  });

  it('a reader who saw the title gets the sentence that says more than the name', () => {
    const named = 'We present Ferry, a boat.';
    const full =
      'Our framework couples a light index branch with a sparse main branch, so that a query loads four blocks in a hundred from the host.';
    expect(summarise([BACKGROUND, named, full, RESULT].join(' '), 2)).toBe(`${named} ${RESULT}`);
    expect(summarise([BACKGROUND, 'Ferry is a boat.', full, RESULT].join(' '))).toBe(`${full} ${RESULT}`);
  });

  it('a reader is not told what may come one day in place of what came of it', () => {
    const outlook = 'Such boats may one day let more people reach more places at a lower price.';
    expect(summarise([OFFER, METHOD, RESULT, outlook].join(' '))).toBe(`${OFFER} ${RESULT}`);
  });

  it('a reader is not handed a second idea as if it were the first', () => {
    const second = 'Furthermore, we introduce a novel loss for crossing at night.';
    expect(summarise([BACKGROUND, OFFER, second, RESULT].join(' '))).toBe(`${OFFER} ${RESULT}`);
  });

  it.each([
    'Code is available at https://github.com/a/b.',
    'Our code will be released.',
    'Project page: https://ferry.github.io/.',
    'The dataset can be found at https://huggingface.co/datasets/ferry.',
    'Codes are public.',
    'Code: https://github.com/a/b',
    'https://github.com/a/b',
    'We will release all code and data for future research.',
    'We release our code.',
    'All models, datasets, and code are released at https://github.com/a/b.',
    'Our inference kernel is available at: https://github.com/a/b.',
  ])('a reader is not told "%s" in place of what was found', announcement => {
    const abstract = `Ferries cross rivers. They are boats. ${announcement}`;
    expect(summarise(abstract)).toBe('Ferries cross rivers. They are boats.');
  });

  it.each([
    'We release Ferry, a corpus of 10K annotated river crossings, at https://github.com/a/b.',
    'Our open-source code runs 3x faster than every commercial competitor on the river.',
    'Models write code that nobody can maintain after twenty revisions.',
  ])('a reader is still told "%s", though it mentions code or data', real => {
    expect(summarise(`Ferries cross rivers. ${real} ${CODE}`)).toBe(`Ferries cross rivers. ${real}`);
  });

  it('a reader of an abstract that says only where the code is still gets that', () => {
    expect(summarise('Code is available at https://github.com/a/b. Our code will be released.')).toBe(
      'Code is available at https://github.com/a/b.',
    );
  });

  it('a reader is spared a sentence of half a page when a shorter one says the same', () => {
    const rambling = `We propose a boat ${'that crosses yet another wide and dangerous river '.repeat(10)}safely.`;
    expect(summarise([rambling, OFFER, METHOD, RESULT].join(' '))).toBe(`${OFFER} ${RESULT}`);
  });

  it.each([
    [
      'Chinese',
      '我们提出了一种新方法。它由两部分组成。实验表明它优于现有方法。',
      '我们提出了一种新方法。 实验表明它优于现有方法。',
    ],
    ['Arabic', 'نقترح طريقة جديدة. تتكون من جزأين. النتائج جيدة.', 'نقترح طريقة جديدة. النتائج جيدة.'],
  ])('a reader of %s gets how the abstract opens and how it ends', (_language, abstract, summary) => {
    expect(summarise(abstract)).toBe(summary);
  });

  it('a paper without an abstract gets no summary, and a short one is given whole', () => {
    expect(summarise('')).toBe('');
    expect(summarise('   ')).toBe('');
    expect(summarise('We withdraw this paper')).toBe('We withdraw this paper');
  });
});

describe('an operator can hand over any text at all', () => {
  it('every summary is made of sentences of the abstract, in its order, and is the same every time', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 4 }), (text, count) => {
        const summary = summarise(text, count);
        expect(isChosenFrom(sentences(text), summary, count)).toBe(true);
        expect(summarise(text, count)).toBe(summary);
      }),
    );
  });

  it('no abstract with a letter in it goes out with an empty summary', () => {
    fc.assert(
      fc.property(anyText, text => {
        fc.pre(/\p{L}/u.test(text));
        expect(summarise(text)).not.toBe('');
      }),
    );
  });

  it.each([
    ['a hundred thousand words without a full stop', 'word '.repeat(100_000)],
    ['a hundred thousand words of sentences', 'We propose a thing. '.repeat(25_000)],
    ['nothing but open brackets', '( '.repeat(100_000)],
    ['brackets that never match', `${'('.repeat(50_000)}${']'.repeat(50_000)}`],
    ['nothing but abbreviations', 'Smith et al. '.repeat(50_000)],
    ['nothing but addresses', 'https://a.b/c. '.repeat(50_000)],
  ])('a mail is not held up by %s', (_what, text) => {
    const before = performance.now();
    expect(summarise(text)).not.toBe('');
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
