// A theme model with embeddings beside it: what they change, and which promises they leave as they are.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { withEmbeddings } from '../../src/themes/embedded-model.ts';
import { type Embeddings, embedDay, withinSeconds } from '../../src/themes/embedder.ts';
import { group } from '../../src/themes/group.ts';
import type { DayModel } from '../../src/themes/layout.ts';
import { adjustedMutualInformation } from '../../src/themes/metrics.ts';
import type { PaperText } from '../../src/themes/model/answer.ts';
import { priorModel } from '../../src/themes/model/model.ts';
import { seededRandom } from '../../src/themes/model/random.ts';
import { defaultTaxonomy } from '../../src/themes/taxonomy.ts';
import subwords from '../fixtures/embedders/subwords.mjs';

const THEMES = defaultTaxonomy();
const prior = priorModel(THEMES);

/** Real papers of two days, from the samples. */
const PAPERS: PaperText[] = (
  JSON.parse(readFileSync('samples/huggingface-2026-06-12.json', 'utf8')) as {
    paper: { title: string; summary: string };
  }[]
).map(({ paper }) => ({ title: paper.title, abstract: paper.summary }));

const embeddingsOf = (papers: readonly PaperText[]) =>
  withinSeconds(60, 'subwords', within => embedDay(subwords, THEMES, papers, within));

let embeddings: Embeddings;
beforeAll(async () => {
  embeddings = await embeddingsOf(PAPERS);
});

/** Finds all themes equally likely, so that embeddings alone decide. */
const undecided: DayModel = {
  classify: () => ({
    theme: THEMES[0]?.slug ?? null,
    ranking: THEMES.map(({ slug }) => ({ theme: slug, score: 0 })),
  }),
};

describe('a model with embeddings', () => {
  it('is far from chance where the embedder alone decides: hashed subwords find themes', () => {
    const ofModel = PAPERS.map(paper => prior.classify(paper).theme);
    const ofEmbedder = PAPERS.map(
      paper => withEmbeddings(undecided, THEMES, embeddings).classify(paper).theme,
    );
    const agreement = (themes: readonly unknown[]) =>
      themes.filter((theme, at) => theme === ofModel[at]).length / PAPERS.length;
    const random = seededRandom(1);
    const byChance = Array.from({ length: 200 }, () =>
      agreement(PAPERS.map(() => ofEmbedder[Math.floor(random() * PAPERS.length)])),
    );
    expect(agreement(ofEmbedder)).toBeGreaterThan(0.2);
    expect(agreement(ofEmbedder)).toBeGreaterThan(Math.max(...byChance));
    expect(adjustedMutualInformation(ofEmbedder, ofModel)).toBeGreaterThan(0.1);
  });

  it('weighs both: its own choice stays where the embedding says little, and is marked as made with it', () => {
    const model = withEmbeddings(prior, THEMES, embeddings);
    const opinions = PAPERS.map(paper => ({ plain: prior.classify(paper), both: model.classify(paper) }));
    const same = opinions.filter(({ plain, both }) => plain.theme === both.theme);
    expect(same.length).toBeGreaterThan(PAPERS.length * 0.6);
    for (const { plain, both } of opinions) {
      expect(both.by).toBe(plain.theme === null ? undefined : 'embedder');
      expect(both.ranking).toHaveLength(THEMES.length);
      // Phrases are told of the theme for which they spoke, and of no other.
      expect(both.matched).toEqual(plain.theme === both.theme ? plain.matched : []);
    }
  });

  it('gives a paper its theme by that paper alone, and a day the same sections in any company', async () => {
    const alone = await Promise.all(
      PAPERS.map(async paper => withEmbeddings(prior, THEMES, await embeddingsOf([paper])).classify(paper)),
    );
    const together = withEmbeddings(prior, THEMES, await embeddingsOf(PAPERS.toReversed()));
    expect(PAPERS.map(paper => together.classify(paper))).toEqual(alone);
  });

  it.each<[string, Partial<Embeddings>]>([
    ['a paper that came too late to be embedded', { papers: new Map() }],
    [
      'a paper of which the embedder knows nothing',
      { papers: new Map(PAPERS.map(p => [`${p.title}. ${p.abstract}`, new Float32Array(256)])) },
    ],
  ])('answers as before for %s', (_what, change) => {
    const model = withEmbeddings(prior, THEMES, { ...embeddings, ...change });
    for (const paper of PAPERS) {
      expect(model.classify(paper)).toEqual(prior.classify(paper));
      expect(model.vector?.(paper)).toEqual(new Float32Array(256));
    }
  });

  it('leaves it to the model whether a paper has a theme at all', () => {
    const nobody: DayModel = { classify: () => ({ theme: null, ranking: [] }) };
    const paper = PAPERS[0] as PaperText;
    expect(withEmbeddings(nobody, THEMES, embeddings).classify(paper).theme).toBeNull();
  });

  it('lays out a day about one subject by its vectors, every paper once', async () => {
    const day = Array.from({ length: 24 }, (_, at): PaperText => {
      const of = at % 2 === 0 ? 'whale songs recorded by sonar buoys' : 'coral bleaching measured by divers';
      return {
        title: `Diffusion models: ${of} ${at}`,
        abstract: `We study ${of} with diffusion models for image generation.`,
      };
    });
    const model = withEmbeddings(prior, THEMES, await embeddingsOf(day));
    expect(model.vector?.(day[0] as PaperText)).toHaveLength(256);
    const groups = group(day, THEMES, model);
    expect(groups.flatMap(({ papers }) => papers)).toHaveLength(24);
    expect(new Set(groups.flatMap(({ papers }) => papers)).size).toBe(24);
    // No section has papers of both.
    for (const { papers } of groups)
      expect(new Set(papers.map(({ title }) => title.includes('whale'))).size).toBe(1);
  });
});
