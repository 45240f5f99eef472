// The commands that others script against: their JSON, their exit status, and that the steps fit together.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround, start } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';

const PAPERS = [
  {
    title: 'A diffusion model for image generation',
    abstract: 'We propose a model. It works.',
    date: '2026-08-20',
  },
  { title: 'Faster speculative decoding', abstract: 'We propose decoding. It is fast.', date: '2026-08-20' },
];

async function folderWithPapers(papers: object[] = PAPERS) {
  const folder = await temporaryFolder();
  const file = join(folder, 'papers.jsonl');
  await writeFile(file, papers.map(paper => JSON.stringify(paper)).join('\n'));
  return { folder, file, env: { DATA_DIR: join(folder, 'data') } };
}

async function withReaders(
  env: Record<string, string>,
  folder: string,
  readers: object[] = [{ email: 'ada@example.org' }],
) {
  const file = join(folder, 'readers.json');
  await writeFile(file, JSON.stringify(readers));
  expect((await paperround(['subscribers', 'import', file], { env })).status).toBe(0);
}

describe('the way of a paper, command by command', () => {
  it('goes from a file to a reader, and no step does its work twice', async () => {
    const { folder, file, env } = await folderWithPapers();
    await withReaders(env, folder);
    const source = { ...env, SOURCES: `file:${file}` };
    const collected = documentOf(
      await paperround(['collect', '--date', '2026-08-20', '--json'], { env: source }),
    );
    expect(collected).toEqual({
      sources: [
        {
          name: `file:${file}`,
          outcome: 'ok',
          reason: null,
          day: '2026-08-20',
          fetched: 2,
          new: 2,
          updated: 0,
          duplicate: 0,
          dropped: [],
        },
      ],
    });
    const published = documentOf(await paperround(['publish', '--date', '2026-08-20', '--json'], { env }));
    expect(published).toMatchObject({
      edition: '2026-08-20',
      outcome: 'published',
      papers: 2,
      themes: [
        { slug: 'image-gen', name: 'Image generation and editing' },
        { slug: 'efficiency', name: 'Efficient inference and compression' },
      ],
    });
    const again = await paperround(['publish', '--date', '2026-08-20', '--json'], { env });
    expect(documentOf(again)).toMatchObject({ outcome: 'already-published', papers: 2 });
    expect(again.status).toBe(0);

    const sent = documentOf(await paperround(['send', '--json'], { env }));
    expect(sent).toMatchObject({
      edition: '2026-08-20',
      planned: 1,
      sent: 1,
      deferred: 0,
      refused: 0,
      unknown: 0,
      skipped: 0,
    });
    expect(await readdir(join(folder, 'data', 'outbox'))).toHaveLength(1);
    expect(documentOf(await paperround(['send', '--json'], { env }))).toMatchObject({ planned: 0, sent: 0 });
    const listed = documentOf<{ deliveries: object[] }>(
      await paperround(['deliveries', 'list', '--json'], { env }),
    );
    expect(listed.deliveries).toMatchObject([
      { edition: '2026-08-20', email: 'ada@example.org', state: 'sent' },
    ]);
  });

  it('is one command for cron: run collects, publishes and delivers, and says so; the second time nothing happens', async () => {
    const { folder, file, env: data } = await folderWithPapers();
    const env = { ...data, SOURCES: `file:${file}` };
    await withReaders(env, folder);
    const first = await paperround(['run', '--date', '2026-08-20'], { env });
    expect(first.status).toBe(0);
    expect(first.stdout.split('\n').map(line => line.split(':')[0])).toEqual([
      'collect',
      'publish',
      'deliver',
      '',
    ]);
    const second = documentOf(await paperround(['run', '--date', '2026-08-20', '--json'], { env }));
    expect(second).toMatchObject({ outcome: 'already-published', planned: 0, sent: 0 });
  });

  it('calls a day without new papers quiet, and that is a success', async () => {
    const { file, env: data } = await folderWithPapers();
    const env = { ...data, SOURCES: `file:${file}` };
    await paperround(['run', '--date', '2026-08-20'], { env });
    const quiet = await paperround(['run', '--date', '2026-08-21', '--json'], { env });
    expect(quiet.status).toBe(0);
    expect(documentOf(quiet)).toMatchObject({ outcome: 'quiet', sent: 0 });
  });

  it('sends what there is when one of the sources is broken, and exits with 1', async () => {
    const { folder, file, env: data } = await folderWithPapers();
    const env = { ...data, SOURCES: `file:${folder}/missing.json,file:${file}` };
    await withReaders(env, folder);
    const run = await paperround(['run', '--date', '2026-08-20', '--json'], { env });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/missing\.json cannot be read/);
    expect(documentOf(run)).toMatchObject({ outcome: 'published', sent: 1 });
  });

  it('exits with 3 when every mail was refused', async () => {
    const { folder, file, env } = await folderWithPapers();
    await withReaders(env, folder);
    await paperround(['publish', '--from', file], { env });
    const server = await smtpServer({ onRcpt: () => 550 });
    const mail = { ...env, SMTP_URL: server.url, MAIL_FROM: 'papers@example.org' };
    expect((await paperround(['send'], { env: mail })).status).toBe(3);
  });

  it('rehearses without sending or storing anything', async () => {
    const { folder, file, env } = await folderWithPapers();
    await withReaders(env, folder, [
      { email: 'ada@example.org' },
      { email: 'bo@example.org', keywords: ['entomology'] },
    ]);
    await paperround(['publish', '--from', file], { env });
    const dry = documentOf(await paperround(['send', '--dry-run', '--json'], { env }));
    expect(dry).toMatchObject({ planned: 1, skipped: 1, sent: 0, dryRun: true });
    expect(
      documentOf<{ deliveries: object[] }>(await paperround(['deliveries', 'list', '--json'], { env }))
        .deliveries,
    ).toEqual([]);
  });

  it('sends a test to whom it is told, without a row, but never to somebody who left', async () => {
    const { folder, file, env } = await folderWithPapers();
    await withReaders(env, folder, [{ email: 'gone@example.org', status: 'unsubscribed' }]);
    await paperround(['publish', '--from', file], { env });
    const test = await paperround(['send', '--to', 'me@example.org', '--json'], { env });
    expect(documentOf(test)).toMatchObject({ planned: 1, sent: 1, test: true });
    const [mail] = await readdir(join(folder, 'data', 'outbox'));
    const sent = await simpleParser(await readFile(join(folder, 'data', 'outbox', mail as string)));
    expect(sent.subject).toMatch(/^\[Test\] /);
    expect(
      documentOf<{ deliveries: object[] }>(await paperround(['deliveries', 'list', '--json'], { env }))
        .deliveries,
    ).toEqual([]);
    const refused = await paperround(['send', '--to', 'gone@example.org'], { env });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/is unsubscribed/);
  });

  it('removes a reader for good: a later import does not bring them back', async () => {
    const { folder, file, env } = await folderWithPapers();
    await withReaders(env, folder);
    expect((await paperround(['subscribers', 'remove', 'ADA@example.org'], { env })).status).toBe(0);
    await withReaders(env, folder);
    await paperround(['publish', '--from', file], { env });
    expect(documentOf(await paperround(['send', '--json'], { env }))).toMatchObject({ planned: 0, sent: 0 });
    const shown = documentOf(await paperround(['subscribers', 'show', 'ada@example.org', '--json'], { env }));
    expect(shown).toMatchObject({ status: 'unsubscribed' });
  });
});

