// The last look at a mail before it may go out: what is promised is checked on what its receiver will parse.
import fc from 'fast-check';
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { type Digest, forReader, renderDigest } from '../../src/digests/digest.ts';
import { composeMessage, messageIdOf, type Sender, unsubscribeUrl } from '../../src/digests/message.ts';
import { checkCut, checkMessage, partsOf, preflight } from '../../src/digests/preflight.ts';
import type { Edition } from '../../src/editions/edition.ts';
import { cleanText } from '../../src/papers/text.ts';
import { bigEdition, cutOf, edition, MASTHEAD, paper, shippedTemplates } from './editions.ts';

const templates = await shippedTemplates();
const SENDER: Sender = {
  name: 'Daily Papers',
  address: 'papers@example.org',
  bounceAddress: null,
  publicUrl: 'https://papers.example.org',
};
const TOKEN = `1${'A'.repeat(43)}`;

const digestOf = (of: Edition, webUrl: string | null = MASTHEAD.webUrl) =>
  renderDigest(cutOf(of), { ...MASTHEAD, webUrl }, templates);

/** The mail of a digest as its reader gets it. */
async function mailed(digest: Digest, sender = SENDER) {
  const body = forReader(digest, {
    address: 'ada@example.org',
    unsubscribeUrl: unsubscribeUrl(sender, TOKEN),
    preferencesUrl: null,
  });
  const letter = {
    to: 'ada@example.org',
    messageId: messageIdOf('secret', 'one', sender),
    date: new Date('2026-08-20T07:00:00Z'),
    subject: digest.subject,
    ...body,
    edition: digest.date,
    token: TOKEN,
  };
  return partsOf({ ...body, bytes: (await composeMessage(letter, sender)).bytes });
}

const desk = { templates, masthead: MASTHEAD };
/** The checks that a digest breaks, with their level. */
const broken = (digest: Digest) =>
  checkCut(digest)
    .filter(({ ok }) => !ok)
    .map(({ name, level }) => `${level}: ${name}`);

describe('a good mail passes', () => {
  it.each([1, 30, 1_000])('with %i papers', async count => {
    const digest = digestOf(bigEdition(count));
    const report = preflight(desk)(digest, await mailed(digest));
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.ok).toBe(true);
  });

  it('without web pages', async () => {
    const digest = digestOf(bigEdition(5), null);
    const report = preflight(desk)(digest, await mailed(digest, { ...SENDER, publicUrl: null }));
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it.each([
    ['curl(v) and url(x) in CSS', 'We study url(http://example.org) and @import.'],
    ['<img src=x> Considered Harmful', 'A <script> is not run, nor a style="background:url(x)".'],
    ['Templates with {{#each papers}}', 'Braces {{x}} and {{> partial}} are kept.'],
    ['A title    that\u00a0is "quoted" & <odd>', ''],
    [`A title of many words ${'that go on and on '.repeat(20)}`.trim(), ''],
    ['扩散模型 و نماذج 👩‍🔬', ''],
    ['0', 'It costs $5 and $10. See https://example.org/a_(b), or mailto:ada@example.org.'],
  ])('with a paper named %s', (title, abstract) => {
    expect(broken(digestOf(edition({ a: [paper({ title, abstract })] })))).toEqual([]);
  });

  it('with two papers of the same title, and one whose title stands in the other', () => {
    const [a, b, c] = ['Attention', 'Attention is all', 'Attention'];
    const papers = [a, b, c].map(title => paper({ title, abstract: 'Attention is all.' }));
    expect(broken(digestOf(edition({ one: papers.slice(0, 2), two: papers.slice(2) })))).toEqual([]);
  });
});

describe('no paper can stop a mail', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc
      .array(
        fc.constantFrom(
          ...[
            '</p>',
            '</body>',
            '<!--',
            '-->',
            '{{x}}',
            '&amp;',
            '&#0;',
            '\\textbf{',
            '$x_1$',
            '"',
            "'",
            '`',
          ],
          ...[
            '\u202e',
            '\ue000unsubscribeUrl\ue001',
            'https://example.org/?a=1&b',
            ' ',
            'word',
            '<style>',
            '\n',
          ],
        ),
        { maxLength: 12 },
      )
      .map(pieces => pieces.join('')),
  );

  it('whatever its title, abstract, authors and curator say', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (one, two, three) => {
        const [title, abstract, name] = [one, two, three].map(text => cleanText(text));
        const odd = paper({
          title: title || 'Untitled',
          abstract: abstract ?? '',
          authors: name ? [name] : [],
          note: name ? { by: null, text: name } : null,
        });
        const digest = digestOf(edition({ a: [paper(), odd], b: [paper()] }));
        expect(broken(digest).filter(check => check.startsWith('failure'))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['TeX in an abstract', { abstract: 'We use \\textbf{bold} words.' }, 'leftovers'],
    ['TeX in a title', { title: 'On $x_{1}$ and others' }, 'leftovers'],
    ['a character reference', { abstract: 'Salt &amp;amp; pepper &#8211; daily.' }, 'leftovers'],
  ])('not even with %s: that is a warning which names the paper', (_what, words, name) => {
    const odd = paper({ title: 'The odd one', ...words });
    const digest = digestOf(edition({ a: [paper({ title: 'First' }), odd, paper({ title: 'Last' })] }));
    expect(broken(digest)).toEqual([`warning: ${name}`]);
    const found = checkCut(digest).find(({ ok }) => !ok);
    expect(found?.where).toContain(odd.title);
    expect(found?.hint).toContain('papers show');
  });
});

