// Hugging Face Daily Papers: one element of GET /api/daily_papers, in today's schema and in that of 2024.
import { z } from 'zod';
import type { Candidate } from '../announce.ts';
import { dailyPapersDay } from '../calendar.ts';
import { arxivId } from '../ids.ts';
import { isoDay, voteOf, webOrNothing } from './json-papers.ts';

// Fields that may be absent or of another type some day are `catch`: one odd field must not lose the paper.
const text = z.string().nullish().catch(null);
const named = z.object({ fullname: text, name: text }).nullish().catch(null);

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
    submittedOnDailyBy: named,
    organization: named,
    upvotes: z.unknown().optional(),
    githubRepo: text,
    githubStars: z.unknown().optional(),
    projectPage: text,
  }),
  title: z.unknown().optional(),
  summary: z.unknown().optional(),
  publishedAt: text,
  numComments: z.unknown().optional(),
  thumbnail: text,
  organization: named,
  submittedBy: named,
});

/** Whether a JSON value has the shape of the API's elements. */
export function isHuggingFacePaper(value: unknown): value is object {
  const paper = (value as { paper?: unknown } | null)?.paper;
  return typeof paper === 'object' && paper !== null && !Array.isArray(paper);
}

/**
 * The candidate of one element. The feed day is `paper.submittedOnDailyAt`; the outer `publishedAt` is off by one in
 * today's answers, and is the day only in answers of 2024, which have nothing better. The `ai_` fields are not read:
 * a machine wrote them, not the authors.
 */
export function huggingFacePaper(value: object, where: string): Candidate {
  const { paper, ...outer } = Element.parse(value);
  const listedOn = isoDay(paper.submittedOnDailyAt) ?? isoDay(outer.publishedAt);
  const id = arxivId(String(paper.id ?? ''));
  return {
    where,
    id: id ?? paper.id,
    title: paper.title ?? outer.title,
    abstract: paper.summary ?? outer.summary,
    authors: (paper.authors ?? []).filter(a => !a.hidden).map(a => a.name),
    links: {
      pdf: id && `https://arxiv.org/pdf/${id}`,
      discussion: id && `https://huggingface.co/papers/${id}`,
      code: webOrNothing(paper.githubRepo),
      project: webOrNothing(paper.projectPage),
    },
    facts: {
      organization: nameOf(outer.organization) ?? nameOf(paper.organization),
      submitter: nameOf(outer.submittedBy) ?? nameOf(paper.submittedOnDailyBy),
      thumbnail: outer.thumbnail,
    },
    format: 'hugging-face',
    listedOn,
    announcedOn: listedOn === null ? null : dailyPapersDay(listedOn),
    vote: voteOf(paper.upvotes, outer.numComments, paper.githubStars),
  };
}

/** The name that somebody shows to readers, else the name of the account. */
function nameOf(one: z.infer<typeof named>): string | undefined {
  return [one?.fullname, one?.name].find(name => name != null && name.trim() !== '') ?? undefined;
}
