// What themes are measured on: papers with labels, an archive without, taxonomies, and real days (docs/quality.md).
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDailyPapersPage } from '../../src/papers/sources/daily-papers-page.ts';
import { readPapers } from '../../src/papers/sources/formats.ts';
import { cleanText } from '../../src/papers/text.ts';
import type { LabelledText, PaperText } from '../../src/themes/model/model.ts';
import { type PaperLine, papersOfFile } from '../../src/themes/papers-file.ts';
import { defaultTaxonomy, readTaxonomy, type Theme } from '../../src/themes/taxonomy.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const own = (name: string) => join(ROOT, 'bench/themes', name);

/** A paper of a real day and what each of two annotators found acceptable, the best first; null: no theme. */
export interface Annotated extends PaperText {
  id: string;
  source: 'Hugging Face' | 'arXiv';
  annotators: readonly (readonly (string | null)[])[];
}

export interface BenchData {
  folder: string;
  themes: Theme[];
  areas: Theme[];
  sciences: Theme[];
  archive: PaperLine[];
  iclr: PaperLine[];
  annotated: Annotated[];
  /** The papers whose labels taught the model that ships, in the order of their file. */
  taught: LabelledText[];
  /** Days that were listed, by date, the best paper first. */
  listed: Map<string, PaperText[]>;
}

export async function readData(folder: string): Promise<BenchData> {
  const file = (name: string) => join(folder, 'themes', name);
  const archive = await Array.fromAsync(papersOfFile(file('archive.jsonl.gz')));
  const lists = await readLists(join(folder, 'huggingface'));
  const textOf = new Map<string, PaperText>(archive.map(paper => [String(paper.id), paper]));
  const taught = (await readLines<Label>('labels.jsonl')).map(({ id, theme, also }) => ({
    ...found(textOf, id),
    id,
    theme: orNone(theme),
    also,
  }));
  const taughtIds = new Set(taught.map(({ id }) => id));
  const annotated = (await readLines<{ id: string; labels: string[][] }>('days-labels.jsonl'))
    // Nobody is measured on what he was told.
    .filter(({ id }) => !taughtIds.has(id))
    .map(({ id, labels }): Annotated => {
      const source = lists.papers.has(id) ? 'Hugging Face' : 'arXiv';
      const text = found(lists.papers.has(id) ? lists.papers : textOf, id);
      return { ...text, id, source, annotators: labels.map(list => list.map(orNone)) };
    });
  return {
    folder,
    themes: defaultTaxonomy(),
    areas: await readTaxonomy(file('themes.iclr21.json')),
    sciences: await readTaxonomy(own('themes.sciences.json')),
    archive,
    iclr: await Array.fromAsync(papersOfFile(file('iclr26_accepted.jsonl.gz'))),
    annotated,
    taught,
    listed: lists.days,
  };
}

interface Label {
  id: string;
  theme: string;
  also: string[];
}

const orNone = (slug: string) => (slug === 'none' ? null : slug);

async function readLines<T>(name: string): Promise<T[]> {
  const lines = (await readFile(own(name), 'utf8')).split('\n').filter(line => line !== '');
  return lines.map(line => JSON.parse(line) as T);
}

function found(texts: ReadonlyMap<string, PaperText>, id: string): PaperText {
  const text = texts.get(id);
  if (text === undefined) throw new Error(`${id} is labelled, but in none of the files`);
  return { title: text.title, abstract: text.abstract };
}

/** The lists of Daily Papers, as the product reads them. A file's name ends with its date. */
async function readLists(
  folder: string,
): Promise<{ days: Map<string, PaperText[]>; papers: Map<string, PaperText> }> {
  const days = new Map<string, PaperText[]>();
  const papers = new Map<string, PaperText>();
  for (const name of (await readdir(folder)).sort()) {
    const day = /(\d{4}-\d\d-\d\d)\.json$/.exec(name)?.[1];
    if (day === undefined) continue;
    const { announcements } = readPapers(await readFile(join(folder, name), 'utf8'), name, { today: day });
    for (const { paper } of announcements) papers.set(paper.id.replace(/^arxiv:/, ''), paper);
    days.set(
      day,
      announcements.map(({ paper }) => paper),
    );
  }
  return { days, papers };
}

/** The page of the samples, about one subject, with the group that a person gave each paper. */
export async function readPage(): Promise<(PaperText & { group: string | undefined })[]> {
  const read = (path: string) => readFile(join(ROOT, path), 'utf8');
  const page = readDailyPapersPage(await read('samples/daily-papers-page.txt'), '2026-08-20');
  const wanted = JSON.parse(await read('bench/themes/page-groups.json')) as Record<string, number[]>;
  const groupOf = new Map(Object.entries(wanted).flatMap(([name, places]) => places.map(p => [p, name])));
  return (page?.candidates ?? []).map(({ title, abstract }, place) => ({
    title: cleanText(String(title)),
    abstract: cleanText(String(abstract)),
    group: groupOf.get(place + 1),
  }));
}
