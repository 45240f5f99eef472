// A Message: the MIME bytes of one digest for one reader, with the headers that a bulk message owes its receivers.
import { createHmac } from 'node:crypto';
import type { ReaderParts } from './digest.ts';
import type { Logo } from './logo.ts';
import {
  type CompiledMessage,
  compileMessage,
  END,
  type Seal,
  spliceMessage,
  spliceSealed,
} from './mime-once.ts';
import type { Piece } from './mime-parts.ts';

/** Who sends: a name and address, and the address from which bounces are derived (null: no VERP). */
export interface Sender {
  name: string;
  address: string;
  bounceAddress: string | null;
  /** Base of the web links, or null where no web pages are served; then readers leave by mail. */
  publicUrl: string | null;
}

/** Finished mail: its envelope and its bytes, ready for any mailer. */
export interface Message {
  messageId: string;
  envelope: { from: string; to: string };
  bytes: Buffer;
  /** The same as it goes over the wire, dots covered and the end marked (RFC 5321 §4.5.2), where that is known. */
  wire?: Buffer;
}

/** What one message is made of. `token` signs the reader's way out; `date` and `messageId` are fixed by the delivery. */
export interface Letter {
  to: string;
  messageId: string;
  date: Date;
  subject: string;
  html: string;
  text: string;
  edition: string;
  token: string;
  /** Goes with the mail where its HTML shows it. */
  logo?: Logo | null;
}

/** The Message-ID of a delivery: the same at every attempt, and on any machine that has the secret. RFC 5322 §3.6.4. */
export function messageIdOf(secret: string, deliveryId: string, sender: Pick<Sender, 'address'>): string {
  const mark = createHmac('sha256', secret)
    .update(`message-id\0${deliveryId}`)
    .digest('base64url')
    .slice(0, 27);
  return `<${mark}@${domainOf(sender.address)}>`;
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/** Where a reader's unsubscribe links lead: the web page, or a mail to the sender that carries the token. */
export function unsubscribeUrl(sender: Pick<Sender, 'address' | 'publicUrl'>, token: string): string {
  return sender.publicUrl === null
    ? unsubscribeMailto(sender, token)
    : `${sender.publicUrl}/unsubscribe/${token}`;
}

/** Where a reader chooses what they get; null where no web pages are served. */
export function preferencesUrl({ publicUrl }: Pick<Sender, 'publicUrl'>, token: string): string | null {
  return publicUrl === null ? null : `${publicUrl}/preferences/${token}`;
}

function unsubscribeMailto(sender: Pick<Sender, 'address'>, token: string): string {
  return `${mailtoOf(sender)}?subject=unsubscribe%20${token}`;
}

/** RFC 6068 §2: what would end the address in a mailto, and what is not ASCII, is percent-encoded. */
function mailtoOf({ address }: Pick<Sender, 'address'>): string {
  const local = address.slice(0, address.lastIndexOf('@'));
  return `mailto:${encodeURIComponent(local).replaceAll('%2B', '+')}@${domainOf(address)}`;
}

/** What all readers of a digest share in their messages. */
export interface Draft {
  subject: string;
  /** Both parts, in pieces with slots. */
  html: readonly Piece[];
  text: readonly Piece[];
  edition: string;
  /** Goes with the mail where its HTML shows it. */
  logo?: Logo | null;
}

/** What is one reader's own. `token` signs the way out; `date` and `messageId` are fixed by the delivery. */
export interface OwnLetter {
  to: string;
  messageId: string;
  date: Date;
  token: string;
  parts: ReaderParts;
}

/**
 * Makes of a draft what is needed to write any reader's message in microseconds. Headers: RFC 5322, List-* by RFC 2369
 * and 2919, one-click by RFC 8058, Auto-Submitted by RFC 3834.
 */
export function compile({ logo = null, ...draft }: Draft, sender: Sender): CompiledMessage {
  const fields = [
    { name: 'From', value: { name: sender.name, address: sender.address } },
    { name: 'Subject', value: draft.subject },
    ...listFields(draft.edition, sender),
  ];
  return compileMessage({ fields, html: draft.html, text: draft.text, logo });
}

/** Writes one reader's message. The same draft, letter and sender give the same bytes. */
export function write(compiled: CompiledMessage, own: OwnLetter, sender: Sender): Message {
  return messageOf(spliceMessage(compiled, { ...own, leave: waysOut(own.token, sender) }), own, sender);
}

/** Writes one reader's message, signed where there is a seal. */
export async function writeSealed(
  compiled: CompiledMessage,
  own: OwnLetter,
  sender: Sender,
  seal: Seal | null,
): Promise<Message> {
  const leave = waysOut(own.token, sender);
  return messageOf(await spliceSealed(compiled, { ...own, leave }, seal), own, sender);
}

const messageOf = (wire: Buffer, { messageId, to }: OwnLetter, sender: Sender): Message => ({
  messageId,
  envelope: { from: returnPath(messageId, sender), to },
  bytes: wire.subarray(0, -END.length),
  wire,
});

/** Composes one message on its own: the same bytes as those of one of many. */
export async function composeMessage(letter: Letter, sender: Sender): Promise<Message> {
  const parts = { address: '', unsubscribeUrl: '', preferencesUrl: null };
  const compiled = compile({ ...letter, html: [letter.html], text: [letter.text] }, sender);
  return write(compiled, { ...letter, parts }, sender);
}

/** VERP: the return address carries the delivery's mark, so that a bounce names its delivery whatever it quotes. */
export function returnPath(messageId: string, sender: Sender): string {
  if (sender.bounceAddress === null) return sender.address;
  const mark = messageId.slice(1, messageId.indexOf('@'));
  const local = `${sender.bounceAddress.slice(0, sender.bounceAddress.lastIndexOf('@'))}+${mark}`;
  // A local part has at most 64 octets (RFC 5321 §4.5.3.1.1); a longer one would be refused by every server.
  if (Buffer.byteLength(local) > 64) return sender.bounceAddress;
  return `${local}@${domainOf(sender.bounceAddress)}`;
}

/** The ways out of a mail, in one field (RFC 2369 §3.2). */
export function waysOut(token: string, sender: Sender): string {
  const mailto = `<${unsubscribeMailto(sender, token)}>`;
  return sender.publicUrl === null ? mailto : `<${unsubscribeUrl(sender, token)}>, ${mailto}`;
}

function listFields(edition: string, sender: Sender): { name: string; value: string }[] {
  const web = sender.publicUrl;
  const fields = {
    'List-Id': `<digest.${domainOf(sender.address)}>`,
    ...(web === null
      ? {}
      : { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', 'List-Archive': `<${web}/>` }),
    'List-Help': web === null ? `<${mailtoOf(sender)}?subject=help>` : `<${web}/>`,
    'List-Post': 'NO',
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
    'Feedback-ID': `${edition}:digest:daily:paperround`,
  };
  return Object.entries(fields).map(([name, value]) => ({ name, value }));
}

/** The header fields of a message, unfolded (RFC 5322 §2.2.3). */
export function headersOf(bytes: Buffer): { name: string; value: string }[] {
  const end = bytes.indexOf('\r\n\r\n');
  const lines = bytes
    .toString('utf8', 0, end)
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n');
  return lines.map(line => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
  });
}
