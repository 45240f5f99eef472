// How much a paper is talked about: one documented formula, and the parts that a mail can say (docs/decisions/0009).
import { z } from 'zod';
import { DayText } from '../papers/paper.ts';
import type { Day } from '../store/schema.ts';
import type { Count } from './votes.ts';

/** A paper's score and all that it was made of. */
export const Trend = z.object({
  score: z.number(),
  votes: z.number(),
  /** Votes since `since`; both are null while nobody knows an earlier count. */
  growth: z.number().nullable(),
  since: DayText.nullable(),
  comments: z.number(),
  stars: z.number(),
  code: z.boolean(),
  /** Days from its announcement to the edition. */
  age: z.number(),
});
export type Trend = z.infer<typeof Trend>;

/** The trend of a paper in the edition of `date`; null where nobody counts its votes. */
export function trendOf(
  count: Count | undefined,
  { links, announcedOn }: { links: { code?: string | undefined }; announcedOn: Day | null },
  date: Day,
): Trend | null {
  if (count === undefined) return null;
  const parts = { ...count, code: links.code !== undefined, age: ageOn(date, announcedOn) };
  return { score: scoreOf(parts), ...parts };
}

/** Days after which a paper that stands still has half its score. */
const HALF_LIFE_DAYS = 3;

/**
 * The score of a paper at its edition. Logarithms, because a paper of 100 votes is not ten times as good to read as one
 * of 10. Where the growth is not known, the votes are taken as spread evenly over the days since the announcement.
 */
export function scoreOf({
  votes,
  growth,
  comments,
  stars,
  code,
  age,
}: Omit<Trend, 'score' | 'since'>): number {
  const grown = growth ?? votes / (1 + age);
  const heat =
    weight(votes) + 0.5 * weight(grown) + 0.25 * weight(comments) + 0.1 * weight(stars) + (code ? 0.25 : 0);
  return heat * 2 ** (-age / HALF_LIFE_DAYS);
}

/** Counts can be negative (votes are taken back); that is no less than none. */
const weight = (count: number) => Math.log1p(Math.max(0, count));

/** Whole days from `announcedOn` to the edition of `date`; 0 where the day is not known or still to come. */
function ageOn(date: Day, announcedOn: Day | null): number {
  if (announcedOn === null || announcedOn >= date) return 0;
  return Temporal.PlainDate.from(announcedOn).until(date).days;
}
