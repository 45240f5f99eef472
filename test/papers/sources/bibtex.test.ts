// Bibliographies as tools export them and as people keep them.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { announce } from '../../../src/papers/announce.ts';
import { isBibtex, readBibtex, readNames } from '../../../src/papers/sources/bibtex.ts';

const fixture = (name: string) =>
  readFile(new URL(`../../fixtures/bibtex/${name}.bib`, import.meta.url), 'utf8');
const papersOf = (text: string) =>
  readBibtex(text, 'my.bib')
    .candidates.map(announce)
    .flatMap(result => ('paper' in result ? result : []));
const only = (fields: string) => papersOf(`@misc{key, title = {A Title}, ${fields}}`)[0];

describe('a bibliography of conferences', () => {
  it('gives every paper with readable title and names', async () => {
    const papers = papersOf(await fixture('conference')).map(({ paper }) => paper);
    expect(papers.map(paper => [paper.title, paper.authors[0]])).toEqual([
      ['A SAT Solver + Computer Algebra Attack on the Minimum Kochen–Specker Problem', 'Zhengyu Li'],
      ['μKE: Matryoshka Unstructured Knowledge Editing of Large Language Models', 'Zian Su'],
      [
        'SmolLM2: When Smol Goes Big — Data-Centric Training of a Fully Open Small Language Model',
        'Loubna Ben allal',
      ],
      ['A Framework for Centralized Traffic Routing in Urban Areas', 'Matyáš Švadlenka'],
    ]);
    expect(papers[2]?.authors).toContain('Hynek Kydlíček');
    expect(papers[0]).toMatchObject({
      id: 'doi:10.24963/ijcai.2024/210',
      url: 'https://doi.org/10.24963/ijcai.2024/210',
      facts: {
        comment: 'Main Track',
        journal:
          'Proceedings of the Thirty-Third International Joint Conference on Artificial Intelligence, IJCAI-24',
      },
    });
  });

  it('speaks of no day, and a year and a month are none', async () => {
    const reading = readBibtex(await fixture('conference'), 'my.bib');
    expect(reading).toMatchObject({ format: 'BibTeX', day: null, dropped: [] });
    expect(reading.candidates.map(c => c.announcedOn)).toEqual([null, null, null, null]);
  });
});

describe('a bibliography that was kept by hand', () => {
  it('gives all that can be read of it', async () => {
    const announcements = papersOf(await fixture('hand-kept'));
    expect(announcements.map(({ paper }) => [paper.id.replace(/^title:.*/, 'title'), paper.title])).toEqual([
      ['doi:10.1000/abc_12', 'The TeX of Gödel, Escher, Bach: a study of x₁'],
      ['arxiv:1706.03762', 'Attention Is All You Need'],
      ['arxiv:2001.01234', 'A Second Paper'],
      ['arxiv:2002.05678', 'A Third Paper'],
      ['arxiv:math/0211159', 'An Old One'],
      ['title', 'Sets Written { Like This'],
    ]);
    expect(announcements[0]).toMatchObject({
      format: 'bibtex',
      announcedOn: '2024-05-06',
      paper: {
        authors: ['Donald E. Knuth', 'John von Neumann Jr', 'Barnes and Noble, Inc.', 'Évariste Galois'],
        url: 'https://example.org/a_b',
        facts: { doi: '10.1000/abc_12', comment: '12 pages', journal: 'J. of Machine Learning Letters' },
      },
    });
    // The link to a PDF on somebody's disk is left out.
    expect(announcements[1]?.paper).toMatchObject({
      links: {},
      facts: { version: 7, categories: ['cs.CL'] },
    });
    expect(announcements[2]?.paper.facts).toEqual({});
    expect(announcements[4]?.announcedOn).toBe('2002-11-11');
  });

  it('says which entries cannot be read, and why', async () => {
    expect(readBibtex(await fixture('hand-kept'), 'my.bib').dropped).toEqual([
      {
        reason: 'unreadable',
        where: 'my.bib, line 27',
        detail: 'the entry broken cannot be read: it is not closed',
      },
      {
        reason: 'unreadable',
        where: 'my.bib, line 32',
        detail: 'the entry no equals sign cannot be read: there is no "=" after "title"',
      },
    ]);
  });
});

