// Signatures, checked by somebody else's verifier (mailauth); and keys that cannot sign, which stop everything.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDkim } from '../../src/delivery/dkim.ts';
import { compile, type Sender, writeSealed } from '../../src/digests/message.ts';
import { PaperroundError } from '../../src/errors.ts';

interface Verified {
  results: { status: { result: string }; signingDomain: string; selector: string; algo: string }[];
}
type Resolve = (name: string, type: string) => Promise<string[][]>;
const { dkimVerify } = createRequire(import.meta.url)('mailauth/lib/dkim/verify') as {
  dkimVerify(bytes: Buffer, options: { resolver: Resolve }): Promise<Verified>;
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const [RSA, ED] = [pem(rsa.privateKey), pem(ed.privateKey)];
const FROM = 'papers@example.org';
const BOTH = { keys: RSA + ED, selectors: 'rsa1, ed1', domain: 'example.org' };

const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const RECORDS: Record<string, string> = {
  'rsa1._domainkey.example.org': `v=DKIM1; k=rsa; p=${spki(rsa.publicKey).toString('base64')}`,
  'ed1._domainkey.example.org': `v=DKIM1; k=ed25519; p=${spki(ed.publicKey).subarray(-32).toString('base64')}`,
};
const resolver: Resolve = async name => [[RECORDS[name] ?? '']];

const SENDER: Sender = {
  name: 'Größe, daily',
  address: FROM,
  bounceAddress: null,
  publicUrl: 'https://papers.example.org',
};

async function signed(html: string, subject: string, to: string, dkim = BOTH): Promise<Buffer> {
  const shared = { subject, edition: '2026-08-20', text: ['Text ', { slot: 'address' as const }, '\n'] };
  const compiled = compile({ ...shared, html: [html, { slot: 'unsubscribeUrl' }, html] }, SENDER);
  const parts = { address: to, unsubscribeUrl: 'https://e.org/?a=1  2', preferencesUrl: null };
  const letter = { to, messageId: '<mark@example.org>', date: new Date(0), token: 'token', parts };
  return (await writeSealed(compiled, letter, SENDER, openDkim(dkim, FROM).seal)).bytes;
}

const verdicts = async (bytes: Buffer) =>
  (await dkimVerify(bytes, { resolver })).results.map(({ status, selector, algo }) => [
    selector,
    algo,
    status.result,
  ]);
const PASS = [
  ['rsa1', 'rsa-sha256', 'pass'],
  ['ed1', 'ed25519-sha256', 'pass'],
];

describe('a signed message', () => {
  it('is accepted by both keys, whatever it holds', async () => {
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '\n\n\n', ' \t \n', '  a  b\t\n', '.\n..\n'),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.string({ unit: 'grapheme', minLength: 1 }), async (html, subject) => {
        expect(await verdicts(await signed(html, subject, 'ada@example.org'))).toEqual(PASS);
      }),
      { numRuns: 60 },
    );
  });

  it('is accepted for an address beyond ASCII', async () => {
    expect(await verdicts(await signed('x', 'y', 'größe@example.org'))).toEqual(PASS);
  });

  it('is the same bytes at every attempt', async () => {
    const [one, other] = [await signed('x', 'y', 'a@example.org'), await signed('x', 'y', 'a@example.org')];
    expect(one.equals(other)).toBe(true);
  });

  it.each([
    ['its text', (mail: string) => mail.replace('Text', 'Next')],
    ['its subject', (mail: string) => mail.replace('Subject: y', 'Subject: z')],
    ['its way out', (mail: string) => mail.replace(/One-Click/, 'One-click')],
    ['its Feedback-ID', (mail: string) => mail.replace(':digest:', ':other:')],
    ['a second From', (mail: string) => `From: evil@example.com\r\n${mail}`],
    ['a second Subject', (mail: string) => `Subject: evil\r\n${mail}`],
    ['a Reply-To', (mail: string) => `Reply-To: evil@example.com\r\n${mail}`],
    ['a second way out', (mail: string) => `List-Unsubscribe: <https://evil.example>\r\n${mail}`],
  ])('is no longer accepted when somebody changes or adds %s', async (_what, change) => {
    const before = (await signed('x', 'y', 'ada@example.org')).toString('latin1');
    const after = change(before);
    expect(after).not.toBe(before);
    const results = await verdicts(Buffer.from(after, 'latin1'));
    expect(results.filter(([, , result]) => result === 'pass')).toEqual([]);
  });

  it('keeps every line of its signatures short', async () => {
    const head = (await signed('x', 'y', 'a@example.org')).toString('latin1').split('\r\nTo:')[0] ?? '';
    expect(head).toContain('DKIM-Signature');
    expect(Math.max(...head.split('\r\n').map(line => line.length))).toBeLessThanOrEqual(100);
  });

  it('signs with a key whose line ends an environment file wrote as \\n', async () => {
    const keys = ED.replaceAll('\n', '\\n');
    const bytes = await signed('x', 'y', 'a@example.org', { ...BOTH, keys, selectors: 'ed1' });
    expect(await verdicts(bytes)).toEqual([PASS[1]]);
  });
});

describe('a key that cannot sign stops the sending', () => {
  const small = pem(generateKeyPairSync('rsa', { modulusLength: 768 }).privateKey);
  const ec = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const secret = rsa.privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  it.each([
    ['nothing', 'no key', 's', /there is no key/],
    ['damage', RSA.replace(/\n.{64}\n/, '\n'), 's', /the key of s cannot be read/],
    ['a public key', publicPem, 's', /not a private key: it says PUBLIC KEY/],
    ['a password', secret, 's', /needs a password/],
    ['768 bits', small, 's', /has 768 bits; receivers ignore/],
    ['another kind', ec, 's', /does not know: ec/],
    ['no selector', RSA, '', /1 keys and 0 selectors/],
    ['one selector for two', RSA + ED, 's', /2 keys and 1 selectors/],
    ['the same selector twice', RSA + ED, 's,s', /2 keys and 1 selectors/],
    ['a selector that is none', RSA, 'a;b', /"a;b" is no selector/],
  ])('for %s', (_what, keys, selectors, said) => {
    const open = () => openDkim({ keys, selectors, domain: 'example.org' }, FROM);
    expect(open).toThrow(PaperroundError);
    expect(open).toThrow(said);
  });

  it('for a domain that is none', () => {
    expect(() => openDkim({ ...BOTH, domain: 'a b' }, FROM)).toThrow(/is no domain/);
  });

  it('and one that receivers do not like is told of', () => {
    const weak = pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
    expect(openDkim({ keys: weak, selectors: 's', domain: 'example.org' }, FROM).warnings).toEqual([
      expect.stringMatching(/1024 bits/),
    ]);
    expect(openDkim({ ...BOTH, domain: 'example.com' }, FROM).warnings).toEqual([
      expect.stringMatching(/DMARC/),
    ]);
    expect(openDkim({ keys: ED, selectors: 's', domain: 'example.org' }, FROM).warnings).toEqual([
      expect.stringMatching(/Ed25519 alone/),
    ]);
    expect(openDkim(BOTH, FROM).warnings).toEqual([]);
  });
});
