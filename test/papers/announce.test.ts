// What is taken of a paper that somebody announces, and what is said when it is not.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announce, type Candidate } from '../../src/papers/announce.ts';
import { LIMITS } from '../../src/papers/limits.ts';
import { type Announcement, type Dropped, Paper } from '../../src/papers/paper.ts';

const candidate = (more: Partial<Candidate> = {}): Candidate => ({
  where: 'papers.json, line 7',
  title: 'A title',
  abstract: 'An abstract.',
  ...more,
});

function taken(more: Partial<Candidate> = {}): Paper {
  const result = announce(candidate(more));
  if (!('paper' in result)) throw new Error(`dropped: ${result.detail}`);
  return result.paper;
}

const dropped = (more: Partial<Candidate>) => announce(candidate(more)) as Dropped;

describe('no reader is led by a link to anything but the web', () => {
  const bad = [
    ['a script', 'javascript:alert(1)'],
    ['a script in disguise', ' JavaScript:alert(1)//https://example.org'],
    ['a page in the link itself', 'data:text/html,<script>alert(1)</script>'],
    ['a file', 'file:///etc/passwd'],
    ['a mail', 'mailto:a@example.org'],
    ['no scheme', 'example.org/paper'],
    ['no host', 'https://'],
    ['a host that is none', 'https://['],
    ['a name and password', 'https://arxiv.org:secret@evil.example/'],
    ['a name alone', 'https://arxiv.org@evil.example/'],
    ['a line break that would start a header', 'https://example.org/\r\nBcc: someone@example.org'],
    ['a line feed', 'https://example.org/\nx'],
    ['a space', 'https://example.org/a b'],
    ['a quote that would end the attribute', 'https://example.org/"onmouseover="alert(1)'],
    ['angle brackets', 'https://example.org/<script>'],
    ['a backslash', 'https:\\\\example.org'],
    ['a NUL', 'https://example.org/\0'],
    ['an escape sequence', 'https://example.org/\u001b[31m'],
    ['text turned around', 'https://example.org/\u202egpj.exe'],
    ["a digest template's own marker", 'https://example.org/\ue000'],
    ['3,000 characters', `https://example.org/${'a'.repeat(3000)}`],
    ['a number', 7],
    ['an object', { href: 'https://example.org' }],
  ] as const;

  it.each(bad)('%s', (_what, address) => {
    for (const field of ['url', 'pdf', 'code', 'project', 'discussion']) {
      const more = field === 'url' ? { url: address } : { links: { [field]: address } };
      const result = dropped(more);
      expect(result).toMatchObject({ reason: 'unsafe link', where: 'papers.json, line 7' });
      expect(result.detail).toMatch(new RegExp(`^${field}: `));
      expect(result.detail.length).toBeLessThan(200);
      expect(result.detail).not.toMatch(/\p{Cc}/u);
    }
  });

  it.each([
    'https://example.org',
    'HTTP://example.org/a?b=c&d=%20#e',
    ' https://例え.jp/論文 ',
    "https://a.org/o'x",
  ])('%j may stay', address => {
    expect(taken({ url: address }).url).toBe(address.trim());
  });

  it.each([undefined, null, ''])('a link that is %j is no link, and no fault', nothing => {
    expect(taken({ url: nothing, links: { pdf: nothing } })).toMatchObject({ url: null, links: {} });
  });

  it('a paper that gives no address has the one of its id', () => {
    expect(taken({ id: '2511.01234v2' }).url).toBe('https://arxiv.org/abs/2511.01234');
    expect(taken({ id: '10.1234/A' }).url).toBe('https://doi.org/10.1234/a');
    expect(taken().url).toBeNull();
  });

  it.each([
    ['Code: https://github.com/a-b/c.d.', 'https://github.com/a-b/c.d'],
    ['(see https://gitlab.com/a/b)', 'https://gitlab.com/a/b'],
    ['at https://github.com/a and https://example.org/a/b', undefined],
  ])('the repository named in the abstract is one tap away: %s', (abstract, code) => {
    expect(taken({ abstract }).links.code).toBe(code);
  });

  it('a repository that the source names counts before the one in the abstract', () => {
    const links = { code: 'https://example.org/code' };
    expect(taken({ abstract: 'https://github.com/a/b', links }).links.code).toBe('https://example.org/code');
  });
});

