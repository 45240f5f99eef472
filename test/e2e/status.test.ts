// `paperround status`: the page that an operator looks at first.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';

const TODAY = new Date().toISOString().slice(0, 10);

it('tells on one page what was, what waits and why, and what comes next', { timeout: 180_000 }, async () => {
  const folder = await temporaryFolder();
  const answers: Record<string, number> = { bo: 550, cy: 550, di: 451 };
  const server = await smtpServer({ onRcpt: to => answers[to.split('@')[0] ?? ''] });
  const env = {
    DATA_DIR: join(folder, 'data'),
    SMTP_URL: server.url,
    MAIL_FROM: 'papers@example.org',
    SOURCES: `file:${join(folder, 'papers.jsonl')}`,
    CRON: '30 6 * * *',
    WARM_UP: '200',
  };
  const run = (...args: string[]) => paperround(args, { env });
  const empty = await run('status');
  expect([empty.status, empty.stdout]).toEqual([0, expect.stringMatching(/^edition +none yet$/m)]);
  const paper = { title: 'A diffusion model', abstract: 'We propose it. It works.', date: TODAY };
  await writeFile(join(folder, 'papers.jsonl'), JSON.stringify(paper));
  await writeFile(
    join(folder, 'readers.json'),
    JSON.stringify(['ada', 'bo', 'cy', 'di'].map(name => ({ email: `${name}@example.org` }))),
  );
  await run('subscribers', 'import', join(folder, 'readers.json'));
  await run('run', '--date', TODAY);
  const { stdout } = await run('status');
  for (const line of [
    new RegExp(`^edition +${TODAY}: 1 paper in 1 theme, published at `, 'm'),
    /^deliveries +1 sent, 1 deferred, 2 refused$/m,
    /^refused +2 × .*550/m,
    /^deferred +1 × .*451/m,
    /^waiting +1 mail, the first is tried at \S+Z$/m,
    /^morning +trace [\da-f]{16}$/m,
    /^readers +/m,
    /^pace +warm-up since .*: 4 messages on /m,
    /^source +file:.*: ok at /m,
    /^next +\S+T06:30:00\.000Z: the day’s job, where serve runs \(CRON "30 6 \* \* \*" in UTC\)$/m,
    /^disk +.* free; the database has /m,
  ])
    expect(stdout).toMatch(line);
  expect(documentOf(await run('status', '--json'))).toMatchObject({
    edition: TODAY,
    deliveries: { sent: 1, refused: 2, deferred: 1 },
    open: { waiting: 1, unknown: 0 },
    refusedWhy: [{ times: 2 }],
    pace: { quiet: [], warmUp: { used: 4 } },
    disk: { free: expect.any(Number) },
  });
});
