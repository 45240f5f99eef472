// A Paper: one work, under one canonical id without a version, in readable text.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { excerpt } from '../text-file.ts';

export const DayText = z.iso.date();

/** A web address that may stand in a mail: https or http, no other scheme, no credentials. */
export const WebAddress = z.string().refine(isWebAddress, {
  error: issue => `"${excerpt(String(issue.input))}" is not a web address; allowed: https://… or http://…`,
});

/** Whether a text is a web address that may stand in a mail. */
export function isWebAddress(text: string): boolean {
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

/** A text, or a number as text; anything else is no text. */
export const asText = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

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
