// What arXiv sends: announcement feeds, the answers of its API, and its complaints, which are no papers.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { announce } from '../../../src/papers/announce.ts';
import { readXml } from '../../../src/papers/sources/xml-papers.ts';

const fixture = (name: string) => readFile(new URL(`../../fixtures/feeds/${name}`, import.meta.url), 'utf8');
const read = async (name: string) => readXml(await fixture(name), 'f');

describe('a day of announcements', () => {
  it('as RSS: day, type, version, and text in which a less-than is one', async () => {
    const reading = await read('arxiv-rss.xml');
    expect(reading).toMatchObject({ format: 'arXiv RSS', day: '2024-02-23', dropped: [] });
    expect(reading).not.toHaveProperty('incomplete');
    expect(reading.candidates).toMatchObject([
      {
        where: 'f, line 17',
        abstract:
          'We consider first order local minimization problems of the form $\\min \\int_{\\mathbb{R}^N}f(u,\\nabla u)$ ' +
          'under a mass constraint. Our result covers all $\\alpha < 1$ and $p<q$.',
        authors: ['Antonin Monteil', 'Paul Pegon', "Andr\\'e Lima"],
        id: '2203.01250',
        otherIds: ['10.5802/jep.257'],
        links: { pdf: 'https://arxiv.org/pdf/2203.01250' },
        facts: {
          version: 3,
          doi: '10.5802/jep.257',
          categories: ['math.AP', 'math.OC'],
          journal: "Journal de l'\\'Ecole polytechnique - Math\\'ematiques, Tome 11 (2024), pp. 431-472",
        },
        format: 'arxiv-feed',
        announceType: 'replace-cross',
        listedOn: '2024-02-23',
        announcedOn: '2024-02-23',
      },
      { title: 'Steps of <b> length: an "R&D" view', authors: ['A. One', 'B. Two'], announceType: 'new' },
    ]);
    expect(announce(reading.candidates[0] as never)).toMatchObject({
      paper: {
        id: 'arxiv:2203.01250',
        authors: ['Antonin Monteil', 'Paul Pegon', 'André Lima'],
        url: 'https://arxiv.org/abs/2203.01250',
      },
      format: 'arxiv-feed',
    });
  });

  it('as Atom: the day of its entries, not the one on which it was built', async () => {
    const text = await fixture('arxiv-atom.xml');
    expect(readXml(text, 'f')).toMatchObject({
      format: 'arXiv Atom',
      day: '2025-08-20',
      candidates: [
        { id: '2508.13426', announceType: 'cross', announcedOn: '2025-08-20' },
        { id: '2508.13428' },
      ],
    });
    expect(readXml(text.replaceAll('2025-08-20T04', '2025-08-21T04'), 'f').day).toBe('2025-08-20');
  });

  it.each([
    ['2026-05-02T04:00:19.866337+00:00', '2026-05-02'],
    ['2026-05-02T03:59:00+00:00', '2026-05-01'],
    ['2026-01-02T04:59:00Z', '2026-01-01'],
    ['today', null],
  ])('without entries, built at %s, is of %s in New York', (updated, day) => {
    const text = `<feed xmlns="http://www.w3.org/2005/Atom"><id>http://rss.arxiv.org/atom/cs</id><updated>${updated}</updated></feed>`;
    expect(readXml(text, 'f')).toMatchObject({ format: 'arXiv Atom', day, candidates: [] });
  });

  it('as RSS of before August 2024, without a date of its own', () => {
    const text =
      '<rss><channel><link>http://rss.arxiv.org/rss/cs</link><lastBuildDate>Fri, 23 Feb 2024 04:00:11 +0000' +
      '</lastBuildDate><item><title>T</title><guid>oai:arXiv.org:2402.00001v1</guid></item></channel></rss>';
    expect(readXml(text, 'f')).toMatchObject({ day: '2024-02-22', candidates: [{ announcedOn: null }] });
  });

  it.each([
    ['no namespace', '<rss>', 'announce_type', 'creator'],
    ['prefixes that are not declared', '<rss>', 'arxiv:announce_type', 'dc:creator'],
    [
      'other prefixes',
      '<rss xmlns:a="http://arxiv.org/schemas/atom" xmlns:d="http://purl.org/dc/elements/1.1/">',
      'a:announce_type',
      'd:creator',
    ],
    [
      'a namespace of tomorrow',
      '<rss xmlns:a="https://arxiv.org/2030" xmlns:d="urn:d">',
      'a:announce_type',
      'd:creator',
    ],
  ])('in which %s', (_what, rss, type, creator) => {
    const text = `${rss}<channel><item><title>T</title><link>https://arxiv.org/abs/2402.00001</link><${type}>cross</${type}><${creator}>A, B C</${creator}></item></channel></rss>`;
    expect(readXml(text, 'f').candidates).toMatchObject([
      { id: '2402.00001', announceType: 'cross', authors: ['A', 'B C'], format: 'arxiv-feed' },
    ]);
  });

  it('in which the type stands in the text alone', () => {
    const text =
      '<rss><channel><item><title>T</title><description>arXiv:2402.00001v2 Announce Type: replace\nAbstract: A p&lt;q.</description></item></channel></rss>';
    expect(readXml(text, 'f').candidates).toMatchObject([
      { id: '2402.00001', announceType: 'replace', abstract: 'A p<q.', facts: { version: 2 } },
    ]);
  });
});

