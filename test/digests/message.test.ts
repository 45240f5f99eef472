// The bytes of a mail, read back by somebody else's parser: every header a bulk message owes, and both parts unharmed.
import fc from 'fast-check';
import { type ParsedMail, simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import {
  composeMessage,
  type Letter,
  messageIdOf,
  type Sender,
  unsubscribeUrl,
} from '../../src/digests/message.ts';
import { readAddress } from '../../src/subscribers/address.ts';

const SENDER: Sender = {
  name: 'Daily Papers',
  address: 'papers@example.org',
  bounceAddress: 'bounces@mail.example.org',
  publicUrl: 'https://papers.example.org',
};
const TOKEN = '1D4-tW9nLRp-hZXCGdyiVDs87VEqZ_8lELU5GkjWNALQ';
const LETTER: Letter = {
  to: 'ada@reader.example',
  messageId: '<ypJ1BJKjQCKZfRaKBuKoOUjpX9w@example.org>',
  date: new Date('2026-08-20T07:00:00Z'),
  subject: 'Ferry and 12 more · 20 Aug',
  html: '<!doctype html>\n<p>Ferry – über alles</p>\n',
  text: 'Daily Papers\n\nFerry – über alles\n',
  edition: '2026-08-20',
  token: TOKEN,
};

const compose = (letter: Partial<Letter> = {}, sender: Partial<Sender> = {}) =>
  composeMessage({ ...LETTER, ...letter }, { ...SENDER, ...sender });

const parse = (bytes: Buffer): Promise<ParsedMail> =>
  simpleParser(bytes, {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
  });

/** The header fields as they stand in the bytes, unfolded. */
function headersOf(bytes: Buffer): [string, string][] {
  const head = bytes.toString('utf8').split('\r\n\r\n')[0] ?? '';
  return head
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
}

const header = (bytes: Buffer, name: string) =>
  headersOf(bytes).flatMap(([key, value]) => (key.toLowerCase() === name.toLowerCase() ? [value] : []));

describe('a message carries what a bulk mail owes its receivers', () => {
  it.each([
    ['From', 'Daily Papers <papers@example.org>'],
    ['To', 'ada@reader.example'],
    ['Message-ID', '<ypJ1BJKjQCKZfRaKBuKoOUjpX9w@example.org>'],
    ['Date', 'Thu, 20 Aug 2026 07:00:00 +0000'],
    [
      'List-Unsubscribe',
      `<https://papers.example.org/unsubscribe/${TOKEN}>, <mailto:papers@example.org?subject=unsubscribe%20${TOKEN}>`,
    ],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['List-Id', '<digest.example.org>'],
    ['List-Archive', '<https://papers.example.org/>'],
    ['List-Help', '<https://papers.example.org/>'],
    ['List-Post', 'NO'],
    ['Auto-Submitted', 'auto-generated'],
    ['Precedence', 'bulk'],
    ['Feedback-ID', '2026-08-20:digest:daily:paperround'],
    ['MIME-Version', '1.0'],
  ])('%s, once', async (name, value) => {
    expect(header((await compose()).bytes, name)).toEqual([value]);
  });

  it('and nothing that tells more than needed', async () => {
    const names = headersOf((await compose()).bytes).map(([name]) => name.toLowerCase());
    expect(names.filter(name => /^x-|^(?:bcc|cc|reply-to|received|return-path)$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('and is read so by another parser', async () => {
    const mail = await parse((await compose()).bytes);
    expect(mail.from?.value).toEqual([{ name: 'Daily Papers', address: 'papers@example.org' }]);
    expect(mail.to).toMatchObject({ value: [{ name: '', address: 'ada@reader.example' }] });
    expect(mail.messageId).toBe(LETTER.messageId);
    expect(mail.date).toEqual(LETTER.date);
    expect(mail.subject).toBe(LETTER.subject);
    expect(mail.headers.get('list')).toMatchObject({
      unsubscribe: {
        url: `https://papers.example.org/unsubscribe/${TOKEN}`,
        mail: `papers@example.org?subject=unsubscribe%20${TOKEN}`,
      },
      'unsubscribe-post': { name: 'List-Unsubscribe=One-Click' },
      id: { name: 'digest.example.org' },
    });
    expect(mail.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
    expect(mail.attachments).toEqual([]);
  });

  it.each(['Zoë "the" Editor', 'Papers, daily', '日报', 'a'.repeat(60), 'Ada <b@c.org>'])(
    'from %s by name',
    async name => {
      const mail = await parse((await compose({}, { name })).bytes);
      expect(mail.from?.value).toEqual([{ name, address: 'papers@example.org' }]);
    },
  );
});

describe('a reader leaves', () => {
  it('by a web page and by mail, where there are web pages', () => {
    expect(unsubscribeUrl(SENDER, TOKEN)).toBe(`https://papers.example.org/unsubscribe/${TOKEN}`);
  });

  it('by mail alone where there are none, and one-click is not promised', async () => {
    const mailto = `mailto:papers@example.org?subject=unsubscribe%20${TOKEN}`;
    const { bytes } = await compose({}, { publicUrl: null });
    expect(unsubscribeUrl({ ...SENDER, publicUrl: null }, TOKEN)).toBe(mailto);
    expect(header(bytes, 'List-Unsubscribe')).toEqual([`<${mailto}>`]);
    expect(header(bytes, 'List-Unsubscribe-Post')).toEqual([]);
    expect(header(bytes, 'List-Archive')).toEqual([]);
    expect(header(bytes, 'List-Help')).toEqual(['<mailto:papers@example.org?subject=help>']);
  });

  it.each([
    ['papers+daily@example.org', 'mailto:papers+daily@example.org?'],
    ['a&b=c?d%e@example.org', 'mailto:a%26b%3Dc%3Fd%25e@example.org?'],
    ['zeitung-für-alle@example.org', 'mailto:zeitung-f%C3%BCr-alle@example.org?'],
  ])('by mail to %s', async (address, start) => {
    const { bytes } = await compose({}, { address, publicUrl: null });
    expect(header(bytes, 'List-Unsubscribe')).toEqual([`<${start}subject=unsubscribe%20${TOKEN}>`]);
  });

  it('by a header in one piece, also where the address of the web pages is long', async () => {
    const publicUrl = `https://papers.example.org/${'deep/'.repeat(34)}end`;
    const { bytes } = await compose({}, { publicUrl });
    const [value = ''] = header(bytes, 'List-Unsubscribe');
    expect(value).toContain(`<${publicUrl}/unsubscribe/${TOKEN}>, <mailto:`);
  });
});

describe('a bounce finds its delivery', () => {
  it('by the return address, which carries the mark of the message', async () => {
    expect((await compose()).envelope).toEqual({
      from: 'bounces+ypJ1BJKjQCKZfRaKBuKoOUjpX9w@mail.example.org',
      to: 'ada@reader.example',
    });
  });

  it('unless the operator turned that off', async () => {
    expect((await compose({}, { bounceAddress: null })).envelope.from).toBe('papers@example.org');
  });

  it('and the mark is the same at every attempt, on every machine, and for no other delivery', () => {
    const id = messageIdOf('secret', 'delivery-1', SENDER);
    expect(id).toMatch(/^<[\w-]{27}@example\.org>$/);
    expect(messageIdOf('secret', 'delivery-1', SENDER)).toBe(id);
    expect(messageIdOf('secret', 'delivery-2', SENDER)).not.toBe(id);
    expect(messageIdOf('another', 'delivery-1', SENDER)).not.toBe(id);
  });
});

const INJECTION = [
  '\r\nBcc: everyone@example.org',
  '\nBcc: everyone@example.org',
  '\rBcc: x',
  '\r\n\r\n<script>',
  '\u2028Bcc: x',
  '\0',
];

describe('nobody can put a header into a message', () => {
  it.each(INJECTION)('by a subject with %j', async end => {
    const { bytes } = await compose({ subject: `Ferry${end}` });
    expect(header(bytes, 'Bcc')).toEqual([]);
    expect(headersOf(bytes).map(([name]) => name)).toEqual(
      headersOf((await compose()).bytes).map(([name]) => name),
    );
    expect((await parse(bytes)).text).toBe(LETTER.text);
  });

  it('by any subject: it is one, and reads as it was', async () => {
    const subject = fc
      .oneof(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.string({ unit: 'binary' }))
      .map(text => `x${text}`);
    await fc.assert(
      fc.asyncProperty(subject, async text => {
        const { bytes } = await compose({ subject: text });
        expect(headersOf(bytes)).toHaveLength(headersOf((await compose()).bytes).length);
        if (/^[^\p{C}\s]+(?: [^\p{C}\s]+)*$/u.test(text)) expect((await parse(bytes)).subject).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  it('by any address that is taken: the mail goes to it and nobody else', async () => {
    const local = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.emailAddress(),
          local.map(name => `${name}@reader.example`),
        ),
        async typed => {
          const read = readAddress(typed);
          if ('problem' in read) return;
          const { bytes, envelope } = await compose({ to: read.address });
          expect(envelope.to).toBe(read.address);
          expect(header(bytes, 'To')).toEqual([read.address]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Text as a digest renders it: its lines end in a line feed. */
const rendered = (text: string) => text.replace(/\r/g, ' ');
const anyBody = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '\n',
        '\n.\n',
        '\nFrom me\n',
        '.',
        ' \n',
        '\t',
        '=',
        '=3D',
        '--',
        '👩‍🔬',
        'x'.repeat(1_500),
        'ü'.repeat(700),
      ),
    ),
    { maxLength: 20 },
  )
  .map(parts => `x${rendered(parts.join(''))}\n`);

describe('both parts arrive as they were rendered', () => {
  it('whatever text they hold, in lines that every server takes', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyBody, async (html, text) => {
        const { bytes } = await compose({ html, text });
        const mail = await parse(bytes);
        expect(mail.html).toBe(html);
        expect(mail.text).toBe(text);
        for (const line of bytes.toString('latin1').split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(998);
          expect(line).not.toMatch(/[\r\n]/);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('in ASCII alone, so that no server on the way has to change them', async () => {
    const { bytes } = await compose({ subject: 'Größe 漢字', html: '<p>漢字</p>', text: '漢字' });
    expect(bytes.every(byte => byte < 128)).toBe(true);
  });
});

describe('the same letter', () => {
  it('is the same bytes, today and after a crash', async () => {
    expect((await compose()).bytes.equals((await compose()).bytes)).toBe(true);
  });

  it('for another delivery differs', async () => {
    expect((await compose({ messageId: '<other@example.org>' })).bytes.equals((await compose()).bytes)).toBe(
      false,
    );
  });
});
