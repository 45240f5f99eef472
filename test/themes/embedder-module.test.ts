// An operator's own embedder, loaded from a file: what is wrong with it is said with the file's name.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openEmbedder } from '../../src/themes/embedder-module.ts';
import { priorModel } from '../../src/themes/model/model.ts';
import { defaultTaxonomy } from '../../src/themes/taxonomy.ts';
import { temporaryFolder } from '../support/installation.ts';

const THEMES = defaultTaxonomy();
const MODEL = priorModel(THEMES);
const DAY = [{ title: 'Robot manipulation', abstract: 'A policy for robot arms that grasp.' }];
const SUBWORDS = fileURLToPath(new URL('../fixtures/embedders/subwords.mjs', import.meta.url));

async function fileWith(code: string): Promise<string> {
  const path = join(await temporaryFolder(), 'embedder.mjs');
  await writeFile(path, code);
  return path;
}

const ones = 'async texts => texts.map(() => Float32Array.of(1, 1))';

describe('an embedder’s file', () => {
  it.each([
    ['an embedder', `export default { name: 'ones', embed: ${ones} };`],
    ['a function that makes one', `export default () => ({ name: 'ones', embed: ${ones} });`],
    ['a function that takes its time', `export default async () => ({ embed: ${ones} });`],
    [
      'an object with state',
      `class Ones { size = 2; async embed(texts) { return texts.map(() => new Float32Array(this.size).fill(1)); } } export default new Ones();`,
    ],
  ])('may export %s', async (_what, code) => {
    const ready = await openEmbedder(await fileWith(code), 60, THEMES)(MODEL, DAY);
    expect(ready.classify(DAY[0] as (typeof DAY)[0])).toMatchObject({ theme: 'robotics', by: 'embedder' });
  });

  it.each([
    ['has no default export', 'export const embed = 1;', /: it has no default export/],
    ['makes nothing', 'export default () => {};', /or one that makes nothing/],
    [
      'exports something else',
      'export default { embed: 7 };',
      /: its default export has no function "embed"/,
    ],
    ['exports a word', "export default 'minilm';", /no function "embed"/],
    ['throws when it is loaded', "throw new Error('no weights here');", /: no weights here$/],
    ['cannot be read', 'export default {{{', /cannot be used: /],
    ['makes one and fails', "export default () => { throw new Error('no disk'); };", /: no disk$/],
    [
      'answers with NaN',
      'export default { name: "odd", embed: async t => t.map(() => Float32Array.of(NaN)) };',
      /The embedder odd \(.*embedder\.mjs\) answered with NaN/,
    ],
  ])('that %s is refused with its name', async (_what, code, message) => {
    const path = await fileWith(code);
    const refused = openEmbedder(path, 60, THEMES)(MODEL, DAY);
    await expect(refused).rejects.toMatchObject({ code: 'config', message: expect.stringMatching(message) });
    await expect(refused).rejects.toThrow(path);
  });

  it.each([
    ['while it is loaded', 'await new Promise(() => {}); export default {};', 'loading'],
    ['when it makes an embedder', 'export default () => new Promise(() => {});', 'loading'],
    ['when it is asked', 'export default { embed: () => new Promise(() => {}) };', 'themes 1 to 28 of 28'],
  ])('that never answers %s is left', async (_when, code, step) => {
    const path = await fileWith(code);
    await expect(openEmbedder(path, 0.2, THEMES)(MODEL, DAY)).rejects.toThrow(
      `did not answer in 0.2 s (${step})`,
    );
  });

  it.each(['no-such-file.mjs', 'test', '@huggingface/transformers'])(
    'must be there, unlike %s',
    async path => {
      await expect(openEmbedder(path, 60, THEMES)(MODEL, DAY)).rejects.toThrow(
        `The embedder ${path} cannot be used: there is no such file`,
      );
    },
  );

  it('is not opened on a day without papers', async () => {
    expect(await openEmbedder('no-such-file.mjs', 60, THEMES)(MODEL, [])).toBe(MODEL);
  });

  it('that failed while it was loaded is loaded anew the next day, mended or not', async () => {
    const path = await fileWith(
      'globalThis.tries = (globalThis.tries ?? 0) + 1; throw new Error("try " + globalThis.tries);',
    );
    const prepare = openEmbedder(path, 60, THEMES);
    await expect(prepare(MODEL, DAY)).rejects.toThrow(/: try 1$/);
    await expect(prepare(MODEL, DAY)).rejects.toThrow(/: try 2$/);
    await writeFile(path, `export default { embed: ${ones} };`);
    expect((await prepare(MODEL, DAY)).classify(DAY[0] as (typeof DAY)[0])).toMatchObject({ by: 'embedder' });
  });

  it.each([
    ['loaded', `throw new Error('\u202e' + 'x'.repeat(5000));`],
    ['asked', `export default { embed: async () => { throw new Error('\u202e' + 'x'.repeat(5000)); } };`],
  ])(
    'that fails with an endless error when it is %s is quoted in one printable line',
    async (_when, code) => {
      const refused = openEmbedder(await fileWith(code), 60, THEMES)(MODEL, DAY);
      await expect(refused).rejects.toThrow(/: {1,2}x{190,199}…/);
      await expect(refused).rejects.not.toThrow(/\u202e|x{200}/);
    },
  );

  it('is loaded once for many days', async () => {
    const prepare = openEmbedder(SUBWORDS, 60, THEMES);
    const [one, other] = [await prepare(MODEL, DAY), await prepare(MODEL, DAY)];
    const paper = DAY[0] as (typeof DAY)[0];
    expect(one.classify(paper)).toEqual(other.classify(paper));
  });
});
