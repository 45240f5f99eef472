// Where every paper from outside passes: a candidate of any format is checked and cleaned, and becomes a paper or is dropped.
import { excerpt } from '../text-file.ts';
import { arxivId, homeOf, identify } from './ids.ts';
import { LIMITS } from './limits.ts';
import { splitNames } from './names.ts';
import {
  type Announcement,
  asText,
  type Dropped,
  type Facts,
  type Format,
  isWebAddress,
  type Vote,
  WebAddress,
} from './paper.ts';
import { isSpelledOut } from './spelled-out.ts';
import { cleanText } from './text.ts';

/** The loose shape that every format is brought to before the checks of `announce`. */
export interface Candidate {
  where: string;
  title: unknown;
  abstract: unknown;
  /** A list of names, a list of objects with `name`, or one string of names. */
  authors?: unknown;
  id?: unknown;
  /** Whatever else may identify it: DOIs, other ids, other addresses of the same work. */
  otherIds?: readonly unknown[];
  url?: unknown;
  links?: Record<string, unknown>;
  facts?: { [K in keyof Facts]?: unknown };
  format?: Format;
  /** What an arXiv feed says of it: `new`, `cross`, `replace`, `replace-cross`. */
  announceType?: string;
  /** The day under which the source lists it, even where the paper belongs to an earlier one. */
  listedOn?: string | null;
  announcedOn?: string | null;
  /** The instant (ISO 8601) at which arXiv's API says it was submitted; it is announced on a later day. */
  submittedAt?: string;
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
  const cleaned = cleanText(raw.abstract);
  // Nobody can read it; another source may have it whole.
  const abstract = isSpelledOut(cleaned) ? '' : cleaned;
  if (title === '') return drop('no title', 'title: missing or empty; every paper needs one');
  if (abstract === '' && candidate.requireAbstract)
    return drop('no abstract', `"${excerpt(title)}" has no abstract`);
  const links = readLinks(candidate);
  if ('problem' in links) return drop('unsafe link', links.problem);
  const authors = readAuthors(candidate.authors);
  const ids = [candidate.id, ...(candidate.otherIds ?? []), links.url, links.pdf];
  const { own: id, keys } = identify(ids, title, authors[0]);
  const { pdf, code, project, discussion } = links;
  const kept = { pdf, code: code ?? codeLinkIn(abstract), project, discussion };
  const facts = readFacts({ doi: doiIn(keys), ...candidate.facts });
  const home = homeOf(id);
  // A versioned or mirrored arXiv address leads away from the work's own page.
  const url = links.url === undefined || arxivId(links.url) !== undefined ? home : links.url;
  return {
    paper: { id, title, abstract, authors, url, links: defined(kept), facts },
    keys,
    format: candidate.format ?? 'json',
    announcedOn: candidate.announcedOn ?? null,
    vote: candidate.vote ?? null,
  };
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
}

const doiIn = (keys: readonly string[]) => keys.find(key => key.startsWith('doi:'))?.slice(4);

const FACT_TEXTS = ['doi', 'comment', 'journal', 'organization', 'submitter'] as const;

/** Facts are extras: one that cannot be used is left out, the paper is not. */
function readFacts(given: NonNullable<Candidate['facts']>): Facts {
  const facts: Facts = {};
  for (const field of FACT_TEXTS) {
    const text = cleanText(asText(given[field]).slice(0, LIMITS.fact));
    if (text !== '') facts[field] = text;
  }
  const { version, categories, thumbnail } = given;
  if (Number.isSafeInteger(version) && (version as number) > 0) facts.version = version as number;
  const names = (Array.isArray(categories) ? categories : []).slice(0, LIMITS.categories);
  const clean = names
    .map(name => cleanText(asText(name).slice(0, LIMITS.author)))
    .filter(name => name !== '');
  if (clean.length > 0) facts.categories = [...new Set(clean)];
  const picture = WebAddress.safeParse(thumbnail);
  if (picture.success) facts.thumbnail = picture.data;
  return facts;
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

/** Authors as names: a list of strings, a list of objects with `name`, or one string of names. */
function readAuthors(value: unknown): string[] {
  const list = Array.isArray(value) ? value : typeof value === 'string' ? splitNames(value) : [];
  return list
    .slice(0, LIMITS.authors)
    .map(one => (typeof one === 'object' && one !== null ? (one as { name?: unknown }).name : one))
    .map(name => cleanText(asText(name).slice(0, LIMITS.author)))
    .filter(name => name !== '');
}

/** The first code repository that an abstract itself names. */
function codeLinkIn(abstract: string): string | undefined {
  const found = /https?:\/\/(?:github\.com|gitlab\.com)\/[\w.-]+\/[\w.-]*[\w-]/i.exec(abstract)?.[0];
  return found === undefined || !isWebAddress(found) ? undefined : found;
}
