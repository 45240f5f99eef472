// Writes the message of one delivery: its cut's digest, rendered once for all readers who share it, made this reader's.
import { cut, cutKey } from '../digests/cut.ts';
import { type Digest, forReader, type Masthead, type ReaderParts, renderDigest } from '../digests/digest.ts';
import {
  compile,
  type Message,
  preferencesUrl,
  type Sender,
  unsubscribeUrl,
  writeSealed,
} from '../digests/message.ts';
import type { CompiledMessage, Seal } from '../digests/mime-once.ts';
import { joined, piecesOf, SLOTS } from '../digests/mime-parts.ts';
import type { Templates } from '../digests/template.ts';
import type { Edition } from '../editions/edition.ts';
import { recent } from '../recent.ts';
import type { Day } from '../store/schema.ts';
import { type Keys, linkToken } from '../subscribers/links.ts';
import { Preferences } from '../subscribers/preferences.ts';

/** What is needed to write any message of an installation. */
export interface Desk extends Keys {
  templates: Templates;
  masthead: Masthead;
  sender: Sender;
  /** Signs every message; without it mails go unsigned, for a relay that signs them. */
  seal?: Seal | null;
}

/** One reader's message to be written. */
export interface Order {
  subscriberId: string;
  address: string;
  messageId: string;
  date: Date;
}

/** Somebody who is no subscriber: whose preferences are none, and whose links do nothing. */
export const ANYBODY = {
  id: '00000000-0000-0000-0000-000000000000',
  address: 'reader@example.org',
  preferences: Preferences.parse({}),
} as const;

/** A digest, with its encoded message, takes a quarter of a megabyte: of readers who all want something else few are kept. */
const MOST_DIGESTS = 200;

/** Digests by cut, the latest kept for one run of sending. */
export function digestsOnce(desk: Desk, editionsOf: (dates: readonly Day[]) => Promise<Edition[]>) {
  const kept = recent<Promise<Digest>>(MOST_DIGESTS);
  return (dates: readonly Day[], preferences: Preferences): Promise<Digest> =>
    kept(`${dates} ${cutKey(preferences)}`, async () =>
      renderDigest(cut(await editionsOf(dates), preferences), desk.masthead, desk.templates),
    );
}

/** A message, and the two parts that it holds, which are put together when somebody looks at them. */
export interface Written extends Message {
  readonly html: string;
  readonly text: string;
  /** What it shares with those of other readers, and what it does not. */
  compiled: CompiledMessage;
  parts: ReaderParts;
}

/** Digests as MIME, by desk: encoded once for all readers of a cut, and forgotten with the digest. */
const compiledBy = new WeakMap<Desk, WeakMap<Digest, CompiledMessage>>();

function compiledOf(desk: Desk, digest: Digest): CompiledMessage {
  const known = compiledBy.get(desk) ?? new WeakMap<Digest, CompiledMessage>();
  compiledBy.set(desk, known);
  const compiled = known.get(digest) ?? newlyCompiled(desk, digest);
  known.set(digest, compiled);
  return compiled;
}

function newlyCompiled({ masthead, sender }: Desk, digest: Digest): CompiledMessage {
  const { html, text } = forReader(digest, SLOTS);
  const parts = { html: piecesOf(html), text: piecesOf(text) };
  const { subject, date: edition } = digest;
  return compile({ ...parts, subject, edition, logo: masthead.logo ?? null }, sender);
}

/** The message of one reader, signed where there are keys. The same order gives the same bytes. */
export async function writeMessage(
  desk: Desk,
  digest: Digest,
  { subscriberId, address, messageId, date }: Order,
): Promise<Written> {
  const compiled = compiledOf(desk, digest);
  const token = linkToken(desk.secret, 'unsubscribe', subscriberId);
  const parts: ReaderParts = {
    address,
    unsubscribeUrl: unsubscribeUrl(desk.sender, token),
    preferencesUrl: preferencesUrl(desk.sender, linkToken(desk.secret, 'preferences', subscriberId)),
  };
  const letter = { to: address, messageId, date, token, parts };
  return {
    ...(await writeSealed(compiled, letter, desk.sender, desk.seal ?? null)),
    compiled,
    parts,
    get html() {
      return joined(compiled.mould.html, parts, 'html');
    },
    get text() {
      return joined(compiled.mould.text, parts, 'text');
    },
  };
}
