// What DNS must say before the large providers take our mail: each record that is missing or wrong is found, with what mends it.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { lookAtNames, openResolver, type Sending } from '../../src/doctor/names.ts';
import { dnsServer, type Zone } from '../support/dns.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const RSA = spki(rsa.publicKey).toString('base64');
const PKCS1 = rsa.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
const ED = spki(ed.publicKey).subarray(-32).toString('base64');

const IP = '192.0.2.25';
const SENDING: Sending = {
  from: 'example.org',
  bounces: 'bounce.example.org',
  dkim: { keys: pem(rsa.privateKey) + pem(ed.privateKey), selectors: 'r1,e1', domain: 'example.org' },
  addresses: [IP],
};
const ZONE: Zone = {
  'TXT bounce.example.org': ['v=spf1 include:spf.provider.example ~all', 'another text'],
  'TXT spf.provider.example': [`v=spf1 ip4:${IP} -all`],
  'TXT r1._domainkey.example.org': [`v=DKIM1; k=rsa; p=${RSA}`],
  'TXT e1._domainkey.example.org': [`v=DKIM1; k=ed25519; p=${ED}`],
  'TXT _dmarc.example.org': ['v=DMARC1; p=none; rua=mailto:ops@example.org'],
  'MX bounce.example.org': ['10 mx.example.org'],
  'PTR 25.2.0.192.in-addr.arpa': ['mail.example.org'],
  'A mail.example.org': [IP],
  'A example.org': ['192.0.2.1'],
};

/** All that is not good, of a zone with some records changed (undefined: gone). */
async function lookedAt(changes: Record<string, string[] | undefined> = {}, sending: Partial<Sending> = {}) {
  const kept = Object.entries({ ...ZONE, ...changes }).filter(
    (entry): entry is [string, string[]] => entry[1] !== undefined,
  );
  const resolver = openResolver(await dnsServer(Object.fromEntries(kept)));
  const findings = await lookAtNames(resolver, { ...SENDING, ...sending });
  const bad = findings.filter(({ level }) => level !== 'good');
  return { findings, bad: bad.map(({ check, level, said, fix }) => `${check} ${level}: ${said} → ${fix}`) };
}

it('a sender whose DNS is right has nothing to mend', async () => {
  const { findings, bad } = await lookedAt();
  expect(bad).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual(['spf', 'dkim', 'dkim', 'dmarc', 'mx', 'ptr']);
});

describe('a record that is missing or wrong', () => {
  it.each<[string, Record<string, string[] | undefined>, RegExp]>([
    [
      'no SPF',
      { 'TXT bounce.example.org': undefined },
      /^spf failure: .*has no SPF.*"v=spf1 ip4:192\.0\.2\.25 ~all"/,
    ],
    [
      'two SPF',
      { 'TXT bounce.example.org': ['v=spf1 -all', 'v=spf1 ~all'] },
      /^spf failure: .*has 2 SPF records/,
    ],
    [
      'SPF of another host',
      { 'TXT spf.provider.example': ['v=spf1 -all'] },
      /^spf failure: .*does not let 192\.0\.2\.25 send.*Add "ip4:/,
    ],
    [
      'SPF that cannot be read',
      { 'TXT bounce.example.org': ['v=spf1 ipv4:192.0.2.25 ~all'] },
      /^spf failure: .*permerror/,
    ],
    [
      'no key',
      { 'TXT r1._domainkey.example.org': undefined },
      /^dkim failure: r1\._domainkey\.example\.org has no record.*p=MII/,
    ],
    [
      'another key',
      { 'TXT r1._domainkey.example.org': [`v=DKIM1; p=${ED}`] },
      /^dkim failure: .*another key than DKIM_KEY/,
    ],
    [
      'a revoked key',
      { 'TXT e1._domainkey.example.org': ['v=DKIM1; k=ed25519; p='] },
      /^dkim failure: .*revoked/,
    ],
    [
      'a key on trial',
      { 'TXT e1._domainkey.example.org': [`v=DKIM1; t=y; k=ed25519; p=${ED}`] },
      /^dkim warning: .*t=y/,
    ],
    [
      'no policy',
      { 'TXT _dmarc.example.org': undefined },
      /^dmarc failure: .*no DMARC policy.*"v=DMARC1; p=none/,
    ],
    ['no way back', { 'MX bounce.example.org': undefined }, /^mx failure: .*takes no mail/],
    ['no name', { 'PTR 25.2.0.192.in-addr.arpa': undefined }, /^ptr failure: 192\.0\.2\.25 has no name/],
    [
      'a name of another',
      { 'A mail.example.org': ['192.0.2.99'] },
      /^ptr failure: .*is called mail\.example\.org, which is not/,
    ],
  ])('%s', async (_, changes, words) => {
    expect((await lookedAt(changes)).bad).toEqual([expect.stringMatching(words)]);
  });
});

it('a policy of the domain above counts, and a key in the older form', async () => {
  const { bad } = await lookedAt(
    { 'TXT r1._domainkey.example.org': [`v=DKIM1; p=${PKCS1}`] },
    { from: 'papers.example.org' },
  );
  expect(bad).toEqual([]);
});

it('a signature of another domain does not stand for the sender', async () => {
  const { bad } = await lookedAt(
    { 'TXT _dmarc.other.example': ['v=DMARC1; p=none'] },
    { from: 'other.example' },
  );
  expect(bad).toEqual([
    expect.stringMatching(/^dkim failure: mails come from other\.example and are signed by example\.org/),
    expect.stringMatching(/^dmarc failure: neither bounce\.example\.org \(SPF\) nor example\.org \(DKIM\)/),
  ]);
});

it('without a key and without a known address it says so, and looks at the rest', async () => {
  const { findings } = await lookedAt({}, { dkim: null, addresses: [] });
  expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual([
    'spf good',
    'dkim warning',
    'dmarc good',
    'mx good',
    'ptr warning',
  ]);
});

it('a DNS server that does not answer is one finding, not six', async () => {
  const findings = await lookAtNames(openResolver('127.0.0.1:9'), SENDING);
  expect(findings).toMatchObject([{ check: 'dns', level: 'failure' }]);
});
