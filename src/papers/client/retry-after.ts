// How long to wait before one asks again: what the host said, or a growing pause of our own.

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const TEN_YEARS = 315_360_000;

/** The three forms of RFC 9110 §5.6.7: IMF-fixdate, RFC 850 and asctime. */
const DATES = [
  /^[a-z]{3}, (?<day>\d{2}) (?<month>[a-z]{3}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/i,
  /^[a-z]{6,9}, (?<day>\d{2})-(?<month>[a-z]{3})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/i,
  /^[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/i,
];

/**
 * The instant that a `Retry-After` names, in seconds or as a date (RFC 9110 §10.2.3); at most ten years from now.
 * @returns null when there is none or it says nothing that can be understood
 */
export function retryAfter(header: string | null, now: Temporal.Instant): Temporal.Instant | null {
  const value = (header ?? '').slice(0, 64).trim();
  const latest = now.add({ seconds: TEN_YEARS });
  const at = /^\d+$/.test(value)
    ? now.add({ seconds: Math.min(Number(value), TEN_YEARS) })
    : httpDate(value, now);
  return at !== null && Temporal.Instant.compare(at, latest) > 0 ? latest : at;
}

function httpDate(value: string, now: Temporal.Instant): Temporal.Instant | null {
  const found = DATES.map(form => form.exec(value)?.groups).find(groups => groups !== undefined);
  if (found === undefined) return null;
  const { day = '', month = '', year = '', time = '' } = found;
  const monthNumber = MONTHS.indexOf(month.toLowerCase()) + 1;
  const two = (part: number | string) => String(part).trim().padStart(2, '0');
  try {
    const full = year.length === 4 ? year : fullYear(Number(year), now);
    return Temporal.Instant.from(`${full}-${two(monthNumber)}-${two(day)}T${time}Z`);
  } catch {
    return null;
  }
}

/** RFC 9110 §5.6.7: two digits that seem to be more than 50 years ahead mean the last year with these digits. */
function fullYear(twoDigits: number, now: Temporal.Instant): number {
  const { year } = now.toZonedDateTimeISO('UTC');
  const guess = year - (year % 100) + twoDigits;
  return guess > year + 50 ? guess - 100 : guess;
}

/** The pause in milliseconds after failed attempt number `attempt` (from 1): doubled each time, between half and whole. */
export function backoff(attempt: number, firstMs: number, random: () => number): number {
  const whole = firstMs * 2 ** (attempt - 1);
  return Math.round(whole * (0.5 + random() / 2));
}