describe('preview', () => {
  it('writes its files, and never loads mjml once the template has been compiled', async () => {
    const { folder, file, env } = await folderWithPapers();
    await paperround(['publish', '--from', file], { env });
    const out = join(folder, 'out');
    const watch = {
      ...env,
      NODE_OPTIONS: `--import ${new URL('../support/report-mjml.ts', import.meta.url).href}`,
    };
    const cold = await paperround(['preview', '--out', out], { env: watch });
    expect(cold.stderr).toContain('mjml: loaded');
    const warm = await paperround(['preview', '--out', out], { env: watch });
    expect(warm.stderr).toContain('mjml: not loaded');
    const mail = ['digest.eml', 'digest.html', 'digest.json', 'digest.txt', 'preflight.json'];
    expect(await readdir(out)).toEqual(expect.arrayContaining(mail));
    const digest = JSON.parse(await readFile(join(out, 'digest.json'), 'utf8'));
    expect(digest.papers).toMatchObject([
      { theme: 'image-gen', shown: 'summary' },
      { theme: 'efficiency', shown: 'summary' },
    ]);
    expect(JSON.parse(await readFile(join(out, 'preflight.json'), 'utf8'))).toMatchObject({ ok: true });
  });

  it('shows a day that is not published yet, without publishing it', async () => {
    const { folder, file, env } = await folderWithPapers();
    await paperround(['collect', '--date', '2026-08-20'], { env: { ...env, SOURCES: `file:${file}` } });
    expect(
      (await paperround(['preview', '--date', '2026-08-20', '--out', join(folder, 'out')], { env })).status,
    ).toBe(0);
    expect(documentOf(await paperround(['status', '--json'], { env }))).toMatchObject({
      edition: null,
      waiting: 2,
    });
  });

  it('serves the studio, which knows every reader, when no folder is given', async () => {
    const { folder, file, env } = await folderWithPapers();
    await withReaders(env, folder);
    await paperround(['publish', '--from', file], { env });
    const studio = start(['preview', '--port', '0'], { env });
    const url = (await studio.says(/(http:\/\/127\.0\.0\.1:\d+\/studio)/))[1] as string;
    expect(await (await fetch(url)).text()).toContain('ada@example.org');
    studio.kill('SIGINT');
    expect(await studio.ended).toBe(0);
  });
});

