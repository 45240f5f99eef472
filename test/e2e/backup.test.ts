// The operator's way back: a backup made while mail goes out, restored elsewhere.
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround, start } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { postgres } from '../support/postgres.ts';
import { smtpServer } from '../support/smtp.ts';

const DAY = '2026-08-20';
const READERS = 12;

/** An installation with an edition and readers, whose mail goes to `url`. */
async function installed(url: string, databaseUrl?: string) {
  const folder = await temporaryFolder();
  const env = {
    DATA_DIR: join(folder, 'data'),
    SMTP_URL: url,
    MAIL_FROM: 'papers@example.org',
    PUBLIC_URL: 'https://papers.example.org',
    SMTP_CONNECTIONS: '2',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };
  const readers = Array.from({ length: READERS }, (_, n) => ({ email: `reader${n}@example.org` }));
  await writeFile(join(folder, 'readers.json'), JSON.stringify(readers));
  const run = (...args: string[]) => paperround(args, { env });
  const publish = async (date: string, where = env) => {
    const paper = { title: `A diffusion model of ${date}`, abstract: 'We propose it. It works.', date };
    await writeFile(join(folder, `${date}.jsonl`), JSON.stringify(paper));
    return paperround(['publish', '--from', join(folder, `${date}.jsonl`), '--date', date], { env: where });
  };
  await run('subscribers', 'import', join(folder, 'readers.json'));
  await publish(DAY);
  return { folder, env, run, publish };
}

const tokenIn = (mail: Buffer) => /\/unsubscribe\/([\w-]+)>/.exec(mail.toString())?.[1] ?? '';

const counted = (addresses: readonly string[]) =>
  addresses.reduce((counts, to) => counts.set(to, (counts.get(to) ?? 0) + 1), new Map<string, number>());

/** Sends, and stops after five mails, so that a backup can be made in the middle; `goOn` lets the rest out. */
async function backedUpWhileSending() {
  const { promise: released, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: middle, resolve: reached } = Promise.withResolvers<void>();
  let taken = 0;
  const server = await smtpServer({
    async hold() {
      if (++taken < 5) return;
      reached();
      await released;
    },
  });
  const { folder, env, run, publish } = await installed(server.url);
  const sending = start(['send', '--json'], { env });
  await middle;
  const file = join(folder, 'copy.db');
  const backup = await run('backup', file, '--json');
  goOn();
  await sending.ended;
  return { folder, env, run, publish, server, file, backup };
}

/** Each step is a process of its own. */
const LONG = { timeout: 180_000 };

