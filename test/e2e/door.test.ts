// The operator's side of the door: who is asked to confirm, who is erased, who may come again; by the real command line.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';

async function opened(more: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const env = { DATA_DIR: folder, PUBLIC_URL: 'https://papers.example.org', ...more };
  const run = (...args: string[]) => paperround(args, { env });
  const file = join(folder, 'readers.json');
  await writeFile(file, JSON.stringify([{ email: 'ada@example.org' }, { email: 'bo@example.org' }]));
  return { folder, file, run };
}

const mails = async (folder: string) => {
  const names = await readdir(join(folder, 'outbox')).catch(() => []);
  return Promise.all(names.map(name => readFile(join(folder, 'outbox', name), 'utf8')));
};

describe('readers who are imported as pending', () => {
  it('are asked by mail to confirm, with the next run, once', async () => {
    const { folder, file, run } = await opened();
    await run('publish', '--from', 'samples/huggingface-2026-06-12.json');
    const imported = await run('subscribers', 'import', file, '--pending');
    expect(imported.stdout).toContain('2 are asked to confirm by mail');
    await run('subscribers', 'import', file, '--pending');
    expect((await run('run', '--date', '2026-06-12')).stdout).toContain('2 confirmation mails sent');
    await run('run', '--date', '2026-06-12');
    const sent = await mails(folder);
    expect(sent).toHaveLength(2);
    for (const mail of sent) expect(mail).toContain('Subject: Daily Papers: do you want it?');
  });

  it('are not asked where no page could be linked to, and that is said', async () => {
    const { file, run } = await opened({ PUBLIC_URL: '' });
    expect((await run('subscribers', 'import', file, '--pending')).stdout).toContain(
      'a link needs PUBLIC_URL',
    );
  });
});

describe('a reader who is erased', () => {
  it('is gone from every list and export, and can be added again', async () => {
    const { file, run } = await opened();
    await run('subscribers', 'import', file);
    const erased = await run('subscribers', 'erase', 'Ada@example.org', '--json');
    expect(documentOf(erased)).toEqual({ erased: true, staysSuppressed: false });
    for (const command of ['list', 'export'])
      expect((await run('subscribers', command)).stdout).not.toContain('ada@');
    expect((await run('subscribers', 'show', 'ada@example.org')).status).toBe(2);
    expect((await run('subscribers', 'add', 'ada@example.org')).status).toBe(0);
    expect((await run('subscribers', 'erase', 'nobody@example.org')).status).toBe(2);
  });

  it('after a complaint is known by a keyed hash alone: no import brings them back', async () => {
    const { folder, file, run } = await opened({ PAPERROUND_SECRET: 'the first secret of all' });
    await writeFile(
      join(folder, 'bad.json'),
      JSON.stringify([{ email: 'ada@example.org', status: 'suppressed' }]),
    );
    await run('subscribers', 'import', join(folder, 'bad.json'));
    expect((await run('subscribers', 'resume', 'ada@example.org')).stderr).toContain('subscribers lift');
    expect((await run('subscribers', 'erase', 'ada@example.org')).stdout).toContain('keyed hash stays');
    const changed = {
      PAPERROUND_SECRET: 'a newer secret of ours',
      PAPERROUND_OLD_SECRETS: 'the first secret of all',
    };
    const env = { DATA_DIR: folder, ...changed };
    const imported = await paperround(['subscribers', 'import', file, '--json'], { env });
    expect(documentOf(imported)).toMatchObject({ added: 1, left: 1 });
    expect((await paperround(['subscribers', 'add', 'ada@example.org'], { env })).status).toBe(2);
    const list = await paperround(['subscribers', 'list'], { env });
    expect(list.stdout).not.toContain('ada@');
  });
});

describe('a suppressed address', () => {
  it('may subscribe again once the operator has lifted it', async () => {
    const { folder, run } = await opened();
    await writeFile(
      join(folder, 'r.json'),
      JSON.stringify([{ email: 'ada@example.org', status: 'suppressed' }]),
    );
    await run('subscribers', 'import', join(folder, 'r.json'));
    expect((await run('subscribers', 'lift', 'ada@example.org')).stdout).toContain('is now unsubscribed');
    expect((await run('subscribers', 'lift', 'nobody@example.org')).status).toBe(2);
  });
});

describe('secrets', () => {
  it('of before are taken from the environment, and never shown', async () => {
    const { run } = await opened({ PAPERROUND_OLD_SECRETS: 'one of the old ones,another of them yet' });
    const shown = await run('config');
    expect(shown.stdout).toMatch(/PAPERROUND_OLD_SECRETS.*•••/);
    expect(shown.stdout).not.toContain('old ones');
    const wrong = await opened({ PAPERROUND_OLD_SECRETS: 'short' });
    expect((await wrong.run('config')).status).toBe(2);
  });
});
