// A note: a short mail of plain text, to the operator; sealed like every other mail.
import { createHash } from 'node:crypto';
import type { Message, Sender } from './message.ts';
import { dateField, field, relaxedField, toField } from './mime-fields.ts';
import type { Seal } from './mime-once.ts';
import { END } from './mime-once.ts';

/** What a note says, to whom. */
export interface Note {
  to: string;
  subject: string;
  text: string;
  messageId: string;
  date: Date;
}

/** RFC 2045 §6.8: lines of 76 characters. */
const base64Lines = (text: string) =>
  Buffer.from(text)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\r\n');

/** Writes a note as a message (RFC 5322), marked as made by a machine (RFC 3834). The same note gives the same bytes. */
export async function writeNote(
  { to, subject, text, messageId, date }: Note,
  { name, address }: Pick<Sender, 'name' | 'address'>,
  seal: Seal | null,
): Promise<Message> {
  const fields = [
    field('From', { name, address }),
    toField(to),
    field('Subject', subject),
    dateField(date),
    field('Message-ID', messageId),
    field('MIME-Version', '1.0'),
    field('Content-Type', 'text/plain; charset=utf-8'),
    field('Content-Transfer-Encoding', 'base64'),
    field('Auto-Submitted', 'auto-generated'),
  ];
  const body = base64Lines(text);
  const relaxed = fields.map(relaxedField);
  const sealed = await seal?.(
    relaxed.map(({ name }) => name),
    relaxed.map(({ line }) => line).join(''),
    createHash('sha256').update(body).digest('base64'),
  );
  const wire = Buffer.concat([Buffer.from(`${sealed ?? ''}${fields.join('')}\r\n${body}`), END]);
  return { messageId, envelope: { from: address, to }, bytes: wire.subarray(0, -END.length), wire };
}
