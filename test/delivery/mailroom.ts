// An installation whose mail server answers as a test says, with readers and days of one paper each.
import type { App } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { deliver, type SendRequest } from '../../src/delivery/deliver.ts';
import type { Mailer, Receipt } from '../../src/delivery/mailer/mailer.ts';
import { publish } from '../../src/editions/publish.ts';
import { announce } from '../../src/papers/announce.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { instantText } from '../../src/store/schema.ts';
import { readAddress } from '../../src/subscribers/address.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';
import { findSubscriber, storeSubscriber } from '../../src/subscribers/subscriber.ts';
import { handClock, installation } from '../support/installation.ts';

/** One mail that was handed over. */
interface Mail {
  to: string;
  messageId: string;
  /** The days of the papers in it. */
  days: string[];
}

async function subscribe(app: App, name: string, preferences: object): Promise<string> {
  const address = readAddress(name.includes('@') ? name : `${name}@example.org`);
  if ('problem' in address) throw new Error(address.problem);
  const reader = { address, name: null, status: undefined, initialStatus: 'active' as const };
  const wishes = Preferences.parse(preferences);
  await app.db
    .transaction()
    .execute(tx => storeSubscriber(tx, { ...reader, preferences: wishes }, app.clock));
  return (await findSubscriber(app.db, address.address))?.id as string;
}

export async function mailroom(readers: Record<string, object> = { ada: {} }, config: Config = {}) {
  const clock = handClock('2026-08-16T12:00:00Z');
  const app = await installation({ mailFrom: 'papers@example.org', ...config }, clock);
  const ids: Record<string, string> = {};
  for (const [name, preferences] of Object.entries(readers))
    ids[name] = await subscribe(app, name, preferences);
  const mails: Mail[] = [];
  let answer: (to: string, tried: number) => Receipt['outcome'] | Promise<Receipt['outcome']> = () => 'sent';
  let tried = 0;
  const mailer: Mailer = {
    name: 'test',
    connections: 1,
    check: async () => {},
    close: async () => {},
    async send(message) {
      const to = message.envelope.to.split('@')[0] ?? '';
      const outcome = await answer(to, ++tried);
      const days = [...new Set(message.bytes.toString().match(/Paper of \d{4}-\d{2}-\d{2}/g))];
      if (outcome === 'sent' || outcome === 'unknown')
        mails.push({ to, messageId: message.messageId, days: days.map(text => text.slice(9)).sort() });
      return { outcome, answer: `${outcome} by the test` };
    },
  };
  return {
    app,
    clock,
    ids,
    mails,
    answers: (next: typeof answer) => {
      answer = next;
    },
    async day(date: string) {
      clock.set(`${date}T07:00:00Z`);
      const paper = announce({
        where: '',
        title: `Paper of ${date}`,
        abstract: 'We propose it.',
        announcedOn: date,
      });
      if (!('paper' in paper)) throw new Error(paper.detail);
      const from = { source: 'test', at: instantText(app.clock()), day: date };
      await app.db.transaction().execute(tx => storeAnnouncements(tx, [paper], from));
      await publish(app.press, date);
    },
    async send(edition: string, more: Partial<SendRequest> = {}) {
      return deliver({
        db: app.db,
        edition,
        desk: await app.desk(),
        mailer,
        clock: app.clock,
        dueOnly: true,
        resendUnknown: true,
        bounces: app.settings,
        deliverHours: 24,
        stopRefusedPercent: 20,
        ...more,
      });
    },
    async row(name: string, edition: string) {
      return app.db
        .selectFrom('delivery')
        .selectAll()
        .where('subscriber_id', '=', ids[name] as string)
        .where('edition_date', '=', edition)
        .executeTakeFirstOrThrow();
    },
  };
}
