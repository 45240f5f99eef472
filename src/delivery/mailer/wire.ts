// Finished bytes into nodemailer's connection: they are pushed past its byte-by-byte loop, where that is possible.
import { Readable, Transform } from 'node:stream';
import type { Message } from '../../digests/message.ts';

/** What nodemailer's pool needs to know of a message, and what its connection takes for a stream. */
export interface Feed {
  /** Whether anything of it was read: until then the pool may give it to another connection. */
  readableDidRead: boolean;
  pipe(target: Transform): unknown;
}

/**
 * A message as a stream. `pipe` is called once the server has answered 354 to DATA: from then on a lost connection leaves
 * open whether the server has the message (RFC 1047), so `begun` is told before the first byte.
 *
 * nodemailer pipes a message into a Transform that looks at each byte in JavaScript, covers dots at the start of lines
 * and ends with the final dot; its readable side is the wire. What is finished already goes to that side at once. Where
 * the target is something else, the message takes the slow way, which is right as well.
 */
export function feedOf({ bytes, wire }: Pick<Message, 'bytes' | 'wire'>, begun: () => void): Feed {
  return {
    readableDidRead: false,
    pipe(target) {
      begun();
      this.readableDidRead = true;
      if (!isWire(target)) return Readable.from([bytes], { objectMode: false }).pipe(target);
      // It is logged, and told in the receipt.
      Object.assign(target, { inByteCount: bytes.length, outByteCount: bytes.length });
      target.push(wire ?? wireBytes(bytes));
      target.push(null);
      return target;
    },
  };
}

/** Whether what is pushed into a stream goes to the wire as it is: a Transform into which nothing was written. */
export function isWire(target: unknown): target is Transform {
  return (
    target instanceof Transform &&
    target.constructor.name === 'DataStream' &&
    !target.readableObjectMode &&
    target.writableLength === 0 &&
    '_flush' in target &&
    'lastByte' in target
  );
}

/**
 * A message as RFC 5321 §4.1.1.4 and §4.5.2 want it: every line end is CRLF, a dot at the start of a line is doubled,
 * a line of one dot ends it. A lone CR or LF becomes a line end too: some servers take it for one, and a dot after it
 * would smuggle a second mail.
 */
export function wireBytes(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const lines = text.replace(/\r\n|\r|\n/g, '\r\n').replace(/^\./gm, '..');
  return Buffer.from(`${lines}${lines.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1');
}
