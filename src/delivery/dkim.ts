// DKIM (RFC 6376, Ed25519 by RFC 8463): keys are read and tried once, at the start; a message is signed or not sent.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { promisify } from 'node:util';
import type { Seal } from '../digests/mime-once.ts';
import { PaperroundError, reasonOf } from '../errors.ts';

/** What the operator set: one or more private keys in PEM, one after the other, and a selector for each. */
export interface DkimSettings {
  keys: string;
  selectors: string;
  domain: string;
}

interface Signer {
  selector: string;
  algorithm: 'rsa-sha256' | 'ed25519-sha256';
  key: KeyObject;
}

/**
 * Fields that are signed once more than they are there, so that nobody can add another that readers or their filters
 * would see (RFC 6376 §8.15). Those that relays put in of their own are not among them.
 */
const OVERSIGNED = [
  'from',
  'to',
  'cc',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
];

const HINT =
  'allowed: private keys in PEM, RSA of 2048 bits or Ed25519, such as "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048" makes';
const refused = (why: string, more: { hint?: string; cause?: unknown } = {}) =>
  new PaperroundError('config', `DKIM: ${why}`, { hint: HINT, ...more });

/**
 * Reads the keys, tries each of them, and gives what signs messages.
 * @param from the address that mails come from; a signature of another domain does not speak for it (RFC 7489 §3.1.1)
 * @throws PaperroundError `config` when a key, a selector or the domain cannot be used: no mail goes out unsigned
 */
export function openDkim(settings: DkimSettings, from: string): { seal: Seal; warnings: string[] } {
  const blocks = pemBlocks(settings.keys);
  const selectors = settings.selectors
    .split(/[,\s]/)
    .map(text => text.trim())
    .filter(text => text !== '');
  const domain = domainToASCII(settings.domain);
  if (domain === '' || !isName(domain))
    throw refused(`"${settings.domain}" is no domain`, { hint: 'For example DKIM_DOMAIN=example.org.' });
  const wrong = selectors.find(selector => !isName(selector));
  if (wrong !== undefined)
    throw refused(`"${wrong}" is no selector`, { hint: 'allowed: letters, digits, - and .' });
  if (selectors.length !== blocks.length || new Set(selectors).size !== selectors.length)
    throw refused(`there are ${blocks.length} keys and ${new Set(selectors).size} selectors`, {
      hint: 'DKIM_SELECTOR names one selector for each key, in the order of the keys: DKIM_SELECTOR=rsa1,ed1.',
    });
  const signers = blocks.map((pem, n) => signerOf(pem, selectors[n] as string));
  return { seal: sealOf(signers, domain), warnings: warningsOf(signers, domain, from) };
}

/** The public keys, as they stand in DNS: base64 of SPKI, or of the bare key for Ed25519 (RFC 8463 §4). */
export function publicKeysOf({
  keys,
  selectors,
}: DkimSettings): { selector: string; kind: string; key: string }[] {
  const names = selectors.split(/[,\s]/).filter(text => text !== '');
  return pemBlocks(keys).map((pem, n) => {
    const { selector, algorithm, key } = signerOf(pem, names[n] ?? '');
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return algorithm === 'rsa-sha256'
      ? { selector, kind: 'rsa', key: spki.toString('base64') }
      : { selector, kind: 'ed25519', key: spki.subarray(-32).toString('base64') };
  });
}

/** RFC 6376 §3.1: a selector is made like a domain; underscores are common. */
const isName = (text: string) =>
  text.length <= 253 && text.split('.').every(label => /^[a-z\d_](?:[a-z\d_-]{0,62})$/i.test(label));

/** PEM blocks (RFC 7468 §2), also where an environment file keeps their line ends as `\n`. */
function pemBlocks(text: string): string[] {
  const blocks = text
    .replaceAll('\\n', '\n')
    .split('-----BEGIN ')
    .slice(1)
    .map(block => `-----BEGIN ${block.trimEnd()}\n`);
  // Parameters stand before the key in files of older openssl.
  const keys = blocks.filter(block => !/^-----BEGIN [A-Z ]*PARAMETERS-----/.test(block));
  if (keys.length === 0) throw refused('there is no key: no line begins with -----BEGIN');
  return keys;
}

