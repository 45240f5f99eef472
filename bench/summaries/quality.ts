// `node bench/summaries/quality.ts FOLDER`: how far summaries agree with sentences that annotators chose, printed and written
// into docs/quality.md. FOLDER is that of `npm run quality`: huggingface/*.json and themes/archive.jsonl.gz are read.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { summarise } from '../../src/digests/summary.ts';
import { interval } from '../../src/themes/metrics.ts';
import { between, figure, head, row } from '../themes/tables.ts';
import { type Agreement, agreement, average, betweenAnnotators } from './agreement.ts';
import { type Annotated, readAnnotated } from './data.ts';

const PAGE = fileURLToPath(new URL('../../docs/quality.md', import.meta.url));
const MARKS = ['<!-- summaries: start -->', '<!-- summaries: end -->'] as const;

/** Which sentences are chosen, by number from 0: one choice, or all that are as likely. */
type Chooser = (paper: Annotated) => number[][];

const CHOOSERS: Record<string, Chooser> = {
  chance: ({ sentences }) =>
    sentences.flatMap((_, second) => Array.from({ length: second }, (_, first) => [first, second])),
  'the first two': () => [[0, 1]],
  'the first and the last': ({ sentences }) => [[0, sentences.length - 1]],
  'the two longest': ({ sentences }) => {
    const byLength = sentences.map((sentence, at) => ({ at, length: sentence.length }));
    return [
      byLength
        .sort((a, b) => b.length - a.length)
        .slice(0, 2)
        .map(({ at }) => at),
    ];
  },
  '**Paperround**': paper => [chosen(paper)],
};

/** Which sentences a summary is made of. */
function chosen({ abstract, sentences }: Annotated): number[] {
  let rest = summarise(abstract);
  return sentences.flatMap((sentence, at) => {
    if (rest !== sentence && !rest.startsWith(`${sentence} `)) return [];
    rest = rest.slice(sentence.length + 1);
    return [at];
  });
}

function table(title: string, papers: readonly Annotated[]): string[] {
  const rows = Object.entries(CHOOSERS).map(([name, choose]) =>
    cells(
      name,
      papers.map(paper => agreement(paper, choose(paper))),
    ),
  );
  return [
    `**${title}: ${papers.length} papers**`,
    '',
    ...head('', 'kept (95 %)', 'kept or fine (95 %)', 'both kept or fine (95 %)', 'characters'),
    ...rows,
    cells('*one annotator, judged by the other*', papers.map(betweenAnnotators)),
  ];
}

function cells(name: string, agreements: readonly Agreement[]): string {
  const shown = (key: keyof Agreement) => {
    const range = interval(agreements, sample => average(sample)[key]);
    return `${figure(average(agreements)[key])} (${between(range)})`;
  };
  return row(name, shown('kept'), shown('acceptable'), shown('all'), average(agreements).length.toFixed(0));
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: node bench/summaries/quality.ts FOLDER');
const papers = await readAnnotated(folder);
const half = (name: Annotated['half']) => papers.filter(paper => paper.half === name);
const figures = [
  table('Held out', half('held out')),
  table('The half that the chooser was tuned on', half('development')),
]
  .map(lines => lines.join('\n'))
  .join('\n\n');
process.stdout.write(`${figures}\n`);
const page = await readFile(PAGE, 'utf8');
const [start, end] = MARKS.map(mark => page.indexOf(mark)) as [number, number];
if (start < 0 || end < start) throw new Error(`${PAGE} lacks the marks ${MARKS.join(' and ')}`);
await writeFile(PAGE, `${page.slice(0, start + MARKS[0].length)}\n\n${figures}\n\n${page.slice(end)}`);
