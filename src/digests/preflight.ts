// Preflight: what a finished mail must be, checked on what its reader will get. Shown by `preview`.
import type { Digest } from './digest.ts';
import { HTML_LIMIT } from './fit.ts';

/** One promise about a mail and whether this one keeps it. */
export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

/** The parts of a mail that are looked at. */
export interface MailParts {
  html: string;
  text: string;
  headers: readonly { name: string; value: string }[];
}

const NEEDED_HEADERS = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'List-Unsubscribe',
  'List-Id',
  'Auto-Submitted',
  'Precedence',
];

/** What makes a mail program fetch something: a tag, or CSS in a style; the same words in a paper's abstract do not. */
const REMOTE =
  /<(?:img|link|script|iframe|object)\b|(?:<style\b[^>]*>[^<]*|<[^<>]*\sstyle="[^"]*)(?:@import|url\()/i;

/** Checks a mail against the promises of its digest: size, completeness, links, headers, nothing left unresolved. */
export function preflight(digest: Digest, mail: MailParts): { ok: boolean; checks: Check[] } {
  const bytes = Buffer.byteLength(mail.html);
  const shown = digest.papers.filter(paper => paper.shown !== 'folded');
  const plain = mail.text.replace(/\s+/g, ' ');
  const missing = shown.filter(paper => !plain.includes(paper.title.replace(/\s+/g, ' ')));
  const links = [...mail.html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url ?? '');
  const unsafe = links.filter(url => !/^(https?:\/\/|mailto:)/.test(url));
  const ways = links.filter(url => /\/unsubscribe\/|^mailto:[^?]*\?subject=unsubscribe/.test(url)).length;
  const remote = REMOTE.exec(mail.html)?.[0];
  const left = /[\ue000\ue001]/.exec(mail.html + mail.text)?.[0];
  const absent = NEEDED_HEADERS.filter(
    name => !mail.headers.some(header => header.name.toLowerCase() === name.toLowerCase()),
  );
  const check = (name: string, ok: boolean, detail: string): Check => ({ name, ok, detail });
  const checks = [
    check('size', bytes <= HTML_LIMIT, `${bytes} bytes of HTML; at most ${HTML_LIMIT}`),
    check(
      'text part',
      missing.length === 0,
      `${missing.length} of ${shown.length} shown papers are missing in the text part`,
    ),
    check(
      'links',
      unsafe.length === 0,
      unsafe.length === 0 ? 'all are web or mail addresses' : unsafe.slice(0, 5).join(', '),
    ),
    check('nothing remote', remote === undefined, remote ?? 'no picture, font, style or script is loaded'),
    check(
      'resolved',
      left === undefined,
      left === undefined ? 'every reader part is in place' : 'a mark is left over',
    ),
    check('headers', absent.length === 0, absent.length === 0 ? 'complete' : `missing: ${absent.join(', ')}`),
    check('way out', ways >= 2, `${ways} unsubscribe links in the HTML; at least 2`),
    check('not empty', digest.papers.length > 0, `${digest.papers.length} papers`),
  ];
  return { ok: checks.every(({ ok }) => ok), checks };
}
