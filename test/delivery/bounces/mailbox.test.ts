// Bounces from a mailbox: each counts once, nothing that is no report is touched, and the operator reads what is wrong.
import { createServer } from 'node:net';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pollMailbox } from '../../../src/delivery/bounces/mailbox.ts';
import { readMailboxUrl } from '../../../src/delivery/bounces/mailbox-url.ts';
import type { PaperroundError } from '../../../src/errors.ts';
import { isPostgres } from '../../../src/store/schema.ts';
import { imapServer } from '../../support/imap.ts';
import { opened } from './opened.ts';
import { dsn, leaving, letter, vacation } from './reports.ts';

const DEAD = { status: '5.1.1', diagnostic: '550 5.1.1 user unknown' };

/** Ada's digest came back, somebody is on vacation, and somebody wrote a letter. */
async function delivered() {
  const open = await opened();
  const ada = (await open.send('ada@example.org', '2026-08-20')).about;
  const bo = (await open.send('bo@example.org', '2026-08-20')).about;
  open.clock.set('2026-08-20T09:00:00Z');
  return { ...open, mails: [dsn(ada, DEAD), vacation(bo), letter(bo)] };
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('it went well');
    },
    (error: unknown) => error as PaperroundError,
  );

describe('a mailbox', () => {
  it('is read once: reports are marked as read, a letter stays unread, and again there is nothing to do', async () => {
    const { recording, mails, status } = await delivered();
    const { url, inbox } = await imapServer(mails);
    const letters = new Set<string>();
    const first = await pollMailbox(recording, url(), undefined, letters);
    expect(first).toMatchObject({ mails: 3, hard: 1, suppressed: 1, autoReplies: 1, noReport: 1 });
    expect(await status('ada@example.org')).toBe('suppressed');
    expect(inbox.map(mail => mail.seen)).toEqual([true, true, false]);
    expect(await pollMailbox(recording, url(), undefined, letters)).toMatchObject({ mails: 0 });
  });

  it.each([
    ['?then=move:Done', 2],
    ['?then=delete', 0],
  ])('may be cleared by %s, of reports alone', async (then, kept) => {
    const { recording, mails } = await delivered();
    const { url, inbox, moved } = await imapServer(mails);
    expect(await pollMailbox(recording, url(then))).toMatchObject({ mails: 3, suppressed: 1 });
    expect(inbox.map(({ uid, seen }) => ({ uid, seen }))).toEqual([{ uid: 3, seen: false }]);
    expect(moved).toHaveLength(kept);
  });

  it('has the mail of a reader who leaves, too, and they have left', async () => {
    const { recording, token, status } = await delivered();
    const { url, inbox } = await imapServer([leaving(await token('bo@example.org'))]);
    expect(await pollMailbox(recording, url())).toMatchObject({ mails: 1, left: 1, noReport: 0 });
    expect([await status('bo@example.org'), inbox[0]?.seen]).toEqual(['unsubscribed', true]);
  });

  it('that loses its connection before a report is marked gives it again, and it counts once', async () => {
    const { recording, mails, status } = await delivered();
    const { url, inbox } = await imapServer(mails, { dropAt: 'UID STORE' });
    expect((await refusal(pollMailbox(recording, url()))).message).toMatch(
      /^The mailbox of bounces at 127\.0\.0\.1/,
    );
    expect(await status('ada@example.org')).toBe('suppressed');
    expect(inbox.every(mail => !mail.seen)).toBe(true);
    expect(await pollMailbox(recording, url())).toMatchObject({ hard: 0, repeated: 1, suppressed: 0 });
  });

  it('with a mail that cannot be written down gives all others, and keeps that one unread', async () => {
    const { db, recording, mails, send, status } = await delivered();
    const bo = (await send('bo@example.org', '2026-08-21')).about;
    const { url, inbox } = await imapServer([...mails, dsn(bo, DEAD)]);
    // The store refuses Ada's bounce alone.
    const ada = sql`select id from subscriber where address = 'ada@example.org'`;
    if (isPostgres(db)) {
      await sql`create function broken() returns trigger language plpgsql as $$ begin
        if new.subscriber_id in (${ada}) then raise 'disk full'; end if; return new; end $$`.execute(db);
      await sql`create trigger broken before insert on bounce for each row execute function broken()`.execute(
        db,
      );
    } else
      await sql`create trigger broken before insert on bounce when new.subscriber_id in (${ada})
        begin select raise(abort, 'disk full'); end`.execute(db);
    const report = await pollMailbox(recording, url());
    expect(report).toMatchObject({ mails: 4, unreadable: 1, hard: 1 });
    expect(report.results.find(r => r.outcome === 'unreadable')?.reason).toContain('disk full');
    expect(inbox.map(mail => mail.seen)).toEqual([false, true, false, true]);
    expect(await status('bo@example.org')).toBe('suppressed');
  });

  it('with mails by the hundred, and one that is ten megabytes, is read to the end', async () => {
    const { recording, mails } = await delivered();
    const [report = Buffer.alloc(0)] = mails;
    const large = Buffer.concat([report, Buffer.alloc(10 * 1024 * 1024, 'x')]);
    const { url, inbox, heard } = await imapServer([large, ...Array<Buffer>(100).fill(report)]);
    const read = await pollMailbox(recording, url());
    expect(read).toMatchObject({ mails: 101, suppressed: 1 });
    expect(inbox.every(mail => mail.seen)).toBe(true);
    expect(
      heard.filter(line => line.startsWith('UID FETCH')).every(line => line.includes('<0.1048576>')),
    ).toBe(true);
  });

  it('is left when it is asked to stop', async () => {
    const { recording, mails } = await delivered();
    const { url, inbox } = await imapServer(mails);
    const asked = AbortSignal.abort();
    expect(await pollMailbox(recording, url(), asked)).toMatchObject({ mails: 0 });
    expect(inbox.every(mail => !mail.seen)).toBe(true);
  });
});