type Change = (digest: Digest) => Digest;
const html =
  (by: (html: string) => string): Change =>
  digest => ({ ...digest, html: by(digest.html) });
const text =
  (by: (text: string) => string): Change =>
  digest => ({ ...digest, text: by(digest.text) });
const insert = (piece: string) => html(body => body.replace('</body>', `${piece}</body>`));
const at = (place: string, piece: string) => html(body => body.replace(place, () => piece));

describe('a mail that breaks a promise breaks that one only', () => {
  it.each<[string, string, Change]>([
    ['is too large', 'failure: size', insert('x'.repeat(95_000))],
    ['never closes an element', 'failure: html', insert('<div>x')],
    ['closes elements in the wrong order', 'failure: html', insert('<p><b>x</p></b>')],
    ['closes what is not open', 'failure: html', insert('x</span>')],
    ['has a block in a paragraph', 'failure: html', insert('<p>x<div>y</div></p>')],
    ['has text in a table beside its cells', 'failure: html', insert('<table>x<tr><td>y</td></tr></table>')],
    ['has an element in a row beside its cells', 'failure: html', insert('<table><tr><p>x</p></tr></table>')],
    ['goes on after its body', 'failure: html', html(body => body.replace('</html>', 'x</html>'))],
    ['has words in its head', 'failure: html', at('</head>', '<p>x</p></head>')],
    ['has an attribute twice', 'warning: attributes', insert('<p class="a" class="b">x</p>')],
    [
      'has a bare & in a link',
      'warning: attributes',
      digest => {
        const [plain, asked] = ['https://arxiv.org/pdf/2608.1', 'https://arxiv.org/pdf/2608.1?a=1&b=2'];
        const by = (body: string) =>
          body.replaceAll(new RegExp(`${RegExp.escape(plain)}(?=["\\s])`, 'g'), asked);
        return { ...digest, html: by(digest.html), text: by(digest.text) };
      },
    ],
    ['has a link that runs something', 'failure: links', insert('<a href="javascript:alert(1)">x</a>')],
    ['has a link that hides what it runs', 'failure: links', insert('<a href=" java&#115;cript:x">x</a>')],
    ['has a link without a host', 'failure: links', insert('<a href="/archive">x</a>')],
    ['has a link to a place in itself', 'failure: links', insert('<a href="#top">x</a>')],
    ['has a link that was taken out', 'warning: dead links', insert('<a href="#">x</a>')],
    ['has a picture', 'failure: nothing remote', insert('<img src="https://example.org/pixel.gif">')],
    [
      'has a picture for wide screens',
      'failure: nothing remote',
      insert('<img srcset="//example.org/x 2x">'),
    ],
    [
      'has a picture as a background',
      'failure: nothing remote',
      insert('<p style="color:red;background:url(https://example.org/x)">x</p>'),
    ],
    [
      'spells that with entities',
      'failure: nothing remote',
      insert('<p style="background:u&#114;l(https://example.org/x)">x</p>'),
    ],
    [
      'has a picture in a style sheet',
      'failure: nothing remote',
      at('</head>', '<style>p{background:url("https://example.org/x")}</style></head>'),
    ],
    [
      'has a font from elsewhere',
      'failure: nothing remote',
      at('</head>', '<style type="text/css">@import "https://example.org/x";</style></head>'),
    ],
    [
      'has a style sheet from elsewhere',
      'failure: nothing remote',
      at('</head>', '<link rel="stylesheet" href="https://example.org/x.css"></head>'),
    ],
    ['has a script', 'failure: nothing remote', insert('<script>x</script>')],
    [
      'has a picture for Outlook alone',
      'failure: nothing remote',
      insert('<!--[if mso]><v:fill src="https://example.org/x"/><![endif]-->'),
    ],
    [
      'leaves on its own',
      'failure: nothing remote',
      at('</head>', '<meta http-equiv="refresh" content="0"></head>'),
    ],
    [
      'leaves a paper out of its text part',
      'failure: text part',
      text(body => body.replaceAll('Paper 2:', 'Paper two:')),
    ],
    [
      'leaves a paper out of its HTML',
      'failure: papers',
      html(body => body.replaceAll('Paper 2:', 'Paper two:')),
    ],
    [
      'has its papers in another order in the text part',
      'warning: same order',
      text(body => {
        const names: Record<string, string> = { '1:': '2:', '2:': '1:', '<v0>': '<v1>', '<v1>': '<v0>' };
        return body.replace(/(?<=Paper )[12]:|<v[01]>/g, found => names[found] as string);
      }),
    ],
    [
      'has a link in the HTML only',
      'warning: same links',
      insert('<a href="https://example.org/only">x</a>'),
    ],
    [
      'has a link in the text part only',
      'warning: same links',
      text(body => `${body}https://example.org/x\n`),
    ],
    [
      'has one way out only',
      'failure: way out',
      html(body => body.replace(/<a href="\ue000unsub[^<]*<\/a>/, '')),
    ],
    [
      'has no way out in its text part',
      'failure: way out',
      text(body => body.replaceAll(/.*\ue000unsub.*/g, '')),
    ],
    ['has a mark left over', 'failure: resolved', insert('\ue000adress\ue001')],
    ['has a mark left over in its text part', 'failure: resolved', text(body => `${body}\ue000name\ue001`)],
    ['has TeX left over', 'warning: leftovers', insert('<p>\\emph{x}</p>')],
    ['has an entity left over', 'warning: leftovers', insert('<p>a &amp;lt; b</p>')],
    ['has an entity left over in its text part', 'warning: leftovers', text(body => `${body}a &lt; b\n`)],
    ['has a heading over nothing', 'warning: sections', insert('<h2>Nothing here</h2>')],
    ['has an empty heading', 'warning: sections', insert('<h2> </h2><p>x</p>')],
    ['has no papers', 'failure: not empty', digest => ({ ...digest, papers: [] })],
  ])('when it %s', (_what, check, change) => {
    const good = digestOf(bigEdition(3));
    const digest = change(good);
    expect(digest).not.toEqual(good);
    expect(broken(digest)).toEqual([check]);
  });

  it('and says near which paper, and what to do', () => {
    const digest = at('Paper 3: ', 'Paper 3: <b>')(digestOf(bigEdition(3)));
    const found = checkCut(digest).find(({ name }) => name === 'html');
    expect(found?.detail).toMatch(/^<b> is not closed before <\/a>/);
    expect(found?.where).toContain('Paper 3');
    expect(found?.hint).toContain('{{{');
  });

  it('and tells of many faults in a few words', () => {
    const digest = insert('<i>'.repeat(5_000))(digestOf(bigEdition(3)));
    expect(checkCut(digest).find(({ name }) => name === 'html')?.detail.length).toBeLessThan(600);
  });
});

describe('every message', () => {
  const names = [
    ...['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'],
    ...['List-Unsubscribe', 'List-Unsubscribe-Post', 'List-Id', 'Auto-Submitted', 'Precedence'],
  ];
  it.each(names)('has %s, or is held back', async name => {
    const parts = await mailed(digestOf(bigEdition(1)));
    const headers = parts.headers.filter(header => header.name.toLowerCase() !== name.toLowerCase());
    expect(headers.length).toBeLessThan(parts.headers.length);
    const found = checkMessage({ ...parts, headers }).filter(({ ok }) => !ok);
    expect(found).toMatchObject([{ name: 'headers', level: 'failure', detail: `missing: ${name}` }]);
  });

  it.each(['html', 'text'] as const)('has no mark left in its %s, or is held back', async part => {
    const parts = await mailed(digestOf(bigEdition(1)));
    const found = checkMessage({ ...parts, [part]: `${parts[part]}\ue000address\ue001` }).filter(
      ({ ok }) => !ok,
    );
    expect(found).toMatchObject([{ name: "reader's parts", level: 'failure' }]);
  });
});

describe('the light look at HTML agrees with a validator', () => {
  const validator = new HtmlValidate({
    root: true,
    rules: { 'close-order': 'error', 'no-dup-attr': 'error', 'element-permitted-content': 'off' },
  });
  it.each([
    ['<p>x</p>', true],
    ['<b><i>x</b></i>', false],
    ['<ul><li>a<li>b</ul>', true],
    ['<table><tbody><tr><td>x</td></tr></tbody></table>', true],
    ['<div></div></div>', false],
    ['<p>a<br>b</p>', true],
  ])('on %s', async (piece, good) => {
    const digest = insert(piece)(digestOf(bigEdition(1)));
    expect(broken(digest).includes('failure: html')).toBe(!good);
    const report = await validator.validateString(
      `<!doctype html><html><body><div>${piece}</div></body></html>`,
    );
    expect(report.valid).toBe(good);
  });
});
