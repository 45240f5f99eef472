// The feeds of journals, preprint servers and everybody else: each paper with its own title, authors, id, link and day.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { announce } from '../../../src/papers/announce.ts';
import { LIMITS } from '../../../src/papers/limits.ts';
import { htmlToText } from '../../../src/papers/sources/html-text.ts';
import { dayOf, instantOf } from '../../../src/papers/sources/stamps.ts';
import { readXml } from '../../../src/papers/sources/xml-papers.ts';

const fixture = (name: string) => readFile(new URL(`../../fixtures/feeds/${name}`, import.meta.url), 'utf8');
const NAMESPACES =
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" ' +
  'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" ' +
  'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"';

const one = (inside: string, head = '') => {
  const reading = readXml(
    `<rss ${NAMESPACES}><channel>${head}<item>${inside}</item></channel></rss>`,
    'https://e.org/feed',
  );
  return reading.candidates[0] as NonNullable<(typeof reading.candidates)[0]>;
};
const atom = (inside: string) =>
  readXml(`<feed xmlns="http://www.w3.org/2005/Atom"><entry>${inside}</entry></feed>`, 'f').candidates[0];

describe('papers arrive whole from', () => {
  it('bioRxiv, with the names of its authors put right', async () => {
    expect(readXml(await fixture('biorxiv.rdf'), 'f')).toMatchObject({
      format: 'RSS 1.0',
      candidates: [
        {
          where: 'f, line 29',
          title: 'A made-up study of place cells in CO2-rich caves',
          abstract:
            'Place cells fire when p < 0.05. We made this abstract up. It has in vivo words, H2O and 10-3 of them.',
          authors: ['J. Smith', 'A. B. Doe', "C. O'Neil"],
          id: '10.1101/2026.06.20.581234',
          facts: { doi: '10.1101/2026.06.20.581234', journal: 'bioRxiv' },
          announcedOn: '2026-06-23',
          format: 'feed',
        },
      ],
    });
  });

  it('Nature, without the line about the issue', async () => {
    expect(readXml(await fixture('nature.rdf'), 'f').candidates).toMatchObject([
      {
        title: 'Spin waves in d-wave magnets & more',
        abstract: 'Spin waves were made up for this feed. They have never been seen.',
        authors: ['Jane Doe', 'John Roe'],
        id: '10.1038/s41567-026-00001-1',
        url: 'https://www.nature.com/articles/s41567-026-00001-1',
        facts: { journal: 'Nature Physics' },
        listedOn: '2026-06-14',
      },
    ]);
  });

  it('Elsevier, which names authors where others have the abstract', async () => {
    const reading = readXml(await fixture('elsevier.xml'), 'f');
    expect(reading).toMatchObject({ format: 'RSS', day: '2026-06-09' });
    expect(reading.candidates).toMatchObject([
      {
        title: 'On made-up knowledge bases',
        abstract: '',
        authors: ['Jane Doe', 'John Roe', 'Søren Ågård'],
        facts: { journal: 'Artificial Intelligence, Volume 332' },
        announcedOn: null,
      },
    ]);
  });

  it('ACS, whose titles begin with [ASAP]', async () => {
    expect(readXml(await fixture('acs.xml'), 'f')).toMatchObject({
      // In the offset of the feed's own stamp; in UTC it is the tenth.
      day: '2026-06-09',
      candidates: [
        {
          title: 'Made-up Catalysis of CO2 by Nothing',
          abstract: '',
          authors: ['Jane Doe', 'John Roe', 'Ana Poe'],
          id: '10.1021/jacs.6c00001',
          url: 'https://pubs.acs.org/doi/10.1021/jacs.6c00001?af=R',
        },
      ],
    });
  });

  it('an Atom feed titled "0" with HTML, XHTML and addresses that say no host', async () => {
    const reading = readXml(await fixture('atom.xml'), 'f');
    expect(reading).toMatchObject({ format: 'Atom', day: '2026-06-09', dropped: [] });
    expect(reading.candidates).toMatchObject([
      {
        title: 'Entropy & order',
        abstract: 'First paragraph. Second paragraph, x < y.',
        authors: ['Ana Ó', 'Ben Bee'],
        url: 'https://lab.example.org/papers/one.html',
        links: { pdf: 'https://lab.example.org/papers/one.pdf' },
        facts: { categories: ['physics'] },
        announcedOn: '2026-06-08',
      },
      {
        title: 'What others say of a paper',
        abstract: 'One. Two bolder.',
        // Who runs a feed has not written the papers in it.
        authors: [],
        id: '2511.01234',
        format: 'feed',
        announcedOn: '2026-06-07',
      },
    ]);
    const papers = reading.candidates.map(announce).map(result => 'paper' in result && result.paper);
    expect(papers).toMatchObject([{ id: expect.stringMatching(/^title:/) }, { id: 'arxiv:2511.01234' }]);
  });

  it('an old RSS feed in capitals of its own, with no vocabulary declared', () => {
    const text =
      '<RSS version="0.91"><Channel><Title>T</Title><PubDate>3 Jun 26 10:00 EST</PubDate><Item><Title>One</Title>' +
      '<dc:Creator>Ana Ó and Ben Bee</dc:Creator><PRISM:DOI>10.1234/a</PRISM:DOI></Item></Channel></RSS>';
    expect(readXml(text, 'f')).toMatchObject({
      day: '2026-06-03',
      candidates: [{ title: 'One', authors: ['Ana Ó', 'Ben Bee'], id: '10.1234/a' }],
    });
  });

  it('Atom 0.3', () => {
    const text =
      '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><modified>2026-06-03T01:00:00+02:00</modified><entry>' +
      '<title mode="escaped">One</title><issued>2026-06-02T23:59:59-10:00</issued><content>Text</content></entry></feed>';
    expect(readXml(text, 'f')).toMatchObject({
      day: '2026-06-03',
      candidates: [{ title: 'One', abstract: 'Text', announcedOn: '2026-06-02' }],
    });
  });
});

