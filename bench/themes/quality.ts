// `npm run quality -- FOLDER`: measures themes on labelled papers and writes the figures into docs/quality.md, which says
// what FOLDER holds. With the names of parts after it (PARTS, below) it prints these and leaves the page alone.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { costs } from './cost.ts';
import { type BenchData, ROOT, readData } from './data.ts';
import { narrowDay, randomDays } from './layouts.ts';
import { realDays } from './real-days.ts';
import { aimsTable, type Part, tell } from './tables.ts';
import { conference, sciences } from './unseen.ts';

const PAGE = join(ROOT, 'docs/quality.md');
const MARKS = ['<!-- figures: start -->', '<!-- figures: end -->'] as const;

const PARTS: Record<string, (data: BenchData) => Part | Promise<Part>> = {
  'real-days': realDays,
  conference,
  sciences,
  'random-days': randomDays,
  'narrow-day': narrowDay,
  costs,
};

const [folder, ...chosen] = process.argv.slice(2);
if (folder === undefined || chosen.some(name => !(name in PARTS)))
  throw new Error(`Usage: node bench/themes/quality.ts FOLDER [${Object.keys(PARTS).join('|')}]…`);
const data = await readData(folder);
const parts: Part[] = [];
for (const [name, part] of Object.entries(PARTS)) {
  if (chosen.length === 0 || chosen.includes(name)) parts.push(await part(data));
}
const aims = aimsTable(parts.flatMap(part => part.aims ?? []));
const figures = [aims, ...parts.map(({ lines }) => lines)].map(lines => lines.join('\n')).join('\n\n');
if (chosen.length > 0) process.stdout.write(`${figures}\n`);
else {
  const [before = '', rest = ''] = (await readFile(PAGE, 'utf8')).split(MARKS[0]);
  const after = rest.split(MARKS[1])[1] ?? '';
  await writeFile(PAGE, `${before}${MARKS[0]}\n\n${figures}\n\n${MARKS[1]}${after}`);
  tell(`${PAGE} has the new figures`);
}
