// What is asked of the studio stands in an address: it comes back as it went in, and what cannot be is said.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ask, fieldsOf, MADE_UP, readAsk } from '../../src/studio/ask.ts';
import { parsePreferences } from '../../src/web/preferences-form.ts';

const fields = (address: string) => {
  const found: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(address)) found[name] = [...(found[name] ?? []), value];
  return found;
};

const word = fc.stringMatching(/^[a-zA-Zéß&=+%#? .'"<>-]{0,20}[a-zé]$/).map(text => text.trim());

const asks: fc.Arbitrary<Ask> = fc
  .record({
    day: fc.constantFrom(undefined, '2026-08-20', 'tex' as const, 'two-hundred' as const),
    reader: fc.constantFrom('', 'ada@example.org', MADE_UP),
    themes: fc.uniqueArray(fc.constantFrom('agents', 'speech', 'robotics')),
    keywords: fc.uniqueArray(word, { maxLength: 3 }),
    authors: fc.uniqueArray(word, { maxLength: 3 }),
    length: fc.constantFrom('brief' as const, 'standard' as const, 'full' as const),
    cadence: fc.constantFrom('daily' as const, 'weekly' as const),
    locale: fc.constantFrom('en', 'ar', 'de-CH'),
  })
  .map(({ day, reader, ...wants }) => ({
    day,
    reader,
    wants: parsePreferences(reader === MADE_UP ? wants : {}),
  }));

describe('an address of the studio', () => {
  it('can be bookmarked: what it asks for is what was asked', () => {
    fc.assert(
      fc.property(asks, ask => {
        expect(readAsk(fields(fieldsOf(ask, { view: 'mail' })))).toEqual(ask);
      }),
    );
  });

  it.each([
    [{ day: ['soon'] }, '“soon” is no day'],
    [{ day: ['2026-02-30'] }, '“2026-02-30” is no day'],
    [{ reader: [MADE_UP], length: ['endless'] }, 'There can be no reader with these preferences'],
    [{ reader: [MADE_UP], locale: ['x'] }, 'There can be no reader with these preferences'],
  ])('%j is refused with what is allowed', (given, words) => {
    expect(() => readAsk(given)).toThrow(words);
  });
});
