// Elements of Hugging Face's daily_papers API, as it answers today and as it answered in 2024.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readPapers } from '../../../src/papers/sources/formats.ts';

const fixture = (name: string) =>
  readFile(new URL(`../../fixtures/huggingface-${name}.json`, import.meta.url), 'utf8');
const read = (value: unknown) => readPapers(JSON.stringify(value), 'hf.json', { today: '2026-11-23' });
const only = (paper: object, outer: object = {}) => read([{ paper: { title: 'T', ...paper }, ...outer }]);

describe('a day of Hugging Face', () => {
  it('in today’s schema becomes papers with votes and links, on the day of the list', async () => {
    const batch = readPapers(await fixture('today'), 'hf.json', { today: '2026-11-23' });
    expect(batch).toMatchObject({ format: 'Hugging Face daily_papers', day: '2026-06-12', dropped: [] });
    expect(batch.announcements).toMatchObject([
      {
        // The outer publishedAt says 2026-06-09.
        announcedOn: '2026-06-12',
        vote: { upvotes: 1, comments: 2, stars: 1 },
        paper: {
          id: 'arxiv:2606.12282',
          title: 'PianoKontext: Expressive Performance Rendering from Deadpan Context',
          url: 'https://arxiv.org/abs/2606.12282',
          facts: {
            submitter: 'A Reader',
            thumbnail: 'https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2606.12282.png',
          },
          links: {
            pdf: 'https://arxiv.org/pdf/2606.12282',
            discussion: 'https://huggingface.co/papers/2606.12282',
            code: 'https://github.com/realfolkcode/pianokontext',
            project: 'https://realfolkcode.github.io/pianokontext_demo',
          },
        },
      },
    ]);
  });

  it('does not name authors who hid themselves', async () => {
    const { announcements } = readPapers(await fixture('today'), 'hf.json', { today: '2026-11-23' });
    expect(announcements[0]?.paper.authors).toEqual(['Dmitrii Gavrilev']);
  });

  it('in the schema of 2024 has its day outside, and titles that were broken over lines', async () => {
    const batch = readPapers(await fixture('2024'), 'hf.json', { today: '2026-11-23' });
    expect(batch.day).toBe('2024-05-28');
    expect(batch.announcements.map(a => a.paper.title)).toEqual([
      'An Introduction to Vision-Language Modeling',
      'NV-Embed: Improved Techniques for Training LLMs as Generalist Embedding Models',
    ]);
    expect(batch.announcements.map(a => a.announcedOn)).toEqual(['2024-05-28', '2024-05-28']);
    expect(batch.announcements.map(a => a.vote)).toEqual([
      { upvotes: 86, comments: 3, stars: null },
      { upvotes: 16, comments: 0, stars: null },
    ]);
    expect(batch.announcements[1]?.paper.abstract).toBe(
      'Decoder-only large language model (LLM)-based embedding models are beginning to outperform BERT or T5-based embedding models.',
    );
  });

  it('says who brought each paper, for which organisation, and with which picture', () => {
    const thumbnail = 'https://example.org/t.png';
    const [brought] = only(
      {
        id: '2606.12282',
        submittedOnDailyBy: { fullname: 'Inner', name: 'in' },
        organization: { name: 'lab' },
      },
      {
        thumbnail,
        submittedBy: { fullname: 'Ana Ruiz', name: 'ana' },
        organization: { fullname: 'The Lab' },
      },
    ).announcements;
    expect(brought).toMatchObject({
      format: 'hugging-face',
      paper: { facts: { submitter: 'Ana Ruiz', organization: 'The Lab', thumbnail } },
    });
    const [inside] = only({
      submittedOnDailyBy: { fullname: ' ', name: 'in' },
      organization: { name: 'lab' },
    }).announcements;
    expect(inside?.paper.facts).toEqual({ submitter: 'in', organization: 'lab' });
  });

  it('does not pass off what a machine wrote as the authors’ words', () => {
    const [paper] = only({ ai_summary: 'A machine says.', ai_keywords: ['hype'] }).announcements;
    expect(paper?.paper).toMatchObject({ abstract: '', facts: {} });
    expect(JSON.stringify(paper)).not.toMatch(/machine says|hype/);
  });

  it('of a weekend speaks of that weekend, and its papers are Friday’s', () => {
    const batch = only({ id: '2603.03756', submittedOnDailyAt: '2026-03-07T00:00:00.000Z' });
    expect(batch.day).toBe('2026-03-07');
    expect(batch.announcements[0]?.announcedOn).toBe('2026-03-06');
  });

  it('that is empty is an empty day, not a fault', () => {
    expect(read([])).toMatchObject({ day: null, announcements: [], dropped: [] });
  });
});

describe('one odd field does not lose the paper', () => {
  it.each([
    ['a repository that is no address', { githubRepo: 'me/repo' }],
    ['a repository with a password', { githubRepo: 'https://me:secret@github.com/me/repo' }],
    ['a project page that is a script', { projectPage: 'javascript:alert(1)' }],
    ['a project page without a host', { projectPage: 'https://[' }],
    ['an endless project page', { projectPage: `https://example.org/${'a'.repeat(3000)}` }],
    ['links of another type', { githubRepo: 7, projectPage: {} }],
    ['votes of another type', { upvotes: '12', githubStars: -1 }],
    ['authors of another type', { authors: 'Ana' }],
    ['an author without a name', { authors: [{ name: null }, { hidden: 'yes' }] }],
    ['people and organisations of another type', { submittedOnDailyBy: 'ana', organization: ['lab'] }],
    ['a day that is none', { submittedOnDailyAt: '2026-13-45T00:00:00Z' }],
    ['a day that is a number', { submittedOnDailyAt: 1_780_000_000 }],
  ])('%s', (_what, field) => {
    const { announcements, dropped } = only({ id: '2606.12282', ...field });
    expect(dropped).toEqual([]);
    expect(announcements).toMatchObject([
      { announcedOn: null, vote: null, paper: { id: 'arxiv:2606.12282', authors: [] } },
    ]);
    expect(Object.keys(announcements[0]?.paper.links ?? {})).toEqual(['pdf', 'discussion']);
    expect(announcements[0]?.paper.facts).toEqual({});
  });

  it('an id that became a number is the same paper', () => {
    expect(only({ id: 2503.0213 }).announcements[0]?.paper.id).toBe('arxiv:2503.02130');
  });

  it('a title or summary that stands only outside is taken from there', () => {
    const { announcements } = read([{ paper: { id: '2606.12282' }, title: 'Outer', summary: 'Words.' }]);
    expect(announcements[0]?.paper).toMatchObject({ title: 'Outer', abstract: 'Words.' });
  });

  it.each([[[]], [['2606.12282']], [null], ['text'], [7], [{}]])(
    'a paper that is %j is dropped by itself',
    paper => {
      const batch = read([{ paper }, { paper: { id: '2606.12282', title: 'Good' } }]);
      expect(batch.announcements.map(a => a.paper.title)).toEqual(['Good']);
      expect(batch.dropped).toMatchObject([{ reason: 'no title', where: 'hf.json, line 1 (paper 1)' }]);
    },
  );
});
