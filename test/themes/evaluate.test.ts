// How an operator learns how good the themes are on papers of their own, and what they are told when a file is wrong.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { evaluate, type LabelledPaper } from '../../src/themes/evaluate.ts';
import type { DayModel } from '../../src/themes/layout.ts';
import { LIMITS, papersOf, papersOfFile } from '../../src/themes/papers-file.ts';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';

const THEMES = ['sea', 'sky', 'land'].map(slug => ({ slug, name: slug, description: '', keywords: [slug] }));

/** Believes the title: "sea, sky" is the sea, then the sky; "-" is nothing. */
const model: DayModel = {
  classify({ title }) {
    const ranking = title.split(', ').map((theme, place) => ({ theme, score: -place }));
    return { theme: title === '-' ? null : (ranking[0]?.theme ?? null), ranking };
  },
};
const paper = (title: string, ...labels: string[]): LabelledPaper => ({ title, abstract: '', labels });

describe('an evaluation', () => {
  it('counts what is right, what is nearly right, and what was mixed up', () => {
    const papers = [
      paper('sea', 'sea'),
      paper('sea, sky', 'sky'),
      paper('sky', 'land', 'sky'),
      paper('-', 'also-today'),
      paper('land, sea, sky', 'sky'),
    ];
    expect(evaluate(papers, THEMES, model)).toMatchObject({
      papers: 5,
      answered: 4,
      accuracy: 0.6,
      top2: 0.6,
      top3: 0.8,
      majority: 0.4,
      confusions: [
        { label: 'sky', theme: 'sea', papers: 1 },
        { label: 'sky', theme: 'land', papers: 1 },
      ],
      unknownLabels: [],
    });
  });

  it('of perfect answers is one everywhere, and nothing is mixed up', () => {
    const papers = ['sea', 'sky', 'land', 'sea'].map(slug => paper(slug, slug));
    expect(evaluate(papers, THEMES, model)).toMatchObject({
      accuracy: 1,
      accuracyInterval: [1, 1],
      macroF1: 1,
      macroF1Interval: [1, 1],
      top2: 1,
      top3: 1,
      ami: 1,
      ari: 1,
      confusions: [],
    });
  });

  it('names labels that no theme has, and survives that all are unknown', () => {
    const figures = evaluate([paper('-', 'moon'), paper('-', 'sun')], THEMES, model);
    expect(figures).toMatchObject({ accuracy: 0, macroF1: 0, unknownLabels: ['moon', 'sun'] });
  });
});

async function file(content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'papers.jsonl');
  await writeFile(path, content);
  return path;
}

const GOOD = '{"id":"a","title":"On  whales","abstract":"Big."}\n\n{"title":"Eagles","label":["sky"]}';

/** More bytes than are read, in lines of blanks: gzip files after one another are one. */
const BLANKS = Buffer.concat(
  Array<Buffer>(LIMITS.file / 2 ** 20 + 1).fill(gzipSync(`${' '.repeat(2 ** 20 - 1)}\n`)),
);

