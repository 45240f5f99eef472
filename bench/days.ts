// A store that has been used for many days: one day is collected and published by the program, SQL copies it to the others.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { run } from './command.ts';
import { asHuggingFace, makePapers } from './papers.ts';

/** The month of the first day's made papers; those of its copies come after it. */
const MONTH = 2601;

export const today = (): string => new Date().toISOString().slice(0, 10);

export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * Makes in `folder` the store of an installation that had `papers` papers on each of the last `days` days before today
 * and published them, and beside it the file with today's papers.
 * @returns the environment that `paperround` runs with
 */
export async function fillStore(
  folder: string,
  days: number,
  papers: number,
): Promise<Record<string, string>> {
  mkdirSync(folder, { recursive: true });
  const first = daysBefore(today(), days);
  const env = { DATA_DIR: folder, SOURCES: `file:${join(folder, '{date}.json')}` };
  const write = (day: string, month: number) =>
    writeFileSync(join(folder, `${day}.json`), asHuggingFace(makePapers(papers, String(month)), day));
  write(first, MONTH);
  await run(['collect', '--date', first], env);
  await run(['publish', '--date', first], env);
  copyDay(join(folder, 'paperround.db'), days - 1);
  write(today(), MONTH + 1_000);
  return env;
}

/** Copies all that is stored to each of the `days` days after it, under other ids. */
function copyDay(path: string, days: number): void {
  const database = new DatabaseSync(path);
  const id = (column: string) => `replace(${column}, '${MONTH}.', printf('%04d.', ${MONTH} + k))`;
  const key = `iif(key like 'arxiv:%', ${id('key')}, substr(key, 1, length(key) - 3) || printf('%03d', k))`;
  const day = (column: string) => `date(${column}, k || ' days')`;
  const at = (column: string) => `strftime('%Y-%m-%dT%H:%M:%fZ', ${column}, (k - ${days + 1}) || ' days')`;
  const place = `replace(${day('edition_date')}, '-', '') * 100000 + place % 100000`;
  const copies: Record<string, Record<string, string>> = {
    paper: {
      id: id('id'),
      announced_on: day('announced_on'),
      collected_on: day('collected_on'),
      collected_at: at('collected_at'),
    },
    announcement: { own_id: id('own_id'), paper_id: id('paper_id'), announced_on: day('announced_on') },
    announcement_key: { key, own_id: id('own_id') },
    vote: { paper_id: id('paper_id'), at: at('at') },
    collection: { at: at('at'), asked: day('asked'), list_day: day('list_day') },
    edition: { date: day('date'), through: day('through'), published_at: at('published_at') },
    edition_paper: { paper_id: id('paper_id'), edition_date: day('edition_date'), place },
  };
  database.exec('pragma synchronous = off; begin');
  for (const [table, changed] of Object.entries(copies)) {
    const columns = database.prepare(`select name from pragma_table_info('${table}')`).all();
    const names = columns.map(({ name }) => String(name));
    database.exec(`with recursive days (k) as (select 1 where ${days} > 0 union all select k + 1 from days where k < ${days})
      insert into "${table}" (${names.join()})
      select ${names.map(name => changed[name] ?? name).join()} from days, "${table}"`);
  }
  database.exec('commit; pragma wal_checkpoint(truncate)');
  database.close();
}
