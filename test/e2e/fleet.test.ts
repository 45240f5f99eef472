// A fleet of real processes on one PostgreSQL: each with its role, and all of them together one installation.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { bossQueue } from '../../src/fleet/boss.ts';
import { paperround, start } from '../support/cli.ts';
import { serve } from '../support/http.ts';
import { temporaryFolder } from '../support/installation.ts';
import { postgres } from '../support/postgres.ts';
import { smtpServer } from '../support/smtp.ts';

const PAPERS = ['A diffusion model', 'Faster decoding'].map(title => ({ title, abstract: 'We propose it.' }));
// Whose hour has come, whatever the time is when this runs.
const READERS = ['ada', 'bo', 'cleo', 'dan'].map(name => ({ email: `${name}@example.org`, hour: 0 }));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(20);
}

/** An installation on a server, with readers; its processes are on "machines" with data folders of their own. */
async function installed(settings: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const url = await (await postgres()).database();
  const mail = await smtpServer();
  const env = {
    DATABASE_URL: url,
    SMTP_URL: mail.url,
    MAIL_FROM: 'papers@example.org',
    PUBLIC_URL: 'http://127.0.0.1:1',
    PAPERROUND_SECRET: 'the same on all machines',
    GIVE_UP_AT: '00:00',
    CRON: '0 0 1 1 *',
    ...settings,
  };
  await writeFile(join(folder, 'papers.jsonl'), PAPERS.map(paper => JSON.stringify(paper)).join('\n'));
  await writeFile(join(folder, 'readers.json'), JSON.stringify(READERS));
  const on = (machine: string) => ({ env: { ...env, DATA_DIR: join(folder, machine) } });
  const imported = await paperround(['subscribers', 'import', join(folder, 'readers.json')], on('desk'));
  expect(imported.status, imported.stderr).toBe(0);
  const role = (roles: string, machine: string, ...more: string[]) =>
    start(['serve', '--role', roles, ...more], on(machine));
  return { file: `file:${join(folder, 'papers.jsonl')}`, url, mail, role };
}

describe('a fleet', () => {
  it('brings the day’s papers: one schedules, two work, one answers to readers; each leaves when it is asked to', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'papers.jsonl');
    await writeFile(file, PAPERS.map(paper => JSON.stringify(paper)).join('\n'));
    const { mail, role } = await installed({ SOURCES: `file:${file}`, CRON: '* * * * * *' });
    const web = role('web', 'c', '--port', '0');
    const workers = [role('worker', 'a'), role('worker', 'b')];
    const scheduler = role('scheduler', 'c');
    const [, page] = await web.says(/readers' pages on (http:\/\/[\d.:]+)/);
    await scheduler.says(/serve: scheduler; .*other processes[\s\S]*serve: cron "\* \* \* \* \* \*"/);
    for (const worker of workers) await worker.says(/serve: takes tasks from the queue/);
    await until(() => mail.accepted.length >= READERS.length);
    expect(mail.accepted.map(({ to }) => to).sort()).toEqual(READERS.map(({ email }) => email).sort());
    await until(() => workers.some(worker => /was published before/.test(worker.output())));
    expect(web.output() + scheduler.output()).not.toMatch(/collect:|publish:|deliver:/);
    const [, way] =
      /https?:\/\/127\.0\.0\.1:1(\/unsubscribe\/[\w-]+)/.exec(String(mail.accepted[0]?.bytes)) ?? [];
    expect((await fetch(`${page}${way}`)).status).toBe(200);
    for (const one of [scheduler, ...workers, web]) {
      one.kill('SIGTERM');
      expect(await one.ended, one.output()).toBe(0);
      expect(one.output()).toMatch(/serve: stopped/);
    }
  }, 150_000);

  it('of which the worker that does the day’s job is killed has another one do it', async () => {
    const answer = PAPERS.map(paper => JSON.stringify(paper)).join('\n');
    // The first who asks gets no answer, and dies of it.
    const source = await serve((response, _, number) => void (number > 1 && response.end(answer)));
    const { url, mail, role } = await installed({ SOURCES: `feed:${source.url}/papers.jsonl` });
    const first = role('worker', 'a');
    await first.says(/takes tasks/);
    const db = new pg.Client({ connectionString: url });
    await db.connect();
    const today = new Date().toISOString().slice(0, 10);
    const edition = "insert into lane (name, free_at) values ('edition', $1)";
    await db.query(edition, [new Date(Date.now() - 1000).toISOString()]);
    const beats = await bossQueue(url, () => {});
    await beats.add([{ kind: 'morning', day: today }]);
    await until(() => source.requests.length === 1);
    first.kill('SIGKILL');
    await first.ended;
    const second = role('worker', 'b');
    await second.says(/takes tasks/);
    // Thirty seconds of silence, and the five minutes for which it held the edition, which nobody here waits for.
    await db.query("update lane set held_until = null where name = 'edition'");
    await db.query(
      "update paperround_queue.job set heartbeat_on = now() - interval '1 hour' where state = 'active'",
    );
    await db.query('update paperround_queue.queue set monitor_claim_on = null');
    await until(() => mail.accepted.length === READERS.length);
    await second.says(/publish: edition/);
    await db.end();
    await beats.close(5_000);
  }, 150_000);

  it.each(['scheduler', 'worker', 'worker,web'])(
    'is not made with a file: serve --role %s is refused in words',
    async roles => {
      const env = { DATA_DIR: await temporaryFolder() };
      const { status, stderr } = await paperround(['serve', '--role', roles], { env });
      expect(status).toBe(2);
      expect(stderr).toMatch(/needs PostgreSQL; this database is a file[\s\S]*DATABASE_URL=postgres/);
    },
  );

  it('has no role of another name', async () => {
    const { status, stderr } = await paperround(['serve', '--role', 'sheduler'], {
      env: { DATA_DIR: await temporaryFolder() },
    });
    expect(status).toBe(2);
    expect(stderr).toContain('Allowed: one or more of scheduler, worker, web');
  });
});
