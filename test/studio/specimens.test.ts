// The extreme days of the studio: each is what its name says, the same at every look, under the operator's own themes.
import { describe, expect, it } from 'vitest';
import { papersOf } from '../../src/editions/edition.ts';
import { SPECIMENS, type SpecimenSlug, specimenEdition } from '../../src/studio/specimens.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';
import { installation } from '../support/installation.ts';

const press = async () => (await installation()).press;

describe('the extreme days', () => {
  it.each<[SpecimenSlug, number]>([
    ['none', 0],
    ['one', 1],
    ['thirty', 30],
    ['seventy-one', 71],
    ['two-hundred', 200],
    ['tex', 30],
    ['right-to-left', 15],
    ['hostile', 12],
  ])('%s has %i papers, each once, and is the same at every look', async (slug, count) => {
    const edition = await specimenEdition(slug, await press());
    const papers = papersOf(edition);
    expect(papers).toHaveLength(count);
    expect(new Set(papers.map(({ id }) => id)).size).toBe(count);
    expect(papers.map(({ rank }) => rank)).toEqual(papers.map((_, place) => place + 1));
    expect(await specimenEdition(slug, await press())).toEqual(edition);
  });

  it('stand under the themes of the operator', async () => {
    const theme = { slug: 'all', name: 'Everything', description: '', keywords: [] };
    const { themes } = await specimenEdition('thirty', {
      themes: [theme as never],
      model: async () => ({ classify: () => ({ theme: 'all' }) }),
    });
    expect(themes.map(({ name, papers }) => [name, papers.length])).toEqual([['Everything', 30]]);
  });

  it('have a pick with a note where a curator is to be seen', async () => {
    const [first] = papersOf(await specimenEdition('thirty', await press()));
    expect(first?.pick?.note).toMatch(/^Careful/);
    const picks = papersOf(await specimenEdition('right-to-left', await press())).filter(({ pick }) => pick);
    expect(picks).toHaveLength(2);
    expect(picks[0]?.title).toMatch(/^\p{Script=Arabic}/u);
    expect(picks[1]?.pick?.note).toMatch(/^\p{Script=Hebrew}/u);
  });

  it('have readable formulas: TeX went the way of all papers', async () => {
    for (const { title, abstract, authors } of papersOf(await specimenEdition('tex', await press())))
      expect(`${title} ${abstract} ${authors}`).not.toMatch(/[\\$]/);
  });

  it('have whom they name: what is hostile came through every check and is still there', async () => {
    const papers = papersOf(await specimenEdition('hostile', await press()));
    expect(Math.max(...papers.map(({ title }) => title.length))).toBeGreaterThan(900);
    expect(Math.max(...papers.map(({ authors }) => authors.length))).toBe(300);
    expect(papers.some(({ title }) => title.includes('<script>'))).toBe(true);
    expect(papers.some(({ abstract, url, authors }) => `${abstract}${url ?? ''}${authors}` === '')).toBe(
      true,
    );
  });

  it('are for readers who may exist', () => {
    for (const { label, about, preferences } of Object.values(SPECIMENS)) {
      expect(Preferences.safeParse(preferences).success).toBe(true);
      expect(label).not.toBe('');
      expect(about).toMatch(/\.$/);
    }
  });
});