describe('serve', () => {
  it('runs the job at each beat, survives a failing step, answers the way out, and stops cleanly on SIGTERM', async () => {
    const { folder, file, env: data } = await folderWithPapers(PAPERS.map(({ date: _, ...paper }) => paper));
    const env = {
      ...data,
      SOURCES: `file:${folder}/missing.json,file:${file}`,
      CRON: '* * * * * *',
      // Before this hour a source that failed would be waited for.
      GIVE_UP_AT: '00:00',
      PUBLIC_URL: 'http://127.0.0.1:1',
    };
    // Whose hour has come, whatever the time is when this runs.
    await withReaders(env, folder, [{ email: 'ada@example.org', hour: 0 }]);
    const daemon = start(['serve', '--port', '0'], { env });
    const url = (await daemon.says(/readers' pages on (http:\/\/[\d.:]+)/))[1] as string;
    await daemon.says(/collect: .*missing\.json: failed/);
    await daemon.says(/deliver: edition .*: 1 sent/);
    await daemon.says(/publish: edition .* was published before/);
    expect((await fetch(`${url}/unsubscribe/forged`)).status).toBe(404);
    daemon.kill('SIGTERM');
    expect(await daemon.ended).toBe(0);
    expect(daemon.output()).toMatch(/serve: stopped/);
    expect(await readdir(join(folder, 'data', 'outbox'))).toHaveLength(1);
  });
});

describe('themes', () => {
  const lines = [
    '{"id":"a","title":"Speculative decoding for fast inference","abstract":""}',
    '{"id":2,"title":"Zzz","abstract":"Qqq."}',
  ].join('\n');

  it('classifies JSON Lines to JSON Lines', async () => {
    const { stdout, status } = await paperround(['themes', 'classify'], { stdin: lines });
    expect(status).toBe(0);
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(first).toMatchObject({ id: 'a', theme: 'efficiency', score: expect.any(Number) });
    expect(second).toMatchObject({ id: 2, theme: null });
  });

  it('groups them into named themes', async () => {
    const grouped = documentOf(await paperround(['themes', 'group'], { stdin: lines }));
    expect(grouped).toEqual({
      groups: [
        { theme: 'efficiency', name: 'Efficient inference and compression', papers: ['a'] },
        { theme: 'also-today', name: 'Also today', papers: [2] },
      ],
    });
  });

  it('takes another list of themes', async () => {
    const folder = await temporaryFolder();
    const taxonomy = join(folder, 'themes.json');
    await writeFile(taxonomy, JSON.stringify([{ slug: 'sleep', name: 'Sleep', keywords: ['zzz'] }]));
    const { stdout } = await paperround(['themes', 'classify', '--taxonomy', taxonomy], { stdin: lines });
    expect(stdout).toContain('"theme":"sleep"');
  });
});

describe('the command line itself', () => {
  const commands = [
    [],
    ['demo'],
    ['collect'],
    ['publish'],
    ['preview'],
    ['send'],
    ['run'],
    ['serve'],
    ['subscribers'],
    ['subscribers', 'import'],
    ['papers', 'list'],
    ['papers', 'add'],
    ['papers', 'pick'],
    ['papers', 'hide'],
    ['papers', 'note'],
    ['papers', 'show'],
    ['papers', 'theme'],
    ['themes', 'list'],
    ['themes', 'classify'],
    ['themes', 'group'],
    ['themes', 'evaluate'],
    ['themes', 'refit'],
    ['themes', 'models'],
    ['themes', 'use'],
    ['deliveries', 'list'],
    ['status'],
    ['config'],
    ['migrate'],
  ];

  it.each(commands.map(c => [c.join(' ') || 'paperround', c] as const))(
    'explains itself: %s --help',
    async (_name, command) => {
      const { status, stdout, stderr } = await paperround([...command, '--help']);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: paperround/);
    },
  );

  it.each([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['send', '--frobnicate'], /unknown option '--frobnicate'/],
    [['publish', '--date', '2026-02-30'], /YYYY-MM-DD/],
    [['publish', '--date', 'tomorrow'], /YYYY-MM-DD/],
    [['subscribers', 'import'], /missing required argument/],
    [['deliveries', 'list', '--state', 'lost'], /allowed: queued, sending/],
    [['send'], /No edition has been published yet/],
    [['collect'], /No sources are configured/],
    [['preview', '--out', '/tmp/x'], /nothing to preview/],
  ])('says what is wrong with %j, and exits with 2', async (args, said) => {
    const { status, stderr } = await paperround(args, { env: { DATA_DIR: await temporaryFolder() } });
    expect(stderr).toMatch(said);
    expect(status).toBe(2);
  });

  it('reads a configuration file in TypeScript, and the environment wins over it', async () => {
    const folder = await temporaryFolder();
    const config = join(folder, 'paperround.config.ts');
    await writeFile(
      config,
      `export default { name: 'Bee papers' as string, timeZone: 'Europe/Paris', dataDir: '${folder}/data' };\n`,
    );
    const shown = documentOf<{ settings: Record<string, { value: string; origin: string }> }>(
      await paperround(['config', '--json', '--config', config], { env: { TZ_DEFAULT: 'Asia/Tokyo' } }),
    );
    expect(shown.settings.name).toEqual({ value: 'Bee papers', origin: config });
    expect(shown.settings.timeZone).toEqual({ value: 'Asia/Tokyo', origin: 'TZ_DEFAULT' });
  });

  it('says nothing but problems under --quiet, and only JSON on stdout under --json', async () => {
    const { file, env } = await folderWithPapers();
    expect((await paperround(['publish', '--from', file, '--quiet'], { env })).stdout).toBe('');
    const failed = await paperround(['send', '--date', '1999-01-01', '--json'], { env });
    expect(documentOf(failed)).toMatchObject({
      error: { code: 'usage', message: expect.stringContaining('1999-01-01') },
    });
  });
});
