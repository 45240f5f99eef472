// Answers of OpenAlex, of Semantic Scholar, and of services that only the operator knows.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { announce } from '../../../src/papers/announce.ts';
import { LIMITS } from '../../../src/papers/limits.ts';
import {
  FieldMapping,
  MAPPINGS,
  mapPapers,
  recogniseMapping,
  refuseIdsAlone,
} from '../../../src/papers/sources/field-mapping.ts';
import { textOfIndex } from '../../../src/papers/sources/inverted-index.ts';

const fixture = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`../../fixtures/json/${name}.json`, import.meta.url), 'utf8'));
const announced = (value: unknown, mapping: FieldMapping) =>
  mapPapers(value, mapping, 'answer').candidates.map(announce);
const papersOf = (value: unknown, mapping: FieldMapping) =>
  announced(value, mapping).flatMap(result => ('paper' in result ? [result.paper] : []));
const S2 = MAPPINGS['semantic-scholar'];
const mapped = (fields: object, paper: object, papers?: string) =>
  mapPapers([paper], FieldMapping.parse({ papers, fields: { title: 'title', ...fields } }), 'answer')
    .candidates[0];

describe('an answer of Semantic Scholar', () => {
  it('is known by its content and gives its papers, with how many there are in all', async () => {
    const answer = await fixture('semantic-scholar');
    expect(recogniseMapping(answer)).toBe(S2);
    const reading = mapPapers(answer, S2, 'answer');
    expect(reading).toMatchObject({
      format: 'JSON of semantic-scholar',
      day: null,
      dropped: [],
      total: 360715,
    });
    const papers = papersOf(answer, S2);
    expect(papers.map(paper => paper.id)).toEqual([
      'arxiv:2103.14030',
      'arxiv:2012.07436',
      'arxiv:2004.05150',
    ]);
    expect(papers[0]).toMatchObject({
      title: 'Swin Transformer: Hierarchical Vision Transformer using Shifted Windows',
      url: 'https://www.semanticscholar.org/paper/c8b25fab5608c3e033d34b4483ec47e68ba109b7',
      links: {
        pdf: 'http://arxiv.org/pdf/2103.14030',
        code: 'https://github.com/microsoft/Swin-Transformer',
      },
      facts: { doi: '10.1109/iccv48922.2021.00986' },
    });
    expect(papers[0]?.authors.slice(0, 2)).toEqual(['Ze Liu', 'Yutong Lin']);
    expect(papers[0]?.abstract).toMatch(/^This paper presents a new vision Transformer/);
    expect(reading.candidates.map(c => c.announcedOn)).toEqual([null, '2020-12-14', '2020-04-10']);
  });

  it.each([
    ['a list', [null, { paperId: 'a', title: 'One' }]],
    ['recommendations', { recommendedPapers: [{ paperId: 'a', title: 'One' }] }],
    ['one paper', { paperId: 'a', title: 'One' }],
  ])('%s is known too', (_what, answer) => {
    expect(recogniseMapping(answer)).toBe(S2);
    expect(papersOf(answer, S2).map(paper => paper.title)).toEqual(['One']);
  });

  it.each([[{ total: 0, offset: 0, data: [] }], [{ total: 0, offset: 0 }]])('%j is an empty one', answer => {
    expect(recogniseMapping(answer)).toBe(S2);
    expect(mapPapers(answer, S2, 'answer')).toMatchObject({ candidates: [], dropped: [], total: 0 });
  });

  it('names those of its elements that are no papers', () => {
    expect(mapPapers([{ paperId: 'a', title: 'One' }, null, 7], S2, 'answer').dropped).toMatchObject([
      { reason: 'unreadable', where: 'answer, paper 2' },
      { reason: 'unreadable', where: 'answer, paper 3' },
    ]);
  });
});

