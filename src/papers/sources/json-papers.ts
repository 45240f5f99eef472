// JSON and JSON Lines of papers: objects with `title`, and whatever else of the common field names they have.
import { z } from 'zod';
import type { Candidate } from '../announce.ts';
import type { Vote } from '../paper.ts';

/**
 * The candidate of one object. Field names: `title`; `abstract` or `summary`; `authors` (list of names or of objects
 * with `name`, or one string); `id`, `arxiv_id` or `doi`; `url` or `link`; `pdf`, `code`, `project`, `discussion`
 * (addresses); `date` (the day of its announcement, YYYY-MM-DD); `upvotes`, `comments`, `stars`.
 */
export function jsonPaper(value: object, where: string): Candidate {
  const field = value as Record<string, unknown>;
  const listed = z.iso.date().safeParse(field.date);
  const day = listed.success ? listed.data : null;
  return {
    where,
    title: field.title,
    abstract: field.abstract ?? field.summary,
    authors: field.authors ?? field.author,
    id: field.id ?? field.arxiv_id ?? field.arxivId ?? field.doi,
    url: field.url ?? field.link,
    links: { pdf: field.pdf, code: field.code, project: field.project, discussion: field.discussion },
    listedOn: day,
    announcedOn: day,
    vote: readVote(field),
  };
}

function readVote(field: Record<string, unknown>): Vote | null {
  const count = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
  const [upvotes, comments, stars] = [count(field.upvotes), count(field.comments), count(field.stars)];
  if (upvotes === null && comments === null && stars === null) return null;
  return { upvotes: upvotes ?? 0, comments: comments ?? 0, stars };
}