describe('a file of papers', () => {
  it.each<[string, string | Uint8Array]>([
    ['as plain lines', GOOD],
    ['with a byte order mark and Windows line ends', `\ufeff${GOOD.replaceAll('\n', '\r\n')}\r\n`],
    ['compressed', gzipSync(GOOD)],
    ['compressed in two parts', Buffer.concat([gzipSync(GOOD.slice(0, 20)), gzipSync(GOOD.slice(20))])],
  ])('is read %s', async (_how, content) => {
    expect(await Array.fromAsync(papersOfFile(await file(content)))).toMatchObject([
      { id: 'a', title: 'On whales', abstract: 'Big.', line: 1 },
      { id: 3, title: 'Eagles', abstract: '', line: 3, fields: { label: ['sky'] } },
    ]);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['that is empty', ' \n', /papers\.jsonl is empty$/],
    ['with a broken line', `${GOOD}\n{"title": `, /papers\.jsonl, line 4: not valid JSON/],
    ['with a line that is no paper', `${GOOD}\n7`, /papers\.jsonl, line 4: line: /],
    ['with a paper without title', '{"abstract":"x"}', /papers\.jsonl, line 1: title: /],
    ['that is no text', Uint8Array.of(123, 10, 0xff, 0xfe), /papers\.jsonl, line [12]/],
    [
      'that was cut off',
      gzipSync(GOOD).subarray(0, 30),
      /papers\.jsonl cannot be read: unexpected end of file/,
    ],
    ['with a line without end', 'x'.repeat(LIMITS.line + 1), /papers\.jsonl, line 1 is too long$/],
    ['that unpacks to very much', BLANKS, /papers\.jsonl is too large$/],
  ])('%s is refused with its place', async (_what, content, said) => {
    const reading = Array.fromAsync(papersOfFile(await file(content)));
    await expect(reading).rejects.toMatchObject({ name: 'PaperroundError', code: 'input' });
    await expect(reading).rejects.toThrow(said);
  });

  it('that is not there is named', async () => {
    await expect(Array.fromAsync(papersOfFile('/nowhere/x.jsonl'))).rejects.toThrow(
      /^\/nowhere\/x\.jsonl cannot be read: ENOENT/,
    );
  });

  it('may come in pieces of any size, also within a letter', async () => {
    const bytes = Buffer.from('{"title":"Über den Wal 🐋"}\n{"title":"二"}');
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3);
    }
    const titles = (await Array.fromAsync(papersOf(pieces(), 'stdin'))).map(({ title }) => title);
    expect(titles).toEqual(['Über den Wal 🐋', '二']);
  });
});

describe('themes on the command line', () => {
  const labelled = [
    { id: 1, title: 'Faster speculative decoding of language models', label: 'efficiency' },
    {
      id: 2,
      title: 'A diffusion model for text-to-image generation',
      area: 'x',
      label: ['vlm', 'image-gen'],
    },
    { id: 3, title: 'Robot manipulation with humanoid robots', label: 'robotics' },
    { id: 4, title: 'Nobody knows' },
  ];
  const lines = labelled.map(one => JSON.stringify(one)).join('\n');

  it('are measured: a document for programs, a table for people', async () => {
    const path = await file(lines);
    const figures = documentOf(await paperround(['themes', 'evaluate', path, '--json']));
    expect(figures).toMatchObject({ papers: 3, unlabelled: 1, accuracy: 1, unknownLabels: [] });
    const { stdout } = await paperround(['themes', 'evaluate', path]);
    expect(stdout).toContain('3 labelled papers, 1 without a label ignored; 3 were given a theme');
    expect(stdout).toMatch(/^accuracy +1\.000 +95 %: 1\.000 to 1\.000$/m);
  });

  it('explain themselves: the runner-up, the margin, the phrases and the three likeliest themes', async () => {
    const { stdout } = await paperround(['themes', 'classify', '--explain'], { stdin: lines });
    const [first] = stdout.split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      theme: 'efficiency',
      margin: expect.any(Number),
      matched: expect.arrayContaining([expect.stringMatching(/speculative decoding/)]),
      ranking: [{ theme: 'efficiency', score: expect.any(Number) }, {}, {}],
    });
  });

  it.each([
    [
      'no paper has the field',
      ['--label', 'topic'],
      /no paper has a "topic"(?:.|\n)*--label; there are: id, title/,
    ],
    ['a label is no slug', ['--label', 'id'], /papers\.jsonl, line 1: id: allowed: a slug/],
    ['an archive is missing', ['--archive', '/nowhere/a.gz'], /\/nowhere\/a\.gz cannot be read: ENOENT/],
  ])('say so when %s, and exit with 2', async (_what, options, said) => {
    const { status, stderr } = await paperround(['themes', 'evaluate', await file(lines), ...options]);
    expect(stderr).toMatch(said);
    expect(status).toBe(2);
  });

  it('are learnt from an archive first where one is given', async () => {
    const archive = await file(
      gzipSync(
        Array.from({ length: 30 }, (_, i) =>
          JSON.stringify({ title: `Whale ${i}`, abstract: 'Deep sea.' }),
        ).join('\n'),
      ),
    );
    const { stdout, status } = await paperround(['themes', 'classify', '--archive', archive], {
      stdin: lines,
    });
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(4);
  });
});