describe('a paper is known by its DOI, wherever the feed hides it', () => {
  it.each([
    ['PRISM', '<prism:doi>10.1234/A</prism:doi>', '10.1234/a'],
    ['Dublin Core', '<dc:identifier>doi:10.1234/a</dc:identifier>', '10.1234/a'],
    ['a urn', '<dc:identifier>urn:doi:10.1234/a</dc:identifier>', '10.1234/a'],
    ['the guid', '<guid isPermaLink="false">10.1234/a</guid>', '10.1234/a'],
    ['a link to doi.org', '<link>https://doi.org/10.1234/a</link>', '10.1234/a'],
    ['a publisher’s link', '<link>https://p.example/doi/full/10.1234/a(1)b?af=R#x</link>', '10.1234/a(1)b'],
    ['a link to a view', '<link>https://p.example/articles/10.3389/f.2026.1/full</link>', '10.3389/f.2026.1'],
    [
      'a link to a version',
      '<link>https://www.biorxiv.org/content/10.1101/2026.1.2v3.full</link>',
      '10.1101/2026.1.2',
    ],
    [
      'a question',
      '<link>https://p.example/article?id=10.1371%2Fjournal.pone.1</link>',
      '10.1371/journal.pone.1',
    ],
    ['small print', '<description>Journal of X. DOI: 10.1234/a.</description>', '10.1234/a'],
    ['nowhere', '<link>https://example.org/10.5/a</link>', undefined],
  ])('%s', (_where, inside, id) => {
    expect(one(`<title>T</title>${inside}`).id).toBe(id);
  });

  it('and not by the DOI that an abstract cites', () => {
    expect(
      one(`<title>T</title><description>${'Word '.repeat(100)}doi:10.1234/other</description>`).id,
    ).toBeUndefined();
  });
});

