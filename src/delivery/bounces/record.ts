// Writes down what reports say of readers, each report once, and applies the policy in the same transaction.
import { createHash, randomUUID } from 'node:crypto';
import { type BounceTable, type Clock, type Db, instantText, transact } from '../../store/schema.ts';
import type { Keys } from '../../subscribers/links.ts';
import { excerpt } from '../../text-file.ts';
import {
  type About,
  addressed,
  type BouncedDelivery,
  deliveryByAddress,
  deliveryByToken,
  names,
  provenConfirmation,
  provenDelivery,
} from './about.ts';
import { FLAG } from './brake.ts';
import { judge, SEVERITY } from './kinds.ts';
import { type BouncePolicy, suppressIfDue } from './policy.ts';
import type { Report } from './report.ts';
import type { Told } from './told.ts';

/**
 * What came of a report: `recorded` · `repeated` it was known · `delayed` the mail is still under way · `nothing failed` ·
 * `nobody` it is about nobody we know · `auto-reply` and `feedback` change nothing.
 */
export interface Recorded {
  outcome: 'recorded' | 'repeated' | 'delayed' | 'nothing failed' | 'nobody' | 'auto-reply' | 'feedback';
  /** The reader, where one is known. */
  email?: string;
  kind?: BounceTable['kind'];
  status?: string | null;
  diagnostic?: string;
  proof?: BounceTable['proof'];
  /** Whether the reader is suppressed by this report. */
  suppressed?: boolean;
  /** Whether they would be, but for the brake (brake.ts). */
  held?: boolean;
}

/** What is needed to write reports down, with the keys of the readers' links. */
export interface Recording extends Keys {
  db: Db;
  policy: BouncePolicy;
  clock: Clock;
}

/** Writes down a report: one outcome, or one for each reader whom it names where it shows no mark of ours. */
export async function recordReport(recording: Recording, report: Report): Promise<Recorded[]> {
  const { db, policy, clock } = recording;
  if (report.type === 'auto-reply' || report.type === 'feedback') return [{ outcome: report.type }];
  const asked = await provenConfirmation(db, report);
  if (asked !== undefined) return [await recordAsked(db, report, asked, policy, clock)];
  const proven =
    (await provenDelivery(db, report)) ?? (await deliveryByToken(db, report, recording, clock()));
  if (proven !== undefined) return [await recordProven(db, report, proven, policy, clock)];
  const found: Recorded[] = [];
  for (const told of addressed(report.told)) {
    const about = await deliveryByAddress(db, report, told, clock());
    if (about !== undefined) found.push(await recordTold(db, report, about, told, policy, clock));
  }
  return found.length > 0 ? found : [{ outcome: 'nobody' }];
}

/**
 * A report that shows our mark is about that delivery's reader alone, whomever else it names: a forwarded mail bounces at
 * an address that we do not know, and a forger can name anybody. Of several failures the mildest counts.
 */
async function recordProven(
  db: Db,
  report: Report,
  about: About,
  policy: BouncePolicy,
  clock: Clock,
): Promise<Recorded> {
  const own = report.told.filter(told => names(told, about.delivery.address));
  const told = (own.length > 0 ? own : report.told).toSorted((a, b) => severity(a) - severity(b))[0];
  return told === undefined ? { outcome: 'nobody' } : recordTold(db, report, about, told, policy, clock);
}

/**
 * Who complains about a mail that asked them to confirm is not asked again. That an address does not exist which somebody
 * typed is a matter of that mail alone: else a program that types many could make it look as if a domain lost its readers.
 */
async function recordAsked(
  db: Db,
  report: Report,
  { confirmation, ...about }: About & { confirmation: string },
  policy: BouncePolicy,
  clock: Clock,
): Promise<Recorded> {
  if (report.type === 'complaint') return recordProven(db, report, about, policy, clock);
  const email = about.delivery.address;
  const [failed] = report.told.filter(({ action }) => action === 'failed');
  if (failed === undefined) return { outcome: 'nothing failed', email };
  const diagnostic = excerpt(failed.diagnostic, DIAGNOSTIC).trim();
  await db
    .updateTable('confirmation')
    .set({ state: 'refused', receipt: diagnostic })
    .where('id', '=', confirmation)
    .where('state', '=', 'sent')
    .execute();
  return { outcome: 'recorded', email, ...judge(failed.status, failed.diagnostic, failed.kind), diagnostic };
}

