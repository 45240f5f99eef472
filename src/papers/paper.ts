// A Paper: one work, under one canonical id without a version, in readable text.
import { z } from 'zod';
import { excerpt } from '../text-file.ts';

export const DayText = z.iso.date();

/** A web address that may stand in a mail: https or http, no other scheme, no credentials. */
export const WebAddress = z.string().refine(isWebAddress, {
  error: issue => `"${excerpt(String(issue.input))}" is not a web address; allowed: https://… or http://…`,
});

/** Whether a text is a web address that may stand in a mail. */
export function isWebAddress(text: string): boolean {
  // \p{C}: control characters reach a terminal, bidi overrides turn text around, templates use private-use marks.
  if (!/^https?:\/\/[^\s\p{C}<>"\\]+$/iu.test(text) || text.length > 2000) return false;
  const url = URL.parse(text);
  return url !== null && url.username === '' && url.password === '';
}

/** What else sources say of a paper. Categories stand with the primary one first. */
const Facts = z.object({
  version: z.int().positive().optional(),
  doi: z.string().optional(),
  categories: z.array(z.string()).optional(),
  comment: z.string().optional(),
  journal: z.string().optional(),
  organization: z.string().optional(),
  submitter: z.string().optional(),
  thumbnail: WebAddress.optional(),
});

export type Facts = z.infer<typeof Facts>;

export const Paper = z.object({
  id: z.string().regex(/^(arxiv|doi|title):\S+$/),
  title: z.string().min(1),
  abstract: z.string(),
  authors: z.array(z.string()),
  url: WebAddress.nullable(),
  links: z.object({
    pdf: WebAddress.optional(),
    code: WebAddress.optional(),
    project: WebAddress.optional(),
    discussion: WebAddress.optional(),
  }),
  facts: Facts.default({}),
});

/** One work. `id` is canonical and carries no version; `title`, `abstract` and `authors` are plain readable text. */
export type Paper = z.infer<typeof Paper>;

/** A dated snapshot of what readers elsewhere thought of a paper. */
export interface Vote {
  upvotes: number;
  comments: number;
  stars: number | null;
}

/** In which form a paper reached us; where sources contradict each other, the form decides whom to believe (merge.ts). */
export type Format =
  | 'curator'
  | 'arxiv-api'
  | 'arxiv-feed'
  | 'hugging-face'
  | 'json'
  | 'feed'
  | 'bibtex'
  | 'page';

/** A paper as one source announced it: on which day (null: it did not say) and with which votes (null: it has none). */
export interface Announcement {
  paper: Paper;
  /** By which it can be known that others speak of the same work (`identify`). */
  keys: string[];
  format: Format;
  announcedOn: string | null;
  vote: Vote | null;
}

/** Why a paper that a source sent was not taken, and where it stood there. */
export interface Dropped {
  reason: 'no title' | 'no abstract' | 'too long' | 'unsafe link' | 'unreadable' | 'repeated' | 'not chosen';
  where: string;
  detail: string;
}

/** A text, or a number as text; anything else is no text. */
export const asText = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