describe('an answer of the API', () => {
  it('has the instant of submission and no day of announcement', async () => {
    const reading = await read('arxiv-api.xml');
    expect(reading).toMatchObject({ format: 'arXiv API', day: null, total: 214_881 });
    expect(reading.candidates).toMatchObject([
      {
        where: 'f, line 10',
        authors: ['Mohit Kumar Ahuja', 'Arnaud Gotlieb', 'Helge Spieker'],
        id: '2202.12139',
        otherIds: ['10.1109/ICSTW55395.2022.00035'],
        links: { pdf: 'https://arxiv.org/pdf/2202.12139' },
        facts: {
          version: 1,
          categories: ['cs.SE', 'cs.LG'],
          comment: 'Artificial Intelligence in Software Testing 2022 workshop @ ICST 2022',
          journal: expect.stringContaining('ICSTW'),
        },
        format: 'arxiv-api',
        submittedAt: '2022-02-24T15:05:19Z',
        listedOn: null,
        announcedOn: null,
      },
      { title: '0', id: '2104.12255' },
    ]);
  });

  it('names the primary category first', () => {
    const text =
      '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><entry>' +
      '<id>http://arxiv.org/abs/hep-th/9901001v3</id><title>Error</title><published>2007-02-27T16:02:02-05:00</published>' +
      '<category term="cs.LG"/><category term="hep-th"/><arxiv:primary_category term="hep-th"/></entry></feed>';
    expect(readXml(text, 'f').candidates).toMatchObject([
      {
        id: 'hep-th/9901001',
        title: 'Error',
        facts: { version: 3, categories: ['hep-th', 'cs.LG'] },
        submittedAt: '2007-02-27T21:02:02Z',
      },
    ]);
  });

  it('with nothing in it is an answer', () => {
    const text =
      '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/">' +
      '<id>https://arxiv.org/api/oqaUC9OB2SccftmJHZqrxySXrao</id><updated>2026-04-12T22:09:26Z</updated><o:totalResults> 0 </o:totalResults></feed>';
    expect(readXml(text, 'f')).toEqual({
      format: 'arXiv API',
      day: null,
      candidates: [],
      dropped: [],
      total: 0,
    });
  });
});

describe('a complaint is no paper, and no quiet day', () => {
  it('of the API', async () => {
    expect(await read('arxiv-api-error.xml')).toMatchObject({
      format: 'arXiv API',
      day: null,
      candidates: [],
      refusal: 'incorrect id format for abc',
    });
  });

  it.each([
    [
      'RSS',
      '<rss><channel><title>Feed error for query: cs.XX</title><description>Bad subject class &apos;XX&apos;.</description></channel></rss>',
    ],
    [
      'Atom',
      '<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed error for query: cs.XX</title><subtitle>Bad subject class \'XX\'.</subtitle></feed>',
    ],
  ])('of the feeds, as %s', (_format, text) => {
    expect(readXml(text, 'f')).toMatchObject({ candidates: [], refusal: "Bad subject class 'XX'." });
  });

  it('that gives no reason is told by its title', () => {
    const text = '<rss><channel><title>Feed error for query: cs.XX</title></channel></rss>';
    expect(readXml(text, 'f').refusal).toBe('Feed error for query: cs.XX');
  });
});
