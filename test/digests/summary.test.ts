// Promises to the reader of a summary: whole sentences of the authors' own, the ones worth scanning.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences, summarise } from '../../src/digests/summary.ts';

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

const solid = (text: string) => text.replace(/\s/g, '');

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

describe('a reader meets whole sentences', () => {
  it.each([
    ['et al.', 'We follow Smith et al. In spirit, not letter.'],
    ['et al. [5]', 'We follow Smith et al. [5] and go further.'],
    ['e.g.', 'Strong models, e.g. GPT-4 and others, fail.'],
    ['i.e.', 'The unit, i.e. Block size, is flexible.'],
    ['Fig. 2', 'As shown in Fig. 2 A better curve emerges.'],
    ['Eq. (3)', 'The bound in Eq. (3) Holds for all inputs.'],
    ['Sec. 4', 'We refer to Sec. 4 For the details.'],
    ['cf.', 'This was known before, cf. Appendix two.'],
    ['vs.', 'Our score is 40.6 vs. GPT at 41.1 overall.'],
    ['resp.', 'Rows, resp. Columns, are permuted.'],
    ['approx.', 'It takes approx. Two hours on one card.'],
    ['No. 5', 'We replay Symphony No. 5 In full.'],
    ['Dr.', 'The protocol of Dr. Snow is replayed.'],
    ['an initial', 'The conjecture of J. Smith is settled.'],
    ['two initials', 'The conjecture of J. R. Smith is settled.'],
    ['w.r.t.', 'It is convex w.r.t. All parameters.'],
    ['a decimal', 'Accuracy rises by 3.5 Points on average.'],
    ['a version number', 'Python 3.14.2 Ships with it.'],
    ['an address', 'The page is https://github.com/a/b.git?Q=1!Z for all.'],
    ['a question in the middle', 'Asking "are we there yet?" is allowed here.'],
    ['a bracket', 'We ask (Is it so? We think so. Yes.) and go on.'],
    ['a square bracket', 'The prompt [Be brief. Be kind.] is fixed.'],
    ['a quotation', 'It answers "It works. It does." every time.'],
    ['a curly quotation', 'It answers “It works. It does.” every time.'],
    ['a list number', 'There are two findings: 1. Models forget.'],
  ])('a reader never meets a sentence cut at %s', (_what, sentence) => {
    expect(sentences(`${sentence} We stop here.`)).toEqual([sentence, 'We stop here.']);
  });

  it.each([
    ['a no', 'The answer is no.', 'We show why.'],
    ['a letter', 'Proofs are in Appendix B.', 'We release nothing.'],
    ['milliseconds', 'It answers in 5 ms.', 'Users notice.'],
    ['a plain number', 'The error drops from 5 to 3.', 'Nobody expected it.'],
    ['an address', 'Read https://example.org/a.', 'Then rest.'],
    ['a question', 'Can models swim?', 'They can.'],
    ['a bracket', 'We swim (in water).', 'We dry off.'],
    ['a result an address follows', 'It outperforms all baselines.', 'https://github.com/a/b'],
    ['a Chinese full stop', '我们提出新方法。', '结果很好。'],
    ['an Arabic question mark', 'هل تعمل الطريقة؟', 'نعم تعمل.'],
  ])('a reader never meets two sentences run together after %s', (_what, first, second) => {
    expect(sentences(`${first} ${second}`)).toEqual([first, second]);
  });

  it('an author who forgets to close a bracket or quote does not lose the rest of the abstract', () => {
    const tail = 'One more thing happens here. '.repeat(40).trim();
    expect(sentences(`We open ( and forget. ${tail}`)).toHaveLength(41);
    expect(sentences(`We open " and forget. ${tail}`)).toHaveLength(41);
    expect(sentences(`We open ( and close late. ${tail})`)[0]).toBe('We open ( and close late.');
  });

  it('an author finds every word of theirs in the sentences, and none that is not theirs', () => {
    fc.assert(
      fc.property(anyText, text => {
        const found = sentences(text);
        expect(solid(found.join(' '))).toBe(solid(text));
        for (const sentence of found) expect(text).toContain(sentence);
      }),
    );
  });
});

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