describe('an answer of OpenAlex', () => {
  it('is known by its content and gives its papers', async () => {
    const answer = await fixture('openalex');
    expect(recogniseMapping(answer)).toBe(MAPPINGS.openalex);
    expect(mapPapers(answer, MAPPINGS.openalex, 'answer')).toMatchObject({ total: 1234, dropped: [] });
    expect(papersOf(answer, MAPPINGS.openalex)).toMatchObject([
      {
        id: 'arxiv:2608.01234',
        title: 'Reading Lists That Read Themselves',
        abstract: 'We read what others read __proto__.',
        authors: ['Ana Ruiz', 'Ben Okri'],
        url: 'https://doi.org/10.1000/xyz.1',
        links: { pdf: 'https://arxiv.org/pdf/2608.01234' },
        facts: { doi: '10.1000/xyz.1', journal: 'Journal of Made-Up Results' },
      },
      // A preprint server is no journal, and a file on somebody's disk no PDF to read.
      { id: 'arxiv:2608.05678', url: 'https://arxiv.org/abs/2608.05678', links: {}, facts: {} },
    ]);
    const [, preprint, untitled] = announced(answer, MAPPINGS.openalex);
    expect(preprint).toMatchObject({ announcedOn: '2026-08-21', paper: { facts: {} } });
    expect(preprint).not.toHaveProperty('paper.facts.journal');
    expect(untitled).toMatchObject({ reason: 'no title', where: 'answer, paper 3' });
  });

  it('without results is an empty one', () => {
    const answer = { meta: { count: 0, db_response_time_ms: 5 }, results: [] };
    expect(recogniseMapping(answer)).toBe(MAPPINGS.openalex);
    expect(mapPapers(answer, MAPPINGS.openalex, 'answer')).toMatchObject({ candidates: [], total: 0 });
  });
});

describe('what is no such answer is not taken for one', () => {
  it.each([
    [{ papers: [{ title: 'One', id: '2608.01234' }] }],
    [[{ title: 'One', id: 'https://example.org/W1' }]],
    [[{ paper: { id: '2608.01234' } }]],
    [{ title: 'One', total: 3 }],
    [[]],
    [null],
    ['paperId'],
    [[{ paperId: 7 }]],
  ])('%j', value => {
    expect(recogniseMapping(value)).toBeUndefined();
  });
});

describe('an abstract that is an index of words', () => {
  it.each([
    [{ world: [1], Hello: [0] }, 'Hello world'],
    [{ far: [0, 2], away: [9] }, 'far far away'],
    [{}, ''],
    [{ a: [-1] }, undefined],
    [{ a: [0.5] }, undefined],
    [{ a: ['0'] }, undefined],
    [{ a: 0 }, undefined],
    [{ a: [20_000] }, undefined],
    [{ ['x'.repeat(LIMITS.abstract)]: [0, 1] }, undefined],
  ])('%.60j', (index, text) => {
    expect(textOfIndex(index)).toBe(text);
  });
});

describe('an answer of a service that only the operator knows', () => {
  const answer = {
    response: {
      docs: [
        {
          name: ['A Title'],
          text: { plain: '', html: 'Words.' },
          people: [{ given: 'Ana', family: 'Ruiz' }, { display_name: 'Ben Okri' }, 'Cy Twombly'],
          ids: [{ value: 'x-1' }, { value: '2608.01234' }],
          places: [{ href: 'https://example.org/a' }],
          when: { parts: [2026, 8, 2] },
          counts: { up: 3, said: 0 },
          subjects: 'cs.CL cs.LG',
        },
      ],
    },
  };

  it('is read by the paths that the mapping gives', () => {
    const mapping = FieldMapping.parse({
      papers: 'response.docs',
      fields: {
        title: 'name',
        abstract: ['text.plain', 'text.html'],
        authors: 'people',
        id: 'ids[].value',
        url: 'places[0].href',
        date: 'when.parts',
        upvotes: 'counts.up',
        comments: 'counts.said',
        categories: 'subjects',
      },
    });
    expect(announced(answer, mapping)).toMatchObject([
      {
        announcedOn: '2026-08-02',
        vote: { upvotes: 3, comments: 0, stars: null },
        paper: {
          id: 'arxiv:2608.01234',
          title: 'A Title',
          abstract: 'Words.',
          authors: ['Ana Ruiz', 'Ben Okri', 'Cy Twombly'],
          url: 'https://example.org/a',
          facts: { categories: ['cs.CL', 'cs.LG'] },
        },
      },
    ]);
  });

  it('never finds what every object has', () => {
    const fields = { abstract: ['toString', 'constructor.name', '__proto__.x'], authors: 'title.length' };
    expect(mapped(fields, { title: 'One' })).toMatchObject({ abstract: undefined, authors: undefined });
  });

  it('one odd address does not lose the paper', () => {
    const paper = { title: 'One', link: 'javascript:alert(1)', file: 'https://example.org/a.pdf' };
    const candidate = mapped({ url: 'link', pdf: 'file' }, paper);
    expect(candidate).toMatchObject({ url: undefined, links: { pdf: 'https://example.org/a.pdf' } });
  });
});

