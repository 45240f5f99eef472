// XML as it comes: whole, cut short, broken, hostile or no feed at all.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PaperroundError } from '../../../src/errors.ts';
import { XML_LIMITS } from '../../../src/papers/sources/xml-elements.ts';
import { readXml } from '../../../src/papers/sources/xml-papers.ts';

const fixture = (name: string) => readFile(new URL(`../../fixtures/feeds/${name}`, import.meta.url));

function refused(text: string): PaperroundError {
  try {
    readXml(text, 'f');
  } catch (error) {
    if (error instanceof PaperroundError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const rss = (inside: string, before = '') =>
  `${before}<rss><channel><title>0</title>${inside}</channel></rss>`;
const item = (title: string) => `<item><title>${title}</title></item>`;
const titles = (text: string) => readXml(text, 'f').candidates.map(candidate => candidate.title);

describe('an operator who gives a wrong address is told what stands there', () => {
  it.each([
    ['a web page', '<!doctype html>\n<html><body>Hello</body></html>'],
    ['a page without a doctype', '<HTML lang="en"><p>Hello'],
    [
      'a page of XHTML',
      '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML"><html xmlns="x"></html>',
    ],
    ['a page without its outer tag', '<!DOCTYPE html><title>Hello</title>'],
    ['a page that ends at once', '<!doctype html'],
  ])('%s', (_what, text) => {
    const error = refused(text);
    expect(error).toMatchObject({ code: 'input', message: 'f: this is a web page, not a feed' });
    expect(error.hint).toMatch(/RSS or Atom/);
  });

  it('other XML, with the line and what is allowed', () => {
    const error = refused('<?xml version="1.0"?>\n\n<opml version="2.0"></opml>');
    expect(error).toMatchObject({ code: 'input', message: 'f, line 3: <opml> begins no feed that is known' });
    expect(error.hint).toMatch(/<rss>.*<feed>.*<PubmedArticleSet>/);
  });

  it.each(['', ' \n', 'no XML', '<', '<?xml version="1.0"?>', '<rss', '<!-- rss', '\0'])(
    '%j is nothing',
    text => {
      expect(refused(text).message).toMatch(/^f, line \d+: \w/);
    },
  );

  it('an element named like something that every object has', () => {
    expect(refused('<constructor/>').message).toBe('f, line 1: <constructor> begins no feed that is known');
  });
});

describe('a document cannot make Paperround read other files or fill the memory', () => {
  const laughs = `<!DOCTYPE rss [\n<!ENTITY a "ha">\n<!ENTITY b "&a;&a;&a;&a;">\n]>\n${rss(item('&b;'))}`;
  const external = `<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>${rss(item('&a;'))}`;
  const parameter = `<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1/a.dtd"> %a;]>${rss('')}`;

  it.each([
    ['entities that grow', laughs, 4],
    ['a file pulled in', external, 1],
    ['a definition from elsewhere', parameter, 1],
  ])('%s', (_what, text, line) => {
    const error = refused(text);
    expect(error.message).toBe(`f, line ${line}: the document declares entities of its own`);
    expect(error.hint).toMatch(/remove its <!DOCTYPE/);
  });

  it('a doctype that declares no entities is no danger', () => {
    expect(titles(`<!DOCTYPE rss PUBLIC "a" "http://my.netscape.com/rss.dtd">${rss(item('One'))}`)).toEqual([
      'One',
    ]);
    expect(titles(`<!DOCTYPE rss [<!ELEMENT rss ANY>]>${rss(item('One'))}`)).toEqual(['One']);
  });

  it.each([
    ['outside an entry', (deep: string) => rss(item('One') + deep + item('Two'))],
    ['in an entry', (deep: string) => rss(`${item('One')}<item>${deep}</item>`)],
  ])('elements in elements without end, %s: what stood before is kept', (_where, around) => {
    const reading = readXml(around(`${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`), 'f');
    expect(reading.candidates.map(candidate => candidate.title)).toEqual(['One']);
    expect(reading.incomplete).toBe(
      `line 1: elements stand in one another more than ${XML_LIMITS.depth} deep`,
    );
  });

  it('entries without end', () => {
    const reading = readXml(rss(item('x').repeat(XML_LIMITS.entries + 5)), 'f');
    expect(reading.candidates).toHaveLength(XML_LIMITS.entries);
    expect(reading.incomplete).toMatch(/^line 1: there are more than 20000 entries/);
  });

  it('parts without end, in an entry and in the head', () => {
    const parts = '<a/>'.repeat(XML_LIMITS.elements + 5);
    expect(titles(rss(`${parts}<item><title>One</title>${parts}</item>`))).toEqual(['One']);
  });

  it('faults without end', () => {
    const reading = readXml(rss(item('One') + '<a b c="1" c="1"></a>'.repeat(1000) + item('Two')), 'f');
    expect(reading.incomplete).toMatch(/^line 1: more than 1000 faults/);
    expect(reading.candidates).toHaveLength(1);
  });

  it.each([
    '&',
    '<',
    '&a;',
    '&eacute;',
    '<![CDATA[',
    '<!--',
    '<!',
    '<?',
    '<a ',
    '<a b="',
    '</',
    '\u0001',
    '\ud800',
    ']]>',
    '"',
    '<p>&lt;script&gt;',
    '&lt;p ',
    '<item>',
    '<a:b xmlns:a="c"/>',
    '[',
  ])('%j without end is read to its end', part => {
    const much = part.repeat(250_000 / part.length);
    for (const text of [
      rss(item('One') + item(much)),
      rss(`<item><title>One</title><description>${much}`),
      `<!DOCTYPE rss [${much}`,
      much,
    ]) {
      try {
        expect(readXml(text, 'f').format).toBe('RSS');
      } catch (error) {
        expect(error).toBeInstanceOf(PaperroundError);
      }
    }
  });
});

describe('faults that feeds do have do not lose them', () => {
  it.each([
    ['entities of HTML', 'Caf&eacute;&nbsp;&hellip;', 'Café …'],
    ['entities that nobody knows', '&made_up; &unknown;', '&made_up; &unknown;'],
    ['a bare ampersand', 'R&D at AT&T', 'R&D at AT&T'],
    ['a bare less-than', 'p < 0.05 <- x', 'p < 0.05 <- x'],
    ['control characters', 'a\u0000b\u001bc&#0;&#x1f;d', 'abcd'],
    ['a dash of Windows', '1&#150;2', '1–2'],
    ['half a surrogate pair', 'a\ud800b&#xd800;', 'a\ufffdb'],
    ['a number that is no character', 'a&#x110000;b', 'ab'],
    ['the end of CDATA where none is', 'a ]]> b', 'a ]]> b'],
    ['a comment', 'a<!-- & < &x; -->b', 'ab'],
    ['CDATA with what XML forbids', '<![CDATA[a & b < c\u0001]]>', 'a & b < c'],
    ['an empty title and one of 0', '0', '0'],
    ['line breaks of other systems', 'a\r\nb\rc', 'a b c'],
    ['attributes without quotes', '<i class=x id>a</i>b', 'ab'],
    ['a namespace that nobody declared', '<x:y z:a="1">a</x:y>', 'a'],
  ])('%s', (_what, written, read) => {
    const reading = readXml(rss(item(written) + item('Next')), 'f');
    expect(reading.incomplete).toBeUndefined();
    expect(reading.candidates.map(candidate => candidate.title)).toEqual([read, 'Next']);
  });

  it.each([
    ['empty lines before it', '\n\n<?xml version="1.0"?>\n'],
    ['a byte order mark', '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n'],
    ['words of a server before it', 'Warning: something\n<?xml version="1.0"?>'],
    ['XML 1.1', '<?xml version="1.1"?>'],
    ['a stylesheet', '<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?>'],
    ['a declaration that is wrong', '<?xml encoding=utf-8?>'],
  ])('%s', (_what, before) => {
    const reading = readXml(`${rss(item('Caf\u0085é'), before)}\n<!-- bye --> words`, 'f');
    expect(reading.candidates.map(candidate => candidate.title)).toEqual(['Caf\u0085é']);
    expect(reading.incomplete).toBeUndefined();
  });
});

describe('what was read before a fault is kept, and the fault has its line', () => {
  it.each([
    ['cut in an entry', `<item>\n<title>Two`, 'line 3: the document ends inside <item>; it is truncated'],
    ['cut in a tag', `<item>\n\n<tit`, 'line 4: the document ends inside <item>; it is truncated'],
    ['cut between entries', '', 'line 2: the document ends inside <channel>; it is truncated'],
    ['cut in the end', '</channel></rs', 'line 2: the document ends inside <rss>; it is truncated'],
    [
      'cut in a comment after the end',
      '</channel></rss><!-- a',
      'line 2: the document ends inside a tag; it is truncated',
    ],
    [
      'a tag left open',
      '<item><title>Two</item></channel></rss>',
      'line 2: <title> is not closed, another closing tag stands there',
    ],
    [
      'a tag closed twice',
      '<item></title></item></channel></rss>',
      'line 2: <item> is not closed, another closing tag stands there',
    ],
    [
      'a second document',
      '</channel></rss><rss></rss>',
      'line 2: a second document starts here; it is not read',
    ],
    [
      'a doctype in the middle',
      '<!DOCTYPE rss></channel></rss>',
      'line 2: a second document starts here; it is not read',
    ],
  ])('%s', (_what, rest, incomplete) => {
    const reading = readXml(`<rss><channel>${item('One')}\n${rest}`, 'f');
    expect(reading.candidates).toMatchObject([{ title: 'One', where: 'f, line 1' }]);
    expect(reading.incomplete).toBe(incomplete);
  });

  it.each([
    ['arxiv-rss.xml', '</item>'],
    ['arxiv-atom.xml', '</entry>'],
    ['arxiv-api.xml', '</entry>'],
    ['atom.xml', '</entry>'],
    ['biorxiv.rdf', '</item>'],
    ['elsevier.xml', '</item>'],
    ['pubmed.xml', '</PubmedArticle>'],
  ])('%s cut anywhere', async (name, end) => {
    const bytes = await fixture(name);
    const whole = readXml(bytes.toString(), 'f').candidates;
    const length = bytes.toString().trimEnd().length;
    for (let cut = 0; cut < bytes.length; cut++) {
      const text = bytes.subarray(0, cut).toString();
      try {
        const reading = readXml(text, 'f');
        const complete = text.split(end).length - 1;
        expect(reading.candidates).toEqual(whole.slice(0, complete));
        if (text.length < length) expect(reading.incomplete).toMatch(/^line \d+: the document ends inside /);
      } catch (error) {
        if (!(error instanceof PaperroundError)) throw error;
        expect(text).not.toContain(end);
        expect(error.message).toMatch(/^f, line \d+: /);
      }
    }
  });
});
