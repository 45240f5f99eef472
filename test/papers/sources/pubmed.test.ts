// PubMed's articles as efetch sends them.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { announce } from '../../../src/papers/announce.ts';
import { readXml } from '../../../src/papers/sources/xml-papers.ts';

const fixture = () => readFile(new URL('../../fixtures/feeds/pubmed.xml', import.meta.url), 'utf8');
const only = (article: string, data = '') =>
  readXml(
    `<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T</ArticleTitle>${article}</Article></MedlineCitation><PubmedData>${data}</PubmedData></PubmedArticle></PubmedArticleSet>`,
    'f',
  ).candidates[0];
const date = (tag: string, attribute: string, [year, month, day]: string[]) =>
  `<${tag} ${attribute}><Year>${year}</Year><Month>${month}</Month><Day>${day}</Day></${tag}>`;

describe('an answer of PubMed', () => {
  it('becomes papers with their parts of the abstract named, their DOI, journal, authors and day', async () => {
    const reading = readXml(await fixture(), 'f');
    expect(reading).toMatchObject({ format: 'PubMed', day: null, dropped: [] });
    expect(reading.candidates).toMatchObject([
      {
        where: 'f, line 4',
        title: 'Early 99mTc imaging of nothing.',
        abstract:
          'BACKGROUND: A made-up disease, seen after 2.5-3 h. RESULTS: 50 patients (p < 0.001), SUVmax.',
        authors: ['Jane Doe', 'JB Roe Jr', 'The Made-up Group'],
        id: '10.1186/s00000-026-00001-0',
        url: 'https://pubmed.ncbi.nlm.nih.gov/42000001/',
        facts: { doi: '10.1186/s00000-026-00001-0', journal: 'Journal of made-up medicine' },
        format: 'feed',
        announcedOn: '2026-06-11',
        listedOn: '2026-06-11',
      },
      { where: 'f, line 5', abstract: '', authors: [], id: '10.1000/second', announcedOn: '2026-06-10' },
    ]);
    expect(announce(reading.candidates[0] as never)).toMatchObject({
      paper: { id: 'doi:10.1186/s00000-026-00001-0', url: 'https://pubmed.ncbi.nlm.nih.gov/42000001/' },
    });
  });

  it('of a chapter of a book', () => {
    const text =
      '<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>7</PMID><Book><BookTitle>Book</BookTitle></Book>' +
      '<ArticleTitle>Chapter</ArticleTitle><Abstract><AbstractText>Text.</AbstractText></Abstract></BookDocument></PubmedBookArticle></PubmedArticleSet>';
    expect(readXml(text, 'f').candidates).toMatchObject([
      { title: 'Chapter', abstract: 'Text.', url: 'https://pubmed.ncbi.nlm.nih.gov/7/' },
    ]);
  });

  it('without any article is an answer', () => {
    expect(readXml('<PubmedArticleSet/>', 'f')).toEqual({
      format: 'PubMed',
      day: null,
      candidates: [],
      dropped: [],
    });
  });

  it('does not take the DOI of a reference for that of the article', () => {
    const references =
      '<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/x</ArticleId></ArticleIdList></Reference></ReferenceList>';
    expect(only('', references)?.id).toBeUndefined();
  });
});

describe('the day of an article', () => {
  const entrez = 'PubStatus="entrez"';
  it.each([
    [
      'its electronic date',
      date('ArticleDate', 'DateType="Electronic"', ['2026', '06', '01']),
      '',
      '2026-06-01',
    ],
    [
      'a month by its name',
      date('ArticleDate', 'DateType="Electronic"', ['2026', 'Jun', '1']),
      '',
      '2026-06-01',
    ],
    ['the day PubMed had it', '', date('PubMedPubDate', entrez, ['2026', '6', '9']), '2026-06-09'],
    ['no such day', date('ArticleDate', 'DateType="Electronic"', ['2026', '02', '30']), '', null],
    ['no year', date('ArticleDate', 'DateType="Electronic"', ['', '02', '3']), '', null],
    ['another date', '', date('PubMedPubDate', 'PubStatus="received"', ['2026', '6', '9']), null],
  ])('%s', (_what, article, history, day) => {
    expect(only(article, `<History>${history}</History>`)?.announcedOn).toBe(day);
  });
});
