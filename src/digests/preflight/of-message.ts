// What is checked of every message: little, as it is done for each reader. The rest was checked of its cut.
import type { ReaderParts } from '../digest.ts';
import { headersOf } from '../message.ts';
import { type CompiledMessage, spliceMessage } from '../mime-once.ts';
import { joined } from '../mime-parts.ts';
import { type Check, check } from './check.ts';

/** A message as it would be handed over, and the two parts in it. */
export interface MessageParts {
  html: string;
  text: string;
  headers: readonly { name: string; value: string }[];
}

/** What receivers of bulk mail ask for: RFC 5322 §3.6, RFC 2369, RFC 2919, RFC 3834. */
const NEEDED = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'List-Unsubscribe',
  'List-Id',
  'Auto-Submitted',
  'Precedence',
];

/**
 * Checks one message; about 15 microseconds. Both are failures: without its headers a mail is taken for spam and cannot
 * be left by a button, and with a mark in it, it shows its reader something of ours in the place of something of theirs.
 */
export function checkMessage({ html, text, headers }: MessageParts): Check[] {
  const values = new Map(headers.map(({ name, value }) => [name.toLowerCase(), value]));
  const absent: string[] = NEEDED.filter(name => (values.get(name.toLowerCase()) ?? '') === '');
  const ways = values.get('list-unsubscribe') ?? '';
  // RFC 8058 §3.1: one-click leaving needs both headers.
  if (/<https:/i.test(ways) && values.get('list-unsubscribe-post') !== 'List-Unsubscribe=One-Click')
    absent.push('List-Unsubscribe-Post');
  const marked = [
    ...(html.includes('\ue000') ? [{ what: 'a mark is left over in the HTML' }] : []),
    ...(text.includes('\ue000') ? [{ what: 'a mark is left over in the text part' }] : []),
  ];
  return [
    check(
      {
        name: 'headers',
        level: 'failure',
        good: 'complete',
        hint: 'Look at MAIL_FROM and PUBLIC_URL; if they are right, this is a defect of Paperround: please report it.',
      },
      absent.map(name => ({ what: `missing: ${name}` })),
    ),
    check(
      {
        name: "reader's parts",
        level: 'failure',
        good: 'in place',
        hint: 'Write {{address}} and {{unsubscribeUrl}} by themselves in the template.',
      },
      marked,
    ),
  ];
}

/** A message of a cut: what it shares with the others, and what it does not. */
export interface OneOfMany {
  html: string;
  text: string;
  bytes: Buffer;
  messageId: string;
  compiled: CompiledMessage;
  parts: ReaderParts;
}

/** Moulds of which a message was looked at in full. */
const lookedAt = new WeakMap<CompiledMessage, boolean>();

const MODEL = {
  to: 'reader@example.org',
  messageId: '<model@example.org>',
  date: new Date(0),
  leave: '<https://example.org/leave>, <mailto:leave@example.org>',
  parts: { address: 'reader@example.org', unsubscribeUrl: 'https://example.org/', preferencesUrl: null },
};

/**
 * The same checks where many readers share a mould: in full on a model of it, once, and then only of what is a reader's
 * own. Where anything is wrong, the message itself is checked in full, so that what is said is true of it.
 */
export function checkOneOfMany(message: OneOfMany): Check[] {
  const { compiled, parts, messageId } = message;
  const good = lookedAt.get(compiled) ?? checkMessage(partsOf(modelOf(compiled))).every(({ ok }) => ok);
  lookedAt.set(compiled, good);
  const { address, unsubscribeUrl, preferencesUrl } = parts;
  const own = `${address} ${unsubscribeUrl} ${preferencesUrl}`;
  const whole = address !== '' && unsubscribeUrl !== '' && messageId !== '' && !own.includes('\ue000');
  return good && whole ? [] : checkMessage(partsOf(message));
}

function modelOf(compiled: CompiledMessage): { html: string; text: string; bytes: Buffer } {
  const { html, text } = compiled.mould;
  return {
    html: joined(html, MODEL.parts, 'html'),
    text: joined(text, MODEL.parts, 'text'),
    bytes: spliceMessage(compiled, MODEL),
  };
}

/** The parts of a composed message. */
export function partsOf({ html, text, bytes }: { html: string; text: string; bytes: Buffer }): MessageParts {
  return { html, text, headers: headersOf(bytes) };
}
