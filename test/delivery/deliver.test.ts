// The promises of sending: once to each, by consent, with an honest account, whatever the mail server does.
import { describe, expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { claim } from '../../src/delivery/claim.ts';
import { deliver, type SendReport } from '../../src/delivery/deliver.ts';
import { countDeliveries, listDeliveries } from '../../src/delivery/ledger.ts';
import type { Mailer } from '../../src/delivery/mailer/mailer.ts';
import { settle } from '../../src/delivery/settle.ts';
import { publish } from '../../src/editions/publish.ts';
import { sendEdition } from '../../src/job.ts';
import { announce } from '../../src/papers/announce.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { sendStatus } from '../../src/report.ts';
import { instantText } from '../../src/store/schema.ts';
import { readAddress } from '../../src/subscribers/address.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';
import { findSubscriber, setStatus, storeSubscriber } from '../../src/subscribers/subscriber.ts';
import { installation } from '../support/installation.ts';
import { droppingServer, smtpServer, stubbornServer } from '../support/smtp.ts';

const EDITION = '2026-08-20';

async function addPapers(app: App, day: string, titles: string[]): Promise<void> {
  const announcements = titles.map(title =>
    announce({ where: 'test', title, abstract: `We propose ${title}. It works well.`, announcedOn: day }),
  );
  const good = announcements.filter(a => 'paper' in a);
  await app.db
    .transaction()
    .execute(tx => storeAnnouncements(tx, good, { source: 'test', at: instantText(app.clock()), day }));
}

async function addReader(app: App, email: string, preferences: object = {}): Promise<string> {
  const address = readAddress(email);
  if ('problem' in address) throw new Error(address.problem);
  const reader = {
    address,
    name: null,
    status: undefined,
    initialStatus: 'active' as const,
    preferences: Preferences.parse(preferences),
  };
  await app.db.transaction().execute(tx => storeSubscriber(tx, reader, app.clock));
  return (await findSubscriber(app.db, email))?.id as string;
}

async function ready(smtpUrl: string, readers: number, more: object = {}) {
  const app = await installation({
    smtpUrl,
    mailFrom: 'papers@example.org',
    publicUrl: 'https://papers.example.org',
    ...more,
  });
  await addPapers(app, EDITION, [
    'Diffusion models for image generation',
    'Speculative decoding of language models',
  ]);
  await publish(app.press, EDITION);
  const ids: string[] = [];
  for (let i = 0; i < readers; i++) ids.push(await addReader(app, `reader${i}@example.org`));
  return { app, ids };
}

const send = (app: App): Promise<SendReport> => sendEdition(app, EDITION, { dueOnly: false });
/** The counts of a report, which must add up: planned = sent + deferred + refused + unknown + skipped + waiting. */
function tally({ planned, sent, deferred, refused, unknown, skipped, waiting }: SendReport) {
  expect(sent + deferred + refused + unknown + skipped + waiting).toBe(planned);
  return { planned, sent, deferred, refused, unknown, skipped };
}

describe('one delivery per reader and edition', () => {
  it('gives every active reader one mail, and sending again gives nobody a second', async () => {
    const server = await smtpServer();
    const { app } = await ready(server.url, 12);
    expect(tally(await send(app))).toEqual({
      planned: 12,
      sent: 12,
      deferred: 0,
      refused: 0,
      unknown: 0,
      skipped: 0,
    });
    expect(new Set(server.accepted.map(m => m.to)).size).toBe(12);
    const again = await send(app);
    expect(tally(again)).toEqual({ planned: 0, sent: 0, deferred: 0, refused: 0, unknown: 0, skipped: 0 });
    expect(again.before.sent).toBe(12);
    expect(server.accepted).toHaveLength(12);
  });

  it('holds when two senders start at once', async () => {
    const server = await smtpServer();
    const { app } = await ready(server.url, 30);
    const other = await installation({ ...app.settings, dataDir: app.folder } as object);
    const reports = await Promise.all([send(app), send(other)]);
    expect(reports.reduce((sum, r) => sum + r.sent, 0)).toBe(30);
    expect(server.accepted.map(m => m.to).sort()).toEqual(
      [...new Set(server.accepted.map(m => m.to))].sort(),
    );
    expect(server.accepted).toHaveLength(30);
  });

  it('sends a reader who joins later the same edition, and nobody else', async () => {
    const server = await smtpServer();
    const { app } = await ready(server.url, 2);
    await send(app);
    await addReader(app, 'late@example.org');
    expect((await send(app)).sent).toBe(1);
    expect(server.accepted.at(-1)?.to).toBe('late@example.org');
  });
});

describe('consent is checked at the moment of sending', () => {
  it('does not send to somebody who leaves between planning and sending', async () => {
    const { app, ids } = await ready('smtp://127.0.0.1:1', 3);
    const sent: string[] = [];
    // The first message makes the second reader leave: planned, but not claimed any more.
    const mailer: Mailer = {
      name: 'test',
      connections: 1,
      check: async () => {},
      close: async () => {},
      async send(message) {
        sent.push(message.envelope.to);
        if (sent.length === 1) {
          for (const id of ids) {
            const reader = await app.db
              .selectFrom('subscriber')
              .select('address')
              .where('id', '=', id)
              .executeTakeFirstOrThrow();
            if (!sent.includes(reader.address)) {
              await setStatus(app.db, id, 'unsubscribed', app.clock);
              break;
            }
          }
        }
        return { outcome: 'sent', answer: '250' };
      },
    };
    const report = await deliver({
      db: app.db,
      edition: EDITION,
      desk: await app.desk(),
      mailer,
      clock: app.clock,
      dueOnly: false,
      resendUnknown: true,
      bounces: app.settings,
    });
    expect(tally(report)).toEqual({ planned: 3, sent: 2, deferred: 0, refused: 0, unknown: 0, skipped: 1 });
    const skipped = (await listDeliveries(app.db, { edition: EDITION, state: 'skipped' }))[0];
    expect(skipped?.reason).toBe('unsubscribed');
    expect(sent).not.toContain(skipped?.address);
  });

  it.each(['pending', 'paused', 'unsubscribed', 'suppressed'] as const)(
    'never mails a %s reader',
    async status => {
      const server = await smtpServer();
      const { app, ids } = await ready(server.url, 2);
      await app.db
        .updateTable('subscriber')
        .set({ status })
        .where('id', '=', ids[0] as string)
        .execute();
      expect((await send(app)).sent).toBe(1);
      expect(server.accepted.map(m => m.to)).toEqual(['reader1@example.org']);
    },
  );
});

describe('an honest account', () => {
  it('tells sent, deferred and refused apart, tries the deferred again later, and never the refused', async () => {
    let full = true;
    const server = await smtpServer({
      onRcpt: to => (to.startsWith('reader1@') ? 550 : full && to.startsWith('reader2@') ? 451 : undefined),
    });
    const { app } = await ready(server.url, 4);
    expect(tally(await send(app))).toEqual({
      planned: 4,
      sent: 2,
      deferred: 1,
      refused: 1,
      unknown: 0,
      skipped: 0,
    });
    full = false;
    expect((await send(app)).sent).toBe(0);
    app.clock.set('2026-08-20T07:06:00Z');
    expect(tally(await send(app))).toMatchObject({ sent: 1, refused: 0 });
    expect(await countDeliveries(app.db, EDITION)).toMatchObject({ sent: 3, refused: 1 });
  });

  it('skips, with the reason, a reader for whom the edition holds nothing', async () => {
    const server = await smtpServer();
    const { app } = await ready(server.url, 1);
    await addReader(app, 'picky@example.org', { keywords: ['entomology'] });
    expect(tally(await send(app))).toMatchObject({ sent: 1, skipped: 1 });
    const [delivery] = await listDeliveries(app.db, { state: 'skipped' });
    expect(delivery).toMatchObject({
      address: 'picky@example.org',
      reason: expect.stringContaining('preferences'),
    });
  });

  it('plans nothing when the server cannot be reached at all', async () => {
    const { app } = await ready('smtp://127.0.0.1:1', 3);
    await expect(send(app)).rejects.toThrow(/cannot be used/);
    expect(await app.db.selectFrom('delivery').select('id').execute()).toEqual([]);
  });

  it('stops when the server goes away in the middle, and a later run sends the rest', async () => {
    const server = await droppingServer('rcpt');
    const { app } = await ready(server.url, 9, { connections: 1 });
    const report = await send(app);
    expect(report.stopped).toMatch(/closed/i);
    expect(report.waiting).toBe(9);
    expect(tally(report).planned).toBe(9);
    expect(sendStatus(report)).toBe(1);
    const better = await smtpServer();
    const again = await installation({ ...app.settings, smtpUrl: better.url, dataDir: app.folder } as object);
    expect((await send(again)).sent).toBe(9);
  });

  it('refuses nobody for ever when the server does not take the sender', async () => {
    let known = false;
    const server = await smtpServer({ onFrom: () => (known ? undefined : 550) });
    const { app } = await ready(server.url, 5);
    const report = await send(app);
    expect(tally(report)).toMatchObject({ sent: 0, refused: 0 });
    expect([report.waiting, sendStatus(report)]).toEqual([5, 1]);
    known = true;
    expect((await send(app)).sent).toBe(5);
  });

  it('leaves in bounded time when it is asked to stop while the server says nothing', async () => {
    const { url } = await stubbornServer('220 test ESMTP');
    const { app } = await ready(url, 4);
    const stop = new AbortController();
    const mailer = await app.mailer();
    const sending = deliver({
      db: app.db,
      edition: EDITION,
      desk: await app.desk(),
      mailer: { ...mailer, check: async () => {} },
      clock: app.clock,
      dueOnly: false,
      resendUnknown: true,
      bounces: app.settings,
      signal: stop.signal,
      drainMs: 100,
    });
    await new Promise(resolve => setTimeout(resolve, 500));
    stop.abort();
    const report = await sending;
    expect(tally(report)).toMatchObject({ sent: 0, unknown: 4 });
  });

  it('still says so, by its exit status, when it is asked again after everything was refused', async () => {
    const server = await smtpServer({ onRcpt: () => 550 });
    const { app } = await ready(server.url, 2);
    await send(app);
    const again = await send(app);
    expect([again.planned, again.before.refused, sendStatus(again)]).toEqual([0, 2, 3]);
  });

  it('exits with 3 when everything was refused', async () => {
    const server = await smtpServer({ onRcpt: () => 550 });
    const { app } = await ready(server.url, 2);
    expect(sendStatus(await send(app))).toBe(3);
  });
});

describe('after a loss', () => {
  it('sends an unknown delivery again with the same Message-ID, Date and bytes', async () => {
    const server = await droppingServer('dot', 1);
    const { app } = await ready(server.url, 1);
    expect((await send(app)).unknown).toBe(1);
    app.clock.set('2026-08-20T07:06:00Z');
    expect((await send(app)).sent).toBe(1);
    expect(server.taken).toHaveLength(2);
    expect(server.taken[1]).toBe(server.taken[0]);
    expect(server.taken[0]).toMatch(/^Message-ID: <.+@example\.org>/m);
  });

  it('holds an unknown delivery where the operator wants to decide', async () => {
    const server = await droppingServer('dot', 1);
    const { app } = await ready(server.url, 1, { onUnknown: 'hold' });
    await send(app);
    app.clock.set('2026-08-20T09:00:00Z');
    expect((await send(app)).sent).toBe(0);
    expect(await countDeliveries(app.db, EDITION)).toMatchObject({ unknown: 1 });
  });

  it('declares unknown, once its lease has run out, what a killed process was sending', async () => {
    const server = await smtpServer();
    const { app, ids } = await ready(server.url, 2);
    await send(app);
    await app.db
      .updateTable('delivery')
      .set({ state: 'queued', settled_at: null })
      .where('subscriber_id', '=', ids[0] as string)
      .execute();
    expect(
      (await claim(app.db, { from: EDITION, through: EDITION, resend: true }, app.clock))?.subscriber_id,
    ).toBe(ids[0]);
    const during = await send(app);
    expect([during.sent, during.elsewhere]).toEqual([0, 1]);
    app.clock.set('2026-08-20T07:16:00Z');
    expect((await send(app)).sent).toBe(1);
  });

  it('does not let a late receipt overwrite what was settled meanwhile', async () => {
    const { app, ids } = await ready('smtp://127.0.0.1:1', 1);
    const mailer = {
      name: 't',
      connections: 1,
      check: async () => {},
      close: async () => {},
      send: async () => ({ outcome: 'sent' as const, answer: '250 first' }),
    };
    const request = {
      db: app.db,
      edition: EDITION,
      desk: await app.desk(),
      mailer,
      clock: app.clock,
      dueOnly: false,
      resendUnknown: true,
      bounces: app.settings,
    };
    await deliver(request);
    const [row] = await app.db
      .selectFrom('delivery')
      .selectAll()
      .where('subscriber_id', '=', ids[0] as string)
      .execute();
    await settle(
      app.db,
      row as NonNullable<typeof row>,
      { outcome: 'refused', answer: '550 late' },
      app.clock,
    );
    expect(await countDeliveries(app.db, EDITION)).toMatchObject({ sent: 1, refused: 0 });
  });
});

describe('a reader’s digests over the days', () => {
  it('gives a weekly reader the week on their day, without a paper they had', async () => {
    const server = await smtpServer();
    const app = await installation({ smtpUrl: server.url, mailFrom: 'papers@example.org' });
    app.clock.set('2026-08-16T12:00:00Z');
    await addReader(app, 'weekly@example.org', { cadence: 'weekly', weekday: 'friday' });
    await addReader(app, 'daily@example.org');
    for (const [day, title] of [
      ['2026-08-17', 'Monday paper'],
      ['2026-08-19', 'Wednesday paper'],
      ['2026-08-21', 'Friday paper'],
      ['2026-08-24', 'Next Monday paper'],
    ] as const) {
      app.clock.set(`${day}T07:00:00Z`);
      await addPapers(app, day, [title]);
      await publish(app.press, day);
      await sendEdition(app, day, { dueOnly: true });
    }
    const weekly = server.accepted.filter(m => m.to === 'weekly@example.org').map(m => m.bytes.toString());
    expect(weekly).toHaveLength(1);
    for (const title of ['Monday paper', 'Wednesday paper', 'Friday paper'])
      expect(weekly[0]).toContain(title);
    expect(server.accepted.filter(m => m.to === 'daily@example.org')).toHaveLength(4);
  });

  it('puts what an earlier day still owes into the next digest, so that nobody gets two at once', async () => {
    let broken = true;
    const server = await smtpServer({ onRcpt: () => (broken ? 451 : undefined) });
    const { app } = await ready(server.url, 1);
    await send(app);
    broken = false;
    app.clock.set('2026-08-21T07:00:00Z');
    await addPapers(app, '2026-08-21', ['A paper about robots']);
    await publish(app.press, '2026-08-21');
    const report = await sendEdition(app, '2026-08-21', { dueOnly: false });
    expect(report.sent).toBe(1);
    const mail = server.accepted[0]?.bytes.toString() ?? '';
    expect(mail).toContain('A paper about robots');
    expect(mail).toContain('Speculative decoding of language models');
    expect(await countDeliveries(app.db, EDITION)).toMatchObject({ skipped: 1, deferred: 0 });
  });
});
