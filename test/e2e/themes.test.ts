// Themes on the command line: what a curator corrects, and what an installation learns of its own papers.
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { madeUpPapers, THEMES } from '../themes/model/papers.ts';

const DAY = '2026-08-20';
const FERRY = { id: '2608.00001', title: 'Ferry', abstract: 'We ship blocks.', authors: ['Ada'], date: DAY };
const WHALES = JSON.stringify({
  id: 1,
  title: 'Plankton and sonar',
  abstract: 'Ocean, tide, wave and shark.',
});

async function house(papers: object[], settings: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const file = join(folder, 'papers.jsonl');
  await writeFile(file, papers.map(paper => JSON.stringify(paper)).join('\n'));
  const env = { DATA_DIR: join(folder, 'data'), SOURCES: `file:${file}`, ...settings };
  const run = (...args: string[]) => paperround(args, { env, cwd: folder });
  const said = async (...args: string[]) => {
    const { status, stdout, stderr } = await run(...args);
    expect([status, stderr]).toEqual([0, '']);
    return stdout.trimEnd();
  };
  return { folder, env, run, said };
}

describe('a curator', () => {
  it('says which theme a paper has, before it comes and after; the edition has it so', async () => {
    const { run, said } = await house([FERRY]);
    expect(await said('papers', 'theme', '2608.00001', 'robotics', '--by', 'Ada')).toBe(
      'corrected to robotics arxiv:2608.00001: no source knows it yet; it has the theme "Robotics and embodied AI" when it comes',
    );
    await run('collect', '--date', DAY);
    expect(await said('papers', 'theme', '2608.00001', 'Vision')).toBe(
      'corrected to vision: Ferry; it has the theme "Visual recognition" in its edition, and the themes learn from it\n' +
        'On a day that is all about one subject it may stand in another section, among papers like it; readers of its theme get it all the same.',
    );
    const { themes } = documentOf<{ themes: { slug: string }[] }>(
      await run('publish', '--date', DAY, '--json'),
    );
    expect(themes.map(({ slug }) => slug)).toEqual(['vision']);
    expect(await said('papers', 'theme', '2608.00001', 'also-today', '--by', 'Bo')).toBe(
      `corrected to also-today: Ferry; but edition ${DAY} went out with it and stays as it is`,
    );
    expect(await said('papers', 'show', '2608.00001')).toMatch(/\n {2}theme +also-today, by Bo at 20/);
  });

  it('is told what a correction does, and what it does not', async () => {
    const bare = { id: '2608.00002', title: 'Barge', authors: ['Ada'], date: DAY };
    const { run, said } = await house([FERRY, bare]);
    await run('collect', '--date', DAY);
    expect(await said('papers', 'theme', '2608.00001', 'also-today')).toBe(
      'corrected to also-today: Ferry; it stands under "Also today" in its edition; no other paper moves there with it\n' +
        'On a day that is all about one subject it may stand in another section, among papers like it.',
    );
    expect(await said('papers', 'theme', '2608.00002', 'vision')).toMatch(
      /^corrected to vision: Barge; it has the theme "Visual recognition" in its edition; it has no abstract, so the themes learn nothing from it\n/,
    );
    await run('papers', 'hide', '2608.00001');
    expect(await said('papers', 'theme', '2608.00001', 'vision')).toBe(
      'corrected to vision: Ferry; it is hidden, so no edition takes it, and the themes learn from it',
    );
  });

  it('takes it back, and can script it', async () => {
    const { run, said } = await house([FERRY], { CURATOR: 'Grace' });
    await run('collect', '--date', DAY);
    const about = { id: 'arxiv:2608.00001', known: true, title: 'Ferry', edition: null };
    expect(documentOf(await run('papers', 'theme', '2608.00001', 'also-today', '--json'))).toEqual({
      ...about,
      correction: { theme: 'also-today', curator: 'Grace', at: expect.any(String) },
    });
    expect(documentOf(await run('papers', 'show', '2608.00001', '--json'))).toMatchObject({
      correction: { theme: 'also-today', curator: 'Grace' },
    });
    expect(documentOf(await run('papers', 'theme', '2608.00001', '--undo', '--json'))).toEqual({
      ...about,
      correction: null,
    });
    expect(await said('papers', 'theme', '2608.00001', '--undo')).toBe('it was not corrected: Ferry');
  });

  it.each([
    [
      ['2608.00001', 'imge-gen'],
      /no theme "imge-gen"; did you mean "image-gen"\?[\s\S]*Allowed: .*robotics.*also-today/,
    ],
    [['2608.00001', 'cats'], /no theme "cats"\n[\s\S]*Allowed: /],
    [['ferry', 'robotics'], /"ferry" names no paper/],
    [['2608.00001'], /There is no theme[\s\S]*papers theme ID SLUG/],
    [['2608.00001', 'robotics', '--undo'], /exclude each other/],
    [['2608.00001', 'robotics', '--by', ' '], /The name is empty/],
  ])('who is mistaken is told what is allowed: papers theme %j', async (args, words) => {
    const { run } = await house([]);
    const { status, stdout, stderr } = await run('papers', 'theme', ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(words);
  });
});

describe('an installation with papers of its own field', () => {
  async function observatory() {
    const papers = madeUpPapers(320).map(({ title, abstract }, at) => ({
      id: `10.1/${at}`,
      title,
      abstract,
      date: DAY,
    }));
    const taxonomy = join(await temporaryFolder(), 'themes.json');
    await writeFile(taxonomy, JSON.stringify(THEMES));
    return house(papers, { TAXONOMY: taxonomy });
  }

  it('learns when its mail is out, classifies by what it learnt, and can go back', async () => {
    const { run, said, env, folder } = await observatory();
    const report = documentOf(await run('run', '--date', DAY, '--json'));
    expect(report).toMatchObject({
      failures: [],
      themes: { outcome: 'taken', why: 'the first one', model: { version: 1, state: 'in-use', papers: 280 } },
    });
    const themeOf = async (...options: string[]) => {
      const asked = { env, cwd: folder, stdin: WHALES };
      return documentOf<{ theme: string }>(await paperround(['themes', 'classify', ...options], asked)).theme;
    };
    expect([await themeOf(), await themeOf('--shipped')]).toEqual(['sea', null]);
    expect(await said('status')).toMatch(/^themes {2,}version 1 of 20\S+, learnt from 280 papers$/m);
    expect(await said('themes', 'refit')).toMatch(/^nothing to learn yet: the last fit was at /);
    const fitted = await said('themes', 'refit', '--force');
    expect(fitted).toMatch(/^Asked about 40 papers that it was not fitted to; before → after:\n/);
    expect(fitted).toMatch(
      /\n {2}get another theme +0 of 40\nversion 2, .* is in use from now on \(fitted: asked for\)/,
    );
    expect(await said('themes', 'use', '1')).toBe('In use from now on: version 1.');
    expect(await said('themes', 'models')).toMatch(
      /^version .*\n2 +20\S+ +280 +kept .*asked for\n1 +20\S+ +280 +in-use .*the first one\nIn use: version 1\.$/,
    );
    expect(await said('themes', 'use', 'shipped')).toBe('In use from now on: the model that ships.');
    expect(documentOf(await run('themes', 'models', '--json'))).toMatchObject({
      inUse: 'shipped',
      models: [
        { version: 2, state: 'kept', figures: { papers: 40 } },
        { version: 1, state: 'kept' },
      ],
    });
    expect(await themeOf()).toBeNull();
    await run('themes', 'use', '1');
    const other = { env: { ...env, TAXONOMY: '' }, cwd: folder };
    const listed = await paperround(['themes', 'models'], other);
    expect(listed.stdout).toMatch(
      /In use: version 1, but it waits until the themes are again those for which it was fitted; the model that ships answers\.$/m,
    );
    expect(documentOf(await paperround(['status', '--json'], other))).toMatchObject({
      themeModel: 1,
      themeModelAnswers: 'shipped',
    });
    expect(await paperround(['themes', 'use', '2'], other)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /Version 2 of the themes was fitted for other themes than those that ship/,
      ),
    });
  });

  it('says who has the turn, and whoever insists gets it as an exit status', async () => {
    const { run, said, env } = await observatory();
    await run('run', '--date', DAY);
    const database = new DatabaseSync(join(env.DATA_DIR, 'paperround.db'));
    const until = Temporal.Now.instant().add({ minutes: 15 }).toString({ fractionalSecondDigits: 3 });
    database.prepare("update lane set held_until = ? where name = 'fit-themes'").run(until);
    database.prepare("update theme_model set figures = '{', bytes = x'07'").run();
    database.close();
    const forced = await run('themes', 'refit', '--force');
    expect(forced.status).toBe(1);
    expect(forced.stdout).toContain(
      `not fitted: another process is at it, or was killed while it was; its turn ends at ${until} at the latest`,
    );
    expect(await said('themes', 'refit')).toMatch(/^not fitted: another process is at it/);
    expect(await said('status')).toMatch(
      /^themes {2,}version 1 of 20\S+, learnt from 280 papers, but it cannot be read; the model that ships answers$/m,
    );
    expect(await said('themes', 'models')).toMatch(
      /\(figures unreadable\) the first one\nIn use: version 1, but it cannot be read;/,
    );
  });

  it.each([
    ['9', /There is no version 9[\s\S]*There are: shipped/],
    ['newest', /"newest" is no version/],
    ['0x1', /"0x1" is no version/],
    ['1e0', /"1e0" is no version/],
    [' 1', /" 1" is no version/],
  ])('is told which versions there are: themes use %s', async (version, words) => {
    const { run } = await house([]);
    const { status, stderr } = await run('themes', 'use', version);
    expect(status).toBe(2);
    expect(stderr).toMatch(words);
  });
});

describe('without an installation', () => {
  it('papers are classified by the model that ships, and none is made', async () => {
    const { env, folder } = await house([]);
    const asked = { env, cwd: folder, stdin: WHALES };
    expect((await paperround(['themes', 'classify'], asked)).status).toBe(0);
    expect((await paperround(['themes', 'group'], asked)).status).toBe(0);
    await expect(access(env.DATA_DIR)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('nobody can ask for the model that ships and for another at once', async () => {
    const { run } = await house([]);
    const { status, stderr } = await run('themes', 'classify', '--shipped', '--archive', 'papers.jsonl');
    expect(status).toBe(2);
    expect(stderr).toContain('--shipped and --archive exclude each other');
  });
});
