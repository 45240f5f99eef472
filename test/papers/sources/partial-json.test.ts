// A list of papers that was cut off on its way: what came whole is kept, what did not is not guessed.
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeElements } from '../../../src/papers/sources/partial-json.ts';

const fixture = (name: string) => readFile(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8');

describe('of a list that was cut off, the whole elements are kept', () => {
  it.each([
    ['[{"title": "One"}, {"title": "Tw', [{ title: 'One' }]],
    ['[{"title": "One"}, {"title": "Two"}', [{ title: 'One' }, { title: 'Two' }]],
    ['[{"title": "One"},', [{ title: 'One' }]],
    ['[{"title": "One"}]', [{ title: 'One' }]],
    ['\ufeff\n[ {"title": "]}{[,\\"\\\\"} ,{', [{ title: ']}{[,"\\' }]],
    ['[{"a": [{"b": 1}, {"c": "x"}]}, {"a": [{"b": 1}', [{ a: [{ b: 1 }, { c: 'x' }] }]],
    ['["one", "two', ['one']],
    // Of 12 nobody knows whether it was 123.
    ['[1, 12', [1]],
    ['[true, null, fal', [true, null]],
    ['[{"a": 1}, {bad}, {"b": 2}, {"c"', [{ a: 1 }, { b: 2 }]],
    ['{"meta": {"ids": [1, 2], "x": "[{"}, "results": [{"title": "One"}, {"ti', [{ title: 'One' }]],
    ['{"data": [{"a": 1}], "more": ["x"], "next": "y"', [{ a: 1 }]],
    ['{"total": 5, "data": [', []],
    ['{"title": "One", "authors": ["Ana"', []],
    ['[', []],
    ['"[{}"', []],
    ['no JSON', []],
    ['', []],
  ])('%j', (text, elements) => {
    expect(completeElements(text)).toEqual(elements);
  });

  it.each(['huggingface-today', 'huggingface-2024', 'json/semantic-scholar', 'json/openalex'])(
    'wherever %s is cut',
    async name => {
      const value = JSON.parse(await fixture(name));
      const papers: unknown[] = Array.isArray(value) ? value : (value.data ?? value.results);
      const text = JSON.stringify(value);
      const ends = endsOf(text, papers);
      for (let cut = 0; cut <= text.length; cut += 7) {
        const whole = ends.filter(end => end <= cut).length;
        expect(completeElements(text.slice(0, cut))).toEqual(papers.slice(0, whole));
      }
    },
  );
});

/** Where each of the elements ends in the text; they stand in it in this order. */
function endsOf(text: string, elements: readonly unknown[]): number[] {
  let at = 0;
  return elements.map(element => {
    const json = JSON.stringify(element);
    at = text.indexOf(json, at) + json.length;
    return at;
  });
}

const element = fc.oneof(fc.string(), fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
const spaced = fc.constantFrom('', ' ', '\n  ');

describe('whatever is cut wherever', () => {
  it('a list gives exactly the elements that end before the cut', () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 6 }), spaced, fc.nat(), (elements, space, where) => {
        const texts = elements.map(one => JSON.stringify(one, null, space.length));
        const text = `${space}[${texts.map(one => space + one + space).join(',')}]`;
        const cut = where % (text.length + 1);
        let end = space.length + 1;
        const whole = texts.filter(one => {
          end += 2 * space.length + one.length + 1;
          return end - space.length - 1 <= cut;
        });
        expect(completeElements(text.slice(0, cut))).toEqual(whole.map(one => JSON.parse(one)));
      }),
      { numRuns: 3000 },
    );
  });

  it('any text gives a list, never an error', () => {
    const pieces = fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', '1', 'a', ' ', 'null', '{"a":1}');
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 40 }).map(all => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, text => Array.isArray(completeElements(text))),
      { numRuns: 3000 },
    );
  });

  it.each(['[', '[{"a":', '{"a":[{', '[{},', '["\\"', '[ '])('a million times %j takes a moment', piece => {
    const started = performance.now();
    completeElements(piece.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
