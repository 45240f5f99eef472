// Takes a mail apart into what a report may consist of: its header, its words, its machine-readable part, what it returns.
import { Parser } from 'htmlparser2';
import PostalMime, { type Attachment, type Header } from 'postal-mime';

/** The parts of a mail that may be a report; all texts, decoded. */
export interface Parts {
  headers: readonly Header[];
  /** The words for people; the HTML part's where there is no text part. */
  notice: string;
  /** `message/delivery-status` (RFC 3464; `global-` RFC 6533), null where there is none. */
  deliveryStatus: string | null;
  /** `message/feedback-report` (RFC 5965), null where there is none. */
  feedback: string | null;
  /** The beginning of the message that came back, or its header alone. */
  returned: string;
}

/** A report says what it says at its beginning; what follows is the message that came back, and its pictures. */
const LOOKED_AT = 1024 * 1024;
/** postal-mime takes some microseconds and half a kilobyte for each line, even an empty one. */
const LINES = 50_000;
const RETURNED = 128 * 1024;

/** Takes a mail apart; null where its bytes are no mail at all. */
export async function partsOf(bytes: Uint8Array): Promise<Parts | null> {
  try {
    const mail = await PostalMime.parse(beginningOf(bytes), { forceRfc822Attachments: true });
    const part = (...types: string[]) => mail.attachments.find(a => types.includes(a.mimeType));
    const status = part('message/delivery-status', 'message/global-delivery-status');
    const feedback = part('message/feedback-report');
    const returned = part(
      'message/rfc822',
      'text/rfc822-headers',
      'message/rfc822-headers',
      'message/global',
      'message/global-headers',
    );
    return {
      headers: mail.headers,
      notice: mail.text ?? textOf(mail.html ?? ''),
      deliveryStatus: status === undefined ? null : contentOf(status),
      feedback: feedback === undefined ? null : contentOf(feedback),
      returned: returned === undefined ? '' : contentOf(returned).slice(0, RETURNED),
    };
  } catch {
    // postal-mime refuses what is nested or headed beyond all measure.
    return null;
  }
}

function beginningOf(bytes: Uint8Array): Uint8Array {
  const beginning = bytes.subarray(0, LOOKED_AT);
  let end = -1;
  for (let line = 0; line < LINES; line++) {
    end = beginning.indexOf(0x0a, end + 1);
    if (end < 0) return beginning;
  }
  return beginning.subarray(0, end);
}

function contentOf({ content }: Attachment): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

/** The words of an HTML part, with line ends where its blocks end. */
function textOf(html: string): string {
  const words: string[] = [];
  let silent = 0;
  const parser = new Parser(
    {
      onopentagname(name) {
        if (name === 'style' || name === 'script') silent++;
        if (name === 'br') words.push('\n');
      },
      ontext(text) {
        if (silent === 0) words.push(text.replace(/\s+/g, ' '));
      },
      onclosetag(name) {
        if (name === 'style' || name === 'script') silent--;
        if (/^(?:p|div|tr|td|li|h\d|table|blockquote|pre)$/.test(name)) words.push('\n');
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return words.join('');
}
