// An installation with readers to whom digests were sent, for reports to speak of.
import type { Config } from '../../../src/config.ts';
import { recordReport } from '../../../src/delivery/bounces/record.ts';
import { readReport } from '../../../src/delivery/bounces/report.ts';
import { claim } from '../../../src/delivery/claim.ts';
import { addDeliveries, newDeliveryIds } from '../../../src/delivery/ledger.ts';
import { settle } from '../../../src/delivery/settle.ts';
import { messageIdOf } from '../../../src/digests/message.ts';
import { readAddress } from '../../../src/subscribers/address.ts';
import { linkToken } from '../../../src/subscribers/links.ts';
import { Preferences } from '../../../src/subscribers/preferences.ts';
import { findSubscriber, storeSubscriber } from '../../../src/subscribers/subscriber.ts';
import { handClock, installation } from '../../support/installation.ts';

export const POLICY = { softBounces: 5, softBounceDays: 3, bounceBrakePercent: 10 };

const TWO = ['ada@example.org', 'bo@example.org'];

/** Opens one with the given readers. */
export async function opened(emails: readonly string[] = TWO, config: Config = {}) {
  const clock = handClock('2026-08-20T07:00:00Z');
  const app = await installation({ publicUrl: 'https://papers.example.org', ...config }, clock);
  const { db } = app;
  const { secret, sender } = await app.desk();
  for (const email of emails) {
    const address = readAddress(email);
    if ('problem' in address) throw new Error(address.problem);
    const reader = {
      address,
      name: null,
      status: undefined,
      initialStatus: 'active' as const,
      preferences: {},
    };
    await db.transaction().execute(tx => storeSubscriber(tx, reader, clock));
  }
  const recording = { db, policy: POLICY, clock, secret };
  const token = async (email: string) => linkToken(secret, 'unsubscribe', (await reader(email)).id);
  const reader = async (email: string) => {
    const known = await findSubscriber(db, email);
    if (known === undefined) throw new Error(`nobody is ${email}`);
    return known;
  };
  /** Sends a reader the digest of a day; returns what a report quotes of it. */
  const send = async (email: string, edition: string, answer = '250 ok') => {
    clock.set(`${edition}T07:00:00Z`);
    await db
      .insertInto('edition')
      .values({
        date: edition,
        through: null,
        published_at: `${edition}T06:00:00.000Z`,
        content: JSON.stringify({ date: edition, themes: [] }),
      })
      .onConflict(c => c.column('date').doNothing())
      .execute();
    const id = newDeliveryIds(1)[0] as string;
    const plan = {
      id,
      reader: { ...(await reader(email)), preferences: Preferences.parse({}) },
      edition,
      editions: [edition],
      messageId: messageIdOf(secret, id, sender),
      skip: null,
      supersedes: [],
    };
    await addDeliveries(db, [plan], clock);
    const claimed = await claim(db, { from: edition, through: edition, resend: false }, clock);
    if (claimed === undefined) throw new Error('nothing to send');
    await settle(db, claimed, { outcome: 'sent', answer }, clock);
    const mark = claimed.message_id.slice(1, claimed.message_id.indexOf('@'));
    return { claimed, about: { to: email, mark } };
  };
  const hear = async (bytes: Buffer) => {
    const report = await readReport(bytes);
    if (report === null) throw new Error('no report');
    return recordReport(recording, report);
  };
  const status = async (email: string) => (await reader(email)).status;
  return { app, clock, db, recording, send, hear, status, reader, token };
}
