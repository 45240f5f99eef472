// What was made last is kept, and no more than that.
import { describe, expect, it } from 'vitest';
import { recent } from '../src/recent.ts';

function counted(most: number) {
  const made: string[] = [];
  const kept = recent<string>(most);
  const ask = (key: string) =>
    kept(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  return { made, ask };
}

describe('what was made', () => {
  it('is not made again while it is kept, though it is nothing', () => {
    const kept = recent<undefined>(2);
    let made = 0;
    for (let n = 0; n < 3; n++) kept('a', () => void made++);
    expect(made).toBe(1);
  });

  it('makes room for others when it was asked for longest ago', () => {
    const { made, ask } = counted(2);
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map(ask)).toEqual(['A', 'B', 'A', 'C', 'A', 'B']);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('is made again where it failed', () => {
    const kept = recent<number>(2);
    const fail = () => {
      throw new Error('no');
    };
    expect(() => kept('a', fail)).toThrow('no');
    expect(kept('a', () => 1)).toBe(1);
  });
});
