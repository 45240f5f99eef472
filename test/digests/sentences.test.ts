// Promises to the reader of a sentence: it is whole, and it is one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences } from '../../src/digests/sentences.ts';

const solid = (text: string) => text.replace(/\s/g, '');

const prose = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('We cross rivers.', 'Do boats float?', 'See https://a.b/c.') },
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
