// Why papers stand where they stand, and the door for embeddings, as an operator meets them on the command line.
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';

const SAMPLE = fileURLToPath(new URL('../../samples/huggingface-2026-06-12.json', import.meta.url));
const SUBWORDS = fileURLToPath(new URL('../fixtures/embedders/subwords.mjs', import.meta.url));
const WORDS = '"title": "Robot manipulation with vision-language-action models", "abstract": "Robots grasp."';

interface Published {
  papers: number;
  themes: { slug: string; name: string; papers: string[] }[];
  evidence: Record<string, { theme: string | null; by: string; matched: string[]; margin: number | null }>;
}

async function house(settings: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const env = { DATA_DIR: join(folder, 'data'), ...settings };
  return {
    folder,
    run: (args: string[], stdin?: string) =>
      paperround(args, { env, cwd: folder, ...(stdin === undefined ? {} : { stdin }) }),
  };
}

describe('the evidence of an edition', () => {
  it('is told by publish --json, papers show and the page of preview, and to no reader', async () => {
    const { folder, run } = await house();
    const { evidence, papers } = documentOf<Published>(await run(['publish', '--from', SAMPLE, '--json']));
    expect(Object.keys(evidence)).toHaveLength(papers);
    const [id = '', why] = Object.entries(evidence).find(([, { matched }]) => matched.length > 1) ?? [];
    expect(why).toMatchObject({ by: 'model', placed: expect.any(String), margin: expect.any(Number) });

    const shown = await run(['papers', 'show', id]);
    expect(shown.stdout).toMatch(/\n {2}stands +under [^\n]+: '[^\n]+; next [^\n]+ behind/);
    expect(documentOf(await run(['papers', 'show', id, '--json']))).toMatchObject({ evidence: why });

    await run(['preview', '--out', join(folder, 'out')]);
    const read = (name: string) => readFile(join(folder, 'out', name), 'utf8');
    const page = await read('themes.html');
    expect(page.match(/<li>/g)).toHaveLength(papers);
    expect(page).toContain(`<q>${why?.matched[0]}</q>`);
    for (const name of ['digest.html', 'digest.txt', 'digest.json', 'digest.eml'])
      expect(await read(name), name).not.toMatch(/evidence|behind|margin"/);
  });
});

describe('themes list', () => {
  it('shows keywords, and makes no store to count papers', async () => {
    const { folder, run } = await house();
    const { stdout } = await run(['themes', 'list']);
    expect(stdout).toMatch(/^theme +name +keywords\n/);
    expect(stdout).toMatch(/\nrobotics +Robotics and embodied AI +\S.*, .* \+\d+\n/);
    expect(stdout).toMatch(/Nothing is published yet, so papers are not counted\.\n$/);
    const { themes, lately } = documentOf<{ themes: object[]; lately: null }>(
      await run(['themes', 'list', '--json']),
    );
    expect(themes[0]).toMatchObject({ keywords: expect.any(Array), papers: null, share: null });
    expect(lately).toBeNull();
    await expect(access(join(folder, 'data'))).rejects.toThrow(/ENOENT/);
  });

  it('says that nothing is published where there is a store already', async () => {
    const { run } = await house();
    await run(['migrate']);
    expect((await run(['themes', 'list'])).stdout).toContain('Nothing is published yet');
  });

  it('counts the papers of each theme', async () => {
    const { run } = await house();
    // Published as today's, because the last 30 days are counted from today.
    const today = new Date().toISOString().slice(0, 10);
    const { evidence } = documentOf<Published>(
      await run(['publish', '--from', SAMPLE, '--date', today, '--json']),
    );
    const all = Object.values(evidence);
    const slug = all[0]?.theme ?? '';
    const n = all.filter(({ theme }) => theme === slug).length;
    const { themes, lately } = documentOf<{
      themes: { slug: string; papers: number; share: number }[];
      lately: { elsewhere: Record<string, number> };
    }>(await run(['themes', 'list', '--json']));
    expect(themes.find(theme => theme.slug === slug)).toMatchObject({
      papers: n,
      share: Math.round((1000 * n) / all.length) / 1000,
    });
    const elsewhere = Object.values(lately.elsewhere).reduce((sum, count) => sum + count, 0);
    expect(themes.reduce((sum, { papers }) => sum + papers, 0) + elsewhere).toBe(all.length);
    expect((await run(['themes', 'list'])).stdout).toContain(
      `1 edition of the last 30 days, ${all.length} papers.`,
    );
  });

  it('still names the line of a mistake in an operator’s taxonomy', async () => {
    const { folder, run } = await house({ TAXONOMY: 'themes.json' });
    await writeFile(
      join(folder, 'themes.json'),
      '[\n  {"slug": "Sea", "name": "Sea", "keywords": ["whale"]}\n]',
    );
    const { status, stderr } = await run(['themes', 'list']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/themes\.json, line 2 \(theme 1\): slug: /);
  });
});

describe('an operator’s embedder', () => {
  it('is plugged in by the configuration, from where that file is, and chooses themes with the model', async () => {
    const { folder, run } = await house();
    await writeFile(join(folder, 'embedder.mjs'), await readFile(SUBWORDS));
    await writeFile(join(folder, 'paperround.config.mjs'), "export default { embedder: './embedder.mjs' };");
    const elsewhere = await temporaryFolder();
    const config = ['--config', join(folder, 'paperround.config.mjs')];
    const env = { DATA_DIR: join(folder, 'data') };
    const published = await paperround(['publish', '--from', SAMPLE, '--json', ...config], {
      env,
      cwd: elsewhere,
    });
    expect(published.stderr).toBe('');
    const { evidence } = documentOf<Published>(published);
    const chosen = Object.values(evidence).filter(({ theme }) => theme !== null);
    expect(chosen.length).toBeGreaterThan(20);
    expect(new Set(chosen.map(({ by }) => by))).toEqual(new Set(['embedder']));
    expect((await run(['papers', 'show', Object.keys(evidence)[0] ?? ''])).stdout).toMatch(
      / \(with the embedder\)/,
    );
  });

  it('takes part in classify, group and evaluate, unless the model that ships is asked for', async () => {
    const { folder, run } = await house({ EMBEDDER: SUBWORDS });
    const line = `{"id": 1, ${WORDS}}\n`;
    const classify = (...more: string[]) =>
      run(['themes', 'classify', ...more], line).then(documentOf<{ score: number }>);
    const [both, plain] = [await classify(), await classify('--shipped')];
    expect(both).toMatchObject({ id: 1, theme: 'robotics' });
    expect(both.score).not.toBe(plain.score);
    expect(documentOf(await run(['themes', 'group'], line))).toMatchObject({
      groups: [{ theme: 'robotics' }],
    });
    await writeFile(join(folder, 'labelled.jsonl'), `{${WORDS}, "label": "robotics"}`);
    expect(documentOf(await run(['themes', 'evaluate', 'labelled.jsonl', '--json']))).toMatchObject({
      accuracy: 1,
    });
  });

  const BROKEN: [string, string, RegExp][] = [
    ['is not there', '', /cannot be used: there is no such file/],
    [
      'answers with nonsense',
      'export default { embed: async t => t.map(() => [NaN]) };',
      /answered with something that is no Float32Array/,
    ],
    [
      'rejects',
      "export default { name: 'x', embed: () => Promise.reject(new Error('no weights')) };",
      /failed: no weights/,
    ],
    ['never answers', 'export default { embed: () => new Promise(() => {}) };', /did not answer in 1 s/],
    [
      'never finishes loading',
      'await new Promise(() => {}); export default {};',
      /did not answer in 1 s \(loading\)/,
    ],
  ];

  it.each(BROKEN)(
    'that %s stops no edition: one line says so, and it goes out without',
    async (_what, code, words) => {
      const { folder, run } = await house({ EMBEDDER: 'embedder.mjs', EMBEDDER_SECONDS: '1' });
      if (code !== '') await writeFile(join(folder, 'embedder.mjs'), code);
      const published = await run(['publish', '--from', SAMPLE, '--json']);
      expect(published.status).toBe(0);
      expect(published.stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(words)]);
      expect(published.stderr).toContain('themes: this day goes without the embedder: The embedder ');
      const { papers, evidence } = documentOf<Published>(published);
      expect(papers).toBe(30);
      expect(new Set(Object.values(evidence).map(({ by }) => by))).toEqual(new Set(['model']));
    },
  );

  it('fails aloud where it is tried out', async () => {
    const { run } = await house({ EMBEDDER: 'gone.mjs' });
    const { status, stderr } = await run(['themes', 'classify'], `{${WORDS}}\n`);
    expect(status).toBe(2);
    expect(stderr).toContain('gone.mjs cannot be used: there is no such file');
    expect(stderr).not.toContain('please report');
  });

  it.each(['https://example.org/embedder.mjs', 'data:text/javascript,export default 1', 'npm:minilm'])(
    'is a file of the operator’s own, never %s',
    async address => {
      const { run } = await house({ EMBEDDER: address });
      const { status, stderr } = await run(['status']);
      expect(status).toBe(2);
      expect(stderr).toContain('embedder (set by EMBEDDER): allowed: the path of a file of yours');
    },
  );
});