describe('a file that was cut off', () => {
  it.each([
    ['in a value', 'title = {Half a ti'],
    ['in a quoted value', 'title = "Half a ti'],
    ['after a value', 'title = {Whole},\n'],
    ['after a field name', 'title'],
    ['after its key', ''],
  ])('%s keeps what came before, and says so', (_where, rest) => {
    const reading = readBibtex(`@misc{first, title = {One}}\n\n@misc{second,\n ${rest}`, 'my.bib');
    expect(reading.candidates.map(c => c.title)).toEqual(['One']);
    expect(reading.incomplete).toBe('line 3: the entry second is not closed; the file is truncated');
  });

  it('is whole when only text follows the last entry', () => {
    const reading = readBibtex(
      '@misc{first, title = {One}}\n\nThe end. Write to me@example (if you like)',
      'my.bib',
    );
    expect(reading).toMatchObject({ candidates: [{ title: 'One' }], dropped: [] });
    expect(reading).not.toHaveProperty('incomplete');
  });
});

describe('one broken entry costs no other', () => {
  it.each([
    ['a brace too few', '@misc{b, title = {Two}'],
    ['a brace too few in a value', '@misc{b, title = {Two, year = {2024}}'],
    ['two braces too few in a value', '@misc{b, title = {{Two, year = 2024}'],
    ['a quote too few', '@misc{b, title = "Two}'],
    ['a value without a name', '@misc{b, = {Two}}'],
    ['a name without a value', '@misc{b, title {Two}}'],
    ['something that is no value', '@misc{b, title = (Two)}'],
    ['a brace where the key stands', '@misc{{b}, title = {Two}}'],
  ])('%s', (_what, broken) => {
    const text = `@misc{a, title = {One}}\n${broken}\n@misc{c, title = {Three}}\n}}\n`;
    const { candidates, dropped } = readBibtex(text, 'my.bib');
    expect(candidates.map(c => c.title)).toEqual(['One', 'Three']);
    expect(dropped).toMatchObject([{ reason: 'unreadable', where: 'my.bib, line 2' }]);
  });
});

describe('whose file it is, is told by its beginning', () => {
  it.each([
    ['@article{key,', true],
    ['\ufeff\n  @String ( x = "y")', true],
    ['% a comment {\n%\n\n@misc{', true],
    ['@someone wrote {this}', false],
    ['Daily Papers\n@article{key,', false],
    ['% only a comment', false],
    ['{"title": "@article{x,"}', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isBibtex(text)).toBe(expected);
  });
});

describe('authors are named as they are read aloud', () => {
  it.each([
    ['Ada Lovelace', ['Ada Lovelace']],
    ['Lovelace, Ada and Babbage, Charles', ['Ada Lovelace', 'Charles Babbage']],
    ['von der Berg, Jr, Jan', ['Jan von der Berg Jr']],
    ['{OpenAI} AND\n  Li Wei', ['OpenAI', 'Li Wei']],
    ['{Barnes and Noble, Inc.}', ['Barnes and Noble, Inc.']],
    ['Sandy Anders and Band, Andy', ['Sandy Anders', 'Andy Band']],
    ['Doe, J. and others', ['J. Doe']],
    ['Doe, J. and et al.', ['J. Doe']],
    ['{van der} Berg, Jan', ['Jan van der Berg']],
    ['Smith,', ['Smith']],
    ['A. One, B. Two, C. Three, D. Four', ['A. One', 'B. Two', 'C. Three', 'D. Four']],
    ["Erd{\\H o}s, P{\\'a}l", ["P{\\'a}l Erd{\\H o}s"]],
    ['and and', ['and']],
    ['', []],
  ])('%j', (authors, names) => {
    expect(readNames(authors)).toEqual(names);
  });
});

describe('braces of BibTeX are not printed, and those of TeX keep their meaning', () => {
  it.each([
    ['{{BERT}}: {P}re-training of {D}eep {{GPT}}', 'BERT: Pre-training of Deep GPT'],
    ['{{G}}{\\"o}del and {{\\\'E}cole}', 'Gödel and École'],
    ['{Foo, Bar} and \\{a, b\\}', 'Foo, Bar and {a, b}'],
    ['{{On $x_{i}$ and {$\\alpha$}-Nets}}', 'On xᵢ and α-Nets'],
    ['Growth of $x^ {ab}$', 'Growth of xᵃᵇ'],
    ['{$x} and {{GPT}}', '$x and GPT'],
    ['{US$}5 and {AU$}6', 'US$5 and AU$6'],
    ['CO_{2} in {H}$_2$O', 'CO₂ in H₂O'],
    ['\\emph{{Very} Deep}', 'Very Deep'],
    ['Fran\\c{c}ois', 'François'],
  ])('%j', (title, expected) => {
    expect(papersOf(`@misc{key, title = {${title}}}`)[0]?.paper.title).toBe(expected);
  });
});

