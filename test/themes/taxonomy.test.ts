// The subjects that readers choose: slugs that last, and an operator's own list with every mistake pointed at.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PaperroundError } from '../../src/errors.ts';
import { defaultTaxonomy, readTaxonomy } from '../../src/themes/taxonomy.ts';
import { installation, temporaryFolder } from '../support/installation.ts';

async function file(content: unknown): Promise<string> {
  const path = join(await temporaryFolder(), 'themes.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  return path;
}

async function refusal(content: unknown): Promise<PaperroundError & { lines: string[] }> {
  const path = await file(content);
  const error = await readTaxonomy(path).then(
    () => Promise.reject(new Error('it was accepted')),
    (e: PaperroundError) => e,
  );
  expect(error).toMatchObject({ name: 'PaperroundError', code: 'input' });
  return Object.assign(error, { lines: error.details.map(detail => detail.replace(path, 'themes.json')) });
}

const GOOD = { slug: 'whales', name: 'Whales', keywords: ['whale', 'orca'] };

describe('the themes that ship', () => {
  // Readers have subscribed to these. A slug may be added; none may ever be renamed or taken away.
  it('keep the slugs that readers have chosen', () => {
    expect(defaultTaxonomy().map(theme => theme.slug)).toEqual([
      ...[
        'reasoning',
        'agents',
        'llm-training',
        'efficiency',
        'rag-knowledge',
        'code',
        'safety',
        'fair-privacy',
      ],
      ...['evaluation', 'language', 'interpretability', 'vlm', 'image-gen', 'video-gen', '3d', 'vision'],
      ...[
        'video-motion',
        'audio',
        'robotics',
        'rl',
        'representation',
        'theory-opt',
        'prob-causal',
        'graphs-ts',
      ],
      ...['science', 'health', 'neuro', 'society'],
    ]);
    expect(defaultTaxonomy()).toHaveLength(28);
  });

  it('have each a name of its own, a description and keywords without repeats', () => {
    const themes = defaultTaxonomy();
    expect(new Set(themes.map(theme => theme.name)).size).toBe(28);
    for (const { slug, description, keywords } of themes) {
      expect([slug, description.length > 20]).toEqual([slug, true]);
      expect([slug, new Set(keywords).size]).toEqual([slug, keywords.length]);
    }
  });
});

describe('an operator’s own themes', () => {
  it('are used instead of those that ship', async () => {
    const app = await installation({ taxonomy: await file([GOOD]) });
    expect(app.themes).toEqual([{ ...GOOD, description: '' }]);
  });

  it('may be written with blanks around and a byte order mark', async () => {
    const path = await file(
      `\ufeff ${JSON.stringify([{ ...GOOD, name: ' Whales ', keywords: [' whale'] }])}\n`,
    );
    expect(await readTaxonomy(path)).toEqual([{ ...GOOD, description: '', keywords: ['whale'] }]);
  });

  it('are refused with every mistake, its line and its field', async () => {
    const { message, lines } = await refusal(`[
{"slug": "whales", "name": "Whales", "keywords": ["whale"]},
{"slug": "Bad Slug", "name": "", "keywords": []},

{"slug": "whales", "name": "More whales", "keywords": ["orca"]},
7,
{"slug": "also-today", "name": "Mine", "keywords": ["x", ""]},
{"slug": "also-today", "name": "Mine", "keywords": ["x"]}
]`);
    expect(message).toMatch(/themes\.json: 7 problems$/);
    expect(lines).toEqual([
      'themes.json, line 3 (theme 2): slug: allowed: lower-case letters, digits and single hyphens',
      expect.stringMatching(/^themes\.json, line 3 \(theme 2\): name: /),
      'themes.json, line 3 (theme 2): keywords: at least one keyword',
      'themes.json, line 5 (theme 3): slug: "whales" is used twice or reserved; every theme needs its own',
      expect.stringMatching(/^themes\.json, line 6 \(theme 4\): theme: allowed: an object/),
      expect.stringMatching(/^themes\.json, line 7 \(theme 5\): keywords\.1: /),
      'themes.json, line 8 (theme 6): slug: "also-today" is used twice or reserved; every theme needs its own',
    ]);
  });

  it.each(['', '-a', 'a-', 'a--b', 'Ab', 'ä', 'a b', 'a/b', '../x', 7, null])(
    'a slug %j is refused',
    async slug => {
      expect((await refusal([{ ...GOOD, slug }])).lines).toEqual([
        expect.stringContaining('line 2 (theme 1): slug: '),
      ]);
    },
  );

  it.each([
    ['an object', {}],
    ['an empty list', []],
    ['null', 'null'],
  ])('%s is no list of themes, and an example is given', async (_what, content) => {
    const { message, hint } = await refusal(content);
    expect(message).toMatch(/themes\.json: a taxonomy is a JSON array of at least one theme$/);
    expect(hint).toContain('{"slug": "image-gen"');
  });

  it('a file that was cut off is refused at its last line', async () => {
    expect((await refusal('[{"slug": "a",\n"name": ')).message).toMatch(
      /line 2: not valid JSON: the file ends too early/,
    );
  });

  it('a file that is not there is named', async () => {
    await expect(readTaxonomy('/nowhere/themes.json')).rejects.toMatchObject({ code: 'input' });
  });
});
