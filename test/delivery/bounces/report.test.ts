// What came back: a dead address, a full mailbox, a refusal of us, a complaint, an auto-reply, or no report at all.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/delivery/bounces/kinds.ts';
import { readReport } from '../../../src/delivery/bounces/report.ts';
import { type About, arf, dsn, exchange, exim, gmail, letter, qmail, sendmail, vacation } from './reports.ts';

const ADA: About = { to: 'ada@example.org', mark: 'Ktg4oYVhBPuiS9AEPQ2CspGgtHc' };

const unknown = { status: '5.1.1', diagnostic: '550 5.1.1 <ada@example.org>: user unknown' };

describe('a report', () => {
  it.each([
    ['Postfix', dsn(ADA, unknown), 'dsn', 'hard'],
    [
      'a full mailbox by RFC 3464',
      dsn(ADA, { status: '5.2.2', diagnostic: '552 5.2.2 mailbox full' }),
      'dsn',
      'soft',
    ],
    [
      'a policy of the receiver',
      dsn(ADA, { status: '5.7.1', diagnostic: '550 5.7.1 blocked by policy' }),
      'dsn',
      'block',
    ],
    [
      'a code that says nothing with words that do',
      dsn(ADA, { status: '5.0.0', diagnostic: '550 No such user here' }),
      'dsn',
      'hard',
    ],
    [
      'a blocklist with the code of a dead address',
      dsn(ADA, { status: '5.1.1', diagnostic: '550 5.1.1 listed by spamhaus' }),
      'dsn',
      'block',
    ],
    [
      'a host that could not be reached',
      dsn(ADA, { status: '5.4.4', diagnostic: 'Host not found' }),
      'dsn',
      'soft',
    ],
    [
      'giving up after days',
      dsn(ADA, { status: '4.4.1', diagnostic: 'connection timed out' }),
      'dsn',
      'soft',
    ],
    ['qmail', qmail(ADA, 'Sorry, no mailbox here by that name. (#5.1.1)'), 'qmail', 'hard'],
    ['qmail, full', qmail(ADA, 'The user mailbox is over quota. (#5.2.2)'), 'qmail', 'soft'],
    ['Exim', exim(ADA, 'Unrouteable address'), 'exim', 'hard'],
    ['Exim, full', exim(ADA, 'mailbox is full: retry timeout exceeded'), 'exim', 'soft'],
    ['Exchange', exchange(ADA), 'exchange', 'hard'],
    ['Gmail', gmail(ADA), 'gmail', 'hard'],
    ['sendmail', sendmail(ADA), 'sendmail', 'hard'],
  ])('of %s is read: who, and how bad', async (_name, bytes, dialect, kind) => {
    const report = await readReport(bytes);
    expect(report).toMatchObject({ type: 'delivery', dialect });
    const told = report?.told[0];
    expect(told?.action).toBe('failed');
    expect(told?.recipients).toContain(ADA.to);
    expect(judge(told?.status ?? null, told?.diagnostic ?? '').kind).toBe(kind);
    expect(report?.traces[0]).toEqual({ mark: ADA.mark, proof: 'return address' });
  });

  it('that came to another address and returns nothing is known by the id that the envelope had (RFC 3461)', async () => {
    const text = dsn(ADA, unknown).toString('latin1');
    expect(text).toContain(ADA.mark);
    const bare = text
      .replaceAll(ADA.mark, 'x')
      .replace('Reporting-MTA:', `Original-Envelope-Id: ${ADA.mark}@example.org\r\nReporting-MTA:`);
    const report = await readReport(Buffer.from(bare, 'latin1'));
    expect(report?.traces).toEqual([{ mark: ADA.mark, proof: 'message' }]);
  });

  it('that is only delayed is no failure', async () => {
    const report = await readReport(dsn(ADA, { action: 'delayed', status: '4.4.1' }));
    expect(report?.told[0]?.action).toBe('delayed');
    const success = await readReport(dsn(ADA, { action: 'delivered', status: '2.1.5' }));
    expect(success?.told[0]?.action).toBe('other');
  });

  it.each([
    ['abuse', 'complaint'],
    ['fraud', 'complaint'],
    ['opt-out', 'complaint'],
    ['not-spam', 'feedback'],
    ['virus', 'feedback'],
  ])('of a feedback loop, %s, is a %s, known by the message that it returns', async (type, meaning) => {
    const report = await readReport(arf(ADA, type));
    expect(report).toMatchObject({ type: meaning, dialect: 'arf' });
    expect(report?.traces).toEqual([{ mark: ADA.mark, proof: 'message' }]);
  });

  it('is told from an auto-reply and from a letter, even one that quotes a failure', async () => {
    expect((await readReport(vacation(ADA)))?.type).toBe('auto-reply');
    expect(await readReport(letter(ADA))).toBeNull();
  });

  it('is the same one by whatever way it comes', async () => {
    const one = await readReport(dsn(ADA, unknown));
    const again = Buffer.concat([
      Buffer.from('Received: from elsewhere by here; Thu, 20 Aug 2026 07:09:00 +0000\r\n'),
      dsn(ADA, unknown),
    ]);
    expect((await readReport(again))?.print).toBe(one?.print);
    expect((await readReport(dsn(ADA, { status: '5.1.1', diagnostic: 'other' })))?.print).not.toBe(
      one?.print,
    );
  });

  it('never breaks, whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async bytes => {
        await readReport(Buffer.from(bytes));
      }),
    );
    const cut = dsn(ADA, unknown);
    await fc.assert(
      fc.asyncProperty(fc.nat(cut.length), fc.nat(cut.length), async (from, to) => {
        await readReport(Buffer.concat([cut.subarray(0, from), cut.subarray(to)]));
      }),
    );
    const names = Array.from({ length: 10_000 }, (_, n) => `x${n}@example.org`);
    const crowd = await readReport(exim({ ...ADA, to: names.join(', ') }, 'user unknown'));
    expect(crowd?.told.length).toBeLessThanOrEqual(1000);
    const huge = Buffer.concat([dsn(ADA, unknown), Buffer.alloc(10_000_000, 'x')]);
    expect((await readReport(huge))?.told[0]?.recipients).toContain(ADA.to);
  });
});

