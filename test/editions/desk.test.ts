// The curator's desk on the command line: what is answered, and what comes of it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';

const DAY = '2026-08-20';
const PAPERS = [
  { id: '2608.00001', title: 'Ferry', abstract: 'We ship blocks.', authors: ['Ada'], date: DAY, upvotes: 9 },
  { id: '2608.00002', title: 'Harbour', abstract: 'We wait.', authors: ['Bo'], date: DAY, upvotes: 3 },
];

async function desk(settings: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const file = join(folder, 'papers.jsonl');
  await writeFile(file, PAPERS.map(paper => JSON.stringify(paper)).join('\n'));
  const env = { DATA_DIR: join(folder, 'data'), SOURCES: `file:${file}`, ...settings };
  const run = (...args: string[]) => paperround(args, { env });
  const said = async (...args: string[]) => {
    const { status, stdout, stderr } = await run('papers', ...args);
    expect([status, stderr]).toEqual([0, '']);
    return stdout.trimEnd();
  };
  return { folder, run, said };
}

describe('a curator', () => {
  it('picks, notes and hides before the papers come, and finds it in the mail', async () => {
    const { folder, run, said } = await desk();
    expect(await said('pick', '2608.00002', '--by', 'Ada')).toBe(
      'picked arxiv:2608.00002: no source knows it yet; it leads an edition when it comes (or add it: paperround papers add arxiv:2608.00002)',
    );
    expect(await said('list', '--picked')).toBe('-  arxiv:2608.00002  picked  (no source knows it yet)');
    await run('collect', '--date', DAY);
    expect(await said('note', 'https://arxiv.org/abs/2608.00002', 'Worth the wait.', '--by', 'Ada')).toBe(
      'noted: Harbour; the words stand with it in its edition',
    );
    expect(await said('list', '--picked')).toMatch(
      /^2026-08-20 {2}arxiv:2608\.00002 {2}3▲ {2}picked, note {2}Harbour$/,
    );
    await run('publish', '--date', DAY);
    await run('preview', '--date', DAY, '--out', folder);
    expect(await readFile(join(folder, 'digest.txt'), 'utf8')).toMatch(
      /Picked by Ada \(1\)\n-+\n\nHarbour\n {2}Bo · 3 votes\n {2}“Worth the wait\.”\n/,
    );
    expect(await said('pick', '2608.00002', '--note', 'Again.')).toBe(
      `picked: Harbour; but edition ${DAY} went out with it and stays as it is`,
    );
    expect(await said('show', '2608.00002')).toMatch(
      /^Harbour\n[\s\S]* {2}edition {2}2026-08-20\n {2}stands {3}under no theme[^\n]*\n {2}picked {3}by Ada at [\s\S]* {2}note {5}Ada: Again\.\n {2}who said what:\n/,
    );
  });

  it('takes it all back, and is told where there was nothing', async () => {
    const { run, said } = await desk();
    await run('collect', '--date', DAY);
    expect(await said('pick', '2608.00001', '--note', 'Mine.')).toBe(
      'picked: Ferry; it leads the next edition',
    );
    expect(await said('pick', '2608.00001', '--undo')).toBe(
      'no longer picked: Ferry; its note stays (or: paperround papers note arxiv:2608.00001 --undo)',
    );
    expect(await said('note', '2608.00001', '--undo')).toBe('the note is gone: Ferry');
    expect(await said('note', '2608.00001', '--undo')).toBe('it had no note: Ferry');
    expect(await said('pick', '2608.00001', '--undo')).toBe('it was not picked: Ferry');
    expect(await said('hide', '2608.00001')).toBe('hidden: Ferry; no edition takes it');
    expect(await said('list', '--hidden')).toContain('hidden  Ferry');
    expect(await said('hide', '2608.00001', '--undo')).toBe('no longer hidden: Ferry');
    expect(await said('hide', '2608.00001', '--undo')).toBe('it was not hidden: Ferry');
    expect(await said('list', '--picked')).toBe('No papers are stored that fit.');
  });

  it('can script it', async () => {
    const { run } = await desk();
    await run('collect', '--date', DAY);
    expect(
      documentOf(await run('papers', 'pick', '2608.00001', '--note', 'Mine.', '--by', 'Ada', '--json')),
    ).toEqual({
      id: 'arxiv:2608.00001',
      known: true,
      title: 'Ferry',
      picked: true,
      hidden: false,
      note: 'Mine.',
      curator: 'Ada',
      edition: null,
    });
    expect(documentOf(await run('papers', 'hide', '10.1000/182', '--json'))).toMatchObject({
      id: 'doi:10.1000/182',
      known: false,
      title: null,
      hidden: true,
    });
    expect(documentOf(await run('papers', 'list', '--hidden', '--picked', '--json'))).toMatchObject({
      papers: [{ id: 'arxiv:2608.00001', picked: true, hidden: false, note: 'Mine.', curator: 'Ada' }],
      coming: [{ id: 'doi:10.1000/182', hidden: true }],
    });
    expect(documentOf(await run('papers', 'show', '2608.00001', '--json'))).toMatchObject({
      paper: { title: 'Ferry', vote: { upvotes: 9 } },
      said: [{ ownId: 'arxiv:2608.00001', announcedOn: DAY, version: null, content: { authors: ['Ada'] } }],
      votes: [{ upvotes: 9 }],
      edition: null,
      curation: { picked: true, note: 'Mine.', curator: 'Ada' },
    });
  });

  it('signs with the name of the installation’s curator, unless another is given', async () => {
    const { run } = await desk({ CURATOR: 'Grace' });
    const curatorOf = async (...args: string[]) =>
      documentOf<{ curator: string }>(await run('papers', ...args, '--json')).curator;
    expect(await curatorOf('pick', '2608.00001')).toBe('Grace');
    expect(await curatorOf('note', '2608.00002', 'Words.', '--by', 'Bo')).toBe('Bo');
    expect(await curatorOf('hide', '2608.00002')).toBe('Bo');
  });

  it.each([
    [['pick', 'ferry'], /"ferry" names no paper[\s\S]*an arXiv id \(2511\.01234\), a DOI/],
    [['show', 'ferry'], /"ferry" names no paper/],
    [['show', '2608.99999'], /No source knows arxiv:2608\.99999 yet[\s\S]*papers add arxiv:2608\.99999/],
    [['note', '2608.00001'], /There is no note[\s\S]*papers note ID "TEXT"/],
    [['note', '2608.00001', 'Words.', '--undo'], /A note and --undo exclude each other/],
    [
      ['pick', '2608.00001', '--note', 'x'.repeat(501)],
      /The note is too long: 501 characters[\s\S]*1 to 500/,
    ],
    [['pick'], /missing required argument 'id'/],
  ])('who is mistaken is told what is allowed: papers %j', async (args, words) => {
    const { run } = await desk();
    const { status, stdout, stderr } = await run('papers', ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(words);
  });
});