describe('a path that leads nowhere is refused, with what there is', () => {
  it.each([
    ['results', 'answer: the answer has no list at "results"; it has: items, total'],
    ['items[0].title', 'answer: the answer has no list at "items[0].title"; it has: items, total'],
    [undefined, 'answer: no paper has "headline" or "name"; the first one has: title, id'],
  ])('papers: %j', (papers, message) => {
    const mapping = FieldMapping.parse({ papers, fields: { title: ['headline', 'name'] } });
    const answer = { items: [{ title: 'One', id: 1 }], total: 1 };
    expect(() => mapPapers(answer, mapping, 'answer')).toThrow(
      expect.objectContaining({
        code: 'input',
        message,
        hint: expect.stringMatching(/^Say where the (list|title) /),
      }),
    );
  });

  it('but a title that is only empty is the paper’s own fault', () => {
    expect(announced([{ title: '' }], S2)).toMatchObject([{ reason: 'no title' }]);
  });

  it('an answer of PubMed that is ids alone is refused, with what to do', async () => {
    const answer = await fixture('pubmed-esearch');
    const refusal = expect.objectContaining({
      code: 'input',
      message: "answer: an answer of PubMed's esearch: 5 ids and no papers",
      hint: expect.stringMatching(/efetch/),
    });
    expect(recogniseMapping(answer)).toBeUndefined();
    expect(() => refuseIdsAlone(answer, 'answer')).toThrow(refusal);
    expect(() => mapPapers(answer, S2, 'answer')).toThrow(refusal);
    expect(() => refuseIdsAlone({ title: 'One' }, 'answer')).not.toThrow();
  });
});

describe('a complaint instead of papers is kept in its words', () => {
  it.each([
    [{ message: 'Too Many Requests', code: '429' }, 'Too Many Requests'],
    [{ error: 'Invalid query\nparameters error.', message: 'x' }, 'Invalid query parameters error.'],
    [{ error: { code: 403, message: 'Forbidden' } }, 'Forbidden'],
    [{ detail: 'Not found.' }, 'Not found.'],
  ])('%j', (answer, refusal) => {
    expect(mapPapers(answer, S2, 'answer')).toMatchObject({ refusal, candidates: [] });
  });
});

describe('a mapping that is wrong is refused, with what is allowed', () => {
  const path = 'allowed: a path such as "title", "a.b", "a[0].b" or "a[].b", or a list of such paths';
  it.each([
    [{ fields: {} }, 'fields.title', path],
    [{ fields: { title: 'a..b' } }, 'fields.title', path],
    [{ fields: { title: '$.papers[*].title' } }, 'fields.title', path],
    [{ fields: { title: 'a[][].b[][]' } }, 'fields.title', path],
    [{ fields: { title: [] } }, 'fields.title', path],
    [{ fields: { title: 'a', doi: ['b', ''] } }, 'fields.doi.1', path],
    [{ fields: { title: 7 } }, 'fields.title', path],
    [
      { papers: 7, fields: { title: 'a' } },
      'papers',
      'allowed: the path of a list, such as "results" or "data.items"',
    ],
    [{ fields: 'title' }, 'fields', 'allowed: an object such as {"title": "name", "abstract": "summary"}'],
    [
      { fields: { title: 'a', tilte: 'b' } },
      'fields',
      expect.stringMatching(/^unknown field "tilte"; allowed: title, abstract, authors, /),
    ],
    [{ fields: { title: 'a' }, list: 'x' }, '', 'unknown field "list"; allowed: papers, fields'],
  ])('%j', (mapping, place, message) => {
    const issues = FieldMapping.safeParse(mapping).error?.issues ?? [];
    expect(issues.map(issue => [issue.path.join('.'), issue.message])).toEqual([[place, message]]);
  });

  it.each(['title', 'a.b-c.d_e', '[0].title', 'a[].b[1].c', 'Überschrift', 'a b'])('%j is a path', title => {
    expect(FieldMapping.parse({ fields: { title } })).toEqual({ fields: { title } });
  });
});
