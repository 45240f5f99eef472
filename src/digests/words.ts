// The small words of a digest: numbers with their nouns, days, and texts cut to a length.
import { type Day, shiftDay } from '../store/schema.ts';

/** A number with its noun: 1 paper, 2 papers, 1,234 papers. */
export const counted = (n: number, noun: string) => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;

/** Cuts at a word where there is one, with an ellipsis; never inside a surrogate pair. */
export function clip(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = characters.slice(0, length - 1).join('');
  const space = head.lastIndexOf(' ');
  return `${(space > length / 2 ? head.slice(0, space) : head).replace(/[\s,:;–-]+$/, '')}…`;
}

const noon = (day: Day) => new Date(`${day}T12:00:00Z`);
const LONG = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });
const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Thursday 20 August 2026. */
export const longDay = (day: Day) => LONG.format(noon(day));
/** 20 Aug. */
export const shortDay = (day: Day) => SHORT.format(noon(day));

/** How a digest of `today` names the time since `day`: "today", "since yesterday", "since 17 Aug". */
export function sinceWhen(day: Day, today: Day): string {
  if (day === today) return 'today';
  return day === shiftDay(today, -1) ? 'since yesterday' : `since ${shortDay(day)}`;
}
