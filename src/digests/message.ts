// A Message: the MIME bytes of one digest for one reader, with the headers that a bulk message owes its receivers.
import { createHmac } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Logo } from './logo.ts';

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

/**
 * Composes a message. Deterministic: the same letter and sender give the same bytes.
 * Headers: RFC 5322, List-* by RFC 2369 and 2919, one-click by RFC 8058, Auto-Submitted by RFC 3834.
 */
export async function composeMessage(letter: Letter, sender: Sender): Promise<Message> {
  const boundary = letter.messageId.slice(1, letter.messageId.indexOf('@'));
  const composer = new MailComposer({
    from: { name: sender.name, address: sender.address },
    to: letter.to,
    subject: letter.subject,
    messageId: letter.messageId,
    date: letter.date,
    text: letter.text,
    html: letter.html,
    textEncoding: 'quoted-printable',
    // RFC 5322 §2.3: a bare line feed is no line end, and servers that look for smuggled mails refuse it.
    newline: 'windows',
    baseBoundary: boundary,
    xMailer: false,
    headers: listHeaders(letter, sender),
    ...picturesOf(letter),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    messageId: letter.messageId,
    envelope: { from: returnPath(letter, sender), to: letter.to },
    bytes: await composer.compile().build(),
  };
}

/** The logo, shown in the text and not beside it (RFC 2183 §2.1). A template may do without it. */
function picturesOf({ html, logo }: Letter): object {
  if (!logo || !html.includes(logo.src)) return {};
  const { filename, contentId, type, bytes } = logo;
  const inline = { contentDisposition: 'inline', contentType: type, contentTransferEncoding: 'base64' };
  return { attachments: [{ filename, cid: contentId, content: bytes, ...inline }] };
}

/** VERP: the return address carries the delivery's mark, so that a bounce names its delivery whatever it quotes. */
function returnPath(letter: Letter, sender: Sender): string {
  if (sender.bounceAddress === null) return sender.address;
  const mark = letter.messageId.slice(1, letter.messageId.indexOf('@'));
  const local = `${sender.bounceAddress.slice(0, sender.bounceAddress.lastIndexOf('@'))}+${mark}`;
  // A local part has at most 64 octets (RFC 5321 §4.5.3.1.1); a longer one would be refused by every server.
  if (Buffer.byteLength(local) > 64) return sender.bounceAddress;
  return `${local}@${domainOf(sender.bounceAddress)}`;
}

function listHeaders(letter: Letter, sender: Sender): { key: string; value: string }[] {
  const web = sender.publicUrl;
  const mailto = `<${unsubscribeMailto(sender, letter.token)}>`;
  const ways = web === null ? mailto : `<${unsubscribeUrl(sender, letter.token)}>, ${mailto}`;
  const headers = {
    'List-Id': `<digest.${domainOf(sender.address)}>`,
    'List-Unsubscribe': ways,
    ...(web === null
      ? {}
      : { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', 'List-Archive': `<${web}/>` }),
    'List-Help': web === null ? `<${mailtoOf(sender)}?subject=help>` : `<${web}/>`,
    'List-Post': 'NO',
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
    'Feedback-ID': `${letter.edition}:digest:daily:paperround`,
  };
  return Object.entries(headers).map(([key, value]) => ({ key, value }));
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
