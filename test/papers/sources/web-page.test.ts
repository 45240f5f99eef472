// A paper from its own web page: whatever tags its publisher puts there, and whatever else stands on the page.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announce } from '../../../src/papers/announce.ts';
import { readWebPage } from '../../../src/papers/sources/web-page.ts';

const URL_OF_PAGE = 'https://journal.example/articles/7?tab=about';
const page = (head: string) =>
  `<!doctype html>\n<html lang="en"><head>\n${head}\n</head><body><p>Text</p></body></html>`;
const read = (head: string) => readWebPage(page(head), URL_OF_PAGE);

/** The paper that would be stored of a page. */
function paperOf(head: string) {
  const candidate = read(head);
  const result = candidate && announce(candidate);
  if (result === undefined || !('paper' in result)) throw new Error(`no paper: ${result?.detail}`);
  return result.paper;
}

const HIGHWIRE = `
  <meta name="citation_title" content="Bees &amp; the &lt;b&gt;city&lt;/b&gt;">
  <meta name="citation_author" content="Ana Silva">
  <meta name="citation_author" content="Ben Ode">
  <meta name="citation_journal_title" content="Journal of Bees">
  <meta name="citation_date" content="2026/08/20">
  <meta name="citation_doi" content="10.1234/Bees.7">
  <meta name="citation_pdf_url" content="/articles/7.pdf">
  <meta name="citation_abstract" content="We count bees.">
  <meta property="og:title" content="Bees | Journal of Bees">
  <title>Bees | Journal of Bees | Home</title>`;

describe('a publisher’s page', () => {
  it('gives title, authors, abstract, journal, DOI and PDF', () => {
    expect(paperOf(HIGHWIRE)).toMatchObject({
      id: 'doi:10.1234/bees.7',
      title: 'Bees & the city',
      authors: ['Ana Silva', 'Ben Ode'],
      abstract: 'We count bees.',
      url: URL_OF_PAGE,
      links: { pdf: 'https://journal.example/articles/7.pdf' },
      facts: { journal: 'Journal of Bees', doi: '10.1234/bees.7' },
    });
    expect(read(HIGHWIRE)?.listedOn).toBe('2026-08-20');
  });

  it.each([
    ['in double quotes', '<meta name="citation_title" content="Bees">'],
    ['in single quotes', "<meta name='citation_title' content='Bees'>"],
    ['the other way round', '<meta content="Bees" name="citation_title">'],
    [
      'with other attributes between',
      '<meta lang="en" content="Bees" data-x="y" name="citation_title" id="t">',
    ],
    ['in capitals', '<META NAME="Citation_Title" CONTENT="Bees">'],
    ['over several lines', '<meta\n  name = "citation_title"\n  content = "\n Bees\n "\n/>'],
    ['as XHTML', '<meta name="citation_title" content="Bees"/>'],
    ['as a property', '<meta property="citation_title" content="Bees">'],
    ['as Dublin Core', '<meta name="DC.Title" content="Bees">'],
    ['for Open Graph', '<meta property="og:title" content="Bees">'],
    ['after an empty one', '<meta name="citation_title" content=""><meta name="dc.title" content="Bees">'],
    ['in the title alone', '<title data-rh="true">\n  Bees\n</title>'],
    [
      'with quotes of the other kind',
      `<meta name="citation_title" content="Bees"><meta name='x' content='"'>`,
    ],
  ])('says its title %s', (_how, head) => {
    expect(paperOf(head).title).toBe('Bees');
  });

  it.each([
    ['citation_title', '<meta property="og:title" content="b"><meta name="citation_title" content="a">'],
    ['dc.title', '<meta property="og:title" content="b"><meta name="dc.title" content="a"><title>c</title>'],
    ['og:title', '<title>c</title><meta property="og:title" content="a">'],
    [
      'the first of several',
      '<meta name="citation_title" content="a"><meta name="citation_title" content="b">',
    ],
  ])('is believed by what says most: %s', (_name, head) => {
    expect(paperOf(head).title).toBe('a');
  });

  it('is also read without authors, abstract and ids', () => {
    expect(paperOf('<title>A Note on Bees</title>')).toMatchObject({
      id: expect.stringMatching(/^title:/),
      title: 'A Note on Bees',
      abstract: '',
      authors: [],
      url: URL_OF_PAGE,
    });
  });

  it.each([
    ['', ''],
    ['no tag', 'Just text'],
    ['an empty title', '<title> </title>'],
    ['an empty tag', '<meta name="citation_title" content="  ">'],
    ['a tag without a value', '<meta name="citation_title">'],
    ['a tag of another name', '<meta name="twitter:title" content="Bees">'],
  ])('with %s names no paper', (_what, html) => {
    expect(readWebPage(html, URL_OF_PAGE)).toBeUndefined();
  });

  it.each([
    ['a script', "<meta name='citation_pdf_url' content='javascript:alert(1)'>"],
    ['a file', "<meta name='citation_pdf_url' content='file:///etc/passwd'>"],
    ['a login', "<meta name='citation_pdf_url' content='https://me:pw@x.example/'>"],
  ])('whose PDF is %s is refused, in one line', (_what, tag) => {
    const result = announce(read(`<title>Bees</title>${tag}`) as NonNullable<ReturnType<typeof read>>);
    expect(result).toMatchObject({ reason: 'unsafe link', detail: expect.stringMatching(/^pdf: [^\n]+$/) });
  });

  it('says of its date only what is one', () => {
    const on = (day: string) =>
      read(`<title>x</title><meta name="citation_date" content="${day}">`)?.listedOn;
    expect(['2026/08/20', '2026-08-20', '2026', 'August 2026', ''].map(on)).toEqual([
      '2026-08-20',
      '2026-08-20',
      null,
      null,
      null,
    ]);
  });
});

