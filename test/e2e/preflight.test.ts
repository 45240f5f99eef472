// A broken template as its operator meets it at seven: what the commands say, their exit status, and that mending helps.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';
import { ownTemplates } from '../support/templates.ts';

const BROKEN = '<a href="javascript:alert(1)">Vote</a>';

/** An installation with one reader of whole digests and one of brief ones, whose template is broken for the latter. */
async function morning() {
  const folder = await temporaryFolder();
  const server = await smtpServer();
  const own = await ownTemplates();
  await own.change('partials/paper.hbs', '{{#if titleOnly}}', `{{#if titleOnly}}${BROKEN}`);
  const papers = join(folder, 'papers.jsonl');
  const paper = {
    title: 'Faster speculative decoding',
    abstract: 'We decode. It is fast.',
    date: '2026-08-20',
  };
  await writeFile(papers, JSON.stringify(paper));
  const readers = join(folder, 'readers.json');
  await writeFile(
    readers,
    JSON.stringify([{ email: 'ada@example.org' }, { email: 'bo@example.org', length: 'brief' }]),
  );
  const env = {
    DATA_DIR: join(folder, 'data'),
    TEMPLATES: own.folder,
    SMTP_URL: server.url,
    MAIL_FROM: 'papers@example.org',
    SOURCES: `file:${papers}`,
  };
  const run = (...args: string[]) => paperround(args, { env });
  expect((await run('subscribers', 'import', readers)).status).toBe(0);
  return { folder, own, run, got: () => server.accepted.map(({ to }) => to) };
}

describe('a template with a mistake', () => {
  it('is shown with its file, its line and what stands there, to people and to programs', async () => {
    const { own, run, got } = await morning();
    await own.mend();
    await own.change('partials/paper.hbs', '{{#if titleOnly}}', '\n{{> badge}}\n{{#if titleOnly}}');
    const file = join(own.folder, 'partials/paper.hbs');
    await run('collect', '--date', '2026-08-20');
    await run('publish', '--date', '2026-08-20');
    const seen = await run('preview', '--out', join(own.folder, 'out'));
    expect(seen.status).toBe(1);
    expect(seen.stderr.split('\n').slice(0, 3)).toEqual([
      `paperround: ${file}, line 2: there is no partial badge`,
      '    1 | ',
      '  > 2 | {{> badge}}',
    ]);
    const told = documentOf<{ error: { place: object } }>(
      await run('preview', '--json', '--out', own.folder),
    );
    expect(told.error.place).toMatchObject({
      file,
      line: 2,
      excerpt: ['  1 | ', '> 2 | {{> badge}}', expect.any(String)],
    });
    expect(got()).toEqual([]);
  });
});

describe('a template that is broken for brief digests', () => {
  it('keeps nobody else from their mail, and its readers get theirs once, when it is mended', async () => {
    const { own, run, got } = await morning();
    const first = await run('run', '--date', '2026-08-20');
    expect(first.status).toBe(1);
    expect(got()).toEqual(['ada@example.org']);
    const line = first.stderr.split('\n').filter(said => said.startsWith('preflight'));
    expect(line).toEqual([
      expect.stringMatching(
        /^preflight: links: javascript:alert\(1\) \(.*\); holds back 1 mail \(such as a brief digest\)\. Write \{\{safeUrl/,
      ),
    ]);
    expect(first.stderr).toContain('1 sent, 1 held back by preflight');

    const listed = documentOf<{ deliveries: object[] }>(
      await run('deliveries', 'list', '--json', '--state', 'queued'),
    );
    expect(listed.deliveries).toMatchObject([
      {
        email: 'bo@example.org',
        state: 'queued',
        reason: expect.stringContaining('preflight: links: javascript'),
      },
    ]);

    const dry = await run('send', '--dry-run', '--json');
    expect(dry.status).toBe(0);
    const test = await run('send', '--to', 'bo@example.org', '--json');
    expect(test.status).toBe(1);
    expect(documentOf(test)).toMatchObject({ sent: 0, held: 1, preflight: [{ check: 'links' }] });
    const again = await run('send', '--json');
    expect(again.status).toBe(1);
    expect(documentOf(again)).toMatchObject({
      planned: 1,
      sent: 0,
      held: 1,
      preflight: [{ level: 'failure', check: 'links', readers: 1 }],
    });
    expect(got()).toEqual(['ada@example.org']);

    await own.mend();
    const mended = await run('send');
    expect([mended.status, mended.stderr]).toEqual([0, '']);
    expect((await run('send')).stdout).toContain('nothing to send');
    expect(got()).toEqual(['ada@example.org', 'bo@example.org']);
  });

  it('is seen by preview before anything is sent', async () => {
    const { folder, own, run, got } = await morning();
    await run('collect', '--date', '2026-08-20');
    await run('publish', '--date', '2026-08-20');
    const dry = await run('send', '--dry-run');
    expect(dry.status).toBe(1);
    expect(dry.stdout).toMatch(/would go to 1 reader, 1 would be held back/);
    const out = join(folder, 'out');
    const preview = () => run('preview', '--subscriber', 'bo@example.org', '--out', out);
    const seen = await preview();
    expect(seen.status).toBe(1);
    expect(seen.stderr).toMatch(/^preflight: failure: links: javascript:alert\(1\)/m);
    expect(seen.stderr).toMatch(/^ {2}Write \{\{safeUrl/m);
    const report = () => readFile(join(out, 'preflight.json'), 'utf8').then(text => JSON.parse(text));
    const { ok, checks } = await report();
    expect(ok).toBe(false);
    expect(checks).toContainEqual({
      name: 'links',
      ok: false,
      level: 'failure',
      detail: 'javascript:alert(1)',
      where: 'before “Faster speculative decoding”',
      hint: expect.any(String),
    });
    await own.mend();
    expect(await preview()).toMatchObject({ status: 0, stderr: '' });
    expect(await report()).toMatchObject({ ok: true });
    expect(got()).toEqual([]);
  });
});
