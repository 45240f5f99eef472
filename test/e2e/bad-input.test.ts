// Bad input is ordinary: each piece gets a message with file, line or field and what is allowed, and nothing is half done.

import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';

async function fileWith(content: string | Buffer, name = 'papers.txt') {
  const folder = await temporaryFolder();
  const file = join(folder, name);
  await writeFile(file, content);
  return { folder, file, env: { DATA_DIR: join(folder, 'data') } };
}

const nothingStored = async (env: Record<string, string>) => {
  const status = documentOf(await paperround(['status', '--json'], { env }));
  expect(status).toMatchObject({ papers: 0, edition: null, subscribers: { active: 0, pending: 0 } });
};

describe('a file of papers that is', () => {
  it.each<[string, string | Buffer, RegExp]>([
    ['empty', '', /is empty/],
    ['blank', ' \n\n ', /is empty/],
    ['truncated JSON', '[\n{"title": "A", "abstract": "B"},\n{"title": "C", "abs', /line 3: not valid JSON/],
    ['binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), /is not a text file: byte 5 is a NUL/],
    ['not UTF-8', Buffer.from([0x41, 0xe9, 0x41, 0x0a]), /is not a text file: it is not UTF-8/],
    [
      'of a format that is not known',
      'Dear all,\n\nsee you on Monday.',
      /format is not known[\s\S]*Allowed: a Hugging Face/,
    ],
    ['a web page', '<!doctype html><title>Sorry</title>', /is a web page, not a feed[\s\S]*Allowed/],
    ['XML of another kind', '<?xml version="1.0"?><note/>', /line 1[\s\S]*note[\s\S]*Allowed/],
    ['an arXiv feed that is cut off', '<rss><channel><item><title>A</title>', /line 1: .*truncated/],
    ['BibTeX that is cut off', '@article{a, title={B}},\n@article{b, title={C', /line 2: .*truncated/],
    ['without a title', '[\n{"abstract": "B"}\n]', /line 2 \(paper 1\): title: missing/],
    [
      'one long line of 50 MB',
      `[{"title": "${'x'.repeat(50_000_000)}"}]`,
      /is too large: 48 MB[\s\S]*At most 20 MB/,
    ],
    [
      'with a title of a megabyte',
      JSON.stringify([{ title: 'x'.repeat(1_000_000), abstract: 'B' }]),
      /title: 1000000 characters; allowed: at most 1000/,
    ],
    [
      'with a javascript: link',
      '[{"title": "A", "abstract": "B", "url": "javascript:alert(1)"}]',
      /line 1 \(paper 1\): url: "javascript:alert\(1\)" is not a web address; allowed: https:/,
    ],
  ])('%s is refused with exit status 2, and nothing is stored', async (_what, content, said) => {
    const { file, env } = await fileWith(content);
    const { status, stderr } = await paperround(['publish', '--from', file], { env });
    expect(stderr).toMatch(said);
    expect(stderr).toContain(file);
    expect(stderr.length).toBeLessThan(2000);
    expect(status).toBe(2);
    await nothingStored(env);
  });

  it('missing is refused with its name', async () => {
    const { status, stderr } = await paperround(['publish', '--from', 'no/such/file'], {
      env: { DATA_DIR: await temporaryFolder() },
    });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/no\/such\/file cannot be read/)]);
  });

  it('good but for one paper gives the others, and says which one was dropped and why', async () => {
    const lines = [
      '{"title":"Good","abstract":"A."}',
      '{"title":"Bad","abstract":"B.","url":"data:text/html,x"}',
      'not json',
    ];
    const { file, env } = await fileWith(lines.join('\n'));
    const published = await paperround(['publish', '--from', file, '--json'], { env });
    expect(published.status).toBe(0);
    expect(documentOf(published)).toMatchObject({
      papers: 1,
      sources: [
        {
          fetched: 3,
          new: 1,
          dropped: [
            { reason: 'unsafe link', count: 1 },
            { reason: 'unreadable', count: 1 },
          ],
        },
      ],
    });
    expect(published.stderr).toMatch(
      /line 2: url: .*line 3: this line is not valid JSON|line 3: [\s\S]*line 2: url/s,
    );
  });
});

