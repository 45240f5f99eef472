// The operator's eyes: the log by which one morning is followed from its source to each delivery, and what machines ask of `serve`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround, start } from '../support/cli.ts';
import { reply, serve } from '../support/http.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';

/** Each step is a process of its own. */
const LONG = { timeout: 180_000 };

const TODAY = new Date().toISOString().slice(0, 10);
const PASSWORD = 'geheim-und-lang';
const SECRET = 'the secret that signs the links';

async function installed(more: Record<string, string> = {}, refused: string[] = []) {
  const folder = await temporaryFolder();
  const server = await smtpServer({
    login: { user: 'papers', password: PASSWORD },
    onRcpt: to => (refused.some(name => to.startsWith(name)) ? 550 : undefined),
  });
  const env = {
    DATA_DIR: join(folder, 'data'),
    SMTP_URL: server.url,
    MAIL_FROM: 'papers@example.org',
    PAPERROUND_SECRET: SECRET,
    SOURCES: `file:${join(folder, 'papers.jsonl')}`,
    ...more,
  };
  const paper = { title: 'A diffusion model', abstract: 'We propose it. It works.', date: TODAY };
  const readers = ['ada', 'bo', 'cy'].map(name => ({ email: `${name}@example.org` }));
  await writeFile(join(folder, 'papers.jsonl'), JSON.stringify(paper));
  await writeFile(join(folder, 'readers.json'), JSON.stringify(readers));
  const run = (...args: string[]) => paperround(args, { env });
  await run('subscribers', 'import', join(folder, 'readers.json'));
  return { folder, env, run, server };
}

interface Line {
  level: string;
  time: string;
  msg: string;
  trace: string;
  step: string;
  [fact: string]: unknown;
}

const linesOf = (stderr: string): Line[] =>
  stderr
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Line);

describe('the log for machines', LONG, () => {
  it('follows one morning by one trace, from the source to every delivery', async () => {
    const { run } = await installed({ LOG_FORMAT: 'json', LOG_LEVEL: 'debug' }, ['bo']);
    const { stdout, stderr, status } = await run('run', '--date', TODAY, '--json');
    expect(status).toBe(0);
    const lines = linesOf(stderr);
    const { trace } = documentOf<{ trace: string }>({ stdout, stderr, status });
    expect(trace).toMatch(/^[\da-f]{16}$/);
    expect(new Set(lines.map(line => line.trace))).toEqual(new Set([trace]));
    expect(lines.map(({ step, outcome }) => `${step} ${outcome ?? ''}`).sort()).toEqual([
      'attempt refused',
      'attempt sent',
      'attempt sent',
      'collect ok',
      'deliver ',
      'publish published',
    ]);
    expect(lines.find(({ step }) => step === 'deliver')).toMatchObject({
      edition: TODAY,
      sent: 2,
      refused: 1,
    });
    const shown = await run('deliveries', 'show', 'bo@example.org');
    const [, id] = new RegExp(`In the logs: trace ${trace}, delivery (\\S+)`).exec(shown.stdout) ?? [];
    expect(lines).toContainEqual(expect.objectContaining({ delivery: id, outcome: 'refused', attempt: 1 }));
  });

  it('holds no secret, no address and no link, and stays text where nobody asks for more', async () => {
    const { run, server } = await installed({ LOG_FORMAT: 'json', LOG_LEVEL: 'debug' });
    const { stdout, stderr } = await run('run', '--date', TODAY);
    expect(server.accepted).toHaveLength(3);
    for (const secret of [PASSWORD, SECRET, 'ada@', '/unsubscribe', 'smtp://'])
      expect(stdout + stderr).not.toContain(secret);
    const text = await installed();
    const said = await text.run('run', '--date', TODAY);
    expect([said.stdout.includes('deliver: edition'), said.stderr]).toEqual([true, '']);
  });
});

const textOf = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
};

describe('what machines ask of serve', LONG, () => {
  it('is answered on a port of its own: alive, ready, and the figures', async () => {
    const { env, run } = await installed(
      { METRICS_LISTEN: '127.0.0.1:0', PUBLIC_URL: 'https://papers.example.org' },
      ['bo'],
    );
    await run('run', '--date', TODAY);
    // Every second: the job finds that all is done.
    const serving = start(['serve', '--port', '0'], { env: { ...env, CRON: '* * * * * *' } });
    const [, health] = await serving.says(/figures and health on (\S+)/);
    const [, pages] = await serving.says(/pages on (\S+)/);
    await serving.says(/nothing to send/);
    expect(await textOf(`${health}/healthz`)).toEqual({ status: 200, text: 'ok\n' });
    expect(await textOf(`${health}/readyz`)).toEqual({ status: 200, text: 'ok\n' });
    const { text } = await textOf(`${health}/metrics`);
    const figure = (name: string) =>
      new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1];
    expect(figure('paperround_deliveries{state="sent"}')).toBe('2');
    expect(figure('paperround_deliveries{state="refused"}')).toBe('1');
    expect(figure('paperround_subscribers{status="active"}')).toBe('3');
    expect(figure('paperround_bounces_day{kind="hard"}')).toBe('0');
    expect(figure('paperround_edition_paused')).toBe('0');
    expect(figure('paperround_due')).toMatch(/^\d+$/);
    expect(Number(figure('paperround_beat_lag_seconds'))).toBeLessThan(60);
    expect(Number(figure('process_resident_memory_bytes'))).toBeGreaterThan(1e6);
    expect(text).toContain('paperround_source_ok{source=');
    for (const path of ['/metrics', '/healthz', '/readyz'])
      expect((await textOf(`${pages}${path}`)).status).toBe(404);
    serving.kill('SIGTERM');
    expect(await serving.ended).toBe(0);
  });
});

