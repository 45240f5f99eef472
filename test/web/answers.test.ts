// Pages that are kept in memory: made once, forgotten when they are old or too many.
import { describe, expect, it } from 'vitest';
import { keptPages, ready } from '../../src/web/archive/answers.ts';

const page = (body: string, status: 200 | 404 = 200) =>
  ready({ body, maxAge: 60, status }, "default-src 'none'");

/** What makes pages of `bytes` bytes, and how often each was made. */
function maker(bytes: number) {
  const made: string[] = [];
  const make = (key: string) => async () => {
    made.push(key);
    return page(key.padEnd(bytes, '.'));
  };
  return { made, make };
}

describe('pages that are kept', () => {
  it('are made once, also when many ask at once, until what they depend on changes', async () => {
    const kept = keptPages(10_000);
    const { made, make } = maker(100);
    await Promise.all(Array.from({ length: 50 }, () => kept.page('v1', '/', make('/'))));
    await kept.page('v1', '/', make('/'));
    expect(made).toEqual(['/']);
    await kept.page('v2', '/', make('/'));
    expect(made).toEqual(['/', '/']);
  });

  it('take no more than their room: what nobody asked for longest goes first', async () => {
    const kept = keptPages(1_000);
    const { made, make } = maker(400);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await kept.page('v', key, make(key));
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('are not kept when they failed, are not there, or are larger than the room', async () => {
    const kept = keptPages(1_000);
    await expect(kept.page('v', 'x', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect((await kept.page('v', 'x', async () => page('back', 404))).status).toBe(404);
    expect((await kept.page('v', 'x', async () => page('here'))).status).toBe(200);
    const { made, make } = maker(5_000);
    for (let times = 0; times < 2; times++) await kept.page('v', 'large', make('large'));
    expect(made).toEqual(['large', 'large']);
  });
});