describe('a paper has a title, and nothing in it is beyond measure', () => {
  it('a paper titled "0" is a paper, as text and as a number', () => {
    expect(taken({ title: '0' }).title).toBe('0');
    expect(taken({ title: 0 }).title).toBe('0');
  });

  it.each([undefined, null, '', ' \n\t', '\0\u200b', {}, true])('%j is no title', title => {
    expect(dropped({ title })).toEqual({
      reason: 'no title',
      where: 'papers.json, line 7',
      detail: 'title: missing or empty; every paper needs one',
    });
  });

  it.each(['title', 'abstract'] as const)(
    'a %s of the longest allowed length is kept, one more is not',
    field => {
      expect(taken({ [field]: 'x'.repeat(LIMITS[field]) })[field]).toHaveLength(LIMITS[field]);
      expect(dropped({ [field]: 'x'.repeat(LIMITS[field] + 1) })).toMatchObject({
        reason: 'too long',
        detail: `${field}: ${LIMITS[field] + 1} characters; allowed: at most ${LIMITS[field]}`,
      });
    },
  );

  it('a paper without an abstract is kept, unless its format always has one', () => {
    expect(taken({ abstract: undefined }).abstract).toBe('');
    expect(dropped({ abstract: ' ', requireAbstract: true })).toMatchObject({
      reason: 'no abstract',
      detail: '"A title" has no abstract',
    });
  });
});

describe('authors are names, however a file lists them', () => {
  it.each([
    ['a list', ['Ana Ó', ' Ben\nB '], ['Ana Ó', 'Ben B']],
    ['objects', [{ name: 'Ana' }, { name: null }, { nom: 'Ben' }, null, 7], ['Ana', '7']],
    ['commas', 'Ana, Ben,Cyd', ['Ana', 'Ben', 'Cyd']],
    ['commas and an "and"', 'Ana, Ben, and Cyd and Dora', ['Ana', 'Ben', 'Cyd', 'Dora']],
    ['semicolons', 'Ó, Ana; Bee, Ben;', ['Ana Ó', 'Ben Bee']],
    ['BibTeX', 'Ó, Ana and\n   Bee, Ben and Sea, Cyd', ['Ana Ó', 'Ben Bee', 'Cyd Sea']],
    ['one name', 'Alexander Anderson', ['Alexander Anderson']],
    ['TeX', "Erd\\H{o}s and R\\'enyi", ['Erdős', 'Rényi']],
    ['nothing', undefined, []],
    ['a number', 7, []],
  ])('%s', (_how, authors, names) => {
    expect(taken({ authors }).authors).toEqual(names);
  });

  it('an endless name is cut and an endless list ends, in a moment', () => {
    const started = performance.now();
    expect(taken({ authors: ['x'.repeat(1_000_000)] }).authors[0]).toHaveLength(LIMITS.author);
    expect(taken({ authors: 'Ana,'.repeat(100_000) }).authors).toHaveLength(LIMITS.authors);
    expect(taken({ authors: `${' '.repeat(200_000)}Ana` }).authors).toEqual(['Ana']);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('a hostile title is text to read, and nothing else', () => {
  it.each([
    ['</mj-text></mj-column>', '</mj-text></mj-column>'],
    ['{{x}} {{{secret}}} {{#each this}}', '{{x}} {{{secret}}} {{#each this}}'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['&lt;script&gt;', '<script>'],
    ['=cmd|calc', '=cmd|calc'],
    ['One\r\nBcc: someone\n\nTwo', 'One Bcc: someone Two'],
    ['N\0U\0L', 'NUL'],
    ["Robert'); DROP TABLE paper;", "Robert'); DROP TABLE paper;"],
  ])('%j', (title, shown) => {
    expect(taken({ title, abstract: title, authors: [title] })).toMatchObject({
      title: shown,
      abstract: shown,
      authors: [shown],
    });
  });
});

describe('whatever a source sends', () => {
  const loose = fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.webUrl());
  const links = fc.dictionary(fc.constantFrom('pdf', 'code', 'project', 'discussion'), loose);

  it('is a sound paper or dropped with its place and a reason; nothing is thrown', () => {
    fc.assert(
      fc.property(loose, loose, loose, loose, loose, links, (title, abstract, authors, id, url, given) => {
        const result = announce({ where: 'here', title, abstract, authors, id, url, links: given });
        if ('paper' in result) expect(Paper.parse(result.paper)).toEqual((result as Announcement).paper);
        else
          expect(result).toMatchObject({ where: 'here', detail: expect.stringMatching(/^[^\r\n]{5,300}$/) });
      }),
      { numRuns: 1000 },
    );
  });
});
