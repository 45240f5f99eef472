// What is said of a template before any mail is made of it: colours that cannot be read, features that programs lack.
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEGRADES } from '../../src/digests/preflight/accepted.ts';
import { CLIENT_DATA } from '../../src/digests/preflight/client-support.ts';
import { readCss } from '../../src/digests/preflight/css.ts';
import { readPage } from '../../src/digests/preflight/page.ts';
import { unknownTo } from '../../src/digests/preflight/support.ts';
import { readTree } from '../../src/digests/preflight/tree.ts';
import { type Check, checkTemplates } from '../../src/digests/preflight.ts';
import type { Templates } from '../../src/digests/template.ts';
import { PaperroundError } from '../../src/errors.ts';
import { CLIENT_SUPPORT_FILE, clientSupport } from '../support/make-client-support.ts';
import { MASTHEAD, shippedTemplates } from './editions.ts';

const shipped = await shippedTemplates();

/** The templates that ship, with their output changed. */
const templates = (html: (html: string) => string, text = (body: string) => body): Templates => ({
  ...shipped,
  html: view => html(shipped.html(view)),
  text: view => text(shipped.text(view)),
});

const broken = (of: Templates): Check[] => checkTemplates(of, MASTHEAD).filter(({ ok }) => !ok);
const names = (of: Templates) => broken(of).map(({ name, level }) => `${level}: ${name}`);

const body = (piece: string) => templates(html => html.replace('</body>', () => `${piece}</body>`));
const style = (css: string) =>
  templates(html => html.replace('</head>', () => `<style>${css}</style></head>`));

