// JSON and JSON Lines of papers: objects with `title`, and whatever else of the common field names they have.
import { z } from 'zod';
import type { Day } from '../../store/schema.ts';
import type { Candidate } from '../announce.ts';
import { asText, type Vote, WebAddress } from '../paper.ts';

/**
 * The candidate of one object. Field names: `title`; `abstract` or `summary`; `authors` (list of names or of objects
 * with `name`, or one string); `id`, `arxiv_id` and `doi`; `url` or `link`; `pdf`, `code`, `project`, `discussion`,
 * `thumbnail` (addresses); `date` (the day of its announcement, YYYY-MM-DD); `upvotes`, `comments`, `stars` (counts);
 * `categories` (a list, or one string with spaces or commas); `journal`; `comment`; `version` (a number).
 */
export function jsonPaper(value: object, where: string): Candidate {
  const field = value as Record<string, unknown>;
  const day = isoDay(field.date);
  const ids = [field.id, field.arxiv_id, field.arxivId, field.doi];
  return {
    where,
    title: field.title,
    abstract: field.abstract ?? field.summary,
    authors: field.authors ?? field.author,
    id: ids.find(id => id != null),
    otherIds: ids,
    url: field.url ?? field.link,
    links: { pdf: field.pdf, code: field.code, project: field.project, discussion: field.discussion },
    facts: {
      categories: listOf(field.categories),
      journal: journalName(field.journal ?? field.journal_ref ?? field['journal-ref']),
      // arXiv's own dumps call the authors' comment `comments`; elsewhere that is a number.
      comment: field.comment ?? (typeof field.comments === 'string' ? field.comments : undefined),
      version: field.version,
      thumbnail: field.thumbnail,
    },
    format: 'json',
    listedOn: day,
    announcedOn: day,
    vote: voteOf(field.upvotes, field.comments, field.stars),
  };
}

/** Votes of three counts; null when none of them is a count. */
export function voteOf(upvotes: unknown, comments: unknown, stars: unknown): Vote | null {
  const [up, said, starred] = [countOf(upvotes), countOf(comments), countOf(stars)];
  if (up === null && said === null && starred === null) return null;
  return { upvotes: up ?? 0, comments: said ?? 0, stars: starred };
}

const countOf = (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;

/** The day that a date (YYYY-MM-DD) or a time stamp that starts with one names; null when it names none. */
export function isoDay(value: unknown): Day | null {
  const day = /^(\d{4}-\d{2}-\d{2})(?:T|$)/.exec(typeof value === 'string' ? value : '')?.[1];
  return day !== undefined && z.iso.date().safeParse(day).success ? day : null;
}

/** Addresses that other people typed: one that may not stand in a mail is left out, the paper is not. */
export function webOrNothing(value: unknown): string | undefined {
  return WebAddress.safeParse(typeof value === 'string' ? value.trim() : value).data;
}

/** A journal's name; preprint servers name themselves where a journal should stand, and are none. */
export function journalName(value: unknown): string | undefined {
  const name = asText(value).trim();
  return name === '' || /^(?:arxiv\b|corr$)/i.test(name) ? undefined : name;
}

/** A list as it is, or the words of one string. */
export function listOf(value: unknown): unknown {
  return typeof value === 'string' ? value.split(/[\s,;]+/, 100) : value;
}