describe('after a good morning', LONG, () => {
  it('the address that waits for it is asked once, and the operator gets one report', async () => {
    const watcher = await serve(response => reply(response, 200));
    const { run, server } = await installed({
      PING_URL: `${watcher.url}/token`,
      REPORT_TO: 'operator@example.org',
    });
    expect((await run('run', '--date', TODAY)).stdout).toContain('ping: the morning went well');
    await run('run', '--date', TODAY);
    expect(watcher.requests.map(({ path }) => path)).toEqual(['/token']);
    const reports = server.accepted.filter(({ to }) => to === 'operator@example.org');
    expect(reports).toHaveLength(1);
    const [mail = ''] = reports.map(({ bytes }) => bytes.toString());
    expect(mail).toMatch(/^Subject: Daily Papers: edition .*good/m);
    const text = Buffer.from(mail.slice(mail.indexOf('\r\n\r\n')), 'base64').toString();
    expect(text).toContain('All went well.');
    expect(text).toContain('Deliveries of the edition until now: 3 sent.');
  });

  it('a watcher that is away is said, and is no failure; the next run tells it', async () => {
    let isAway = true;
    const watcher = await serve(response => reply(response, isAway ? 500 : 200));
    const { run } = await installed({ PING_URL: `${watcher.url}/token` });
    const first = await run('run', '--date', TODAY);
    expect([first.status, first.stderr]).toEqual([0, expect.stringContaining('it answered 500')]);
    expect(first.stderr + first.stdout).not.toContain('/token');
    isAway = false;
    expect((await run('run', '--date', TODAY)).stdout).toContain('ping: the morning went well');
  });

  it('a bad morning is not called a good one', async () => {
    const watcher = await serve(response => reply(response, 200));
    const missing = join(await temporaryFolder(), 'missing');
    await mkdir(missing);
    const { run, server } = await installed({
      PING_URL: watcher.url,
      REPORT_TO: 'operator@example.org',
      SOURCES: `file:${join(missing, 'none.jsonl')}`,
    });
    expect((await run('run', '--date', TODAY)).status).toBe(1);
    expect(watcher.requests).toEqual([]);
    expect(server.accepted).toEqual([]);
  });
});

describe('a list that has grown overnight', LONG, () => {
  it('is asked about: nothing goes out by itself until somebody says so', async () => {
    const { folder, run, server } = await installed();
    await run('run', '--date', TODAY);
    const many = Array.from({ length: 120 }, (_, n) => ({ email: `new${n}@example.org` }));
    await writeFile(join(folder, 'many.json'), JSON.stringify(many));
    await run('subscribers', 'import', join(folder, 'many.json'));
    const asked = await run('send');
    expect([asked.status, asked.stderr]).toEqual([
      1,
      expect.stringContaining(`there are 123 readers now, and 3 when the edition of ${TODAY} was sent`),
    ]);
    expect(asked.stderr).toContain('paperround send --yes');
    const job = await run('run', '--date', TODAY);
    expect([job.status, job.stderr]).toEqual([3, expect.stringContaining('is paused since')]);
    expect(server.accepted).toHaveLength(3);
    await run('deliveries', 'resume');
    expect((await run('run', '--date', TODAY)).status).toBe(0);
    expect(server.accepted).toHaveLength(123);
  });
});

describe('a rehearsal', LONG, () => {
  it('of run says what it would do, and neither asks, sends nor stores', async () => {
    const { run, server } = await installed();
    const first = await run('run', '--date', TODAY, '--dry-run');
    expect([first.status, first.stdout]).toEqual([0, expect.stringContaining('would ask file:')]);
    expect(documentOf(await run('status', '--json'))).toMatchObject({ edition: null, papers: 0 });
    await run('collect');
    await run('publish');
    expect(documentOf(await run('run', '--date', TODAY, '--dry-run', '--json'))).toMatchObject({
      dryRun: true,
      planned: 3,
    });
    expect(server.accepted).toEqual([]);
    expect(documentOf(await run('deliveries', 'list', '--json'))).toEqual({ deliveries: [] });
  });

  it('of run without a date counts those alone whose hour has come', async () => {
    const folder = await temporaryFolder();
    const env = { DATA_DIR: join(folder, 'data'), MAIL_FROM: 'papers@example.org' };
    const paper = { title: 'A diffusion model', abstract: 'We propose it. It works.', date: TODAY };
    // Late in the day by the clock of Greenwich it is early on Kiritimati.
    const timeZone = Temporal.Now.zonedDateTimeISO('UTC').hour < 20 ? 'UTC' : 'Pacific/Kiritimati';
    const readers = [
      { email: 'early@example.org', hour: 0, timeZone: 'UTC' },
      { email: 'late@example.org', hour: 23, timeZone },
    ];
    await writeFile(join(folder, 'papers.jsonl'), JSON.stringify(paper));
    const stdin = JSON.stringify(readers);
    await paperround(['subscribers', 'import', '-'], { env, stdin });
    await paperround(['publish', '--from', join(folder, 'papers.jsonl')], { env });
    const { readers: told } = documentOf<{ readers: { address: string }[] }>(
      await paperround(['run', '--dry-run', '--json'], { env }),
    );
    expect(told.map(({ address }) => address)).toEqual(['early@example.org']);
  });

  it('of a retry says which would be tried again, and changes nothing', async () => {
    const { run } = await installed({}, ['ada', 'bo']);
    await run('run', '--date', TODAY);
    const said = documentOf(await run('deliveries', 'retry', '--state', 'refused', '--dry-run', '--json'));
    expect(said).toMatchObject({ dryRun: true });
    expect(documentOf(await run('status', '--json'))).toMatchObject({ deliveries: { refused: 2, sent: 1 } });
  });
});
