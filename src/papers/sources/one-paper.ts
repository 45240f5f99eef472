// One paper that a curator names by an id or an address, asked for where it is at home.
import { PaperroundError } from '../../errors.ts';
import { excerpt } from '../../text-file.ts';
import { announce, type Candidate } from '../announce.ts';
import type { Client } from '../client/client.ts';
import { arxivId, doi } from '../ids.ts';
import { type Announcement, asText } from '../paper.ts';
import { readArxivIds } from './arxiv-query.ts';
import { bestAbstract } from './feed-abstract.ts';
import { htmlToText } from './html-text.ts';
import { endpoint } from './paging.ts';
import { readWebPage } from './web-page.ts';

const ALLOWED = 'Give an arXiv id or address, a DOI, or the address (https://…) of a page about one paper.';

/** Other places to ask than arXiv's API and doi.org. */
export interface Places {
  arxiv?: string | undefined;
  doi?: string | undefined;
}

/**
 * Asks for the paper that `text` names: at arXiv, at the registry of its DOI, or on its own page.
 * @throws PaperroundError `usage` when the text names none, `input` when nobody knows it, `source` when nobody answers
 */
export async function findOnWeb(client: Client, text: string, places: Places = {}): Promise<Announcement> {
  const given = text.trim();
  // What has the form of an arXiv id is arXiv's to know, even where no such id can be.
  const arxiv = arxivId(given) ?? /^(?:arxiv:)?(\d{4}\.\d{4,5})(?:v\d+)?$/i.exec(given)?.[1];
  if (arxiv !== undefined) return arxivPaper(client, arxiv, places.arxiv);
  const work = doi(given);
  if (work !== undefined) return taken(await registered(client, work, places.doi ?? 'https://doi.org'));
  if (/^https?:\/\//i.test(given)) return onItsPage(client, given, places);
  throw new PaperroundError('usage', `"${excerpt(given)}" is no id and no address`, { hint: ALLOWED });
}

async function arxivPaper(client: Client, id: string, base: string | undefined): Promise<Announcement> {
  const [found] = await readArxivIds(client, [id], base);
  if (found !== undefined) return { ...found, announcedOn: null };
  throw new PaperroundError('input', `arXiv knows no paper ${id}: it was not found`, {
    hint: 'An id is announced with its paper, in the evening (Eastern); check its digits.',
  });
}

/** "Abstract", as a heading of its own. */
const JATS_HEADING = /^\s*<(?:jats:)?title>[^<]{0,60}<\/(?:jats:)?title>/i;

/** Registries of DOIs answer with CSL JSON when asked for it (https://www.crossref.org/documentation/retrieve-metadata/content-negotiation/). */
async function registered(client: Client, work: string, base: string): Promise<Candidate> {
  const { href } = endpoint(base.endsWith('/') ? base : `${base}/`, `/${encodeURI(work)}`);
  const answer = await client.get(href, {
    accept: 'application/vnd.citationstyles.csl+json',
    alsoStatuses: [404],
  });
  if (answer.status === 404)
    throw new PaperroundError('input', `The DOI ${work} is not registered: it was not found`, {
      hint: ALLOWED,
    });
  const record = parsed(answer.text, href);
  const first = (value: unknown) => (Array.isArray(value) ? value[0] : value);
  const title = htmlToText(asText(first(record.title)));
  return {
    where: href,
    title,
    abstract: bestAbstract([htmlToText(asText(record.abstract).replace(JATS_HEADING, ''))], title),
    authors: Array.isArray(record.author) ? record.author.map(nameOf) : [],
    id: work,
    facts: { journal: first(record['container-title']) },
    format: 'json',
  };
}

function parsed(text: string, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, in the same words as for any other answer that is no record.
  }
  throw new PaperroundError('source', `${where} answers with no record of a work: "${excerpt(text)}"`);
}

function nameOf(author: unknown): string {
  const { given, family, literal, name } = (author ?? {}) as Record<string, unknown>;
  return asText(literal ?? name ?? [given, family].filter(part => typeof part === 'string').join(' '));
}

async function onItsPage(client: Client, url: string, places: Places): Promise<Announcement> {
  const answer = await client.get(url, { accept: 'text/html' });
  const page = readWebPage(answer.text, url);
  if (page === undefined)
    throw new PaperroundError('input', `${url} has no title, so it is no page about a paper`, {
      hint: ALLOWED,
    });
  // arXiv says more of its papers than a page that mentions one.
  const arxiv = arxivId(String(page.id ?? ''));
  return arxiv === undefined ? taken(page) : arxivPaper(client, arxiv, places.arxiv);
}

function taken(candidate: Candidate): Announcement {
  const result = announce({ ...candidate, announcedOn: null });
  if ('paper' in result) return result;
  throw new PaperroundError('input', `${result.where}: ${result.detail}`, { hint: ALLOWED });
}