describe('what identifies a work is found where exporters put it', () => {
  it.each([
    ['eprint = {2001.01234}', 'arxiv:2001.01234'],
    ['eprint = {arXiv:2001.01234v2}', 'arxiv:2001.01234'],
    ['eprint = {0211159}, archiveprefix = {arXiv}, primaryclass = {math.DG}', 'arxiv:math/0211159'],
    ['eprint = {2001.01234}, eprinttype = {hdl}, doi = {10.1000/a}', 'doi:10.1000/a'],
    ['journal = {arXiv preprint arXiv:2001.01234}', 'arxiv:2001.01234'],
    ['journal = {CoRR}, volume = {abs/2001.01234}', 'arxiv:2001.01234'],
    ['note = {arXiv:2001.01234}', 'arxiv:2001.01234'],
    ['url = {https://arxiv.org/abs/2001.01234v3}', 'arxiv:2001.01234'],
    ['doi = "https://doi.org/10.1000/A\\_B"', 'doi:10.1000/a_b'],
    ['url = {\\url{https://doi.org/10.1000/a}}', 'doi:10.1000/a'],
    ['url = {\\href{https://doi.org/10.1000/a}{here}}', 'doi:10.1000/a'],
  ])('%s', (fields, id) => {
    expect(only(fields)?.paper.id).toBe(id);
  });

  it.each([['url = {javascript:alert(1)}'], ['url = {www.example.org}'], ['pdf = {/home/me/a.pdf}']])(
    'an address that is none is left out, the paper is not: %s',
    fields => {
      expect(only(fields)?.paper).toMatchObject({ title: 'A Title', url: null, links: {} });
    },
  );
});

describe('a day needs year, month and day', () => {
  it.each([
    ['year = 2024, month = 5, day = 6', '2024-05-06'],
    ['year = {2024}, month = dec, day = {31}', '2024-12-31'],
    ['year = {2024}, month = {September}, day = {1}', '2024-09-01'],
    ['date = {2024-05-06}', '2024-05-06'],
    ['date = {2024-05}', null],
    ['date = {2024-05-06/2024-05-09}', null],
    ['year = 2023, month = feb, day = 29', null],
    ['year = 2024, month = 5', null],
    ['year = 2024, month = anf, day = 1', null],
    ['year = 2024, day = 6', null],
  ])('%s', (fields, day) => {
    expect(only(fields)?.announcedOn).toBe(day);
  });
});

describe('values', () => {
  it.each([
    [
      'macros of any case, joined',
      '@string{ab = "One"}\n@misc{k, title = AB # { and } # "Two" # 3}',
      'One and Two3',
    ],
    ['a macro that nobody defined', '@misc{k, title = unknown}', 'unknown'],
    ['a subtitle', '@misc{k, title = {One}, subtitle = {Two}}', 'One: Two'],
    ['the first of two titles', '@misc{k, title = {One}, title = {Two}}', 'One'],
    ['an empty title before another', '@misc{k, title = {}, TITLE = {Two}}', 'Two'],
    ['a title with a quote in braces', '@misc{k, title = "One {"}Two{"}"}', 'One "Two"'],
    ['a quoted title with a brace too many', '@misc{k, title = "One} two"}', 'One} two'],
    ['an entry without a key', '@misc{title = {One}}', 'One'],
    ['an entry without commas', '@misc{k title = {One} year = 2024 }', 'One'],
    ['a line that is switched off', '@misc{k,\n % title = {Zero},\n title = {One}}', 'One'],
    [
      'a field that is named as every object’s',
      '@misc{k, __proto__ = {x}, toString = {y}, title = {One}}',
      'One',
    ],
  ])('%s', (_what, text, title) => {
    expect(papersOf(text).map(({ paper }) => paper.title)).toEqual([title]);
  });

  it('macros that stand for gigabytes are refused', () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `@string{a${i + 1} = a${i} # a${i}}\n`).join('');
    const { candidates, dropped } = readBibtex(
      `@string{a0 = "xx"}\n${doubling}@misc{k, title = a60}`,
      'my.bib',
    );
    expect(dropped[0]?.detail).toBe('the entry cannot be read: the macros stand for too much text');
    expect(candidates).toMatchObject([{ title: 'a60' }]);
  });
});