describe('authors are people', () => {
  it.each([
    [
      'one for each element',
      '<dc:creator>Ana Ó</dc:creator><dc:creator>Bee, Ben</dc:creator>',
      ['Ana Ó', 'Ben Bee'],
    ],
    ['one, family first', '<dc:creator>Bee, Ben C.</dc:creator>', ['Ben C. Bee']],
    ['one string', '<dc:creator>Ana Ó, Ben Bee &amp; Cyd Sea</dc:creator>', ['Ana Ó', 'Ben Bee', 'Cyd Sea']],
    ['links', '<dc:creator>&lt;a href="x"&gt;Ana Ó&lt;/a&gt;, Ben Bee</dc:creator>', ['Ana Ó', 'Ben Bee']],
    [
      'a mail address with a name',
      '<author>ana@example.org (Ana Ó), b@example.org (Ben)</author>',
      ['Ana Ó', 'Ben'],
    ],
    ['a mail address alone', '<author>ana@example.org</author>', []],
    ['a list for its own', '<authors>Ana Ó;Ben Bee;</authors>', ['Ana Ó', 'Ben Bee']],
    ['a podcast’s vocabulary', '<itunes:author>Somebody</itunes:author>', []],
  ])('%s', (_how, inside, authors) => {
    expect(one(`<title>T</title>${inside}`).authors).toEqual(authors);
  });
});

describe('the abstract is what says most of the work', () => {
  const long = `${'A sentence of some length. '.repeat(10)}`.trim();
  it.each([
    ['the longer', `<description>Short.</description><content:encoded>${long}</content:encoded>`, long],
    [
      'not a whole article',
      `<description>${long}</description><content:encoded>${long.repeat(100)}</content:encoded>`,
      long,
    ],
    [
      'without its heading',
      `<description>&lt;h2&gt;ABSTRACT&lt;/h2&gt;&lt;p&gt;${long}&lt;/p&gt;</description>`,
      long,
    ],
    [
      'not the issue',
      '<description>Advanced Things, Volume 3, Issue 2, Page 1-9, June 2026.</description>',
      '',
    ],
    ['not the title again', '<description>&lt;b&gt;T&lt;/b&gt;</description>', ''],
    ['also from a media element', `<media:description>${long}</media:description>`, long],
    [
      'a word that begins like a heading',
      '<description>Abstract nonsense is a field.</description>',
      'Abstract nonsense is a field.',
    ],
  ])('%s', (_what, inside, abstract) => {
    expect(one(`<title>T</title>${inside}`).abstract).toBe(abstract);
  });

  it('and ends with a sentence where it is too long', () => {
    const { abstract } = one(`<title>T</title><description>${`${long} `.repeat(200)}</description>`);
    expect((abstract as string).length).toBeLessThanOrEqual(LIMITS.abstract);
    expect(abstract).toMatch(/^A sentence .* length\.$/);
    const endless = one(`<title>T</title><description>${'😀'.repeat(50_000)}</description>`)
      .abstract as string;
    expect(endless.length).toBeLessThanOrEqual(LIMITS.abstract);
    expect(endless).toMatch(/😀.?…$/u);
  });
});

describe('a day is that of the stamp itself', () => {
  it('and a year of five digits, which some clocks print, names no day', () => {
    expect(instantOf('Fri, 01 Jan 22024 05:00:00 +0000')).toBeUndefined();
    expect(dayOf('22024-01-01')).toBeNull();
    expect(instantOf('Fri, 23 Feb 2024 00:00:00 -0500')?.toString()).toBe('2024-02-23T05:00:00Z');
  });

  it.each([
    ['<pubDate>Fri, 23 Feb 2024 00:00:00 -0500</pubDate>', '2024-02-23'],
    ['<pubDate>23 February 2024 23:59 GMT</pubDate>', '2024-02-23'],
    ['<pubDate>Fri, 3 Feb 24 00:00:00 EST</pubDate>', '2024-02-03'],
    ['<pubDate>3-Feb-1999</pubDate>', '1999-02-03'],
    ['<pubDate>June 3, 2026</pubDate>', '2026-06-03'],
    ['<dc:date>2026-6-3</dc:date>', '2026-06-03'],
    ['<dc:date>20260603</dc:date>', '2026-06-03'],
    ['<dc:date>2026-06-03T23:30:00-11:00</dc:date>', '2026-06-03'],
    ['<dc:date>2026-06</dc:date><prism:publicationDate>2026/06/04</prism:publicationDate>', '2026-06-04'],
    ['<pubDate>31 Feb 2026</pubDate>', null],
    ['<pubDate>soon</pubDate>', null],
    ['<pubDate>12:30:45</pubDate>', null],
    ['<atom:updated>2026-06-03T00:00:00Z</atom:updated>', '2026-06-03'],
  ])('%s', (inside, day) => {
    expect(one(`<title>T</title>${inside}`)).toMatchObject({ announcedOn: day, listedOn: day });
  });

  it('and a feed that names none is of no day', () => {
    expect(readXml('<rss><channel/></rss>', 'f').day).toBeNull();
  });
});

