// A message spliced from what readers share: two parsers of other people read from it what was rendered for this reader.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { compile, headersOf, type Sender, write, writeSealed } from '../../src/digests/message.ts';
import { joined, type Piece, type Slot } from '../../src/digests/mime-parts.ts';
import { encodeText } from '../../src/digests/mime-text.ts';

const SENDER: Sender = {
  name: 'Daily Papers',
  address: 'papers@example.org',
  bounceAddress: null,
  publicUrl: 'https://papers.example.org',
};

const awkward = fc.constantFrom(
  '\n',
  '\n.\n',
  '\nFrom me\n',
  '.',
  '..',
  ' \n',
  '\t',
  '  ',
  '=',
  '=\n',
  '=3D',
  '--',
  '\r',
  '<&>"\'',
  '👩‍🔬',
  'x'.repeat(1_500),
  'ü'.repeat(100),
  `${'y'.repeat(74)} .`,
);
const text = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), awkward), { maxLength: 8 })
  // Line ends are line feeds in what is rendered; slots' marks and NUL cannot be in it.
  .map(parts =>
    parts
      .join('')
      .replaceAll('\0', '')
      .replace(/\r+(?=\n|$)/g, ''),
  );
const slot = fc
  .constantFrom<Slot>('address', 'unsubscribeUrl', 'preferencesUrl')
  .map(name => ({ slot: name }));
const pieces = fc
  .array(fc.oneof(text, slot), { maxLength: 8 })
  .map((list): Piece[] => ['x', ...list, '\n'].filter(piece => piece !== ''));
const value = fc.oneof(fc.webUrl(), fc.emailAddress(), text, fc.constant(''));
const ownParts = fc.record({
  address: value,
  unsubscribeUrl: value,
  preferencesUrl: fc.option(value),
});

const LETTER = {
  to: 'ada@reader.example',
  messageId: '<mark@example.org>',
  date: new Date('2026-08-20T07:00:00Z'),
  token: 'token',
};
const SHARED = { subject: 'Ferry', edition: '2026-08-20' };
/** postal-mime ends every part with a line end of its own. */
const unended = (part = '') => part.replace(/\n$/, '');
/** Parsers take CR before LF for a part of the line end. */
const lineEnds = (rendered: string) => rendered.replace(/\r+\n/g, '\n');

describe('a spliced message', () => {
  it('reads as both parts were rendered, whatever they and the reader hold, in lines that every server takes', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, pieces, ownParts, async (html, plain, parts) => {
        const compiled = compile({ ...SHARED, html, text: plain }, SENDER);
        const { bytes, wire } = write(compiled, { ...LETTER, parts }, SENDER);
        const mail = await PostalMime.parse(bytes);
        expect(lineEnds(unended(mail.html))).toBe(lineEnds(joined(html, parts, 'html')));
        expect(lineEnds(unended(mail.text))).toBe(lineEnds(joined(plain, parts, 'text')));
        expect(wire?.toString('latin1')).toBe(`${bytes.toString('latin1')}.\r\n`);
        for (const line of bytes.toString('latin1').split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(200);
          expect(line).not.toMatch(/[\r\n]|^\.|^From |[ \t]$|[^\t\x20-\x7e]/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reads so by another parser too', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, ownParts, async (html, parts) => {
        const compiled = compile({ ...SHARED, html, text: html }, SENDER);
        const { bytes } = write(compiled, { ...LETTER, parts }, SENDER);
        const mail = await simpleParser(bytes, { skipTextToHtml: true, skipImageLinks: true });
        expect(lineEnds(mail.html || '')).toBe(lineEnds(joined(html, parts, 'html')));
        expect(lineEnds(mail.text ?? '')).toBe(lineEnds(joined(html, parts, 'text')));
      }),
      { numRuns: 100 },
    );
  });

  it.each(['Ferry', 'Größe 漢字', 'a'.repeat(300), 'word '.repeat(60).trim(), '=?utf-8?Q?x?='])(
    'has the header that nodemailer writes, with the subject %s',
    async subject => {
      const compiled = compile({ ...SHARED, subject, html: ['x'], text: ['x'] }, SENDER);
      const parts = { address: '', unsubscribeUrl: '', preferencesUrl: null };
      const ours = headersOf(write(compiled, { ...LETTER, parts }, SENDER).bytes);
      const composer = new MailComposer({
        from: { name: SENDER.name, address: SENDER.address },
        to: LETTER.to,
        subject,
        messageId: LETTER.messageId,
        date: LETTER.date,
        text: 'x',
        html: 'x',
        newline: 'windows',
      });
      const theirs = headersOf(await composer.compile().build());
      for (const { name, value } of theirs.filter(({ name }) => name !== 'Content-Type'))
        expect(ours).toContainEqual({ name, value });
    },
  );

  it('for an address beyond ASCII has it in UTF-8, as RFC 6532 wants', () => {
    const compiled = compile({ ...SHARED, html: ['x'], text: ['x'] }, SENDER);
    const parts = { address: '', unsubscribeUrl: '', preferencesUrl: null };
    const { bytes } = write(compiled, { ...LETTER, to: 'größe@example.org', parts }, SENDER);
    expect(headersOf(bytes)).toContainEqual({ name: 'To', value: 'größe@example.org' });
  });

  it('hashes for its signature what a receiver hashes', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, ownParts, async (html, parts) => {
        let hash = '';
        const compiled = compile({ ...SHARED, html, text: html }, SENDER);
        const seal = async (_names: readonly string[], _fields: string, bodyHash: string) => {
          hash = bodyHash;
          return '';
        };
        const { bytes } = await writeSealed(compiled, { ...LETTER, parts }, SENDER, seal);
        // RFC 6376 §3.4.4.
        const body = bytes.toString('latin1', bytes.indexOf('\r\n\r\n') + 4);
        const relaxed = body.replace(/[ \t]+/g, ' ').replaceAll(' \r\n', '\r\n');
        expect(hash).toBe(createHash('sha256').update(relaxed, 'latin1').digest('base64'));
      }),
    );
  });
});

describe('quoted-printable', () => {
  it.each([
    ['', ''],
    ['a=b', 'a=3Db'],
    ['.a\n.b', '=2Ea\r\n=2Eb'],
    ['a. \nb\t', 'a.=20\r\nb=09'],
    ['From me\nFrom', '=46rom me\r\nFrom'],
    ['a\r\nb\rc', 'a\r\nb=0Dc'],
    ['x'.repeat(76), `${'x'.repeat(75)}=\r\nx`],
    [`${'x'.repeat(75)}.`, `${'x'.repeat(75)}=\r\n=2E`],
    [`${'x'.repeat(70)}ü`, `${'x'.repeat(70)}=\r\n=C3=BC`],
  ])('%j is %j', (from, to) => {
    expect(encodeText(from)).toBe(to);
  });
});
