// How text becomes words: the same in the title of a paper, in its abstract and in an operator's keywords.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BREAK, singular, wordReader, wordsOf } from '../../../src/themes/model/words.ts';

describe('words', () => {
  it.each([
    ['Vision-Language Models', ['vision', 'language', 'model']],
    ['agents, tools', ['agent', BREAK, 'tool']],
    ['An (old) idea', ['an', BREAK, 'old', BREAK, 'idea']],
    ['3D scenes / GPT-4', ['3d', 'scene', 'gpt', '4']],
    ["one's own", ['one', 's', 'own']],
    ['ﬁne‑tuning', ['fine', 'tuning']],
    ['大模型 推理', ['大', '模', '型', '推', '理']],
    ['нейронные сети', ['нейронные', 'сети']],
    ['\u{1d400}\u{1f600}b', ['a', 'b']],
    ['', []],
  ])('%j is %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it.each([
    ['agents', 'agent'],
    ['studies', 'study'],
    ['losses', 'loss'],
    ['classes', 'class'],
    ['boxes', 'box'],
    ['databases', 'database'],
    ['images', 'image'],
    ['series', 'series'],
    ['bias', 'bias'],
    ['analysis', 'analysis'],
    ['gas', 'gas'],
    ['corpus', 'corpus'],
  ])('the singular of %s is %s', (word, stem) => {
    expect(singular(word)).toBe(stem);
  });

  it('are the same when a reader remembers them', () => {
    const read = wordReader();
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, value => {
        expect(read(value)).toEqual(wordsOf(value));
      }),
    );
  });

  it('of a text without end are cut, and none is longer than forty characters', () => {
    expect(wordsOf('word '.repeat(1_000_000)).length).toBeLessThanOrEqual(20_000);
    expect(wordsOf('x'.repeat(5_000_000))).toEqual(['x'.repeat(40)]);
  });
});