describe('a link is the page of the paper', () => {
  it.each([
    ['<link>https://e.org/a</link><guid>https://e.org/b</guid>', 'https://e.org/a'],
    ['<link> /a b?c=1&amp;d=2 </link>', 'https://e.org/a%20b?c=1&d=2'],
    ['<guid>https://e.org/b</guid>', 'https://e.org/b'],
    ['<guid isPermaLink="false">https://e.org/b</guid>', undefined],
    ['<guid>tag:e.org,2026</guid>', undefined],
    ['<atom:link href="https://e.org/c"/>', 'https://e.org/c'],
    ['<atom:link rel="self" href="https://e.org/c"/>', undefined],
  ])('%s', (inside, url) => {
    expect(one(`<title>T</title>${inside}`).url).toBe(url);
  });

  it('and never a script', () => {
    expect(announce(one('<title>T</title><link>javascript:alert(1)</link>'))).toMatchObject({
      reason: 'unsafe link',
    });
    const file = one('<title>T</title><enclosure type="application/pdf" url="javascript:alert(1)"/>');
    expect(file.links?.pdf).toBeUndefined();
  });
});

describe('titles are read as their feed means them', () => {
  it.each([
    ['<title>A &lt;i&gt;b&lt;/i&gt; &amp;amp; c</title>', 'A b & c'],
    ['<title>x&lt;y and p &amp;lt; 0.05</title>', 'x<y and p < 0.05'],
    ['<media:title>No</media:title><dc:title>Yes</dc:title>', 'Yes'],
    ['<title>Old. (arXiv:2401.12345v1 [cs.AI] UPDATED)</title>', 'Old'],
    ['<title><b>Not</b> escaped</title>', 'Not escaped'],
  ])('%s', (inside, title) => {
    expect(one(inside).title).toBe(title);
  });

  it('where Atom says that a title is text, its tags are text', () => {
    expect(atom('<title type="text">The &lt;b&gt; tag</title>')?.title).toBe('The <b> tag');
  });

  it('a journal’s feed names the journal, also after its papers', () => {
    const text = `<rss ${NAMESPACES}><channel><item><title>T</title><prism:volume>1</prism:volume></item><title>J</title></channel></rss>`;
    expect(readXml(text, 'f').candidates[0]?.facts?.journal).toBe('J');
    expect(one('<title>T</title>', '<title>A blog</title>').facts?.journal).toBeFalsy();
  });
});

describe('HTML becomes text', () => {
  it.each([
    ['<p>One</p><p>Two</p>', 'One Two'],
    ['a<br/>b<BR>c', 'a b c'],
    ['H<sub>2</sub>O, 10<sup class="x">-3</sup>', 'H2O, 10-3'],
    ['<script>if (a < b) x()</script>a<style>b{}</style>c', 'a c'],
    ['a<!-- b --><![CDATA[c]]>d', 'ac]]>d'],
    ['<math><mi>x</mi><annotation>\\x</annotation></math>', 'x'],
    ['<jats:p>One <jats:italic>two</jats:italic></jats:p>', 'One two'],
    ['x<y, a<b and c > d, <unknown>', 'x<y, a<b and c > d, <unknown>'],
    ['&amp;lt;b&amp;gt; &eacute;', '&lt;b&gt; é'],
    ['a <script>never closed', 'a'],
    ['<p', '<p'],
    ['see <https://e.org/a> <o:p>x</o:p>', 'see <https://e.org/a> x'],
  ])('%s', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it.each(['<', '<a ', '<!--', '<script>', '</p', '<p>', '&lt', '<script></script'])(
    '%j without end ends',
    part => {
      expect(htmlToText(part.repeat(1_000_000 / part.length)).length).toBeLessThanOrEqual(1_000_000);
    },
  );
});
