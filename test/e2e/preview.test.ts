// `paperround preview` for machines: the same as the studio shows, as files.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';

async function folders() {
  const folder = await temporaryFolder();
  return { out: join(folder, 'out'), env: { DATA_DIR: join(folder, 'data') } };
}

const read = async <T>(folder: string, name: string) =>
  JSON.parse(await readFile(join(folder, name), 'utf8')) as T;

describe('preview --out', () => {
  it('writes the mail, its parts, and the figures of every view', async () => {
    const { out, env } = await folders();
    await paperround(['publish', '--from', 'samples/huggingface-2026-06-12.json'], { env });
    await paperround(['subscribers', 'import', 'subscribers.example.json'], { env });
    const done = await paperround(['preview', '--out', out, '--json'], { env });
    expect(done.status).toBe(0);
    expect((await readdir(out)).sort()).toEqual([...(documentOf(done).files as string[])].sort());
    const digest = await read<{ papers: { shown: string }[]; htmlBytes: number }>(out, 'digest.json');
    expect(digest.papers).toHaveLength(30);
    const map = await read<{ total: number }>(out, 'bytes.json');
    expect(map.total).toBe((await readFile(join(out, 'digest.html'))).length);
    expect(await read<unknown[]>(out, 'inbox.json')).toHaveLength(3);
    expect(JSON.stringify(await read(out, 'readers.json'))).toContain('ada@example.org');
    await read(out, 'difference.json');
  });

  it('shows an extreme to a made-up reader, in an installation that has nothing yet', async () => {
    const { out, env } = await folders();
    const wants = '{"length":"full","locale":"ar"}';
    const { status } = await paperround(
      ['preview', '--extreme', 'two-hundred', '--preferences', wants, '--out', out],
      { env },
    );
    expect(status).toBe(0);
    const digest = await read<{ papers: { shown: string }[]; htmlBytes: number }>(out, 'digest.json');
    expect(digest.papers).toHaveLength(200);
    expect(digest.htmlBytes).toBeLessThanOrEqual(95_000);
    expect(await readFile(join(out, 'digest.html'), 'utf8')).toMatch(/<html[^>]* dir="rtl"/);
  });

  it('draws a picture of all looks where a browser is', async () => {
    const { out, env } = await folders();
    await (await openBrowser()).close();
    const done = await paperround(['preview', '--extreme', 'one', '--out', out, '--shots'], { env });
    expect(done.stderr).toBe('');
    const picture = await readFile(join(out, 'shots.png'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.readUInt32BE(16)).toBeGreaterThan(1000);
  });

  it.each([
    [['--preferences', '{length'], '--preferences: not JSON'],
    [['--preferences', '{"length":"endless"}'], 'allowed: brief, standard, full'],
    [['--extreme', 'huge'], '“huge” is no day'],
    [['--subscriber', 'nobody@example.org'], 'Nobody is subscribed as nobody@example.org'],
    [['--shots'], '--shots needs a folder'],
  ])('refuses %j with what is allowed', async (args, words) => {
    const { env } = await folders();
    const { status, stderr } = await paperround(['preview', ...args], { env });
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });
});
