// "Did Ada get Tuesday's mail?": the commands on deliveries, as an operator uses them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { droppingServer, smtpServer } from '../support/smtp.ts';

const DAY = '2026-08-20';

async function installed(url: string, more: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const env = { DATA_DIR: join(folder, 'data'), SMTP_URL: url, MAIL_FROM: 'papers@example.org', ...more };
  const paper = { title: 'A diffusion model', abstract: 'We propose it. It works.', date: DAY };
  const readers = ['ada', 'bo', 'cy'].map(name => ({ email: `${name}@example.org` }));
  await writeFile(join(folder, 'papers.jsonl'), JSON.stringify(paper));
  await writeFile(join(folder, 'readers.json'), JSON.stringify(readers));
  const run = (...args: string[]) => paperround(args, { env });
  await run('subscribers', 'import', join(folder, 'readers.json'));
  await run('publish', '--from', join(folder, 'papers.jsonl'));
  return run;
}

describe('the operator who asks about one reader', () => {
  it('is told the whole life of a delivery, and what may be done about it', async () => {
    let isFull = true;
    const answer = (to: string) =>
      !isFull ? undefined : to.startsWith('ada') ? 451 : to.startsWith('bo') ? 550 : undefined;
    const server = await smtpServer({ onRcpt: answer });
    const run = await installed(server.url);
    expect((await run('deliveries', 'show', 'ada@example.org')).stdout).toContain(
      'Nothing of this edition has been sent to anybody yet.',
    );
    await run('send');
    const ada = await run('deliveries', 'show', 'ada@example.org', '--date', DAY);
    expect(ada.stdout).toMatch(
      /: deferred\n.*planned; it covers the edition of 2026-08-20\n.*attempt 1: the mail server said "not now": 451/,
    );
    expect(ada.stdout).toContain('To do: paperround send --date 2026-08-20 after that time');
    expect(documentOf(await run('deliveries', 'show', 'bo@example.org', '--json'))).toMatchObject({
      state: 'refused',
      attempts: [{ number: 1, outcome: 'refused' }],
    });
    const sent = await run('deliveries', 'retry', 'cy@example.org');
    expect([sent.status, sent.stderr]).toEqual([
      2,
      expect.stringContaining('what was sent is never sent again'),
    ]);
    isFull = false;
    expect((await run('deliveries', 'retry', 'ada@example.org', 'bo@example.org')).status).toBe(1);
    const again = await run('deliveries', 'retry', 'ada@example.org', 'bo@example.org', '--yes', '--json');
    expect(documentOf<{ retried: string[] }>(again).retried).toHaveLength(2);
    expect(documentOf(await run('send', '--json'))).toMatchObject({ sent: 2 });
    expect(server.accepted.map(({ to }) => to).sort()).toEqual([
      'ada@example.org',
      'bo@example.org',
      'cy@example.org',
    ]);
    await run('subscribers', 'add', 'di@example.org');
    await run('subscribers', 'pause', 'di@example.org');
    expect((await run('deliveries', 'show', 'di@example.org')).stdout).toContain(
      'The reader is paused since',
    );
  });

  it('is told until when the mail waits of a domain that asked to be left alone', async () => {
    const server = await smtpServer({ onRcpt: () => 421 });
    const run = await installed(server.url, { SMTP_CONNECTIONS: '1' });
    await run('send', '--wait', '0');
    expect(server.accepted).toEqual([]);
    const names = ['ada', 'bo', 'cy'];
    const told = await Promise.all(names.map(name => run('deliveries', 'show', `${name}@example.org`)));
    for (const { stdout } of told) {
      expect(stdout).toMatch(
        /\. Nothing goes out before 20[\d-]+T[\d:.]+Z: example\.org asked to be left alone \(421 /,
      );
      expect(stdout).toContain('To do: paperround send --date 2026-08-20 after that time');
    }
    // The first one was tried.
    expect(told.filter(({ stdout }) => stdout.includes('Waiting to be sent'))).toHaveLength(2);
  });

  it('says what became of an unknown one', async () => {
    const server = await droppingServer('dot', 3);
    const run = await installed(server.url);
    await run('send');
    const resolve = (name: string, ...more: string[]) =>
      run('deliveries', 'resolve', `${name}@example.org`, '--date', DAY, ...more);
    expect((await resolve('ada')).status).toBe(2);
    expect((await resolve('ada', '--sent')).status).toBe(0);
    expect((await resolve('ada', '--not-sent')).stderr).toContain('is not unknown but sent');
    expect((await resolve('bo', '--not-sent')).status).toBe(0);
    expect(documentOf(await run('send', '--json'))).toMatchObject({ sent: 1 });
    expect((await run('deliveries', 'list', '--state', 'unknown')).stdout).toContain('cy@example.org');
  });

  it('is told what is wrong with the question', async () => {
    const run = await installed('smtp://127.0.0.1:1');
    for (const [args, said] of [
      [['show', 'nobody@example.org'], 'Nobody is subscribed as nobody@example.org'],
      [['show', 'ada@example.org', '--date', '2026-01-01'], 'There is no edition of 2026-01-01'],
      [['retry'], 'Say which deliveries to try again'],
      [['retry', '--state', 'sent'], 'allowed: deferred, refused, unknown'],
      [['resume'], 'Edition 2026-08-20 is not paused'],
    ] as const) {
      const { status, stderr } = await run('deliveries', ...args);
      expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
    }
  });
});

describe('the operator who stops a send', () => {
  it('pauses, is told so by status and send, resumes, and cancels', async () => {
    const server = await smtpServer();
    const run = await installed(server.url);
    expect((await run('deliveries', 'pause')).status).toBe(0);
    const send = await run('send');
    expect([send.status, server.accepted]).toEqual([3, []]);
    expect(send.stderr).toContain('paperround deliveries resume --date 2026-08-20');
    expect((await run('status')).stdout).toContain('edition 2026-08-20 is paused since');
    expect((await run('deliveries', 'resume')).status).toBe(0);
    expect((await run('send')).status).toBe(0);
    expect(server.accepted).toHaveLength(3);
    expect((await run('deliveries', 'cancel')).stdout).toContain(
      '0 who were waiting do not get it, 3 had it',
    );
  });
});
