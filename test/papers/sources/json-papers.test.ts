// Papers as objects in the field names that Paperround itself proposes.
import { describe, expect, it } from 'vitest';
import { announce } from '../../../src/papers/announce.ts';
import { jsonPaper } from '../../../src/papers/sources/json-papers.ts';

describe('papers in the field names of Paperround', () => {
  const read = (field: object) => announce(jsonPaper({ title: 'T', ...field }, 'f'));

  it.each([
    [{ id: 'x-1', doi: '10.1000/A', arxiv_id: '2608.01234' }, 'arxiv:2608.01234'],
    [{ id: 'x-1', doi: '10.1000/A' }, 'doi:10.1000/a'],
    [{ id: '10.1000/A', arxivId: '2608.01234v2' }, 'arxiv:2608.01234'],
  ])('are known by any of their ids: %j', (ids, id) => {
    expect(read(ids)).toMatchObject({ format: 'json', paper: { id } });
  });

  it('may say more of themselves', () => {
    const facts = {
      categories: ['cs.CL', 'cs.LG'],
      journal: 'Nature',
      comment: '12 pages',
      version: 3,
      thumbnail: 'https://example.org/t.png',
    };
    expect(read(facts)).toMatchObject({ paper: { facts } });
    expect(read({ ...facts, categories: 'cs.CL cs.LG' })).toMatchObject({ paper: { facts } });
  });

  it.each([
    [{ journal_ref: 'Nature 1' }, { journal: 'Nature 1' }],
    [
      { 'journal-ref': 'Nature 2', comments: '9 figures' },
      { journal: 'Nature 2', comment: '9 figures' },
    ],
    [{ journal: 'arXiv preprint', version: '3', thumbnail: 'x' }, {}],
    [{ categories: 7, comment: ['x'], comments: 2 }, {}],
  ])('%j', (given, facts) => {
    expect(read(given)).toHaveProperty('paper.facts', facts);
  });
});