function signerOf(pem: string, selector: string): Signer {
  const label = /^-----BEGIN ([A-Z0-9 ]*)-----/.exec(pem)?.[1] ?? '';
  if (!label.endsWith('PRIVATE KEY'))
    throw refused(`the key of ${selector} is not a private key: it says ${label || 'nothing'}`);
  if (label === 'ENCRYPTED PRIVATE KEY' || pem.includes('ENCRYPTED'))
    throw refused(`the key of ${selector} needs a password`, {
      hint: 'Keep it without one, in a file that only this user may read: "openssl pkey -in key.pem -out plain.pem".',
    });
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw refused(`the key of ${selector} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  const signer = { selector, algorithm: algorithmOf(key, selector), key };
  tryOut(signer);
  return signer;
}

/** RFC 8301 §3.2: 1024 bits are the least that may be used, and 4096 the most that all receivers can check. */
function algorithmOf(key: KeyObject, selector: string): Signer['algorithm'] {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519-sha256';
  if (key.asymmetricKeyType !== 'rsa')
    throw refused(`the key of ${selector} is of a kind that DKIM does not know: ${key.asymmetricKeyType}`);
  const bits = bitsOf(key);
  if (bits < 1024 || bits > 4096)
    throw refused(
      `the RSA key of ${selector} has ${bits} bits; ${bits < 1024 ? 'receivers ignore' : 'not all receivers check'} such signatures`,
    );
  return 'rsa-sha256';
}

const bitsOf = (key: KeyObject) => key.asymmetricKeyDetails?.modulusLength ?? 0;

function tryOut(signer: Signer): void {
  const probe = Buffer.from('a message');
  const [algorithm, data] = toSign(signer, probe);
  if (!verify(algorithm, data, createPublicKey(signer.key), sign(algorithm, data, signer.key)))
    throw refused(`the key of ${signer.selector} makes signatures that its own public key does not accept`);
}

/** RFC 8463 §3: Ed25519 signs the hash, in place of the text. */
function toSign({ algorithm }: Signer, data: Buffer): ['sha256' | null, Buffer] {
  return algorithm === 'rsa-sha256' ? ['sha256', data] : [null, createHash('sha256').update(data).digest()];
}

function warningsOf(signers: readonly Signer[], domain: string, from: string): string[] {
  const sender = from.slice(from.lastIndexOf('@') + 1);
  const weak = signers.filter(({ algorithm, key }) => algorithm === 'rsa-sha256' && bitsOf(key) < 2048);
  const apart = sender !== domain && !sender.endsWith(`.${domain}`) && !domain.endsWith(`.${sender}`);
  return [
    ...weak.map(
      ({ selector, key }) =>
        `DKIM: the key of ${selector} has ${bitsOf(key)} bits; receivers ask for 2048 (RFC 8301)`,
    ),
    ...(apart
      ? [`DKIM: mails come from ${sender} and are signed by ${domain}: DMARC does not count that`]
      : []),
    ...(signers.some(({ algorithm }) => algorithm === 'rsa-sha256')
      ? []
      : ['DKIM: Ed25519 alone is not checked by every receiver; sign with an RSA key too']),
  ];
}

/** Names on one line of h=: about 60 characters. */
const NAMES_A_LINE = 4;

function sealOf(signers: readonly Signer[], domain: string): Seal {
  const lists = new WeakMap<readonly string[], string[]>();
  const listOf = (names: readonly string[]): string[] => {
    const all = [...names, ...OVERSIGNED];
    const list = all.flatMap((_, n) => (n % NAMES_A_LINE ? [] : [all.slice(n, n + NAMES_A_LINE).join(':')]));
    lists.set(names, list);
    return list;
  };
  return async (names, fields, bodyHash) => {
    const list = lists.get(names) ?? listOf(names);
    const made = signers.map(signer => signature(signer, domain, list, fields, bodyHash));
    return (await Promise.all(made)).join('');
  };
}

/** On a thread of its own: an RSA signature takes longer than all else that is done for a message. */
const signAside = promisify(sign);

/** One DKIM-Signature. What is folded in the field is a space in its canonical form (RFC 6376 §3.4.2). */
async function signature(
  signer: Signer,
  domain: string,
  list: readonly string[],
  fields: string,
  bodyHash: string,
): Promise<string> {
  const tags = (fold: string) =>
    [
      `v=1; a=${signer.algorithm}; c=relaxed/relaxed; d=${domain};`,
      `s=${signer.selector}; q=dns/txt;`,
      `h=${list.join(`:${fold}`)};`,
      `bh=${bodyHash};`,
      'b=',
    ].join(fold);
  const [algorithm, data] = toSign(signer, Buffer.from(`${fields}dkim-signature:${tags(' ')}`));
  const value = (await signAside(algorithm, data, signer.key)).toString('base64');
  return `DKIM-Signature: ${tags('\r\n ')}${value.replace(/.{1,72}(?=.)/g, '$&\r\n ')}\r\n`;
}
