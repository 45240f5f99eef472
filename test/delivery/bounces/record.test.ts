// What bounces do to readers: a dead address is not mailed again, a full mailbox is given days, and nobody is lost by a forgery.
import { describe, expect, it } from 'vitest';
import { listBounces, whySuppressed } from '../../../src/delivery/bounces/list.ts';
import { recordRefusal } from '../../../src/delivery/bounces/record.ts';
import { listDeliveries } from '../../../src/delivery/ledger.ts';
import { setStatus } from '../../../src/subscribers/subscriber.ts';
import { opened, POLICY } from './opened.ts';
import { arf, dsn, vacation } from './reports.ts';

const DEAD = { status: '5.1.1', diagnostic: '550 5.1.1 user unknown' };
const FULL = { status: '5.2.2', diagnostic: '552 5.2.2 mailbox full' };

describe('a dead address', () => {
  it('is not mailed again, the report counts once, and why is told', async () => {
    const { db, send, hear, status, reader } = await opened();
    const { about } = await send('ada@example.org', '2026-08-20');
    expect(await hear(dsn(about, DEAD))).toMatchObject([
      { outcome: 'recorded', kind: 'hard', email: 'ada@example.org', suppressed: true },
    ]);
    expect(await hear(dsn(about, DEAD))).toMatchObject([{ outcome: 'repeated', suppressed: false }]);
    expect(await status('ada@example.org')).toBe('suppressed');
    expect(await status('bo@example.org')).toBe('active');
    const bounces = await listBounces(db, (await reader('ada@example.org')).id);
    expect(whySuppressed(bounces)).toMatch(/^the address is dead, by the digest of 2026-08-20: 5\.1\.1/);
  });

  it('that the server refuses at once is treated the same; words of no server, or about us, are not', async () => {
    const { db, clock, send, status } = await opened();
    const { claimed } = await send('ada@example.org', '2026-08-20');
    await recordRefusal(db, claimed, '554 5.7.1 blocked by policy', POLICY, clock);
    await recordRefusal(
      db,
      (await send('ada@example.org', '2026-08-21')).claimed,
      'no recipient',
      POLICY,
      clock,
    );
    expect(await status('ada@example.org')).toBe('active');
    const other = await send('bo@example.org', '2026-08-20');
    const recorded = await recordRefusal(db, other.claimed, '550 5.1.1 no such user', POLICY, clock);
    expect(recorded).toMatchObject({ kind: 'hard', suppressed: true });
    expect(await status('bo@example.org')).toBe('suppressed');
  });
});

describe('a full mailbox', () => {
  it('is given five digests over three days and more, and then rest', async () => {
    const { send, hear, status } = await opened();
    for (const day of ['20', '21', '22', '23']) {
      const { about } = await send('ada@example.org', `2026-08-${day}`);
      await hear(dsn(about, { ...FULL, words: day }));
      expect(await status('ada@example.org')).toBe('active');
    }
    const { about } = await send('ada@example.org', '2026-08-24');
    expect(await hear(dsn(about, FULL))).toMatchObject([{ kind: 'soft', suppressed: true }]);
    expect(await status('ada@example.org')).toBe('suppressed');
  });

  it('that had room again between is forgotten', async () => {
    const { send, hear, status } = await opened();
    for (const day of ['01', '02', '03', '04']) {
      const { about } = await send('ada@example.org', `2026-08-${day}`);
      await hear(dsn(about, { ...FULL, words: day }));
    }
    await send('ada@example.org', '2026-08-05');
    const { about } = await send('ada@example.org', '2026-08-20');
    await hear(dsn(about, FULL));
    expect(await status('ada@example.org')).toBe('active');
  });
});

describe('a complaint', () => {
  it('ends the mail at once, though the provider names nobody', async () => {
    const { send, hear, status } = await opened();
    const { about } = await send('ada@example.org', '2026-08-20');
    expect(await hear(arf(about))).toMatchObject([{ kind: 'complaint', suppressed: true }]);
    expect(await status('ada@example.org')).toBe('suppressed');
  });

  it.each([
    ['a web link', (token: string) => `<https://papers.example.org/unsubscribe/${token}>`],
    ['a mailto', (token: string) => `<mailto:papers@example.org?subject=unsubscribe%20${token}>`],
  ])('that has nothing of ours but %s to leave finds its reader by it, weeks later too', async (_, leave) => {
    const { clock, send, hear, status, token } = await opened();
    await send('ada@example.org', '2026-08-20');
    await send('bo@example.org', '2026-08-20');
    clock.set('2026-10-20T07:00:00Z');
    const redacted = (link: string) =>
      arf({ to: 'x@example.net', mark: 'redacted' }, 'abuse', [`List-Unsubscribe: ${link}`]);
    const forged = `1${'A'.repeat(43)}`;
    expect(await hear(redacted(leave(forged)))).toEqual([{ outcome: 'nobody' }]);
    expect(await hear(redacted(leave(await token('ada@example.org'))))).toMatchObject([
      { kind: 'complaint', proof: 'message', email: 'ada@example.org', suppressed: true },
    ]);
    expect(await status('bo@example.org')).toBe('active');
  });

  it('that says not-spam, and an answer from somebody’s vacation, change nothing', async () => {
    const { db, send, hear, status } = await opened();
    const { about } = await send('ada@example.org', '2026-08-20');
    expect(await hear(arf(about, 'not-spam'))).toMatchObject([{ outcome: 'feedback' }]);
    expect(await hear(vacation(about))).toMatchObject([{ outcome: 'auto-reply' }]);
    expect(await status('ada@example.org')).toBe('active');
    expect(await listBounces(db)).toEqual([]);
  });
});

describe('nobody is lost', () => {
  it('by a report that only names an address: anybody can write that', async () => {
    const { send, hear, status } = await opened();
    await send('ada@example.org', '2026-08-20');
    const forged = { to: 'ada@example.org', mark: 'A'.repeat(27) };
    expect(await hear(dsn(forged, DEAD))).toMatchObject([
      { kind: 'soft', proof: 'address', suppressed: false },
    ]);
    for (let n = 0; n < 10; n++) await hear(dsn(forged, { ...DEAD, words: String(n) }));
    expect(await status('ada@example.org')).toBe('active');
  });

  it('by a report about another: one that shows our mark is about that reader alone', async () => {
    const { send, hear, status } = await opened();
    const { about } = await send('ada@example.org', '2026-08-20');
    await send('bo@example.org', '2026-08-20');
    await hear(dsn({ to: 'bo@example.org', mark: about.mark }, DEAD));
    expect(await status('bo@example.org')).toBe('active');
  });

  it('by a report on somebody we never wrote to', async () => {
    const { hear } = await opened();
    expect(await hear(dsn({ to: 'ada@example.org', mark: 'B'.repeat(27) }, DEAD))).toEqual([
      { outcome: 'nobody' },
    ]);
  });

  it('and whoever left stays as they are', async () => {
    const { app, db, send, hear, reader, status } = await opened();
    const { about } = await send('ada@example.org', '2026-08-20');
    await setStatus(db, (await reader('ada@example.org')).id, 'unsubscribed', app.clock);
    await hear(dsn(about, DEAD));
    expect(await status('ada@example.org')).toBe('unsubscribed');
    expect((await listDeliveries(db, {}))[0]?.state).toBe('sent');
  });
});