describe('an answer', () => {
  it.each([
    ['550 5.1.1 no such user', 'hard'],
    ['550 5.2.1 mailbox disabled', 'hard'],
    ['552 5.2.2 over quota', 'soft'],
    ['452 4.2.2 mailbox full', 'soft'],
    ['450 4.2.0 greylisted, try again', 'soft'],
    ['554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org', 'block'],
    ['550 5.7.26 unauthenticated sender: DMARC', 'block'],
    ['550 SPF check failed', 'block'],
    ['552 5.3.4 message size exceeds limit', 'block'],
    ['550 5.1.8 sender address rejected: domain not found', 'block'],
    ['556 5.1.10 null MX', 'hard'],
    ['550 account that you tried to reach is disabled', 'hard'],
    ['550 user@[192.168.5.1] unknown error', 'soft'],
    ['554 transaction failed', 'soft'],
    ['', 'soft'],
  ])('“%s” is %s', (answer, kind) => {
    expect(judge(null, answer).kind).toBe(kind);
  });

  it('never condemns an address by words that speak of the sender, whatever else it says', () => {
    const blame = fc.constantFrom('spam', 'blacklisted by', 'policy', 'DMARC', 'rate limit', 'relay denied');
    fc.assert(
      fc.property(blame, fc.stringMatching(/^[ -~]{0,60}$/), (word, rest) => {
        expect(judge('5.1.1', `550 5.1.1 ${word} ${rest}`).kind).not.toBe('hard');
      }),
    );
  });
});
