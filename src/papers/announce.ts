// Where every paper from outside passes: a candidate of any format is checked and cleaned, and becomes a paper or is dropped.
import { excerpt } from '../text-file.ts';
import {
  type Announcement,
  asText,
  type Dropped,
  homeOf,
  isWebAddress,
  paperId,
  type Vote,
  WebAddress,
} from './paper.ts';
import { cleanText } from './text.ts';

export const LIMITS = { title: 1_000, abstract: 20_000, author: 200, authors: 5_000 } as const;

/** The loose shape that every format is brought to before the checks of `announce`. */
export interface Candidate {
  where: string;
  title: unknown;
  abstract: unknown;
  authors?: unknown;
  id?: unknown;
  url?: unknown;
  links?: Record<string, unknown>;
  /** The day under which the source lists it, even where the paper belongs to an earlier one. */
  listedOn?: string | null;
  announcedOn?: string | null;
  vote?: Vote | null;
  requireAbstract?: boolean;
}

/**
 * Checks one candidate and makes the paper of it.
 * @returns the announcement, or the reason why it was dropped; never throws
 */
export function announce(candidate: Candidate): Announcement | Dropped {
  const { where } = candidate;
  const drop = (reason: Dropped['reason'], detail: string): Dropped => ({ reason, where, detail });
  const raw = { title: asText(candidate.title), abstract: asText(candidate.abstract) };
  for (const field of ['title', 'abstract'] as const) {
    const length = raw[field].length;
    if (length > LIMITS[field]) {
      return drop('too long', `${field}: ${length} characters; allowed: at most ${LIMITS[field]}`);
    }
  }
  const title = cleanText(raw.title);
  const abstract = cleanText(raw.abstract);
  if (title === '') return drop('no title', 'title: missing or empty; every paper needs one');
  if (abstract === '' && candidate.requireAbstract)
    return drop('no abstract', `"${excerpt(title)}" has no abstract`);
  const links = readLinks(candidate);
  if ('problem' in links) return drop('unsafe link', links.problem);
  const authors = readAuthors(candidate.authors);
  const id = paperId(candidate.id, links.url, title, authors[0]);
  const { pdf, code, project, discussion } = links;
  const kept = { pdf, code: code ?? codeLinkIn(abstract), project, discussion };
  return {
    paper: { id, title, abstract, authors, url: links.url ?? homeOf(id), links: defined(kept) },
    announcedOn: candidate.announcedOn ?? null,
    vote: candidate.vote ?? null,
  };
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
}

const LINK_FIELDS = ['url', 'pdf', 'code', 'project', 'discussion'] as const;
type Links = Partial<Record<(typeof LINK_FIELDS)[number], string>>;

function readLinks(candidate: Candidate): Links | { problem: string } {
  const given: Record<string, unknown> = { url: candidate.url, ...candidate.links };
  const links: Links = {};
  for (const field of LINK_FIELDS) {
    const value = given[field];
    if (value === undefined || value === null || value === '') continue;
    const parsed = WebAddress.safeParse(typeof value === 'string' ? value.trim() : value);
    if (!parsed.success)
      return { problem: `${field}: ${parsed.error.issues[0]?.message ?? 'not a web address'}` };
    links[field] = parsed.data;
  }
  return links;
}

/** Authors as names: a list of strings, a list of objects with `name`, or one string with `;` or `, ` or ` and `. */
function readAuthors(value: unknown): string[] {
  const list = Array.isArray(value) ? value : typeof value === 'string' ? splitAuthors(value) : [];
  return list
    .slice(0, LIMITS.authors)
    .map(one => (typeof one === 'object' && one !== null ? (one as { name?: unknown }).name : one))
    .map(name => cleanText(asText(name).slice(0, LIMITS.author)))
    .filter(name => name !== '');
}

function splitAuthors(given: string): string[] {
  // Single spaces first: `\s+and` would take quadratic time over a long run of them.
  const text = given.replace(/\s+/g, ' ');
  if (text.includes(';')) return text.split(';');
  const byAnd = text.split(' and ');
  // BibTeX writes "Last, First and Last, First": the commas there are inside names.
  if (byAnd.length > 1 && byAnd.every(name => name.split(',').length === 2)) return byAnd;
  return text.split(/, ?(?:and )?| and /);
}

/** The first code repository that an abstract itself names. */
function codeLinkIn(abstract: string): string | undefined {
  const found = /https?:\/\/(?:github\.com|gitlab\.com)\/[\w.-]+\/[\w.-]*[\w-]/i.exec(abstract)?.[0];
  return found === undefined || !isWebAddress(found) ? undefined : found;
}
