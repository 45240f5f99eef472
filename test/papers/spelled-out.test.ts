// A reader must not meet "W e i n t r o d u c e": such an abstract cannot be read by anyone.
import { describe, expect, it } from 'vitest';
import { isSpelledOut } from '../../src/papers/spelled-out.ts';
import { priorModel } from '../../src/themes/model/model.ts';
import { defaultTaxonomy } from '../../src/themes/taxonomy.ts';

const PLAIN = 'Vision-language-action models have recently emerged for robotic manipulation.';
const spelled = (text: string) => [...text.replaceAll(' ', '')].join(' ');

describe('an abstract letter by letter', () => {
  it.each([
    ['spelled out', spelled(PLAIN), true],
    ['plain', PLAIN, false],
    ['long and plain', PLAIN.repeat(40), false],
    ['a formula', 'a + b = c, x y z', false],
    ['full of variables', `Let x , y and z be such that a b = c . ${PLAIN} ${PLAIN}`, false],
    ['in a script without spaces', '我 们 提 出 一 种 新 的 方 法 '.repeat(10), false],
    ['empty', '', false],
  ])('is told from one that is %s', (_, text, expected) => {
    expect(isSpelledOut(text)).toBe(expected);
  });

  it('has no say in the theme: the title has', () => {
    const model = priorModel(defaultTaxonomy());
    const title = 'Enhancing vision representations for vision-language-action models';
    const answer = model.classify({ title, abstract: spelled(PLAIN.repeat(5)) });
    expect(answer.theme).toBe('robotics');
    expect(answer).toEqual(model.classify({ title, abstract: '' }));
  });
});
