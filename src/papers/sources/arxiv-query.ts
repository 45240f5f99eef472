// Asking arXiv's query API: by a search, page by page, or by ids.
import { PaperroundError } from '../../errors.ts';
import { excerpt } from '../../text-file.ts';
import type { Client } from '../client/client.ts';
import { ARXIV_LANE } from '../client/lane.ts';
import type { Announcement } from '../paper.ts';
import { announceAll } from './formats.ts';
import { endpoint, withoutSecrets } from './paging.ts';
import type { Reading } from './source.ts';
import { readXml } from './xml-papers.ts';

const HOME = 'https://export.arxiv.org';
/** arXiv allows 2,000 in one answer and 30,000 in all. */
const PAGE = 1_000;
const MOST = 10_000;

/**
 * Asks page by page until all are there. An empty page before the end, a known fault of the API, is asked for once more.
 * What came before a page that fails is kept.
 */
export async function readAll(
  client: Client,
  base: string | undefined,
  { search, signal }: { search: string; signal?: AbortSignal | undefined },
): Promise<Reading> {
  const address = endpoint(base ?? HOME, '/api/query');
  const ids = new Set<unknown>();
  let all: Reading | undefined;
  for (let start = 0, empty = 0; start < MOST; ) {
    setQuery(address, {
      search_query: search,
      start,
      max_results: PAGE,
      sortBy: 'submittedDate',
      sortOrder: 'descending',
    });
    let page: Reading;
    try {
      page = await readPage(client, address.href, signal);
    } catch (error) {
      if (all === undefined || !(error instanceof PaperroundError)) throw error;
      return { ...all, incomplete: `after ${start} papers: ${error.message}` };
    }
    const fresh = page.candidates.filter(({ id }) => !ids.has(id));
    for (const { id } of fresh) ids.add(id);
    const sent = page.candidates.length + page.dropped.length;
    all = joined(all, { ...page, candidates: fresh });
    if (page.incomplete !== undefined) return all;
    start += sent;
    if (start >= (page.total ?? 0) || (sent > 0 && fresh.length === 0)) return all;
    if (sent > 0) continue;
    if (++empty > 1)
      return {
        ...all,
        incomplete: `${withoutSecrets(address.href)}: an empty page where ${page.total} papers are said to be`,
      };
  }
  return { ...(all as Reading), incomplete: `more than ${MOST} papers match; narrow the query` };
}

const joined = (all: Reading | undefined, page: Reading): Reading =>
  all === undefined
    ? page
    : {
        ...page,
        candidates: [...all.candidates, ...page.candidates],
        dropped: [...all.dropped, ...page.dropped],
      };

function setQuery(address: URL, query: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, String(value));
}

async function readPage(client: Client, url: string, signal: AbortSignal | undefined): Promise<Reading> {
  const answer = await client.get(url, { lane: ARXIV_LANE, alsoStatuses: [400], ...(signal && { signal }) });
  const shown = withoutSecrets(url);
  const reading = readXml(answer.text, shown);
  if (reading.refusal !== undefined || answer.status === 400)
    throw new PaperroundError('source', `arXiv answers: ${excerpt(reading.refusal ?? 'status 400', 200)}`, {
      hint: 'Queries are explained at https://info.arxiv.org/help/api/user-manual.html#query_details.',
    });
  const why = answer.incomplete ?? reading.incomplete;
  return why === undefined ? reading : { ...reading, incomplete: `${shown}: ${why}` };
}

/** The papers of these arXiv ids; ids that arXiv does not know are missing from the answer. */
export async function readArxivIds(
  client: Client,
  ids: readonly string[],
  base = HOME,
): Promise<Announcement[]> {
  const address = endpoint(base, '/api/query');
  setQuery(address, { id_list: ids.join(','), max_results: ids.length });
  return announceAll(await readPage(client, address.href, undefined)).announcements;
}