it('a hostile title reaches the reader as the text it is, in both parts', async () => {
  const title = 'Evil </mj-text> {{x}} {{{y}}} <script>alert(1)</script>\nline two\u0000 & "quotes"';
  const { folder, file, env } = await fileWith(
    JSON.stringify([{ title, abstract: '{{#each}} <b>bold</b> </div>', authors: ['<i>A</i>'] }]),
  );
  expect((await paperround(['publish', '--from', file], { env })).status).toBe(0);
  const out = join(folder, 'out');
  expect((await paperround(['preview', '--out', out], { env })).status).toBe(0);
  const { readFile } = await import('node:fs/promises');
  const html = await readFile(join(out, 'digest.html'), 'utf8');
  expect(html).not.toMatch(/<script|<b>bold|<i>A|<\/mj-text>/);
  expect(html).toContain(
    'Evil &lt;/mj-text&gt; {{x}} {{{y}}} &lt;script&gt;alert(1)&lt;/script&gt; line two',
  );
  const text = (await readFile(join(out, 'digest.txt'), 'utf8')).replace(/\s+/g, ' ');
  expect(text).toContain('Evil </mj-text> {{x}} {{{y}}} <script>alert(1)</script> line two & "quotes"');
});

describe('a file of readers that has', () => {
  it.each<[string, string, RegExp]>([
    ['no address', '[\n{"name": "Ada"}\n]', /line 2: email: missing/],
    [
      'a line break in an address',
      '[{"email": "a@b.org\\r\\nBcc: all@b.org"}]',
      /line 1: email: .*line break/,
    ],
    [
      'an unknown theme',
      '[{"email": "a@b.org", "themes": ["cats"]}]',
      /line 1: themes: "cats" unknown; allowed: .*image-gen/,
    ],
    ['an unknown field', '[{"email": "a@b.org", "topics": []}]', /unknown field "topics"; allowed: themes/],
    [
      'a wrong cadence',
      '[{"email": "a@b.org", "cadence": "hourly"}]',
      /cadence: allowed: daily, weekdays, weekly/,
    ],
    [
      'a wrong zone',
      '[{"email": "a@b.org", "timeZone": "Mars/Olympus"}]',
      /timeZone: "Mars\/Olympus" is not a time zone; allowed: IANA/,
    ],
    ['truncated JSON', '[\n{"email": "a@b.org"', /line 2: not valid JSON/],
    ['CSV without a header', 'a@b.org\nc@d.org\n', /no CSV header with "email"/],
    ['an error in CSV', 'email,cadence\na@b.org,daily\nc@d.org,hourly\n', /line 3: cadence: allowed/],
    ['two errors', '[\n{"email": "x"},\n{"email": "y"}\n]', /line 2: email[\s\S]*line 3: email/],
  ])('%s is refused with exit status 2, and nobody is imported', async (_what, content, said) => {
    const { file, env } = await fileWith(content);
    const { status, stderr } = await paperround(['subscribers', 'import', file], { env });
    expect(stderr).toMatch(said);
    expect(status).toBe(2);
    await nothingStored(env);
  });
});

