// Whose turn it is among readers whose hour has come: at their hour, the newest edition that they have not had, once a day.
import { type Clock, dayIn } from '../store/schema.ts';
import { dueTimes } from '../subscribers/due.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import type { PastDelivery } from './ledger.ts';

/** So many minutes after their hour a reader waits for the edition that is being made, although an older one is new to them. */
export const GRACE_MINUTES = 60;

/** So many hours after their hour they still get the edition of a day on which it is late. */
export const LATE_HOURS = 12;

/** `now`: a digest, if there is anything; `later`: they stay due; `over`: they are due again at their next hour. */
type Turn = 'now' | 'later' | 'over';

/**
 * The turn of a reader who is due.
 * @param isNew whether there is an edition that they have not had
 */
export type Turns = (preferences: Preferences, isNew: boolean, own: readonly PastDelivery[]) => Turn;

/**
 * Turns at this time.
 * @param isAwaited whether the day's edition is due and not there yet: it is being made, or is late
 */
export function turnsAt(clock: Clock, isAwaited: boolean): Turns {
  const now = clock();
  const withinGrace = hourWithin(now, { minutes: GRACE_MINUTES });
  const withinDay = hourWithin(now, { hours: LATE_HOURS });
  return (preferences, isNew, own) => {
    if (isAwaited && withinGrace(preferences)) return 'later';
    if (isNew) return isMailedOn(now, preferences, own) ? 'over' : 'now';
    return isAwaited && withinDay(preferences) ? 'later' : 'over';
  };
}

/** Whether a reader's hour came at most so long ago. */
function hourWithin(now: Temporal.Instant, span: { minutes?: number; hours?: number }) {
  const dueAfter = dueTimes(now.subtract(span));
  return (preferences: Preferences) => Temporal.Instant.compare(dueAfter(preferences), now) <= 0;
}

/** Whether a reader has a mail that was planned on what is today for them. */
function isMailedOn(now: Temporal.Instant, { timeZone }: Preferences, own: readonly PastDelivery[]): boolean {
  const today = dayIn(timeZone, now);
  return own.some(
    ({ mailedAt }) => mailedAt !== null && dayIn(timeZone, Temporal.Instant.from(mailedAt)) === today,
  );
}
