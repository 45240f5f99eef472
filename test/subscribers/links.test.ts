// The link by which a reader leaves: it works for ever, for them, and for nothing else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkToken, type Purpose, readLinkToken } from '../../src/subscribers/links.ts';

const SECRET = 'a secret of this installation';
const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const TOKEN = linkToken(SECRET, 'unsubscribe', ID);
const read = (token: string, secret = SECRET) => readLinkToken({ secret }, 'unsubscribe', token);

describe("a reader's link", () => {
  it('leads to them, whoever they are', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string({ minLength: 1 }), (id, secret) => {
        const token = linkToken(secret, 'unsubscribe', id);
        expect(token).toMatch(/^[\w-]{44}$/);
        expect(readLinkToken({ secret }, 'unsubscribe', token)).toBe(id);
      }),
    );
  });

  it('stays the same from mail to mail', () => {
    expect(linkToken(SECRET, 'unsubscribe', ID)).toBe(TOKEN);
    expect(linkToken(SECRET, 'unsubscribe', ID.toUpperCase())).toBe(TOKEN);
  });

  it('in a mail of five years ago still works', () => {
    // Kept here as it was made; a change that breaks it breaks every mail that was ever sent.
    expect(read('1D4-tW9nLRp-hZXCGdyiVDs87VEqZ_8lELU5GkjWNALQ')).toBe(ID);
  });

  it('still works when the secret was changed since, as long as the old one is known', () => {
    const keys = { secret: 'a new secret of this installation', oldSecrets: ['an older one still', SECRET] };
    expect(readLinkToken(keys, 'unsubscribe', TOKEN)).toBe(ID);
    expect(readLinkToken(keys, 'preferences', TOKEN)).toBeUndefined();
    expect(readLinkToken({ secret: keys.secret }, 'unsubscribe', TOKEN)).toBeUndefined();
  });

  it('of one reader is not that of another', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        fc.pre(a !== b);
        expect(linkToken(SECRET, 'unsubscribe', a)).not.toBe(linkToken(SECRET, 'unsubscribe', b));
      }),
    );
  });
});

describe('nobody else can make one', () => {
  it.each([
    ['nothing', ''],
    ['the version alone', '1'],
    ['the id alone', ID],
    ['a token without its last character', TOKEN.slice(0, -1)],
    ['a token without its first character', TOKEN.slice(1)],
    ['half of one', TOKEN.slice(0, 22)],
    ['one character more', `${TOKEN}A`],
    ['padding', `${TOKEN}=`],
    ['a line break at the end', `${TOKEN}\n`],
    ['a space before', ` ${TOKEN}`],
    ['another version', `2${TOKEN.slice(1)}`],
    ['zeros', `1${'A'.repeat(43)}`],
    ['plain base64', `1${'+/'.repeat(21)}A`],
    ['letters that only look alike', `1${'а'.repeat(43)}`],
    [
      'an id with the mark of another',
      `${linkToken(SECRET, 'unsubscribe', '1'.repeat(32)).slice(0, 22)}${TOKEN.slice(22)}`,
    ],
  ])('%s is refused', (_what, token) => {
    expect(read(token)).toBeUndefined();
  });

  it('a link of another installation is refused', () => {
    expect(read(linkToken('another secret', 'unsubscribe', ID))).toBeUndefined();
    expect(read(TOKEN, 'another secret')).toBeUndefined();
    expect(read(TOKEN, '')).toBeUndefined();
  });

  it('a link for another purpose is refused', () => {
    const other = 'preferences' as Purpose;
    expect(read(linkToken(SECRET, other, ID))).toBeUndefined();
    expect(readLinkToken({ secret: SECRET }, other, TOKEN)).toBeUndefined();
  });

  it('anything that is not a token is refused', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^1[\w-]{43}$/));
    fc.assert(fc.property(text, token => read(token) === undefined));
  });

  // 43 base64url characters carry two bits more than 32 bytes need, so the last one has four spellings that decode to the
  // same bytes. They all mean the same reader, and nothing is kept or compared by the spelling: no one gains by them.
  it('a changed character is refused, unless the bytes are the same', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');
    let spellings = 0;
    for (let at = 0; at < TOKEN.length; at++) {
      for (const character of alphabet) {
        const changed = `${TOKEN.slice(0, at)}${character}${TOKEN.slice(at + 1)}`;
        if (changed === TOKEN) continue;
        const same = Buffer.from(changed.slice(1), 'base64url').equals(
          Buffer.from(TOKEN.slice(1), 'base64url'),
        );
        if (at > 0 && same) spellings++;
        expect(read(changed), changed).toBe(at > 0 && same ? ID : undefined);
      }
    }
    expect(spellings).toBe(3);
  });
});
