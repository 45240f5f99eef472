// What zod found wrong, in words for people: what is allowed, never what zod calls it.
import type { z } from 'zod';
import { excerpt } from './text-file.ts';

/** One issue as words, without its path. `fields` are the names that an object may have. */
export function wordsOf(issue: z.core.$ZodIssue, fields: readonly string[] = []): string {
  if (issue.code === 'unrecognized_keys')
    return `unknown field ${quoted(issue.keys)}; allowed: ${fields.join(', ')}`;
  if (issue.code === 'invalid_value') return `allowed: ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type' && /^Invalid input/.test(issue.message)) {
    return /received undefined/.test(issue.message) ? 'missing' : `allowed: ${kind(issue.expected)}`;
  }
  return issue.message;
}

function kind(expected: string): string {
  if (expected === 'object') return 'an object such as {"name": "value"}';
  if (expected === 'array') return 'a list such as ["one", "two"]';
  return expected === 'string' ? 'text in quotes' : `a ${expected}`;
}

/** The first few of what may be a million. */
export function quoted(texts: readonly string[]): string {
  const shown = texts.slice(0, 5).map(text => `"${excerpt(text)}"`);
  return texts.length > 5 ? `${shown.join(', ')} and ${texts.length - 5} more` : shown.join(', ');
}
