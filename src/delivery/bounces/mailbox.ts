// Bounces from a mailbox by IMAP (RFC 3501, 9051): unread reports are processed, and then marked, moved or deleted.
import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { PaperroundError, reasonOf } from '../../errors.ts';
import { type MailboxUrl, readMailboxUrl } from './mailbox-url.ts';
import { newTally, type Processed, type ProcessReport, processOne } from './process.ts';
import type { Recording } from './record.ts';

/** What is fetched of one mail: readReport looks at no more. */
const MOST_BYTES = 1024 * 1024;
/** How many mails are fetched, processed and marked together. */
const CHUNK = 20;
/** In one look; the rest waits for the next. */
const MOST_MAILS = 10_000;
const SECOND = 1000;

/**
 * Processes the unread reports of a mailbox. Each is marked, moved or deleted only when it is written down, and one that
 * is met again changes nothing. What is no report (somebody's letter) stays as it is, unread; so does a mail that could
 * not be written down, and the others are processed all the same.
 * @param url as BOUNCE_MAILBOX
 * @param letters mails that were no reports at earlier looks, so that they are not fetched again; added to
 * @throws PaperroundError `mailer` when the server cannot be reached, or does not let us in, or has no such folder
 */
export async function pollMailbox(
  recording: Recording,
  url: string,
  signal?: AbortSignal,
  letters = new Set<string>(),
): Promise<ProcessReport> {
  const mailbox = readMailboxUrl(url);
  if (mailbox === undefined) throw new PaperroundError('config', 'BOUNCE_MAILBOX is no address of a mailbox');
  const client = await openClient(mailbox);
  const stop = () => client.close();
  const tally = newTally();
  try {
    await client.connect();
    signal?.addEventListener('abort', stop, { once: true });
    await client.mailboxOpen(mailbox.folder);
    await processUnread(client, mailbox, { recording, letters, tally }, signal);
    await client.logout();
    return tally.report();
  } catch (error) {
    // What was under way when it was asked to stop is met again at the next look.
    if (signal?.aborted) return tally.report();
    throw inWords(error, mailbox, client.usable);
  } finally {
    signal?.removeEventListener('abort', stop);
    client.close();
  }
}

/** Loaded only where there is a mailbox. */
async function openClient({ host, port, secure, loopback, user, password }: MailboxUrl): Promise<ImapFlow> {
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host,
    port,
    secure,
    // A password never goes over a wire that others may read.
    ...(secure || loopback ? {} : { doSTARTTLS: true }),
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: 30 * SECOND,
    greetingTimeout: 20 * SECOND,
    socketTimeout: 60 * SECOND,
    maxLiteralSize: 2 * MOST_BYTES,
  });
  // What it says here, the call that was under way says too.
  client.on('error', () => {});
  return client;
}

interface Work {
  recording: Recording;
  letters: Set<string>;
  tally: ReturnType<typeof newTally>;
}

async function processUnread(
  client: ImapFlow,
  mailbox: MailboxUrl,
  { recording, letters, tally }: Work,
  signal: AbortSignal | undefined,
): Promise<void> {
  const epoch = client.mailbox === false ? '' : String(client.mailbox.uidValidity);
  const keyOf = (uid: number) => `${epoch}:${uid}`;
  const found = await client.search({ seen: false }, { uid: true });
  if (!Array.isArray(found)) throw new Error('it does not say which mails are unread');
  const unread = found.filter(uid => !letters.has(keyOf(uid))).slice(0, MOST_MAILS);
  for (let at = 0; at < unread.length && !signal?.aborted; at += CHUNK) {
    const uids = unread.slice(at, at + CHUNK);
    const mails = await client.fetchAll(
      uids.join(','),
      { uid: true, source: { maxLength: MOST_BYTES } },
      { uid: true },
    );
    const done: number[] = [];
    for (const mail of mails) {
      if (mail.source === undefined || !uids.includes(mail.uid)) continue;
      const results = await processMail(recording, mailbox, mail);
      tally.add(results);
      if (results.some(({ outcome }) => outcome === 'no report')) letters.add(keyOf(mail.uid));
      else if (!results.some(({ outcome }) => outcome === 'unreadable')) done.push(mail.uid);
    }
    if (done.length > 0) await putAway(client, mailbox.after, done.join(','));
  }
}

/** One mail that cannot be written down stops no other. */
async function processMail(
  recording: Recording,
  { folder }: MailboxUrl,
  { uid, source }: FetchMessageObject,
): Promise<Processed[]> {
  const where = `${folder}, mail ${uid}`;
  try {
    return await processOne(recording, { where, bytes: source ?? Buffer.alloc(0) });
  } catch (error) {
    return [{ where, outcome: 'unreadable', reason: reasonOf(error) }];
  }
}

async function putAway(client: ImapFlow, after: MailboxUrl['after'], uids: string): Promise<void> {
  const by = { uid: true };
  const done =
    after.do === 'seen'
      ? await client.messageFlagsAdd(uids, ['\\Seen'], by)
      : after.do === 'delete'
        ? await client.messageDelete(uids, by)
        : await client.messageMove(uids, after.to, by);
  if (done === false)
    throw new Error(
      after.do === 'move'
        ? `it does not move mails to "${after.to}"; is there such a folder?`
        : `it does not let mails be ${after.do === 'seen' ? 'marked as read' : 'deleted'}`,
    );
}

/** What people need to know of what imapflow throws. */
function inWords(
  error: unknown,
  { host, port, user, folder }: MailboxUrl,
  connected: boolean,
): PaperroundError {
  const { authenticationFailed, tlsFailed, mailboxMissing, code, responseText } = error as Partial<{
    authenticationFailed: boolean;
    tlsFailed: boolean;
    mailboxMissing: boolean;
    code: string;
    responseText: string;
  }>;
  const at = `The mailbox of bounces at ${host}:${port}`;
  const say = (message: string, hint: string) =>
    new PaperroundError('mailer', message, { hint, cause: error });
  if (authenticationFailed)
    return say(
      `${at} does not let ${user} in: ${responseText ?? reasonOf(error)}`,
      'Look at user and password in BOUNCE_MAILBOX; characters such as @ : / must be percent-encoded. Some providers want an app password.',
    );
  if (mailboxMissing)
    return say(`${at} has no folder "${folder}"`, 'The folder stands behind the host: imaps://…@host/INBOX.');
  if (tlsFailed || /CERT|TLS|SSL|SELF_SIGNED/.test(code ?? ''))
    return say(
      `${at} has no safe connection: ${/error:/.test(reasonOf(error)) ? code : reasonOf(error)}`,
      'Its certificate must be valid for that name; imap:// needs STARTTLS.',
    );
  if (connected) return say(`${at}: ${reasonOf(error)}`, 'What was processed until then is stored.');
  return say(
    `${at} cannot be reached: ${code ?? reasonOf(error)}`,
    'Look at host and port in BOUNCE_MAILBOX, and at the network. What was processed is stored.',
  );
}
