// Run by `npm run bench`: what it takes to collect papers, and that it does not depend on how many days the store holds.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { heading, line, run, type Usage } from './command.ts';
import { fillStore, today } from './days.ts';
import { asArxivFeed, asBibtex, asHuggingFace, makePapers } from './papers.ts';

const RUNS = 5;
const PAPERS = 2_000;
const A_DAY = 300;
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));

/** Says how much is in a store, so that a figure of something else than what is promised cannot go unseen. */
function expectPapers(dataDir: string, wanted: number): void {
  const database = new DatabaseSync(join(dataDir, 'paperround.db'));
  const row = database.prepare('select count(*) as n from paper').get();
  database.close();
  if (row?.n !== wanted) throw new Error(`${dataDir} holds ${row?.n} papers; expected: ${wanted}`);
}

/** Begins again with the store of `from`, whose hosts may be asked at once. */
function copyStore(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  copyFileSync(join(from, 'paperround.db'), join(to, 'paperround.db'));
  const database = new DatabaseSync(join(to, 'paperround.db'));
  database.exec('delete from lane');
  database.close();
}

console.log();
heading('whole command, made-up papers', RUNS);
await benchMerging();
await benchDays([1, 30, 365]);
rmSync(folder, { recursive: true });

/** One source, the same again, and two more that tell of the same papers. */
async function benchMerging(): Promise<void> {
  const papers = makePapers(PAPERS, '2611');
  const feed = asArxivFeed(papers, new Date());
  const server = createServer((_, response) => response.end(feed)).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const files = [join(folder, 'day.json'), join(folder, 'day.bib')] as const;
  writeFileSync(files[0], asHuggingFace(papers, today()));
  writeFileSync(files[1], asBibtex(papers));

  const [first, again] = [join(folder, 'first'), join(folder, 'again')];
  const arxiv = `arxiv-rss:cs.CL+cs.LG@http://127.0.0.1:${port}`;
  const others = files.map(path => `file:${path}`).join();
  const usages: Usage[][] = [];
  for (let i = 0; i < RUNS; i++) {
    rmSync(first, { recursive: true, force: true });
    const fresh = await run(['collect'], { DATA_DIR: first, SOURCES: arxiv });
    copyStore(first, again);
    const known = await run(['collect'], { DATA_DIR: again, SOURCES: arxiv });
    copyStore(first, again);
    usages.push([fresh, known, await run(['collect'], { DATA_DIR: again, SOURCES: others })]);
    expectPapers(again, PAPERS);
  }
  const whats = ['from an arXiv feed', 'again: all known', 'from JSON and BibTeX too: merged'];
  for (const [index, what] of whats.entries())
    line(
      `collect ${PAPERS} papers ${what}`,
      usages.map(all => all[index] as Usage),
    );
  server.close();
}

/** A day like all others, after so many such days. The stores take turns, so that a busy moment is one of them all. */
async function benchDays(lengths: readonly number[]): Promise<void> {
  const used = join(folder, 'used');
  const stores: { days: number; full: string; env: Record<string, string>; usages: Usage[][] }[] = [];
  for (const days of lengths) {
    const full = join(folder, `days-${days}`);
    const env = { ...(await fillStore(full, days, A_DAY)), DATA_DIR: used };
    stores.push({ days, full, env, usages: [] });
  }
  for (let i = 0; i < RUNS; i++) {
    for (const { days, full, env, usages } of stores) {
      copyStore(full, used);
      usages.push([await run(['collect'], env), await run(['publish', '--date', today()], env)]);
      expectPapers(used, (days + 1) * A_DAY);
    }
  }
  for (const [index, command] of ['collect', 'publish'].entries()) {
    for (const { days, usages } of stores) {
      const what = `${command} ${A_DAY} papers after ${days} ${days === 1 ? 'day' : 'days'} of as many`;
      line(
        what,
        usages.map(both => both[index] as Usage),
      );
    }
  }
}
