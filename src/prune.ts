// Retention: what the operator does not want to keep for ever is forgotten, by the settings KEEP_…_DAYS.
import type { App } from './app.ts';
import {
  countForgettable,
  countForgettableBounces,
  forgetBounces,
  forgetDeliveries,
} from './delivery/forget.ts';
import { countOldVotes, forgetVotes } from './editions/votes.ts';
import { instantText, shiftDay } from './store/schema.ts';
import { countOldPending, forgetPending } from './subscribers/pending.ts';

/** How much of each was forgotten, or would be; null: it is kept for ever. */
export interface Pruned {
  deliveries: number | null;
  votes: number | null;
  pending: number | null;
  bounces: number | null;
}

/**
 * Forgets what is older than the settings say. Readers who left or are suppressed stay for ever, so that nobody is mailed
 * again; so do editions, and what is still open. @param dryRun counts only
 */
export async function prune(app: App, dryRun: boolean): Promise<Pruned> {
  const { db, settings } = app;
  const { keepDeliveries, keepVotes, keepPending, keepBounces } = settings;
  const since = (days: number) => instantText(app.clock().subtract({ hours: 24 * days }));
  const [deliveries, votes, pending, bounces] = dryRun
    ? [countForgettable, countOldVotes, countOldPending, countForgettableBounces]
    : [forgetDeliveries, forgetVotes, forgetPending, forgetBounces];
  return {
    deliveries:
      keepDeliveries === undefined ? null : await deliveries(db, shiftDay(app.today(), -keepDeliveries)),
    votes: keepVotes === undefined ? null : await votes(db, since(keepVotes)),
    pending: keepPending === undefined ? null : await pending(db, since(keepPending)),
    bounces: keepBounces === undefined ? null : await bounces(db, since(keepBounces)),
  };
}

/** "12 deliveries, 3 votes"; empty where nothing was. */
export const prunedWords = (pruned: Pruned): string =>
  Object.entries(pruned)
    .filter(([, n]) => n !== null && n > 0)
    .map(([what, n]) => `${n} ${what === 'pending' ? 'unconfirmed readers' : what}`)
    .join(', ');