describe('a hostile page', () => {
  it('of thirty megabytes is read by its head', () => {
    const candidate = readWebPage(
      `${page('<title>Bees</title>')}${'<p title="'.repeat(3_000_000)}`,
      URL_OF_PAGE,
    );
    expect(candidate?.title).toBe('Bees');
  });

  const piece = fc.constantFrom(
    ...'<meta |<META\n|name=|content=|property=|"|\'|>|/>|<|</|<title|</title>|citation_title|citation_author|='.split(
      '|',
    ),
    'citation_doi',
    'citation_pdf_url',
    'citation_date',
    '10.1234/\ud800',
    'https://[',
    '2026/99/99',
    '&#x0;',
    '&lt;',
    '&amp',
    '<!--',
    '-->',
    '\u0000',
    '\u202e',
    'constructor',
    '__proto__',
    ' '.repeat(50),
  );
  const soup = fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 10 })), { maxLength: 60 });
  const value = fc.string({ unit: 'binary', maxLength: 30 }).map(text => text.replace(/"/g, ''));
  const tags = fc.array(
    fc.tuple(
      fc.constantFrom(
        'citation_title',
        'citation_author',
        'citation_doi',
        'citation_date',
        'citation_pdf_url',
        'constructor',
      ),
      value,
    ),
    { maxLength: 12 },
  );

  it.each([
    [
      'made of tags',
      tags.map(list => list.map(([name, text]) => `<meta name="${name}" content="${text}">`).join('\n')),
    ],
    ['made of pieces', soup.map(pieces => pieces.join(''))],
    ['made of anything', fc.string({ unit: 'binary', size: 'large' })],
  ])('%s is a paper, or none, or refused in one line', (_kind, pages) => {
    fc.assert(
      fc.property(pages, html => {
        const candidate = readWebPage(html, URL_OF_PAGE);
        if (candidate === undefined) return;
        const result = announce(candidate);
        if ('paper' in result) expect(result.paper.title.trim()).not.toBe('');
        else expect(result.detail).toMatch(/^[^\r\n]{1,300}$/);
      }),
      { numRuns: 500 },
    );
  });
});
