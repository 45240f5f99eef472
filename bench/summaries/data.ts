// Abstracts in which two annotators chose two sentences each (labels.jsonl); the texts come from a folder of papers.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sentences } from '../../src/digests/sentences.ts';
import { readPapers } from '../../src/papers/sources/formats.ts';
import { papersOfFile } from '../../src/themes/papers-file.ts';

const Numbers = z.array(z.int().nonnegative());
/** Sentences count from 0. `keep` and `fine` have a list for each annotator. */
const Label = z.object({
  id: z.string(),
  sentences: z.int(),
  keep: z.tuple([Numbers, Numbers]),
  fine: z.tuple([Numbers, Numbers]),
});

export interface Annotator {
  /** The two sentences that one would keep. */
  keep: number[];
  /** Others that would do as well. */
  fine: number[];
}

export interface Annotated {
  id: string;
  abstract: string;
  sentences: string[];
  annotators: [Annotator, Annotator];
  /** The chooser is tuned on one half and measured on the other. */
  half: 'development' | 'held out';
}

/** @throws Error when a labelled paper is missing or its sentences are cut otherwise than when they were labelled */
export async function readAnnotated(folder: string): Promise<Annotated[]> {
  const texts = await readTexts(folder);
  const file = await readFile(new URL('labels.jsonl', import.meta.url), 'utf8');
  return file
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const { id, sentences: wanted, keep, fine } = Label.parse(JSON.parse(line));
      const abstract = texts.get(id);
      if (abstract === undefined) throw new Error(`${id} is labelled, but in none of the files`);
      const own = sentences(abstract);
      if (own.length !== wanted) throw new Error(`${id}: ${own.length} sentences, labelled as ${wanted}`);
      return {
        id,
        abstract,
        sentences: own,
        annotators: [
          { keep: keep[0], fine: fine[0] },
          { keep: keep[1], fine: fine[1] },
        ],
        half: halfOf(id),
      };
    });
}

/** By a hash, so that nobody chose which papers are in which half. */
function halfOf(id: string): Annotated['half'] {
  const first = createHash('sha256').update(id).digest()[0] as number;
  return first % 2 === 0 ? 'development' : 'held out';
}

/** Abstracts by arXiv id: those of daily lists were labelled as the list has them. */
async function readTexts(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { id, abstract } of papersOfFile(join(folder, 'themes/archive.jsonl.gz')))
    texts.set(String(id), abstract);
  for (const name of (await readdir(join(folder, 'huggingface'))).sort()) {
    const day = /(\d{4}-\d\d-\d\d)\.json$/.exec(name)?.[1];
    if (day === undefined) continue;
    const text = await readFile(join(folder, 'huggingface', name), 'utf8');
    for (const { paper } of readPapers(text, name, { today: day }).announcements)
      texts.set(paper.id.replace(/^arxiv:/, ''), paper.abstract);
  }
  return texts;
}
