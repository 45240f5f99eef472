// Says in words why a paper stands where it stands. Numbers are in units of the spread between themes.
import type { Evidence } from './evidence.ts';

/** A theme's name by its slug; a theme that is gone is called by its slug. */
export type NameOf = (slug: string) => string;

/** From here on, a second theme is called far behind. */
const CLOSE_CALL = 0.25;

/** Whether the second theme was about as likely: where an operator's look is worth most. */
export function isCloseCall({ by, margin }: Evidence): boolean {
  return by !== 'person' && margin !== null && margin < CLOSE_CALL;
}

/** Whose word the theme is, where it is not the model's alone; '' else. */
export function chosenInWords({ by }: Evidence): string {
  if (by === 'person') return 'a person said so';
  return by === 'embedder' ? 'with the embedder' : '';
}

/** The other theme that was likeliest: "next Decoding, 0.4 behind"; '' where there is none. */
export function secondInWords({ theme, second, margin, by }: Evidence, nameOf: NameOf): string {
  if (second === null) return '';
  if (by === 'person') return `to the model likeliest: ${nameOf(second)}`;
  if (theme === null) return `nearest ${nameOf(second)}`;
  return `next ${nameOf(second)}${margin === null ? '' : `, ${margin.toFixed(margin < 0.095 ? 2 : 1)} behind`}`;
}

/** Why it stands in its section, where that is not its theme's own; '' else. `section` is that section's name. */
export function placedInWords({ placed, theme }: Evidence, section: string): string {
  if (placed === 'second') return `alone under its theme that day, so it went to ${section}`;
  if (placed === 'likeness') return `stands with the papers that it is like: ${section}`;
  return placed === 'rest' && theme !== null ? `left over that day: ${section}` : '';
}

/** All of it in one line: `under Robotics: 'manipulation', 'vision-language-action'; next Decoding, 0.4 behind`. */
export function evidenceInWords(evidence: Evidence, section: string, nameOf: NameOf): string {
  const { theme, matched } = evidence;
  const phrases = matched.map(phrase => `'${phrase}'`).join(', ');
  const by = chosenInWords(evidence);
  const under = theme === null ? 'under no theme' : `under ${nameOf(theme)}`;
  return [
    `${under}${by === '' ? '' : ` (${by})`}${phrases === '' ? '' : `: ${phrases}`}`,
    secondInWords(evidence, nameOf),
    placedInWords(evidence, section),
  ]
    .filter(part => part !== '')
    .join('; ');
}

/** Names from a taxonomy and, for themes that are in it no more, from nowhere but their slug. */
export function namesOf(themes: readonly { slug: string; name: string }[]): NameOf {
  const names = new Map(themes.map(({ slug, name }) => [slug, name]));
  return slug => names.get(slug) ?? slug;
}
