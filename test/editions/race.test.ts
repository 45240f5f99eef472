// Several publishers at once, in one process and in several: there is one edition, and everybody is told of that one.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { papersOf } from '../../src/editions/edition.ts';
import { publish } from '../../src/editions/publish.ts';
import { collectOn, dailyPaper } from '../support/daily-papers.ts';
import { installation, temporaryFolder } from '../support/installation.ts';

const DAY = '2026-08-20';
const PROGRAM = fileURLToPath(new URL('../support/publish-now.ts', import.meta.url));
const run = promisify(execFile);

async function withPapers() {
  const dataDir = await temporaryFolder();
  const path = join(dataDir, 'papers.json');
  await writeFile(path, JSON.stringify(Array.from({ length: 600 }, (_, i) => dailyPaper(i, DAY, i))));
  const config = { dataDir, sources: [`file:${path}`] };
  const app = await installation(config);
  await collectOn(app, DAY);
  return { app, config };
}

async function expectOneEdition(app: App, outcomes: string[]) {
  expect(outcomes.toSorted()).toEqual([...outcomes.slice(1).map(() => 'already-published'), 'published']);
  expect(await app.db.selectFrom('edition').selectAll().execute()).toHaveLength(1);
  expect(await app.db.selectFrom('edition_paper').selectAll().execute()).toHaveLength(600);
}

describe('publishing at once', () => {
  it('eight times in one process gives one edition, and all get the same', async () => {
    const { app } = await withPapers();
    const publications = await Promise.all(Array.from({ length: 8 }, () => publish(app.press, DAY)));
    await expectOneEdition(
      app,
      publications.map(({ outcome }) => outcome),
    );
    for (const { edition } of publications) expect(edition).toEqual(publications[0]?.edition);
  });

  it('with two connections to one data folder gives one edition', async () => {
    const { app, config } = await withPapers();
    const other = await installation(config);
    const first = await publish(app.press, DAY);
    const second = await publish(other.press, DAY);
    await expectOneEdition(app, [first.outcome, second.outcome]);
    expect(second.edition).toEqual(first.edition);
  });

  it('in four processes gives one edition, and all get the same', async () => {
    const { app, config } = await withPapers();
    const args = [PROGRAM, config.dataDir, DAY, app.settings.databaseUrl ?? ''];
    const answers = await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, args)));
    const publications = answers.map(
      ({ stdout }) => JSON.parse(stdout) as { outcome: string; ids: string[] },
    );
    await expectOneEdition(
      app,
      publications.map(({ outcome }) => outcome),
    );
    for (const { ids } of publications) expect(ids).toEqual(publications[0]?.ids);
  });

  it('the editions of two days shares the papers out, so that none stands in both', async () => {
    const { app } = await withPapers();
    const both = await Promise.all([publish(app.press, DAY), publish(app.press, '2026-08-21')]);
    const ids = both.flatMap(({ edition }) => papersOf(edition).map(paper => paper.id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(600);
  });
});
