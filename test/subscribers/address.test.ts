// What people type when they are asked for an address, and what becomes of it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddress } from '../../src/subscribers/address.ts';

describe('an address that works is taken as it is', () => {
  it.each([
    ['a plain one', 'ada@example.org', 'ada@example.org'],
    ['a tag', 'ada+papers@example.org', 'ada+papers@example.org'],
    ['dots and hyphens', 'a.b-c@mail.example.org', 'a.b-c@mail.example.org'],
    ['an apostrophe', "o'brien@example.org", "o'brien@example.org"],
    ['what older systems put into names', 'a/b=c%d!e@example.org', 'a/b=c%d!e@example.org'],
    ['spaces around it', '  ada@example.org\t\r\n', 'ada@example.org'],
    ['the name of this machine', 'ada@localhost', 'ada@localhost'],
    ['a domain in capitals', 'ada@EXAMPLE.Org', 'ada@example.org'],
    ['a domain in German', 'ada@müller.de', 'ada@xn--mller-kva.de'],
    ['a domain in German with decomposed letters', 'ada@mu\u0308ller.de', 'ada@xn--mller-kva.de'],
    ['a domain in Chinese', 'ada@例子.中国', 'ada@xn--fsqu00a.xn--fiqs8s'],
    ['a domain with an ideographic full stop', 'ada@example。org', 'ada@example.org'],
    ['a domain that is ASCII already', 'ada@xn--mller-kva.de', 'ada@xn--mller-kva.de'],
    ['a name in German', 'jürgen@example.org', 'jürgen@example.org'],
    ['a name in Chinese', '用户@example.org', '用户@example.org'],
    ['a name of 64 octets', `${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
  ])('%s', (_what, typed, address) => {
    expect(readAddress(typed)).toMatchObject({ address });
  });
});

describe('what is no address is refused with a reason', () => {
  it.each([
    ['nothing', ''],
    ['an @ alone', '@'],
    ['no name', '@example.org'],
    ['no domain', 'ada@'],
    ['no @', 'ada.example.org'],
    ['two @', 'ada@lovelace@example.org'],
    ['a space in the name', 'ada lovelace@example.org'],
    ['a space in the domain', 'ada@exam ple.org'],
    ['a header after a line break', 'ada@example.org\r\nBcc: everyone@example.org'],
    ['a line feed inside', 'ada@exa\nmple.org'],
    ['a carriage return inside', 'ada\r@example.org'],
    ['a NUL', 'ada\0@example.org'],
    ['a NUL at the end', 'ada@example.org\0'],
    ['quotes', '"ada lovelace"@example.org'],
    ['a display name', 'Ada <ada@example.org>'],
    ['angle brackets', '<ada@example.org>'],
    ['a comment', 'ada(work)@example.org'],
    ['two addresses', 'ada@example.org, bo@example.org'],
    ['two addresses with a semicolon', 'ada@example.org;bo@example.org'],
    ['a mailto link', 'mailto:ada@example.org'],
    ['a dot at the start', '.ada@example.org'],
    ['a dot at the end of the name', 'ada.@example.org'],
    ['two dots', 'a..da@example.org'],
    ['a dot at the end', 'ada@example.org.'],
    ['two dots in the domain', 'ada@example..org'],
    ['a domain without a dot', 'ada@example'],
    ['a domain of digits', 'ada@192.0.2.1'],
    ['an address literal', 'ada@[192.0.2.1]'],
    ['an underscore in the domain', 'ada@exam_ple.org'],
    ['a hyphen at the start of the domain', 'ada@-example.org'],
    ['a path after the domain', 'ada@example.org/team'],
    ['a query after the domain', 'ada@example.org?subject=x'],
    ['a fragment after the domain', 'ada@example.org#team'],
    ['a percent-encoded domain', 'ada@%65xample.org'],
    ['a port', 'ada@example.org:25'],
    ['a zero-width space', 'ada\u200b@example.org'],
    ['text turned around', 'ada\u202e@example.org'],
    ['half a surrogate pair', 'ada\ud800@example.org'],
    ["a digest template's own mark", 'ada\ue000address\ue001@example.org'],
    ['a name of 65 octets', `${'a'.repeat(65)}@example.org`],
    ['a name of 33 characters that take 66 octets', `${'ü'.repeat(33)}@example.org`],
    ['a label of 64 characters', `ada@${'a'.repeat(64)}.org`],
    ['more than 254 octets', `ada@${'abcdefghi.'.repeat(26)}org`],
    [
      'more than 254 octets once the domain is ASCII',
      `${'a'.repeat(60)}@${'漢字例子中国文語新聞社.'.repeat(5)}org`,
    ],
  ])('%s', (_what, typed) => {
    expect(readAddress(typed)).toEqual({ problem: expect.stringContaining('name@example.org') });
  });

  it('the reason quotes a short piece of it on one line', () => {
    const { problem } = readAddress(`a\n\u001b[31m${'b'.repeat(1_000_000)}`) as { problem: string };
    expect(problem.length).toBeLessThan(200);
    expect(problem).not.toMatch(/\p{Cc}/u);
  });
});

describe('one person is one reader however they type their address', () => {
  it.each([
    ['Ada@Example.ORG', 'ada@example.org'],
    [' ada@example.org ', 'ADA@EXAMPLE.ORG'],
    ['ada@müller.de', 'Ada@MÜLLER.DE'],
    ['ada@müller.de', 'ada@xn--mller-kva.de'],
    ['JÜRGEN@example.org', 'jürgen@example.org'],
    ['jürgen@example.org', 'ju\u0308rgen@example.org'],
  ])('%s is %s', (one, other) => {
    const [a, b] = [readAddress(one), readAddress(other)];
    expect(a).toHaveProperty('key');
    expect((a as { key: string }).key).toBe((b as { key: string }).key);
  });

  it('people whose names differ by a dot or a tag are different readers', () => {
    const keys = ['ada@example.org', 'a.da@example.org', 'ada+x@example.org'].map(
      text => (readAddress(text) as { key: string }).key,
    );
    expect(new Set(keys).size).toBe(3);
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    'ada',
    '@',
    '.',
    'example.org',
    ' ',
    '\r\n',
    '"',
    '<',
    '>',
    ',',
    'ü',
    '。',
    '＠',
    '/',
    '%41',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const nearlyAddress = fc
  .tuple(fc.array(piece, { maxLength: 4 }), fc.array(piece, { maxLength: 4 }))
  .map(([local, domain]) => `${local.join('')}@${domain.join('')}`);
const mostlyAddress = fc
  .tuple(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
    fc.constantFrom('@example.org', '@müller.de'),
  )
  .map(parts => parts.join(''));

describe('whatever is typed', () => {
  const typed = fc.oneof(nearlyAddress, mostlyAddress, fc.emailAddress(), fc.string({ unit: 'binary' }));

  it('never stops the program, and what is taken is one address on one line', () => {
    fc.assert(
      fc.property(typed, text => {
        const read = readAddress(text);
        if ('problem' in read) return;
        expect(read.address).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\s"<>,;:()]/u);
        expect(read.address.split('@')).toHaveLength(2);
        expect(read.address.split('@')[1]).toMatch(/^[a-z0-9.-]+$/);
        expect(Buffer.byteLength(read.address)).toBeLessThanOrEqual(254);
      }),
      { numRuns: 2000 },
    );
  });

  it('what was taken once is taken again as the same', () => {
    fc.assert(
      fc.property(typed, text => {
        const read = readAddress(text);
        if ('problem' in read) return;
        expect(readAddress(read.address)).toEqual(read);
        expect(readAddress(read.key)).toHaveProperty('key', read.key);
      }),
      { numRuns: 2000 },
    );
  });
});