/** How much a report's entry says against its address; what was delivered or is under way says nothing. */
const severity = ({ action, status, diagnostic, kind }: Told) =>
  action === 'failed' ? SEVERITY[judge(status, diagnostic, kind).kind] : 0;

async function recordTold(
  db: Db,
  report: Report,
  { delivery, proof }: About,
  told: Told,
  policy: BouncePolicy,
  clock: Clock,
): Promise<Recorded> {
  const email = delivery.address;
  if (told.action !== 'failed')
    return { outcome: told.action === 'delayed' ? 'delayed' : 'nothing failed', email };
  const judged = judge(told.status, told.diagnostic, told.kind);
  // Anybody can write a report about an address; so without proof it never counts as more than soft.
  const careful = judged.kind === 'hard' && proof === 'address' ? 'soft' : judged.kind;
  return store(
    db,
    {
      delivery,
      key: `${report.print}\0${delivery.subscriber_id}`,
      kind: report.type === 'complaint' ? 'complaint' : careful,
      status: judged.status,
      diagnostic: told.diagnostic,
      source: report.dialect ?? 'words',
      proof,
      at: report.date,
    },
    policy,
    clock,
  );
}

/**
 * Writes down that a server refused a reader's mail for ever while it was sent: the same policy as for a report. An answer
 * that no server gave is no word about the address.
 */
export async function recordRefusal(
  db: Db,
  delivery: BouncedDelivery,
  answer: string,
  policy: BouncePolicy,
  clock: Clock,
): Promise<Recorded> {
  const answered = /^5\d\d[ -]/.test(answer);
  const { kind, status } = judge(null, answer);
  const key = `smtp\0${delivery.id}`;
  const bounce = {
    delivery,
    key,
    status,
    diagnostic: answer,
    source: 'smtp',
    proof: 'smtp',
    at: null,
  } as const;
  return store(db, { ...bounce, kind: answered ? kind : 'block' }, policy, clock);
}

interface Bounce {
  delivery: BouncedDelivery;
  key: string;
  kind: BounceTable['kind'];
  status: string | null;
  diagnostic: string;
  source: string;
  proof: BounceTable['proof'];
  at: Temporal.Instant | null;
}

const DIAGNOSTIC = 500;

function store(db: Db, bounce: Bounce, policy: BouncePolicy, clock: Clock): Promise<Recorded> {
  const { delivery, kind, status, proof } = bounce;
  // A mail server's words name the address, also of who has been erased since.
  const diagnostic = delivery.address === '' ? '' : excerpt(bounce.diagnostic, DIAGNOSTIC).trim();
  const said = { email: delivery.address, kind, status, diagnostic, proof };
  return transact(db, async tx => {
    const id = randomUUID();
    const stored = await tx
      .insertInto('bounce')
      .values({
        id,
        report_key: createHash('sha256').update(bounce.key).digest('base64url'),
        subscriber_id: delivery.subscriber_id,
        delivery_id: delivery.id,
        kind,
        status,
        diagnostic,
        source: bounce.source,
        proof,
        suppressed: 0,
        reported_at: reportedAt(bounce, clock()),
        stored_at: instantText(clock()),
      })
      .onConflict(c => c.column('report_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (stored === undefined)
      return { outcome: 'repeated' as const, ...said, suppressed: false, held: false };
    const judged = {
      subscriberId: delivery.subscriber_id,
      kind,
      proven: proof !== 'address',
      plannedAt: delivery.planned_at,
    };
    const verdict = await suppressIfDue(tx, judged, policy, clock);
    const [suppressed, held] = [verdict === 'suppressed', verdict === 'held'];
    const told = { outcome: 'recorded' as const, ...said, ...(held && { kind: 'block' as const }) };
    if (suppressed || held)
      await tx
        .updateTable('bounce')
        .set({ suppressed: FLAG[verdict], kind: told.kind })
        .where('id', '=', id)
        .execute();
    return { ...told, suppressed, held };
  });
}

/** When a report says that it was written; a clock that is wrong there is set right: not before the mail, not after now. */
function reportedAt({ at, delivery }: Bounce, now: Temporal.Instant): string {
  const said = instantText(at ?? now);
  if (said.length !== instantText(now).length || said > instantText(now)) return instantText(now);
  return said < delivery.planned_at ? delivery.planned_at : said;
}
