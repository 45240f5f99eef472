// Editions made up for the digest tests, and the templates that ship, compiled once for a test file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type Cut, cut } from '../../src/digests/cut.ts';
import type { Masthead } from '../../src/digests/digest.ts';
import { openTemplates } from '../../src/digests/template.ts';
import type { Edition, EditionPaper } from '../../src/editions/edition.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';

export const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url));
const CACHE = mkdtempSync(join(tmpdir(), 'paperround-templates-'));
afterAll(() => rmSync(CACHE, { recursive: true, force: true }));

/** The templates that ship. */
export const shippedTemplates = () => openTemplates(TEMPLATES, CACHE);

export const wants = (preferences: Partial<Preferences> = {}) => Preferences.parse(preferences);

export const MASTHEAD: Masthead = {
  name: 'Daily Papers',
  postalAddress: '12 Harbour Street, Aarhus',
  webUrl: 'https://papers.example.org',
};

let made = 0;

/** A paper with what a test says about it. */
export function paper(given: Partial<EditionPaper> = {}): EditionPaper {
  made++;
  return {
    id: `title:${made}`,
    title: `Paper ${made}`,
    abstract: '',
    authors: [],
    url: `https://arxiv.org/abs/${made}`,
    links: {},
    facts: {},
    source: 'test',
    rank: 1,
    vote: null,
    trend: null,
    theme: null,
    evidence: null,
    pick: null,
    note: null,
    ...given,
  };
}

/** An edition of themes `{slug: papers}`; papers that say no rank are ranked in this order. */
export function edition(themes: Record<string, EditionPaper[]>, date = '2026-08-20'): Edition {
  let rank = 0;
  return {
    date,
    themes: Object.entries(themes).map(([slug, papers]) => ({
      slug,
      name: slug.replaceAll('-', ' '),
      papers: papers.map(one => ({ ...one, rank: ++rank })),
    })),
  };
}

const SENTENCES = [
  'Recent years have seen a surge of interest in long-context language models across many fields of study.',
  'However, the quadratic cost of attention remains a bottleneck at deployment scale, and caches grow with it.',
  'We propose a sparse attention that ships only the key-value blocks which a query needs to the accelerator.',
  'Specifically, a light index branch scores the blocks (R&D, p < 0.05) and the main branch attends to the best.',
  'Experiments on six benchmarks show that it matches full attention while reducing compute by 28.4x.',
  'We further present an analysis of its failures, an ablation of "every" part, and a discussion of its limits.',
  'Our code is available at https://github.com/harbour/ferry.',
];

const NAMES = ['Grace Hopper', 'Ada Lovelace', 'Björn Ommer', 'Chen-Ning Yang', 'Srinivasa Ramanujan'];

/** An edition of `count` papers as a real day has them, in `themes` themes of falling size. */
export function bigEdition(count: number, themes = 12): Edition {
  const papers = Array.from({ length: count }, (_, index) => {
    const from = index % SENTENCES.length;
    return paper({
      id: `arxiv:2608.${String(index).padStart(5, '0')}`,
      title: `Paper ${index + 1}: Ferrying Key-Value Blocks & "Long" Contexts for Sparse Attention <v${index % 9}>`,
      abstract: [...SENTENCES.slice(from), ...SENTENCES.slice(0, from), ...SENTENCES].join(' '),
      authors: NAMES.slice(index % 4),
      url: `https://arxiv.org/abs/2608.${String(index).padStart(5, '0')}`,
      links: {
        pdf: `https://arxiv.org/pdf/2608.${index}`,
        code: `https://github.com/harbour/ferry-${index}`,
      },
      vote: { upvotes: Math.max(0, 300 - index), comments: 1, stars: index % 50 },
      rank: index + 1,
    });
  });
  const slugs = Array.from({ length: Math.min(themes, count) }, (_, n) => `theme-number-${n + 1}`);
  const placed = slugs.map((slug, n) => ({
    slug,
    name: slug.replaceAll('-', ' '),
    papers: papers.filter((_, index) => Math.floor(Math.sqrt(index)) % slugs.length === n),
  }));
  return { date: '2026-08-20', themes: placed.filter(theme => theme.papers.length > 0) };
}

/** Everything of an edition, at a length. */
export const cutOf = (from: Edition, length: Preferences['length'] = 'standard'): Cut =>
  cut([from], wants({ length }));
