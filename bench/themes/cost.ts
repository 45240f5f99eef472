// What the model costs, each in a process of its own: `node bench/themes/cost.ts load|classify|fit FOLDER [PAPERS]`
// prints one line of JSON. quality.ts runs it. What takes seconds is measured in CPU time, as the machine may be busy.
import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { group } from '../../src/themes/group.ts';
import { fitModel, type PaperText, priorModel } from '../../src/themes/model/model.ts';
import { papersOfFile } from '../../src/themes/papers-file.ts';
import { defaultTaxonomy } from '../../src/themes/taxonomy.ts';
import type { BenchData } from './data.ts';
import { head, median, type Part, row, tell } from './tables.ts';

interface Cost {
  /** Milliseconds until the first answer; abstracts a second; seconds. */
  value: number;
  /** The most memory that the process held, in MB. */
  rss: number;
}

const cpu = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;

const TASKS: Record<string, (folder: string, papers: number) => Promise<number>> = {
  async load() {
    const themes = defaultTaxonomy();
    const started = performance.now();
    priorModel(themes).classify({ title: 'Diffusion', abstract: '' });
    return performance.now() - started;
  },
  async classify(folder) {
    const [archive, model] = [await readArchive(folder), priorModel(defaultTaxonomy())];
    for (const paper of archive.slice(0, 2_000)) model.classify(paper);
    const started = cpu();
    for (const paper of archive) model.classify(paper);
    return archive.length / (cpu() - started);
  },
  async fit(folder, papers) {
    const archive = (await readArchive(folder)).slice(0, papers);
    const started = cpu();
    fitModel(defaultTaxonomy(), archive);
    return cpu() - started;
  },
};

function readArchive(folder: string): Promise<PaperText[]> {
  const papers = papersOfFile(join(folder, 'themes/archive.jsonl.gz'));
  return Array.fromAsync(papers, ({ title, abstract }) => ({ title, abstract }));
}

/** The median of some processes that do nothing else. */
function measured(task: string, folder: string, { papers = 0, runs = 3 } = {}): Cost {
  tell(`cost: ${task} ${papers || ''}`);
  const costs = Array.from({ length: runs }, () => {
    const args = [fileURLToPath(import.meta.url), task, folder, String(papers)];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Cost;
  });
  return costs.sort((a, b) => a.value - b.value)[runs >> 1] as Cost;
}

export function costs({ folder, themes, iclr }: BenchData): Part {
  const busy = loadavg()[0] as number;
  const load = measured('load', folder, { runs: 9 });
  const rate = measured('classify', folder);
  const fit = {
    small: measured('fit', folder, { papers: 3_000 }),
    large: measured('fit', folder, { papers: 10_000 }),
  };
  tell('cost: days');
  const model = priorModel(themes);
  const wide = iclr.slice(0, 100);
  const narrow = iclr.filter(({ fields }) => fields.area === 'reinforcement-learning').slice(0, 100);
  const day = {
    wide: median(() => group(wide, themes, model)),
    narrow: median(() => group(narrow, themes, model)),
  };
  const most = { atMost: true, digits: 0 } as const;
  return {
    lines: [
      '### Time and memory',
      '',
      `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}, with other work on it (load ${busy.toFixed(1)}). Medians; milliseconds`,
      'by the clock, seconds and rates of CPU time.',
      '',
      ...head('', 'takes', 'memory of the process'),
      row('load the model and answer once', `${load.value.toFixed(0)} ms`, `${load.rss.toFixed(0)} MB`),
      row(
        'classify',
        `${(Math.round(rate.value / 10) * 10).toLocaleString('en')} abstracts a second`,
        `${rate.rss.toFixed(0)} MB`,
      ),
      row('classify, group and name an ordinary day of 100 papers', `${day.wide.toFixed(0)} ms`, ''),
      row('the same of a narrow day', `${day.narrow.toFixed(0)} ms`, ''),
      row('learn from 3,000 papers', `${fit.small.value.toFixed(1)} s`, `${fit.small.rss.toFixed(0)} MB`),
      row('learn from 10,000 papers', `${fit.large.value.toFixed(1)} s`, `${fit.large.rss.toFixed(0)} MB`),
    ],
    aims: [
      { what: 'load the model', aim: 50, now: load.value, unit: ' ms', ...most },
      { what: 'classify, abstracts a second of CPU', aim: 5_000, now: rate.value, digits: 0 },
      {
        what: 'group and name 100 papers',
        aim: 250,
        now: Math.max(day.wide, day.narrow),
        unit: ' ms',
        ...most,
      },
      { what: 'learn from 3,000 papers', aim: 4, now: fit.small.value, unit: ' s', atMost: true, digits: 1 },
      {
        what: 'learn from 10,000 papers',
        aim: 15,
        now: fit.large.value,
        unit: ' s',
        atMost: true,
        digits: 1,
      },
      { what: 'memory of learning from 10,000', aim: 400, now: fit.large.rss, unit: ' MB', ...most },
    ],
  };
}

if (import.meta.main) {
  const [task = '', folder = '', papers = '0'] = process.argv.slice(2);
  const value = await TASKS[task]?.(folder, Number(papers));
  if (value === undefined) throw new Error('node bench/themes/cost.ts load|classify|fit FOLDER [PAPERS]');
  process.stdout.write(JSON.stringify({ value, rss: process.resourceUsage().maxRSS / 1024 }));
}
