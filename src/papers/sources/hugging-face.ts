// Hugging Face Daily Papers: one element of GET /api/daily_papers, in today's schema and in that of 2024.
import { z } from 'zod';
import type { Candidate } from '../announce.ts';
import { dailyPapersDay } from '../calendar.ts';
import { arxivId, WebAddress } from '../paper.ts';

const count = z.number().int().nonnegative().nullish().catch(null);
const text = z.string().nullish().catch(null);

// Fields that may be absent or of another type some day are `catch`: one odd field must not lose the paper.
const Element = z.object({
  paper: z.object({
    id: z.union([z.string(), z.number()]).nullish().catch(null),
    title: z.unknown().optional(),
    summary: z.unknown().optional(),
    authors: z
      .array(z.object({ name: text, hidden: z.boolean().nullish().catch(null) }))
      .nullish()
      .catch(null),
    submittedOnDailyAt: text,
    upvotes: count,
    githubRepo: text,
    githubStars: count,
    projectPage: text,
  }),
  title: z.unknown().optional(),
  summary: z.unknown().optional(),
  publishedAt: text,
  numComments: count,
});

/** Whether a JSON value has the shape of the API's elements. */
export function isHuggingFacePaper(value: unknown): value is object {
  const paper = (value as { paper?: unknown } | null)?.paper;
  return typeof paper === 'object' && paper !== null && !Array.isArray(paper);
}

/**
 * The candidate of one element. The feed day is `paper.submittedOnDailyAt`; the outer `publishedAt` is off by one in
 * today's answers, and is the day only in answers of 2024, which have nothing better.
 */
export function huggingFacePaper(value: object, where: string): Candidate {
  const { paper, ...outer } = Element.parse(value);
  const listedOn = day(paper.submittedOnDailyAt) ?? day(outer.publishedAt);
  const id = arxivId(String(paper.id ?? ''));
  const votes = [paper.upvotes, outer.numComments, paper.githubStars];
  return {
    where,
    id: id ?? paper.id,
    title: paper.title ?? outer.title,
    abstract: paper.summary ?? outer.summary,
    authors: (paper.authors ?? []).filter(a => !a.hidden).map(a => a.name),
    links: {
      pdf: id && `https://arxiv.org/pdf/${id}`,
      discussion: id && `https://huggingface.co/papers/${id}`,
      code: web(paper.githubRepo),
      project: web(paper.projectPage),
    },
    listedOn,
    announcedOn: listedOn === null ? null : dailyPapersDay(listedOn),
    vote: votes.every(v => v == null)
      ? null
      : { upvotes: paper.upvotes ?? 0, comments: outer.numComments ?? 0, stars: paper.githubStars ?? null },
  };
}

function day(stamp: string | null | undefined): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T|$)/.exec(stamp ?? '')?.[1];
  return match !== undefined && z.iso.date().safeParse(match).success ? match : null;
}

/** Repository and project fields are typed by people; one that is no web address is left out, not the paper. */
function web(address: string | null | undefined): string | undefined {
  return WebAddress.safeParse(address).data;
}
