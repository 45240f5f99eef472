// What a work is known by: its arXiv id, its DOI, and a print of its title and first author.
import { createHash } from 'node:crypto';
import { asText, isWebAddress } from './paper.ts';

/**
 * The canonical, version-free arXiv id in `text` (an id, `arXiv:…`, `oai:arXiv.org:…`, or an abs, pdf, html, Hugging
 * Face or alphaXiv address), or undefined. New ids are YYMM.NNNN to 1412 and YYMM.NNNNN since 1501; old ones are
 * archive/YYMMNNN, and their subject class is not part of the identity
 * (https://info.arxiv.org/help/arxiv_identifier.html). A new id that lost its last zero because somebody stored it as a
 * number is given it back.
 */
export function arxivId(text: string): string | undefined {
  return readArxiv(text)?.id;
}

/** The version in an arXiv id or address (`2511.01234v3` → 3), or undefined. */
export function arxivVersion(text: string): number | undefined {
  return readArxiv(text)?.version;
}

const ARXIV_PLACES =
  /^https?:\/\/(?:(?:www\.|export\.)?(?:alphaxiv|arxiv)\.org\/(?:abs|pdf|html|format)|(?:huggingface\.co|hf\.co)\/papers)\//i;

function readArxiv(text: string): { id: string; version?: number } | undefined {
  if (text.length > 2000) return undefined;
  const bare = text
    .trim()
    .replace(ARXIV_PLACES, '')
    .replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)?10\.48550\/arxiv\./i, '')
    .replace(/^oai:arxiv\.org:/i, '')
    .replace(/^arxiv:\s*/i, '')
    .replace(/[?#].*$/s, '')
    .replace(/\/$/, '')
    .replace(/\.pdf$/i, '');
  const [, work = '', stated] = /^(.*?)(?:v(\d{1,3}))?$/is.exec(bare) ?? [];
  const id = canonicalArxiv(work);
  if (id === undefined) return undefined;
  return stated === undefined ? { id } : { id, version: Number(stated) };
}

function canonicalArxiv(work: string): string | undefined {
  const modern = /^(\d{2})(0[1-9]|1[0-2])\.(\d{1,5})$/.exec(work);
  if (modern) {
    const [, year = '', month = '', number = ''] = modern;
    const digits = Number(year) >= 15 ? 5 : 4;
    // "2503.0213" lost a zero; "2606.12" is the number of a newsletter.
    if (number.length > digits || number.length < digits - 1) return undefined;
    return `${year}${month}.${number.padEnd(digits, '0')}`;
  }
  const old = /^([a-z-]+)(?:\.[A-Z]{2})?\/(\d{7})$/.exec(work);
  return old ? `${old[1]}/${old[2]}` : undefined;
}

/** What a spreadsheet made a number of: "2511.1" was 2511.10000. */
function zerosBack(id: number): string {
  const [whole = '', part = ''] = String(id).split('.');
  return /^\d{4}$/.test(whole) && part !== ''
    ? `${whole}.${part.padEnd(whole < '1501' ? 4 : 5, '0')}`
    : String(id);
}

/** The DOI in `text` (bare, `doi:…` or a doi.org address), lower-cased as DOIs compare without case; or undefined. */
export function doi(text: string): string | undefined {
  const bare = text.trim().replace(/^(?:https?:\/\/(?:dx\.|www\.)?doi\.org\/|doi:\s*)/i, '');
  return /^10\.\d{4,9}\/[^\s\p{C}"<>]{1,300}$/u.test(bare) ? bare.toLowerCase() : undefined;
}

/** What one announcement says of which work it is. `own` is the PaperId that follows from it alone. */
export interface Identity {
  own: string;
  /** What it may share with others: see `groupWorks`. */
  keys: string[];
}

/**
 * The identity of a work with these ids and addresses (in any form, the first of a kind counts), title and first author.
 *
 * Keys are `arxiv:ID`, `doi:DOI` (arXiv's own DOIs are arXiv ids), `print:` of title and surname, and `by:` or, where no
 * author is known, `un:` of the title. Prints are 64 bits of SHA-256 of what is left when case, accents, spaces and
 * punctuation are gone: two of a million papers collide once in 37 million such collections. "Editorial" by one author
 * in two journals is two works: a title of fewer than three words counts only where there is nothing else.
 */
export function identify(ids: readonly unknown[], title: string, firstAuthor: string | undefined): Identity {
  const texts = ids
    .map(id => (typeof id === 'number' ? zerosBack(id) : asText(id)))
    .filter(text => text !== '');
  const first = (read: (text: string) => string | undefined) =>
    texts.map(read).find(value => value !== undefined);
  const arxiv = first(arxivId);
  const work = first(text => (arxivId(text) === undefined ? doi(text) : undefined));
  const folded = fold(title) || title;
  const surname = surnameOf(firstAuthor ?? '');
  const print = hash(`${folded}\n${surname}`);
  const strong = [arxiv && `arxiv:${arxiv}`, work && `doi:${work}`].filter(key => key !== undefined);
  const telling = isTelling(title, folded);
  const own = strong[0] ?? `title:${print}`;
  return {
    own,
    keys: [
      ...new Set([
        own,
        ...strong,
        ...(surname !== '' && (telling || strong.length === 0) ? [`print:${print}`] : []),
        ...(telling ? [`${surname === '' ? 'un' : 'by'}:${hash(folded)}`] : []),
      ]),
    ],
  };
}

/** Whether a title tells works apart: three words and twelve letters, or eight signs of a script without spaces. */
function isTelling(title: string, folded: string): boolean {
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(title))
    return folded.length >= 8;
  return title.trim().split(/\s+/).length >= 3 && folded.length >= 12;
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();

/** "Yang Liu", "Liu, Yang", "Y. Liu" and "LIU Jr." have one surname. */
function surnameOf(name: string): string {
  const [family = '', ...given] = name.split(',');
  const words = (given.length > 0 && !/^\s*(?:jr|sr|i{2,3}|iv)\.?\s*$/i.test(given[0] ?? '') ? family : name)
    .replace(/,?\s+(?:jr|sr|i{2,3}|iv)\.?$/i, '')
    .trim()
    .split(/\s+/);
  return fold(words.at(-1) ?? '');
}

/** The address that a PaperId itself gives; null when it gives none. */
export function homeOf(id: string): string | null {
  if (id.startsWith('arxiv:')) return `https://arxiv.org/abs/${id.slice(6)}`;
  if (!id.startsWith('doi:')) return null;
  const home = `https://doi.org/${encodeURI(id.slice(4)).replace(/[?#]/g, encodeURIComponent)}`;
  return isWebAddress(home) ? home : null;
}
