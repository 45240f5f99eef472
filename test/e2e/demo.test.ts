// The first two minutes: `npm start` on samples, over real SMTP, into mails that an independent parser reads back.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround, start } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';

interface DemoReport {
  edition: string;
  outcome: string;
  planned: number;
  sent: number;
  samples: { name: string; fetched: number; dropped: { count: number }[] }[];
}

async function delivered(folder: string): Promise<ParsedMail[]> {
  const inbox = join(folder, 'demo', 'inbox');
  const files = (await readdir(inbox)).filter(file => file.endsWith('.eml'));
  return Promise.all(files.map(async file => simpleParser(await readFile(join(inbox, file)))));
}

const active = ['ada', 'bo', 'chen', 'dara', 'emeka', 'farah', 'goran'].map(name => `${name}@example.org`);

describe('the demo', () => {
  it('sends one mail to each active example reader, accounts for every sample paper, and sends nothing twice', async () => {
    const folder = await temporaryFolder();
    const env = { DATA_DIR: folder };
    const first = documentOf<DemoReport>(await paperround(['demo', '--once', '--json'], { env }));
    expect(first).toMatchObject({ edition: '2026-08-20', outcome: 'published', planned: 7, sent: 7 });
    expect(first.samples.map(s => [s.name, s.fetched])).toEqual([
      ['daily-papers-page.txt', 71],
      ['huggingface-2026-06-12.json', 30],
    ]);
    const mails = await delivered(folder);
    expect(mails.map(mail => addressOf(mail)).sort()).toEqual(active);

    const again = await paperround(['demo', '--once'], { env });
    expect(again.status).toBe(0);
    expect(again.stdout).toMatch(/was published before/);
    expect(again.stdout).toMatch(/nothing to send: edition 2026-08-20 went to 7 readers before/);
    expect(await delivered(folder)).toHaveLength(7);
  });

  it('delivers mails whose headers, parts and links are whole', async () => {
    const folder = await temporaryFolder();
    await paperround(['demo', '--once'], { env: { DATA_DIR: folder, PORT: '4321' } });
    const mails = await delivered(folder);
    expect(mails).toHaveLength(7);
    for (const mail of mails) {
      expectHeaders(mail);
      expectLinks(mail);
    }
    const everything = mails.find(mail => addressOf(mail) === 'ada@example.org');
    const more = /(\d+) more on the web/.exec(everything?.text ?? '')?.[1] ?? '0';
    const titles = [...(everything?.html || '').matchAll(/<(?:h3|p class="t")><a /g)].length;
    expect(titles + Number(more)).toBe(101);
  });

  it('serves the delivered inbox, the edition and the way out, and ends at once on SIGTERM', async () => {
    const folder = await temporaryFolder();
    const demo = start(['demo', '--port', '0'], { env: { DATA_DIR: folder } });
    const url = (await demo.says(/Open (http:\/\/127\.0\.0\.1:\d+)\/inbox/))[1] as string;
    const inbox = await (await fetch(`${url}/inbox`)).text();
    for (const address of active) expect(inbox).toContain(address);
    expect(inbox).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const mail = (await delivered(folder)).find(m => addressOf(m) === 'bo@example.org');
    const way = /href="(http:[^"]*\/unsubscribe\/[^"]+)"/.exec(mail?.html || '')?.[1] as string;
    expect(way.startsWith(url)).toBe(true);
    expect((await fetch(way)).status).toBe(200);
    expect((await fetch(way, { method: 'POST', body: 'List-Unsubscribe=One-Click' })).status).toBe(200);
    expect(await (await fetch(way)).text()).toContain('You have left');
    expect(await (await fetch(`${url}/2026-08-20`)).text()).toContain('101 papers');
    demo.kill('SIGTERM');
    expect(await demo.ended).toBe(0);
  });
});

const addressOf = (mail: ParsedMail) =>
  (Array.isArray(mail.to) ? mail.to[0] : mail.to)?.value[0]?.address ?? '';

function expectHeaders(mail: ParsedMail): void {
  const header = (name: string) =>
    mail.headerLines.filter(line => line.key === name.toLowerCase()).map(line => line.line);
  for (const name of [
    'Return-Path',
    'From',
    'To',
    'Subject',
    'Message-ID',
    'Date',
    'MIME-Version',
    'List-Id',
    'List-Unsubscribe',
    'List-Unsubscribe-Post',
    'List-Archive',
    'List-Help',
    'List-Post',
    'Auto-Submitted',
    'Precedence',
    'Feedback-ID',
  ]) {
    expect(header(name), name).toHaveLength(1);
  }
  const [unsubscribe] = header('List-Unsubscribe');
  expect(unsubscribe?.replace(/\s+/g, ' ')).toMatch(
    /^List-Unsubscribe: <http:\/\/127\.0\.0\.1:4321\/unsubscribe\/[\w-]{44}>, <mailto:[^>]+>$/,
  );
  expect(mail.from?.text).toBe('"Daily Papers" <papers@paperround.example>');
  expect(mail.messageId).toMatch(/^<[\w-]{27}@paperround\.example>$/);
}

/** Every link of the HTML is a web or mail address, and stands in the text part too. */
function expectLinks(mail: ParsedMail): void {
  const html = mail.html || '';
  const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) =>
    (url as string).replaceAll('&amp;', '&').replaceAll('&#x3D;', '='),
  );
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) {
    expect(link).toMatch(/^(https?:\/\/|mailto:)/);
    expect(mail.text).toContain(link);
  }
  expect(html).not.toMatch(/<(img|script|link|iframe)\b|@import|url\(|\{\{|[\ue000\ue001]/);
}
