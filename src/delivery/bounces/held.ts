// What the brake holds, by domain, and the operator's decision: the addresses are dead, or their server was wrong.
import { type Clock, type Db, type Instant, transact } from '../../store/schema.ts';
import { excerpt } from '../../text-file.ts';
import { FLAG, heldOf } from './brake.ts';
import { suppress } from './policy.ts';

/** The hard bounces of one domain that wait for the operator. */
export interface HeldDomain {
  domain: string;
  readers: number;
  /** Since when, and what the first of them says. */
  since: Instant;
  diagnostic: string;
}

/** The domains whose hard bounces are held, those that wait longest first. */
export async function heldDomains(db: Db): Promise<HeldDomain[]> {
  const found = new Map<string, HeldDomain & { who: Set<string> }>();
  for (const { domain, subscriber_id, stored_at, diagnostic } of await heldOf(db)) {
    const known = found.get(domain) ?? { domain, readers: 0, since: stored_at, diagnostic, who: new Set() };
    known.who.add(subscriber_id);
    found.set(domain, known);
  }
  return [...found.values()].map(({ who, ...held }) => ({ ...held, readers: who.size }));
}

/** What is held of a domain, and what to do, in one line. */
export const heldWords = ({ domain, readers, since, diagnostic }: HeldDomain): string =>
  `held: ${readers === 1 ? '1 reader' : `${readers} readers`} of ${domain} would be suppressed, since ${since} ("${excerpt(diagnostic, 80)}"). ` +
  `Too many at once; were they wrong? paperround bounces held ${domain} --keep, or --suppress`;

/**
 * Decides on all that is held of a domain: `suppress` its readers as by any hard bounce, or `keep` them; then the bounces
 * stay in the list as blocks. Whoever left or came back meanwhile stays as they are.
 * @returns how many bounces were held, and how many readers are suppressed now
 */
export async function decideHeld(
  db: Db,
  domain: string,
  decision: 'suppress' | 'keep',
  clock: Clock,
): Promise<{ bounces: number; suppressed: number }> {
  return transact(db, async tx => {
    const held = await heldOf(tx, domain);
    let suppressed = 0;
    for (const { id, subscriber_id, planned_at, stored_at } of held) {
      const bounce = {
        subscriberId: subscriber_id,
        kind: 'hard' as const,
        plannedAt: planned_at ?? stored_at,
      };
      const ended = decision === 'suppress' && (await suppress(tx, bounce, clock));
      if (ended) suppressed++;
      await tx
        .updateTable('bounce')
        .set(ended ? { kind: 'hard', suppressed: FLAG.suppressed } : { suppressed: FLAG.stored })
        .where('id', '=', id)
        .execute();
    }
    return { bounces: held.length, suppressed };
  });
}
