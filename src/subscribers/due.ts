// Whether a reader's cadence asks for a digest on a day.
import type { Day } from '../store/schema.ts';
import { type Preferences, WEEKDAYS } from './preferences.ts';

/**
 * Whether a reader is due on `today`. Daily: always. Weekdays: Monday to Friday. Weekly: once the latest chosen weekday
 * (today or before) has come since `last`, so that a week whose day had no edition is made up for on the next.
 * @param last the day of the reader's last digest, or the day they subscribed if they have had none
 */
export function isDue({ cadence, weekday }: Preferences, last: Day, today: Day): boolean {
  const date = Temporal.PlainDate.from(today);
  if (cadence === 'daily') return true;
  if (cadence === 'weekdays') return date.dayOfWeek <= 5;
  const chosen = WEEKDAYS.indexOf(weekday) + 1;
  const latest = date.subtract({ days: (date.dayOfWeek - chosen + 7) % 7 }).toString();
  return latest > last || (latest === today && last === today);
}