describe('the operator reads what is wrong', () => {
  it.each<
    [
      string,
      Parameters<typeof imapServer>[1],
      (url: Awaited<ReturnType<typeof imapServer>>['url']) => string,
      RegExp,
    ]
  >([
    [
      'a wrong password',
      {},
      url => url('', 'INBOX', 'wrong'),
      /does not let papers in: Invalid credentials$/,
    ],
    ['a folder that is not there', {}, url => url('', 'Elsewhere'), /has no folder "Elsewhere"$/],
    [
      'a folder to move to that is not there',
      {},
      url => url('?then=move:Nowhere'),
      /does not move mails to "Nowhere"/,
    ],
    [
      'a mailbox that may not be searched',
      { refuse: 'UID SEARCH' },
      url => url(),
      /does not say which mails are unread/,
    ],
    [
      'a mailbox that may not be changed',
      { refuse: 'UID STORE' },
      url => url(),
      /does not let mails be marked as read/,
    ],
    [
      'a server without TLS where there should be some',
      {},
      url => url().replace('imap:', 'imaps:'),
      /no safe connection|cannot be reached/,
    ],
  ])('%s', async (_, faults, urlOf, words) => {
    const { recording, mails } = await delivered();
    const { url } = await imapServer(mails, faults);
    const { code, message, hint } = await refusal(pollMailbox(recording, urlOf(url)));
    expect([code, message]).toEqual(['mailer', expect.stringMatching(words)]);
    expect(hint).toBeTruthy();
    expect(`${message}${hint}`).not.toMatch(/p@ss|p%40ss/);
  });

  it('nobody at the door', async () => {
    const { recording } = await delivered();
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise<void>(resolve => server.close(() => resolve()));
    const { message } = await refusal(pollMailbox(recording, `imap://a:b@127.0.0.1:${port}/INBOX`));
    expect(message).toBe(`The mailbox of bounces at 127.0.0.1:${port} cannot be reached: ECONNREFUSED`);
  });

  it('a server that speaks of something else', async () => {
    const { recording } = await delivered();
    const server = createServer(socket => socket.on('error', () => {}).end('220 smtp.example.org ESMTP\r\n'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())));
    const { port } = server.address() as { port: number };
    const { code } = await refusal(pollMailbox(recording, `imap://a:b@127.0.0.1:${port}/INBOX`));
    expect(code).toBe('mailer');
  });
});

describe('the address of a mailbox', () => {
  it.each([
    [
      'imaps://papers%40example.org:p%3Aw@imap.example.org',
      {
        user: 'papers@example.org',
        password: 'p:w',
        port: 993,
        secure: true,
        folder: 'INBOX',
        after: { do: 'seen' },
      },
    ],
    [
      'imap://a:b@127.0.0.1:1143/Bounces%2FNew?then=delete',
      { port: 1143, secure: false, loopback: true, folder: 'Bounces/New', after: { do: 'delete' } },
    ],
    [
      'imaps://a:b@imap.example.org/INBOX?then=move:Done%20ones',
      { loopback: false, after: { do: 'move', to: 'Done ones' } },
    ],
  ])('is read: %s', (text, expected) => {
    expect(readMailboxUrl(text)).toMatchObject(expected);
  });

  it.each([
    'imap.example.org',
    'https://a:b@imap.example.org',
    'imaps://imap.example.org/INBOX',
    'imaps://a@imap.example.org/INBOX',
    'imaps://a:b@imap.example.org/INBOX?then=burn',
    'imaps://a:b@imap.example.org/INBOX?then=move:',
    'imaps://a:b@imap.example.org/INBOX?than=seen',
    'imaps://a:%E0%A4%A@imap.example.org/INBOX',
  ])('is refused: %s', text => {
    expect(readMailboxUrl(text)).toBeUndefined();
  });
});