describe('surroundings that do not work', () => {
  it('a data folder that cannot be written is named, with what to do', async () => {
    const { file } = await fileWith('not a folder');
    const { status, stderr } = await paperround(['status'], { env: { DATA_DIR: join(file, 'data') } });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/database .*paperround\.db cannot be opened[\s\S]*DATA_DIR/),
    ]);
  });

  it('a folder that the system refuses is named at once', async () => {
    const { status, stderr } = await paperround(['status'], { env: { DATA_DIR: '/proc/paperround' } });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/cannot be opened/)]);
  });

  it('a damaged database is called damaged, with what to do', async () => {
    const { folder, env } = await fileWith('x');
    await paperround(['status'], { env });
    for (const bytes of ['nonsense '.repeat(1000), 'SQLite format 3\0'.padEnd(9000, '\u0001')]) {
      await writeFile(join(folder, 'data', 'paperround.db'), bytes);
      const { status, stderr } = await paperround(['status'], { env });
      expect([status, stderr]).toEqual([1, expect.stringMatching(/is damaged[\s\S]*Backup/)]);
    }
  });

  it('a file of papers with a mistyped year makes the edition of today, and says so', async () => {
    const { file, env } = await fileWith('[{"title": "A", "abstract": "B.", "date": "2999-01-01"}]');
    const published = await paperround(['publish', '--from', file, '--json'], { env });
    expect(published.stderr).toMatch(/names 2999-01-01, a day to come/);
    expect(documentOf<{ edition: string }>(published).edition).not.toBe('2999-01-01');
  });

  async function published() {
    const { folder, file, env } = await fileWith('[{"title": "A", "abstract": "B."}]');
    await mkdir(folder, { recursive: true });
    await paperround(['publish', '--from', file], { env });
    await paperround(['subscribers', 'add', 'ada@example.org'], { env });
    return { ...env, MAIL_FROM: 'papers@example.org' };
  }

  it('a mail server that cannot be reached is named, and nothing is recorded as tried', async () => {
    const env = await published();
    const { status, stderr } = await paperround(['send'], {
      env: { ...env, SMTP_URL: 'smtp://127.0.0.1:1' },
    });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/smtp:\/\/127\.0\.0\.1:1 cannot be used[\s\S]*SMTP_URL/),
    ]);
    expect(documentOf(await paperround(['deliveries', 'list', '--json'], { env }))).toEqual({
      deliveries: [],
    });
  });

  it('a wrong password is called a wrong password, and not shown', async () => {
    const env = await published();
    const server = await smtpServer({ login: { user: 'ada', password: 'right' } });
    const { status, stderr } = await paperround(['send'], {
      env: { ...env, SMTP_URL: server.url.replace('right', 'wr0ng') },
    });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/refuses the login/)]);
    expect(stderr).not.toContain('wr0ng');
  });

  it('a mail server without a sender is a question of configuration', async () => {
    const { MAIL_FROM: _, ...env } = await published();
    const { status, stderr } = await paperround(['send'], {
      env: { ...env, SMTP_URL: 'smtp://127.0.0.1:1' },
    });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/MAIL_FROM is not set/)]);
  });

  it.each([
    [['preview', '--port', '99999'], /'99999' is invalid. Give a whole number from 0 to 65535/],
    [['preview', '--extreme', 'thirty', '--date', '2026-08-20'], /--extreme.* cannot be used with .*--date/],
    [['preview', '--out', 'x', '--open'], /--out.* cannot be used with .*--open/],
    [
      ['preview', '--preferences', '{}', '--subscriber', 'a@example.org'],
      /cannot be used with .*--subscriber/,
    ],
  ])('%j is refused with what is wrong', async (args, said) => {
    const { status, stderr } = await paperround(args, { env: { DATA_DIR: await temporaryFolder() } });
    expect([status, stderr]).toEqual([2, expect.stringMatching(said)]);
  });

  it('a port in use is named', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())));
    const { port } = server.address() as { port: number };
    const env = { DATA_DIR: await temporaryFolder() };
    for (const command of ['demo', 'serve']) {
      const { status, stderr } = await paperround([command, '--port', String(port)], { env });
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(new RegExp(`Port ${port} on 127.0.0.1 is in use[\\s\\S]*--port`)),
      ]);
    }
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ SMTP_URL: 'http://x' }, /smtpUrl \(set by SMTP_URL\): allowed: smtp:\/\//],
    [{ DATABASE_URL: 'mysql://x' }, /databaseUrl \(set by DATABASE_URL\): allowed: sqlite:PATH/],
    [{ PUBLIC_URL: 'http://papers.example.org' }, /publicUrl .*allowed: https:/],
    [{ CRON: 'every day' }, /cron .*allowed: cron fields/],
    [{ TZ_DEFAULT: 'Mars' }, /timeZone .*IANA/],
    [{ SOURCES: 'gopher:x' }, /sources\.0 .*"gopher:x": allowed: huggingface, arxiv:/],
    [{ PAPERROUND_SECRET_FILE: '/no/such/file' }, /PAPERROUND_SECRET_FILE: \/no\/such\/file cannot be read/],
  ])('the setting %j is refused with what is allowed', async (env, said) => {
    const { status, stderr } = await paperround(['config'], { env });
    expect([status, stderr]).toEqual([2, expect.stringMatching(said)]);
  });
});
