// A server that asks to be left alone is: the domain it speaks of, or itself, and nobody else waits for that.
import { describe, expect, it } from 'vitest';
import { asksForQuiet, receiptOf } from '../../src/delivery/mailer/answers.ts';
import { smtpMailer } from '../../src/delivery/mailer/smtp.ts';
import { smtpServer } from '../support/smtp.ts';
import { mailroom } from './mailroom.ts';

const DAY = '2026-08-20';

/** Readers of two domains, and a mailer that hands their mail to a real server. */
async function town(behaviour: Parameters<typeof smtpServer>[0]) {
  const server = await smtpServer(behaviour);
  const readers = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name, n) => [
      `${name}@${n % 2 ? 'busy.example' : 'free.example'}`,
      {},
    ]),
  );
  const room = await mailroom(readers);
  await room.day(DAY);
  const mailer = smtpMailer(server.url, 2);
  const send = () => room.send(DAY, { mailer });
  return { room, server, mailer, send };
}

describe('a domain whose server says 421', () => {
  it.each([true, false])('is left alone while others get their mail (pipelining: %s)', async pipelining => {
    const asked: string[] = [];
    const { room, server, mailer, send } = await town({
      hidePIPELINING: !pipelining,
      onRcpt(to) {
        asked.push(to);
        return to.endsWith('@busy.example') ? 421 : undefined;
      },
    });
    const report = await send();
    expect(server.accepted.map(({ to }) => to).sort()).toEqual([
      'a@free.example',
      'c@free.example',
      'e@free.example',
    ]);
    expect(report).toMatchObject({ sent: 3, refused: 0, unknown: 0 });
    // One of its messages on each connection at most heard of it; the rest wait for the domain.
    expect(report.deferred).toBeGreaterThan(0);
    expect(report.deferred + report.waiting).toBe(3);
    expect(new Set(asked.filter(to => to.endsWith('@busy.example'))).size).toBe(report.deferred);
    expect(report.paced?.because).toMatch(/busy\.example asked to be left alone: 421/);
    await mailer.close();
    const rows = await room.app.db.selectFrom('pace').select(['key', 'quiet_count']).execute();
    expect(rows).toEqual([{ key: 'domain:busy.example', quiet_count: 1 }]);
  });

  it('gets its mail when its time is over', async () => {
    let busy = true;
    const { room, server, mailer, send } = await town({
      onRcpt: to => (busy && to.endsWith('@busy.example') ? 421 : undefined),
    });
    await send();
    busy = false;
    room.clock.set(`${DAY}T07:06:00Z`);
    const report = await send();
    await mailer.close();
    expect(report).toMatchObject({ deferred: 0, waiting: 0 });
    expect(new Set(server.accepted.map(({ to }) => to)).size).toBe(6);
    expect(server.accepted).toHaveLength(6);
  });
});

describe('a mail server that says 4yz before it hears of a reader', () => {
  it('is left alone for all, and every mail stays owed', async () => {
    let froms = 0;
    const { room, server, mailer, send } = await town({
      onFrom() {
        froms++;
        return 451;
      },
    });
    const report = await send();
    await mailer.close();
    expect(report).toMatchObject({ sent: 0, deferred: 0, refused: 0, unknown: 0, waiting: 6, stopped: null });
    expect(report.paced?.because).toMatch(/the mail server asked to be left alone: 451/);
    expect(froms).toBeLessThanOrEqual(2);
    expect(server.accepted).toEqual([]);
    expect((await room.row('a@free.example', DAY)).state).toBe('queued');
  });
});

describe('an answer of "not now"', () => {
  const ASKED = [
    '421 4.7.28 Gmail has detected an unusual rate of mail',
    '421 Too many connections',
    '421 4.0.0 Closing',
    '451 4.3.0 Mail server temporarily rejected message',
    '452 4.3.1 Insufficient system storage',
    '454 4.7.0 Too many failures',
    '451 4.7.500 Server busy. Please try again later',
    '421 4.7.0 Try again later, closing connection',
    '421 4.7.1 Too many messages, try again later',
    '450-4.7.1 first line\n450 4.7.1 and last',
    '450 4.4.1 cannot be reached',
  ];
  it.each(ASKED)('asks for quiet: %s', answer => {
    expect(asksForQuiet(answer)).toBe(true);
  });

  const OF_ONE = [
    '450 4.2.1 This user receives mail too quickly',
    '452 4.2.2 The mailbox is full',
    '450 try later',
    '451 Local error',
    '452 Too much mail',
    '450 4.1.1 unverified address',
    '451 4.7.1 Greylisting in action, please come back later',
    '451 4.7.1 Try again later',
    '450 4.7.1 <ada@example.org>: please try again in 5 minutes',
    '450 4.2.0 <ada@example.org>: Recipient address rejected: Greylisted',
    '550 5.7.1 never',
    '250 2.0.0 Ok',
    '',
  ];
  it.each(OF_ONE)('is about one reader only: %s', answer => {
    expect(asksForQuiet(answer)).toBe(false);
  });
});

describe('a server that carries no mail of ours to anybody', () => {
  const SAID = [
    '554 5.7.1 <ada@example.org>: Relay access denied',
    '454 4.7.1 <ada@example.org>: Relay access denied',
    '550 relay not permitted',
    '550 5.7.1 Relaying denied',
    '550 5.7.1 Unable to relay',
    '530 5.7.0 Authentication required',
    '530 5.7.0 Must issue a STARTTLS command first',
    '550 SMTP AUTHENTICATION REQUIRED',
  ];
  it.each(SAID)('refuses us and no reader: %s', answer => {
    const error = Object.assign(new Error('x'), {
      command: 'RCPT TO',
      responseCode: Number(answer.slice(0, 3)),
      response: answer,
    });
    const receipt = { outcome: 'unavailable', answer };
    expect(receiptOf(error, { begun: true, handedOver: false })).toEqual(receipt);
  });

  it('stops the run, and every mail stays owed', async () => {
    const { room, server, mailer, send } = await town({ onRcpt: () => 530 });
    const report = await send();
    await mailer.close();
    expect(report).toMatchObject({ sent: 0, refused: 0, deferred: 0, waiting: 6, paced: null });
    expect(report.stopped).toMatch(/^530/);
    expect(server.accepted).toEqual([]);
    expect((await room.row('a@free.example', DAY)).state).toBe('queued');
  });
});
