// The `arxiv-rss:` source: arXiv's announcement feeds, as RSS or Atom.
import { PaperroundError } from '../../errors.ts';
import { excerpt } from '../../text-file.ts';
import type { ArxivCalendar } from '../arxiv-calendar.ts';
import type { Client } from '../client/client.ts';
import { ARXIV_LANE } from '../client/lane.ts';
import type { Dropped } from '../paper.ts';
import { announceAll } from './formats.ts';
import { endpoint, withoutSecrets } from './paging.ts';
import type { Batch, Reading, Source } from './source.ts';
import type { AnnounceType } from './spec.ts';
import { readXml } from './xml-papers.ts';

const HOME = 'https://rss.arxiv.org';

/** Which feed, and what of it. */
export interface ArxivFeed {
  /** Categories joined by `+`, as in `cs.CL+cs.LG`. */
  categories: string;
  types: readonly AnnounceType[];
  base?: string | undefined;
}

/** A source of the day's announcements in some categories; what is not of the chosen types is dropped, and counted. */
export function arxivFeedSource(
  client: Client,
  calendar: ArxivCalendar,
  { categories, types, base = HOME }: ArxivFeed,
): Source {
  const chosen = new Set<string>(types);
  return {
    name: `arxiv-rss:${categories}`,
    calendar,
    holdsOneDay: true,
    async announce({ signal }): Promise<Batch> {
      const { href } = endpoint(base, `/rss/${categories}`);
      const shown = withoutSecrets(href);
      // Complaints come as a feed, with status 400.
      const request = { lane: ARXIV_LANE, alsoStatuses: [400], ...(signal && { signal }) };
      const answer = await client.get(href, request);
      const reading = readXml(answer.text, shown);
      if (reading.refusal !== undefined || answer.status === 400) throw refused(reading);
      const error = answer.incomplete ?? reading.incomplete;
      return {
        ...announceAll(choose(reading, chosen)),
        ...(error === undefined ? {} : { incomplete: { error: `${shown}: ${error}` } }),
      };
    },
  };
}

function refused({ refusal = 'status 400' }: Reading): PaperroundError {
  return new PaperroundError('source', `arXiv answers: ${excerpt(refusal, 200)}`, {
    hint: 'Check the categories: https://arxiv.org/category_taxonomy lists them.',
  });
}

function choose(reading: Reading, chosen: Set<string>): Reading {
  const others: Dropped[] = [];
  const candidates = reading.candidates.filter(({ announceType: type, where }) => {
    if (type === undefined || chosen.has(type)) return true;
    others.push({ reason: 'not chosen', where, detail: `announced as ${excerpt(type, 20)}` });
    return false;
  });
  return { ...reading, candidates, dropped: [...reading.dropped, ...others] };
}
