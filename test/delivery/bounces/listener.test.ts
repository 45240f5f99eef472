// The door for mail: a mail server hands bounces over as they come; what is for others, or cannot be kept, it keeps itself.
import { describe, expect, it, onTestFinished } from 'vitest';
import { readListenUrl } from '../../../src/delivery/bounces/listen-url.ts';
import { openListener } from '../../../src/delivery/bounces/listener.ts';
import { handOver } from '../../support/hand-over.ts';
import { opened } from './opened.ts';
import { dsn, leaving, letter, qmail, vacation } from './reports.ts';

const DEAD = { status: '5.1.1', diagnostic: '550 5.1.1 user unknown' };
const MAX = 10 * 1024 * 1024;

/** A listener for papers@example.org, and a digest that was sent to Ada. */
async function listening(lmtp = true) {
  const open = await opened();
  const { about } = await open.send('ada@example.org', '2026-08-20');
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const listener = await openListener(
    { lmtp, host: '127.0.0.1', port: 0 },
    { recording: open.recording, address: 'papers@example.org', log },
  );
  onTestFinished(() => listener.close());
  const hand = (to: readonly string[], mail: Buffer) => handOver(listener.port, lmtp, to, mail);
  return { ...open, about, lines, hand, port: listener.port, close: listener.close };
}

describe.each([
  ['LMTP', true],
  ['SMTP', false],
])('a mail server that speaks %s', (_, lmtp) => {
  it('hands a bounce over, and it is written down before the answer', async () => {
    const { hand, about, status, lines } = await listening(lmtp);
    const mail = dsn(about, DEAD);
    expect(await hand([`papers+${about.mark}@example.org`], mail)).toEqual({
      rcpt: [expect.stringMatching(/^250/)],
      end: ['250 It is written down'],
    });
    expect(await status('ada@example.org')).toBe('suppressed');
    expect(lines).toEqual(['bounces: listener: ada@example.org is suppressed']);
    expect((await hand([`papers+${about.mark}@example.org`], mail)).end).toEqual(['250 It is written down']);
    expect(lines).toHaveLength(1);
  });

  it.each([
    'bo@example.org',
    'papers@example.net',
    'papersx@example.org',
    'papers+x@evil.example',
    '"papers+x"@example.org',
  ])('hands over nothing for %s', async to => {
    const { hand, about, status } = await listening(lmtp);
    const { rcpt, end } = await hand([to], dsn(about, DEAD));
    expect(rcpt[0]).toMatch(/^55\d /);
    expect(end[0]).toMatch(/^503/);
    expect(await status('ada@example.org')).toBe('active');
  });

  it('is told to try again while the store fails, and then it counts', async () => {
    const { db, hand, about, status, lines } = await listening(lmtp);
    await db.schema.alterTable('bounce').renameTo('away').execute();
    const mail = dsn(about, DEAD);
    expect((await hand(['papers@example.org'], mail)).end[0]).toMatch(/^451/);
    expect(lines[0]).toContain('could not be written down');
    await db.schema.alterTable('away').renameTo('bounce').execute();
    expect((await hand(['papers@example.org'], mail)).end[0]).toMatch(/^250/);
    expect(await status('ada@example.org')).toBe('suppressed');
  });

  it('keeps a letter, so that whoever wrote it hears that nobody reads it; a vacation is taken', async () => {
    const { hand, about } = await listening(lmtp);
    expect((await hand(['papers@example.org'], letter(about))).end[0]).toMatch(/^550 .*nobody reads/);
    expect((await hand(['papers@example.org'], vacation(about))).end[0]).toMatch(/^250/);
  });

  it('brings the mail by which a reader leaves, whoever sent it; with a forged token it is a letter', async () => {
    const { hand, status, token } = await listening(lmtp);
    const right = await token('ada@example.org');
    const forged = right.replace(/.$/, last => (last === 'A' ? 'Q' : 'A'));
    expect((await hand(['papers@example.org'], leaving(forged))).end[0]).toMatch(/^550/);
    expect(await status('ada@example.org')).toBe('active');
    for (let i = 0; i < 2; i++)
      expect((await hand(['papers@example.org'], leaving(right))).end[0]).toMatch(/^250/);
    expect([await status('ada@example.org'), await status('bo@example.org')]).toEqual([
      'unsubscribed',
      'active',
    ]);
  });

  it('keeps what is too large', async () => {
    const { hand, about, status } = await listening(lmtp);
    const large = Buffer.concat([dsn(about, DEAD), Buffer.alloc(MAX, 'x\r\n')]);
    expect((await hand(['papers@example.org'], large)).end[0]).toMatch(/^552/);
    expect(await status('ada@example.org')).toBe('active');
  });
});

describe('the address to which a bounce came', () => {
  it('names its delivery, though the report has nothing of our mail, in any case and with any letters', async () => {
    const { hand, about, status } = await listening();
    const bare = qmail(
      { to: 'somebody@example.net', mark: '' },
      'Sorry, no mailbox here by that name. (#5.1.1)',
    );
    const { rcpt, end } = await hand([`Papers+${about.mark}@EXAMPLE.org`], bare);
    expect([rcpt[0], end[0]]).toEqual([expect.stringMatching(/^250/), '250 It is written down']);
    expect(await status('ada@example.org')).toBe('suppressed');
  });

  it('gets an answer for each of several recipients (RFC 2033), and one that is not ours is refused alone', async () => {
    const { hand, about, status } = await listening();
    const { rcpt, end } = await hand(
      ['papers@example.org', 'bo@example.org', `papers+${about.mark}@example.org`],
      dsn(about, DEAD),
    );
    expect(rcpt.map(reply => reply.slice(0, 3))).toEqual(['250', '550', '250']);
    expect(end).toEqual(['250 It is written down', '250 It is written down']);
    expect(await status('ada@example.org')).toBe('suppressed');
  });
});

describe('a listener', () => {
  it('that has no port says which, and what to do', async () => {
    const { recording, port } = await listening();
    const parts = { recording, address: 'papers@example.org', log: () => {} };
    await expect(openListener({ lmtp: true, host: '127.0.0.1', port }, parts)).rejects.toMatchObject({
      code: 'port',
      message: expect.stringContaining(`127.0.0.1:${port} cannot be opened`),
      hint: expect.any(String),
    });
  });

  it.each([
    ['lmtp://127.0.0.1:2424', { lmtp: true, host: '127.0.0.1', port: 2424 }],
    ['smtp://[::1]:2525/', { lmtp: false, host: '::1', port: 2525 }],
    ['lmtp://127.0.0.1', undefined],
    ['127.0.0.1:2424', undefined],
    ['lmtp://user:password@127.0.0.1:2424', undefined],
    ['smtps://127.0.0.1:2424', undefined],
    ['lmtp://127.0.0.1:2424/path', undefined],
  ])('reads its address: %s', (text, expected) => {
    expect(readListenUrl(text)).toEqual(expected);
  });
});