describe('a backup that was made while mail went out', LONG, () => {
  it('holds all of one instant, is for nobody else to read, and does not disturb the send', async () => {
    const { backup, file, server } = await backedUpWhileSending();
    expect(backup.status).toBe(0);
    expect(documentOf(backup)).toMatchObject({
      readers: READERS,
      editions: 1,
      deliveries: READERS,
      latest: DAY,
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(server.accepted).toHaveLength(READERS);
    const copy = new DatabaseSync(file, { readOnly: true });
    expect(copy.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
    copy.close();
  });

  it('is restored elsewhere: the old link still works, and nobody is mailed twice', async () => {
    const { folder, env, publish, server, file } = await backedUpWhileSending();
    const elsewhere = { ...env, DATA_DIR: join(folder, 'elsewhere') };
    const run = (...args: string[]) => paperround(args, { env: elsewhere });
    const restored = await run('restore', file, '--json');
    expect(documentOf(restored)).toMatchObject({ readers: READERS, paused: [DAY], latest: DAY });
    const { uncertain } = documentOf<{ uncertain: number }>(restored);
    expect(uncertain).toBeGreaterThanOrEqual(READERS - 5);
    const held = await run('send');
    expect([held.status, held.stderr]).toEqual([3, expect.stringContaining('deliveries resume')]);
    expect((await run('run', '--date', DAY)).status).toBe(3);
    expect(server.accepted).toHaveLength(READERS);
    expect((await run('deliveries', 'cancel', '--drop')).status).toBe(0);

    const serving = start(['serve', '--port', '0'], { env: elsewhere });
    const [, pages] = await serving.says(/pages on (\S+)/);
    const leaver = server.accepted[0];
    const left = await fetch(`${pages}/unsubscribe/${tokenIn(leaver?.bytes ?? Buffer.alloc(0))}`, {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(left.status).toBe(200);
    serving.kill('SIGTERM');
    expect(await serving.ended).toBe(0);

    await publish('2026-08-21', elsewhere);
    expect(documentOf(await run('send', '--json'))).toMatchObject({ sent: READERS - 1 });
    const times = counted(server.accepted.map(({ to }) => to));
    expect([...times].filter(([, n]) => n !== 2)).toEqual([[leaver?.to, 1]]);
    const second = server.accepted.slice(READERS).map(({ bytes }) => bytes.toString());
    expect(second.every(mail => !mail.includes(`A diffusion model of ${DAY}`))).toBe(true);
  });

  it('goes on exactly where it stood when the operator knows that nothing was sent since', async () => {
    const server = await smtpServer();
    const { folder, env, run } = await installed(server.url);
    const file = join(folder, 'copy.db');
    await run('backup', file);
    const elsewhere = { ...env, DATA_DIR: join(folder, 'elsewhere') };
    const back = await paperround(['restore', file, '--exact'], { env: elsewhere });
    expect([back.status, back.stdout]).toEqual([0, expect.not.stringContaining('paused')]);
    expect(documentOf(await paperround(['send', '--json'], { env: elsewhere }))).toMatchObject({
      sent: READERS,
    });
    expect(await readFile(join(folder, 'elsewhere', 'secret'), 'utf8')).toBe(
      await readFile(join(folder, 'data', 'secret'), 'utf8'),
    );
  });
});

describe('who asks for what cannot be done', LONG, () => {
  it('is told so, and nothing is overwritten', async () => {
    const server = await smtpServer();
    const { folder, env, run } = await installed(server.url);
    const file = join(folder, 'copy.db');
    await run('backup', file);
    const said = async (args: string[], more: Record<string, string> = {}) => {
      const { status, stderr } = await paperround(args, { env: { ...env, ...more } });
      return `${status}: ${stderr}`;
    };
    expect(await said(['backup', file])).toMatch(/^2: .*is there already/);
    expect(await said(['backup', join(folder, 'none', 'copy.db')])).toMatch(/^1: .*cannot be written/);
    expect(await said(['restore', file])).toMatch(/^2: .*There is an installation already/);
    const free = { DATA_DIR: join(folder, 'free') };
    expect(await said(['restore', join(folder, 'nothing.db')], free)).toMatch(/^2: .*cannot be read/);
    expect(await said(['restore', join(folder, 'readers.json')], free)).toMatch(/^2: .*no SQLite file/);
    expect(await said(['restore', join(folder, 'data', 'paperround.db')], free)).toMatch(
      /^2: .*not one that backup made/,
    );
    const other = { ...free, PAPERROUND_SECRET: 'another secret of 16 and more' };
    expect(await said(['restore', file], other)).toMatch(/^2: .*another secret than PAPERROUND_SECRET/);
    expect(existsSync(join(folder, 'free', 'paperround.db'))).toBe(false);
  });
});

describe('an installation on a database server', LONG, () => {
  it('is backed up into one file too, and restored into an empty database, or into a file', async () => {
    const server = await smtpServer();
    const database = await postgres();
    const { folder, env } = await installed(server.url, await database.database());
    const file = join(folder, 'copy.db');
    const backup = await paperround(['backup', file, '--json'], { env });
    expect(documentOf(backup)).toMatchObject({ readers: READERS, editions: 1, latest: DAY });
    const full = await paperround(['restore', file], { env });
    expect([full.status, full.stderr]).toEqual([1, expect.stringContaining('is not empty')]);

    const elsewhere = {
      ...env,
      DATA_DIR: join(folder, 'elsewhere'),
      DATABASE_URL: await database.database('empty'),
    };
    expect(documentOf(await paperround(['restore', file, '--json'], { env: elsewhere }))).toMatchObject({
      readers: READERS,
      paused: [DAY],
    });
    expect((await paperround(['send'], { env: elsewhere })).status).toBe(3);
    expect(server.accepted).toEqual([]);

    const { DATABASE_URL: _, ...inFile } = { ...elsewhere, DATA_DIR: join(folder, 'file') };
    expect((await paperround(['restore', file, '--exact'], { env: inFile })).status).toBe(0);
    expect(documentOf(await paperround(['send', '--json'], { env: inFile }))).toMatchObject({
      sent: READERS,
    });
  });
});
