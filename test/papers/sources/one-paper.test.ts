// One paper that a curator names: by a DOI, an arXiv id or the address of a page, from registries as they answer.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaperroundError } from '../../../src/errors.ts';
import { findOnWeb } from '../../../src/papers/sources/one-paper.ts';
import { apiAnswer } from '../../support/arxiv.ts';
import { quickClient, reply, serve } from '../../support/http.ts';

const CSL = { 'content-type': 'application/vnd.citationstyles.csl+json' };

/** A place that stands for arXiv, for the registry of DOIs and for all pages. */
async function web(answer: (path: string) => [status: number, text: string]) {
  const { url, requests } = await serve((response, { path }) => reply(response, ...answer(path), CSL));
  const client = await quickClient({ limits: { attempts: 1 } });
  return { url, requests, find: (text: string) => findOnWeb(client, text, { arxiv: url, doi: url }) };
}

const registry = (record: unknown) => web(() => [200, JSON.stringify(record)]);
const RECORD = { title: 'Bees in the city', author: [{ given: 'Ana', family: 'Silva' }] };

describe('the registry of a DOI', () => {
  it('is asked for a record of the work', async () => {
    const { find, requests } = await registry({
      ...RECORD,
      abstract:
        '<jats:p>We count <jats:italic>A. mellifera</jats:italic> &amp; others.</jats:p><jats:p>Twice.</jats:p>',
      'container-title': 'Journal of Bees',
    });
    expect(await find('https://doi.org/10.1234/ABC(7);2-x')).toMatchObject({
      announcedOn: null,
      vote: null,
      paper: {
        id: 'doi:10.1234/abc(7);2-x',
        title: 'Bees in the city',
        abstract: 'We count A. mellifera & others. Twice.',
        authors: ['Ana Silva'],
        url: 'https://doi.org/10.1234/abc(7);2-x',
        facts: { journal: 'Journal of Bees', doi: '10.1234/abc(7);2-x' },
      },
    });
    expect(requests[0]?.path).toBe('/10.1234/abc(7);2-x');
    expect(requests[0]?.headers.accept).toBe(CSL['content-type']);
  });

  it.each<[string, object, object]>([
    ['a title in a list', { title: ['Bees', 'Other'] }, { title: 'Bees' }],
    ['a title with markup', { title: 'On <i>A. mellifera</i> &amp; co' }, { title: 'On A. mellifera & co' }],
    ['a title that is a number', { title: 0 }, { title: '0' }],
    ['a journal in a list', { 'container-title': ['J. Bees', 'JB'] }, { facts: { journal: 'J. Bees' } }],
    ['no abstract', { abstract: null }, { abstract: '' }],
    ['no authors', { author: undefined }, { authors: [] }],
    ['an author with a family name only', { author: [{ family: 'Plato' }] }, { authors: ['Plato'] }],
    ['an author with a given name only', { author: [{ given: 'Madonna' }] }, { authors: ['Madonna'] }],
    ['an author in one piece', { author: [{ literal: 'The Bee Team' }] }, { authors: ['The Bee Team'] }],
    ['an institution', { author: [{ name: 'CERN' }] }, { authors: ['CERN'] }],
    ['authors that are nothing', { author: [null, {}, 7, { family: 'Ode' }] }, { authors: ['Ode'] }],
    ['authors that are no list', { author: 'Silva, Ana' }, { authors: [] }],
    ['an arXiv DOI beside it', { DOI: '10.48550/arXiv.2605.00001' }, { id: 'doi:10.1234/x' }],
  ])('may answer with %s', async (_what, fields, expected) => {
    const { find } = await registry({ ...RECORD, ...fields });
    expect((await find('10.1234/x')).paper).toMatchObject(expected);
  });

  it.each([
    [
      'a DOI that it does not know',
      [404, 'Not found'],
      'input',
      /The DOI 10\.1234\/x is not registered: it was not found$/,
    ],
    [
      'a web page',
      [200, '<html>Hello</html>'],
      'source',
      /\/10\.1234\/x answers with no record of a work: "<html>Hello<\/html>"$/,
    ],
    ['nothing', [200, ''], 'source', /answers with no record of a work: ""$/],
    ['a word', [200, '"bees"'], 'source', /answers with no record of a work/],
    ['nothing as JSON', [200, 'null'], 'source', /answers with no record of a work/],
    ['half a record', [200, '{"title":"Be'], 'source', /answers with no record of a work/],
    ['a record without a title', [200, '{}'], 'input', /\/10\.1234\/x: title: missing or empty/],
    ['a list', [200, '[]'], 'input', /title: missing or empty/],
    ['a refusal', [406, ''], 'source', /answered 406/],
  ] as const)('and %s: the curator reads what is wrong', async (_what, [status, text], code, message) => {
    const { find } = await web(() => [status, text]);
    await expect(find('doi:10.1234/x')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('may answer with anything: it is a paper or a refusal in one line', async () => {
    let record: unknown;
    const { url } = await serve(response => reply(response, 200, JSON.stringify(record), CSL));
    const client = await quickClient({ limits: { attempts: 1 } });
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('<p', '&#0;', '\ud800', { toString: 1 }, { toString: null }, [[['x']]], 0, 1e300),
    );
    const records = fc.record(
      { title: odd, abstract: odd, author: fc.oneof(odd, fc.array(odd)), 'container-title': odd },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(records, odd), async given => {
        record = given;
        const found = await findOnWeb(client, '10.1234/x', { doi: url }).catch(error => error);
        if (!(found instanceof PaperroundError)) expect(found.paper.title.trim()).not.toBe('');
        else expect(found.message).toMatch(/^[^\r\n]{1,500}$/);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a page about a paper', () => {
  const works = [{ id: '2605.00007', title: 'Bees on arXiv' }];
  const withPage = (html: string) =>
    web(path => (path.startsWith('/api/query') ? [200, apiAnswer(works)] : [200, html]));

  it('is read by its tags, and keeps its address', async () => {
    const { find, url } = await withPage(
      '<meta name="citation_title" content="Bees"><meta name="citation_doi" content="10.1234/x">',
    );
    expect(await find(`${url}/articles/7`)).toMatchObject({
      announcedOn: null,
      paper: { id: 'doi:10.1234/x', title: 'Bees', url: `${url}/articles/7` },
    });
  });

  it('that says which arXiv paper it is about leads to arXiv', async () => {
    const { find, url, requests } = await withPage(
      '<title>Bees | Our lab</title><meta name="citation_arxiv_id" content="2605.00007v2">',
    );
    expect((await find(`  ${url}/bees  `)).paper).toMatchObject({
      id: 'arxiv:2605.00007',
      title: 'Bees on arXiv',
      url: 'https://arxiv.org/abs/2605.00007',
    });
    expect(requests.map(({ path }) => path.split('?')[0])).toEqual(['/bees', '/api/query']);
  });

  it('is not asked where its address says the id already', async () => {
    for (const address of [
      'https://arxiv.org/abs/2605.00007v3',
      'https://arxiv.org/pdf/2605.00007.pdf',
      'https://huggingface.co/papers/2605.00007',
      'arXiv:2605.00007',
      'https://doi.org/10.48550/arXiv.2605.00007',
    ]) {
      const { find, requests } = await withPage('');
      expect((await find(address)).paper.id).toBe('arxiv:2605.00007');
      expect(requests.map(({ path }) => path.split('?')[0])).toEqual(['/api/query']);
    }
  });

  it.each([
    ['without a title', '<p>Hello</p>', 'input', /\/bees has no title, so it is no page about a paper$/],
    [
      'with a title as long as a book',
      `<title>${'Bees '.repeat(300)}</title>`,
      'input',
      /title: \d+ characters; allowed/,
    ],
    ['with a title of nothing', '<title>&#8203;</title>', 'input', /title: missing or empty/],
  ])('%s is refused, and why', async (_what, html, code, message) => {
    const { find, url } = await withPage(html);
    await expect(find(`${url}/bees`)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each(['bees', '', 'ftp://x.example/', 'file:///etc/passwd', '10.1/x', '-'])(
    '%j names none: nobody is asked',
    async text => {
      const { find, requests } = await withPage('<title>Bees</title>');
      await expect(find(text)).rejects.toMatchObject({
        code: 'usage',
        hint: expect.stringContaining('arXiv id'),
      });
      expect(requests).toEqual([]);
    },
  );
});
