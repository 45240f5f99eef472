// A small door for mail, LMTP (RFC 2033) or SMTP: takes what comes to the bounce address, and nothing else.
import type { SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import { PaperroundError, reasonOf } from '../../errors.ts';
import { readAddress } from '../../subscribers/address.ts';
import type { ListenUrl } from './listen-url.ts';
import { type Processed, processOne } from './process.ts';
import type { Recording } from './record.ts';

/** What a listener needs to know. */
export interface DoorParts {
  recording: Recording;
  /** The bounce address; mail to it, and to its `+tags`, is taken. */
  address: string;
  log: (line: string, failed?: boolean) => void;
}

/** A mail may be so large; more is refused at once (RFC 1870), or when it is through. */
const MOST_BYTES = 10 * 1024 * 1024;
/** What is kept of it: readReport looks at no more. */
const KEPT = 1024 * 1024;
const MOST_RECIPIENTS = 20;
const SECOND = 1000;

/**
 * Listens until it is closed. A mail is processed before it is answered: 250 it is written down, 451 the store failed and
 * the sender is to try again, 550 it is for somebody else, or is no report: somebody wrote to an address that nobody reads.
 * @returns the port, and how to close it: mails that are under way are finished, within five seconds
 * @throws PaperroundError `port` when it is in use or may not be opened
 */
export async function openListener(
  { lmtp, host, port }: ListenUrl,
  parts: DoorParts,
): Promise<{ port: number; close(): Promise<void> }> {
  const { SMTPServer } = await import('smtp-server');
  const server = new SMTPServer(optionsOf(lmtp, parts));
  server.on('error', error => parts.log(`bounces: the listener: ${reasonOf(error)}`, true));
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch(error => {
    throw new PaperroundError('port', `BOUNCE_LISTEN: ${host}:${port} cannot be opened: ${reasonOf(error)}`, {
      hint: 'Choose a port above 1024 that no other program has.',
      cause: error,
    });
  });
  return {
    port: (server.server.address() as { port: number }).port,
    close: () => new Promise(closed => server.close(() => closed())),
  };
}

function optionsOf(lmtp: boolean, parts: DoorParts): SMTPServerOptions {
  const isOurs = ownAddresses(parts.address);
  return {
    lmtp,
    name: 'paperround',
    banner: 'takes delivery reports only',
    size: MOST_BYTES,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    maxClients: 50,
    socketTimeout: 60 * SECOND,
    closeTimeout: 5 * SECOND,
    onRcptTo({ address }, session, done) {
      if (!isOurs(address)) done(refusal(550, 'This server takes delivery reports only, and relays nothing'));
      else if (session.envelope.rcptTo.length >= MOST_RECIPIENTS) done(refusal(452, 'Too many recipients'));
      else done();
    },
    onData(stream, session, done) {
      take(stream, session, parts).then(
        // An LMTP server answers for each recipient (RFC 2033 §4.2); here the mail is the same for all of them.
        error => (error === null ? done(null, 'It is written down') : done(error)),
        error => done(error),
      );
    },
  };
}

/** Whether an address is the given one, or that with a tag: `papers+MARK@example.org`. */
function ownAddresses(own: string): (address: string) => boolean {
  const keyOf = (text: string) => {
    const read = readAddress(text.replace(/\+[^@]*(?=@[^@]*$)/, ''));
    return 'problem' in read ? undefined : read.key;
  };
  const key = keyOf(own);
  return address => key !== undefined && keyOf(address) === key;
}

const refusal = (responseCode: number, words: string) => Object.assign(new Error(words), { responseCode });

/** Takes one mail. @returns null when it is written down, else the answer */
async function take(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  { recording, log }: DoorParts,
): Promise<Error | null> {
  const bytes = await beginningOf(stream);
  if (stream.sizeExceeded) return refusal(552, 'This mail is too large for a delivery report');
  const recipients = session.envelope.rcptTo.map(({ address }) => address);
  let results: Processed[];
  try {
    results = await processOne(recording, {
      where: 'a mail to the listener',
      bytes: Buffer.concat([cameTo(recipients), bytes]),
    });
  } catch (error) {
    log(`bounces: a mail could not be written down, and will come again: ${reasonOf(error)}`, true);
    return refusal(451, 'It could not be written down; try again later');
  }
  for (const { suppressed, held, email } of results)
    if (suppressed || held) log(`bounces: listener: ${email} is ${held ? 'held' : 'suppressed'}`);
  const isLetter = results.some(({ outcome }) => outcome === 'no report');
  return isLetter ? refusal(550, 'This is no delivery report, and nobody reads this address') : null;
}

/** The first bytes of a mail; the rest is read and forgotten. */
async function beginningOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (length < KEPT) chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, KEPT);
}

/** To which address a mail came, as a final server writes it on top: the return address has the mark of the delivery. */
const cameTo = (recipients: readonly string[]) =>
  Buffer.from(
    recipients.map(address => `Delivered-To: ${address.replace(/[^\x21-\x7e]/g, '')}\r\n`).join(''),
  );
