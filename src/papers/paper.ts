// A Paper: one work, under one canonical id without a version, in readable text. Everything from outside passes here.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { excerpt } from '../text-file.ts';
import { cleanText } from './text.ts';

export const DayText = z.iso.date();

/** A web address that may stand in a mail: https or http, no other scheme, no credentials. */
export const WebAddress = z.string().refine(isWebAddress, {
  error: issue => `"${excerpt(String(issue.input))}" is not a web address; allowed: https://… or http://…`,
});

function isWebAddress(text: string): boolean {
  // \p{C}: control characters reach a terminal, bidi overrides turn text around, templates use private-use marks.
  if (!/^https?:\/\/[^\s\p{C}<>"\\]+$/iu.test(text) || text.length > 2000) return false;
  const url = URL.parse(text);
  return url !== null && url.username === '' && url.password === '';
}

export const Paper = z.object({
  id: z.string().regex(/^(arxiv|doi|title):\S+$/),
  title: z.string().min(1),
  abstract: z.string(),
  authors: z.array(z.string()),
  url: WebAddress.nullable(),
  links: z.object({
    pdf: WebAddress.optional(),
    code: WebAddress.optional(),
    project: WebAddress.optional(),
    discussion: WebAddress.optional(),
  }),
});

/** One work. `id` is canonical and carries no version; `title`, `abstract` and `authors` are plain readable text. */
export type Paper = z.infer<typeof Paper>;

/** A dated snapshot of what readers elsewhere thought of a paper. */
export interface Vote {
  upvotes: number;
  comments: number;
  stars: number | null;
}

/** A paper as one source announced it: on which day (null: it did not say) and with which votes (null: it has none). */
export interface Announcement {
  paper: Paper;
  announcedOn: string | null;
  vote: Vote | null;
}

/** Why a paper that a source sent was not taken, and where it stood there. */
export interface Dropped {
  reason: 'no title' | 'no abstract' | 'too long' | 'unsafe link' | 'unreadable' | 'repeated';
  where: string;
  detail: string;
}

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

const asText = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

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

/**
 * The canonical, version-free arXiv id in `text` (an id, `arXiv:…`, or an abs, pdf, html or Hugging Face address), or
 * undefined. New ids are YYMM.NNNN to 1412 and YYMM.NNNNN since 1501; old ones are archive/YYMMNNN, and their subject
 * class is not part of the identity (https://info.arxiv.org/help/arxiv_identifier.html). A new id that lost trailing
 * zeros because somebody stored it as a number is given them back.
 */
export function arxivId(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(
      /^https?:\/\/(?:www\.|export\.)?(?:arxiv\.org\/(?:abs|pdf|html|format)|(?:huggingface\.co|hf\.co)\/papers)\//i,
      '',
    )
    .replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)?10\.48550\/arxiv\./i, '')
    .replace(/^arxiv:\s*/i, '')
    .replace(/[?#].*$/s, '')
    .replace(/\.pdf$/i, '')
    .replace(/v\d+$/i, '');
  const modern = /^(\d{2})(0[1-9]|1[0-2])\.(\d{1,5})$/.exec(bare);
  if (modern) {
    const [, year = '', month = '', number = ''] = modern;
    const digits = Number(year) >= 15 ? 5 : 4;
    return number.length > digits ? undefined : `${year}${month}.${number.padEnd(digits, '0')}`;
  }
  const old = /^([a-z-]+)(?:\.[A-Z]{2})?\/(\d{7})$/.exec(bare);
  return old ? `${old[1]}/${old[2]}` : undefined;
}

/** The DOI in `text` (bare, `doi:…` or a doi.org address), lower-cased as DOIs compare without case; or undefined. */
export function doi(text: string): string | undefined {
  const bare = text.trim().replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)/i, '');
  return /^10\.\d{4,9}\/[^\s\p{C}"<>]{1,300}$/u.test(bare) ? bare.toLowerCase() : undefined;
}

/**
 * The canonical PaperId: the arXiv id, else the DOI, else a fingerprint of the normalised title and first author
 * (64 bits of SHA-256: two of a million papers collide once in 37 million such collections).
 */
export function paperId(id: unknown, url: string | undefined, title: string, firstAuthor?: string): string {
  for (const text of [asText(id), url ?? '']) {
    const arxiv = arxivId(text);
    if (arxiv !== undefined) return `arxiv:${arxiv}`;
    const work = doi(text);
    if (work !== undefined) return `doi:${work}`;
  }
  const fold = (text: string) =>
    text
      .normalize('NFKD')
      .replace(/[^\p{L}\p{N}]+/gu, '')
      .toLowerCase();
  const print = createHash('sha256')
    .update(`${fold(title) || title}\n${fold(firstAuthor ?? '')}`)
    .digest('hex');
  return `title:${print.slice(0, 16)}`;
}

/** The address that a PaperId itself gives; null when it gives none. */
export function homeOf(id: string): string | null {
  if (id.startsWith('arxiv:')) return `https://arxiv.org/abs/${id.slice(6)}`;
  if (!id.startsWith('doi:')) return null;
  const home = `https://doi.org/${encodeURI(id.slice(4)).replace(/[?#]/g, encodeURIComponent)}`;
  return isWebAddress(home) ? home : null;
}