describe('the templates that ship', () => {
  it('have nothing that a mail program does not know, and colours that can be read in both schemes', () => {
    expect(broken(shipped)).toEqual([]);
  });

  it('are read with their dark scheme', () => {
    const dark = templates(html =>
      html.replace(/(prefers-color-scheme:\s*dark\)\s*\{)/, '$1.c p{color:#333!important}'),
    );
    expect(names(dark)).toEqual([]);
    const late = style('@media (prefers-color-scheme:dark){.c p{color:#333!important}}');
    expect(broken(late)).toMatchObject([
      { name: 'contrast', detail: expect.stringMatching(/^dark: #333333 on #/) },
    ]);
  });
});

describe('a warning about contrast', () => {
  const on = (css: string, words = 'Words') => `<div style="background:#ffffff;${css}">${words}</div>`;
  it.each<[string, string, string | null]>([
    ['grey on white', on('color:#777777'), 'light: #777777 on #ffffff is 4.47:1, at least 4.5:1'],
    ['darker grey on white', on('color:#767676'), null],
    ['grey on white, large', on('color:#777777;font-size:24px'), null],
    ['grey on white, nearly large', on('color:#777777;font-size:23px'), 'light: #777777'],
    ['grey on white, bold', on('color:#777777;font-size:19px;font-weight:700'), null],
    [
      'light grey on white, large',
      on('color:#999999;font-size:30px'),
      'light: #999999 on #ffffff is 2.84:1, at least 3:1',
    ],
    ['yellow by name', on('color:yellow'), 'light: #ffff00 on #ffffff'],
    ['a colour in three digits', on('color:#888'), 'light: #888888'],
    ['a colour by numbers', on('color:rgb(119, 119, 119)'), 'light: #777777'],
    ['a colour that shines through', on('color:rgba(0,0,0,.1)'), null],
    ['what stands on a picture', on('background:linear-gradient(red,blue);color:#777777'), null],
    ['what is not shown', on('display:none;color:#ffffff'), null],
    ['what holds no words', on('color:#ffffff', '&nbsp;'), null],
    ['what an element within says itself', on('color:#ffffff', '<p style="color:#000000">Words</p>'), null],
    ['what is handed down', on('color:#777777', '<p><b>Words</b></p>'), 'light: #777777'],
    [
      'a background by attribute',
      '<table bgcolor="#777777"><tr><td style="color:#ffffff">W</td></tr></table>',
      'light: #ffffff',
    ],
  ])('is given, or not, for %s', (_what, piece, said) => {
    // Where the dark scheme repaints the same element, that is a finding of its own.
    const details = broken(body(piece)).map(({ detail }) => detail);
    const light = details.filter(detail => detail.startsWith('light'));
    expect(light).toHaveLength(said === null ? 0 : 1);
    if (said !== null) expect(light[0]).toContain(said);
  });

  it.each<[string, string, boolean]>([
    ['a class', '.faint{color:#777}', true],
    ['the more particular rule', '.faint{color:#777} p.faint{color:#000}', false],
    ['the later rule', '.faint{color:#777} .faint{color:#000}', false],
    ['what is important', '.faint{color:#777!important} p.faint{color:#000}', true],
    ['one within another', '.around .faint{color:#777}', true],
    ['one right within another', '.around>.faint{color:#777}', false],
    ['a state', '.faint:hover{color:#777}', false],
    ['a list of selectors', 'h6,.faint{color:#777}', true],
    ['a comment', '/* .faint{color:#000} */ .faint{color:#777}', true],
    ['another medium', '@media print{.faint{color:#777}}', false],
    ['a screen', '@media only screen{.faint{color:#777}}', true],
    ['small screens', '@media (max-width:480px){.faint{color:#777}}', false],
  ])('follows %s', (_what, css, isFaint) => {
    const piece = '<div class="around" style="background:#fff"><div><p class="faint">Words</p></div></div>';
    const tree = templates(html =>
      html
        .replace('</head>', () => `<style>.faint{color:#111}${css}</style></head>`)
        .replace('</body>', () => `${piece}</body>`),
    );
    const found = broken(tree).filter(
      ({ name, detail }) => name === 'contrast' && detail.startsWith('light'),
    );
    expect(found.map(({ where }) => where)).toEqual(isFaint ? ['<p class="faint"> Words'] : []);
  });
});

describe('a warning about mail programs', () => {
  it.each<[string, Templates, string]>([
    ['<main>', body('<main>x</main>'), '<main>: unknown to Outlook (Windows), Yahoo'],
    ['<form>', body('<form>x</form>'), '<form>: unknown to Outlook'],
    ['an element that nobody tried', body('<fieldset>x</fieldset>'), '<fieldset>: nobody has tried it'],
    ['an attribute', body('<p hidden>x</p>'), 'the attribute hidden: unknown to '],
    ['an attribute that nobody tried', body('<p draggable="true">x</p>'), 'the attribute draggable: nobody'],
    ['flex', body('<p style="display:flex">x</p>'), 'display:flex: unknown to Outlook (Windows)'],
    ['grid in a rule', style('p{display:inline-grid}'), 'display:grid: unknown to Outlook (Windows)'],
    ['a variable', style('p{--a:1px}'), 'var(): unknown to Gmail, Outlook'],
    ['the use of one', style('p{width:var(--a)}'), 'var(): unknown to Gmail, Outlook'],
    ['a position', style('p{position:absolute}'), 'position: unknown to Gmail, Outlook (Windows, iOS)'],
    ['an animation', style('p{animation:x 1s}'), 'animation: unknown to Gmail'],
    ['a property that nobody tried', style('p{zoom:2}'), 'zoom: nobody has tried it'],
    ['keyframes', style('@keyframes x{from{color:#000}}'), '@keyframes: unknown to Gmail'],
    ['@supports', style('@supports (display:grid){p{color:#000}}'), '@supports: unknown to Gmail'],
    ['a question to the screen', style('@media (hover){p{margin:0}}'), '@media (hover): unknown to Gmail'],
    [
      'a gradient',
      style('h6{background:linear-gradient(red,blue)}'),
      'linear-gradient(): unknown to Outlook',
    ],
    ['a unit', style('h6{width:50vw}'), 'vw unit: unknown to '],
    ['a word of a value', style('h6{width:fit-content}'), 'fit-content: unknown to '],
    ['a state', style('h6:focus-within{margin:0}'), ':focus-within: unknown to Gmail'],
    ['an invented element', style('h6:before{margin:0}'), '::before: unknown to '],
    ['a neighbour', style('h5~h6{margin:0}'), 'the selector a~b: unknown to '],
    ['a style in the body', body('<style>p{margin:0}</style>'), '<style> in the body: Gmail'],
    [
      'conditions in one another',
      style('@media screen{@media (max-width:9px){p{margin:0}}}'),
      'an @ rule in an @ rule',
    ],
    ['a place in the mail', body('<a href="#x">x</a>'), 'a link within the mail: unknown to Gmail (iOS)'],
    ['much style', style(`p{margin:0}${'b{margin:0}'.repeat(1_600)}`), 'Gmail reads 16384'],
  ])('names %s, and where it fails', (_what, of, said) => {
    const found = broken(of).filter(({ name }) => name === 'clients');
    expect(found).toMatchObject([{ level: 'warning', detail: expect.stringContaining(said) }]);
  });

  it.each([
    ['a name with hyphens and digits in a colour', 'h6{color:#12ab34;font-family:"A 12vh"}'],
    ['a condition on the width', '@media (max-width:480px){h6{margin:0}}'],
    ['a known unit', 'h6{margin:1em 2px 3% 4pt}'],
  ])('is not given for %s', (_what, css) => {
    expect(broken(style(css))).toEqual([]);
  });

  it('speaks from the data that are installed: after an update of the package, run npm run clients', async () => {
    expect(await readFile(CLIENT_SUPPORT_FILE, 'utf8')).toBe(clientSupport());
    expect(CLIENT_DATA).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(Buffer.byteLength(clientSupport())).toBeLessThan(25_000);
  });

  it('is spared to what the accepted list has a reason for, and each of them is unknown somewhere', () => {
    for (const [feature, reason] of Object.entries(DEGRADES))
      expect([feature, unknownTo(feature)], reason).toEqual([feature, expect.stringMatching(/\w/)]);
  });
});

describe('a warning about pictures', () => {
  const logo = {
    ...{ src: 'cid:logo@paperround', contentId: 'logo@paperround', width: 9, height: 9 },
    ...{ filename: 'logo.png', type: 'image/png' as const, bytes: Buffer.from('x') },
  };
  const pictures = (piece: string) =>
    checkTemplates(body(piece), { ...MASTHEAD, logo }).filter(({ name }) => name === 'pictures');

  it.each([
    ['the logo', '<img src="cid:logo@paperround" alt="Papers">', null],
    ['decoration', '<img src="cid:logo@paperround" alt="">', null],
    [
      'a picture that is not there',
      '<img src="cid:other@paperround" alt="x">',
      'cid:other@paperround is not in the mail',
    ],
    [
      'a background that is not there',
      '<table background="cid:x"><tr><td>x</td></tr></table>',
      'cid:x is not in the mail',
    ],
    [
      'a picture in the source',
      '<img src="data:image/png;base64,AA" alt="x">',
      'a picture as data: is unknown to Gmail',
    ],
    ['no words for it', '<img src="cid:logo@paperround">', 'has no alt'],
    ['no source', '<img src="" alt="x">', 'has no source'],
  ])('is given, or not, for %s', (_what, piece, said) => {
    const [check] = pictures(piece);
    expect(check?.ok).toBe(said === null);
    if (said !== null)
      expect(check).toMatchObject({ level: 'warning', detail: expect.stringContaining(said) });
  });

  it('is given for the logo where none is set', () => {
    const found = broken(body('<img src="cid:logo@paperround" alt="x">'));
    expect(found).toMatchObject([{ name: 'pictures', detail: expect.stringContaining('not in the mail') }]);
  });

  it('is not given for the templates that ship, with a logo', () => {
    expect(checkTemplates(shipped, { ...MASTHEAD, logo }).filter(({ ok }) => !ok)).toEqual([]);
  });
});

describe('an expression that was not filled', () => {
  it.each<[string, Templates]>([
    ['in the HTML', body('<p>Dear {{name}}</p>')],
    [
      'in the text part',
      templates(
        html => html,
        text => `${text}{{name}}`,
      ),
    ],
    ['as an object', body('<p>[object Object]</p>')],
  ])('%s is a failure', (_what, of) => {
    expect(names(of)).toEqual(['failure: expressions']);
  });

  it('is a warning where it fails on the made-up day alone, as the cuts of today are looked at too', () => {
    const failing: Templates = {
      ...shipped,
      text() {
        throw new PaperroundError('template', 'digest.txt.hbs: "votes" not defined in [object Object]');
      },
    };
    expect(broken(failing)).toMatchObject([
      { name: 'template', level: 'warning', detail: expect.stringContaining('"votes" not defined') },
    ]);
  });
});

describe('whatever a template holds', () => {
  const pieces = [
    ...[
      '<p>',
      '</p>',
      '<td',
      '<!--',
      '-->',
      '<style>',
      '</style>',
      '{',
      '}',
      '@media x{',
      'a{b:c',
      ';',
      '/*',
      '*/',
    ],
    ...['"', "'", '=', ' ', '<', '>', '&', 'x', '<a href="', '</html>', '<table>', '\0', '<![CDATA['],
  ];
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map(parts => parts.join(''));

  it('is read without an error', () => {
    fc.assert(
      fc.property(soup, text => {
        readPage(text);
        readTree(`<html><head><style>${text}`);
        readCss(text);
      }),
    );
  });

  it.each([
    '<p>',
    '<',
    '</b>',
    '<a href="',
    '{',
    '@media x{',
    '/*',
    'a{b:c}',
    '<table>',
    '&amp;',
    ' ',
    '</h2><h2>',
    '<b>',
    '<i></b>',
  ])('takes time in proportion to its length: %s a hundred thousand times', piece => {
    // A quadratic reader would need minutes for this; the limit of the test ends it.
    const long = piece.repeat(100_000);
    readPage(long);
    readCss(long);
  });
});
