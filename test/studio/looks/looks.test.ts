// How programs show a mail: what each look changes, and that no look loads anything.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { darkened, darkenedCss } from '../../../src/studio/looks/forced-dark.ts';
import { inLook, LOOKS, type Look } from '../../../src/studio/looks/looks.ts';

const ALL = Object.keys(LOOKS) as Look[];
const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';

describe('a mail in a look', () => {
  it.each(ALL)('opens its links outside the frame: %s', look => {
    expect(inLook('<html><head><title>x</title></head><body>', look)).toContain(
      '<head><base target="_blank">',
    );
    expect(inLook('<p>a mail without a head</p>', look)).toMatch(/^<base target="_blank">/);
  });

  it.each<[Look, string]>([
    ['light', '@media (max-width:-1px){p{color:#fff}}'],
    ['dark', '@media (min-width:0){p{color:#fff}}'],
    ['forced-dark', '@media (max-width:-1px){p{color:rgb(24,24,24)}}'],
    ['images-off', '@media (max-width:-1px){p{color:#fff}}'],
  ])('has its own dark scheme on or off, whatever the browser is in: %s', (look, expected) => {
    expect(inLook('<style>@media (prefers-color-scheme: dark){p{color:#fff}}</style>', look)).toContain(
      `<style>${expected}</style>`,
    );
  });

  it.each<[look: Look, css: string, expected: string]>([
    ['dark', '@media (prefers-color-scheme:light){p{top:0}}', '@media (max-width:-1px){p{top:0}}'],
    ['light', '@media screen and ( Prefers-Color-Scheme : LIGHT )', '@media screen and (min-width:0)'],
    ['dark', ':root{color-scheme:light dark;top:0}', ':root{color-scheme:dark;top:0}'],
    ['light', ':root{supported-color-schemes:light dark}', ':root{supported-color-schemes:light dark}'],
  ])('turns every form of a scheme: %s, %s', (look, css, expected) => {
    expect(inLook(`<style>${css}</style>`, look)).toContain(`<style>${expected}</style>`);
  });

  it.each<[look: Look, content: string]>([
    ['light', 'light'],
    ['dark', 'dark'],
    ['forced-dark', 'light'],
  ])('says to the browser which scheme it is in: %s', (look, content) => {
    expect(inLook('<meta name="color-scheme" content="light dark">', look)).toContain(
      `<meta name="color-scheme" content="${content}">`,
    );
  });

  it('leaves every byte that it need not change', () => {
    const kept =
      '<!--[if mso]><table bgcolor="#ffffff"><![endif]--><p>(prefers-color-scheme: dark) &amp; #fff &lt;b&gt;</p>';
    expect(inLook(kept, 'forced-dark')).toContain(kept);
  });

  it.each([
    ['one that ends as it likes', '<style>p{top:0}</style\n >x', 'x'],
    ['one that never ends', 'x<style>p{top:0}</p>', 'x'],
    ['one that closes itself, which it cannot', '<style/>p{top:0}</style>x', 'x'],
    ['two', '<STYLE type="text/css">a{top:0}</STYLE>x<style></style>y', 'xy'],
  ])('has no style sheet: %s', (_what, mail, left) => {
    expect(inLook(mail, 'no-styles')).toBe(`<base target="_blank">${left}`);
    expect(inLook(mail, 'light')).toContain('<style');
  });

  it('has the first of two attributes of one name, as browsers do, whatever stands in it', () => {
    expect(inLook('<P CLASS=a style="top:0" style=\'left:0\' title="&lt;x> &amp;amp;">', 'light')).toContain(
      '<p class="a" style="top:0" title="&lt;x&gt; &amp;amp;">',
    );
  });

  it('has no style sheet and no class where programs throw them away, and keeps what stands in the tags', () => {
    const mail =
      '<head><style>p{color:red}</style><link rel="stylesheet" href="https://x.example/a.css"></head><p class="m" style="color:#333">x</p>';
    expect(inLook(mail, 'no-styles')).toBe('<head><base target="_blank"></head><p style="color:#333">x</p>');
  });

  it.each<[tag: string, look: Look, shown: string | null]>([
    [`<img src="${PIXEL}" alt="A chart">`, 'light', null],
    [`<img src="${PIXEL}" alt="A chart">`, 'images-off', 'A chart'],
    [`<img src="${PIXEL}" alt="">`, 'images-off', ''],
    ['<img src="https://x.example/a.png" alt="A <b>">', 'light', 'remote picture: A &lt;b&gt;'],
    ['<img src="cid:logo@x" alt="Logo">', 'dark', 'attached picture: Logo'],
    ['<img src="//x.example/a.png">', 'dark', 'remote picture'],
    ['<img src="http://x.example/a.png" alt="Logo">', 'images-off', 'Logo'],
  ])('shows a picture, or says what is not shown: %s, %s', (tag, look, shown) => {
    const body = inLook(tag, look).replace('<base target="_blank">', '');
    if (shown === null) expect(body).toBe(tag);
    else expect(body.replace(/<\/?span[^>]*>/g, '')).toBe(shown);
  });

  it.each<[what: string]>([
    ['<p style="background:url(https://x.example/a.png) #fff">'],
    ['<td background="https://x.example/a.png">'],
    ['<style>@import "https://x.example/a.css";@import url(https://x.example/b.css);p{top:0}</style>'],
    ['<style>p{background:url("https://x.example/a.png")}</style>'],
    ['<source srcset="https://x.example/a.png 2x">'],
    ['<video poster="https://x.example/a.png" src="https://x.example/a.mp4">'],
    ['<iframe src="https://x.example/"></iframe>'],
    ['<meta http-equiv="refresh" content="0;url=https://x.example/">'],
    [`<img src="${PIXEL}" srcset="https://x.example/a.png 2x">`],
  ])('loads nothing from anywhere: %s', what => {
    for (const look of ALL) expect(inLook(what, look), look).not.toContain('x.example');
  });

  it('keeps the links that a reader may follow', () => {
    for (const look of ALL)
      expect(inLook('<a href="https://x.example/?a=1&amp;b=2">x</a>', look)).toContain(
        '<a href="https://x.example/?a=1&amp;b=2">x</a>',
      );
  });
});

describe('a colour turned by force', () => {
  it.each([
    ['#fff', 'rgb(24,24,24)'],
    ['#000000', 'rgb(255,255,255)'],
    ['white', 'rgb(24,24,24)'],
    ['rgb(255, 255, 255)', 'rgb(24,24,24)'],
    ['rgba(0,0,0,.5)', 'rgba(255,255,255,.5)'],
    ['#00000080', 'rgba(255,255,255,0.50)'],
    ['linear-gradient(#fff, #000)', 'linear-gradient(rgb(24,24,24), rgb(255,255,255))'],
    ['transparent', 'transparent'],
    ['whitesmoke-ish', 'whitesmoke-ish'],
  ])('%s becomes %s', (given, expected) => {
    expect(darkened(given)).toBe(expected);
  });

  it.each([
    ['#bed{color:#000}', '#bed{color:rgb(255,255,255)}'],
    ["font:13px 'Arial Black';color:black", "font:13px 'Arial Black';color:rgb(255,255,255)"],
    ['p{/* #fff */background : #fff}', 'p{background : rgb(24,24,24)}'],
    [
      '@media (min-width:0){a:hover{border:1px solid #000}}',
      '@media (min-width:0){a:hover{border:1px solid rgb(255,255,255)}}',
    ],
  ])('is a colour, not a selector, a font or a remark: %s', (given, expected) => {
    expect(darkenedCss(given)).toBe(expected);
  });

  it('keeps its hue', () => {
    const [r = 0, g = 0, b = 0] = (darkened('#94380f').match(/\d+/g) ?? []).map(Number);
    expect(r).toBeGreaterThan(g);
    expect(g).toBeGreaterThan(b);
  });

  it('is light where it was dark, and the other way round', () => {
    const grey = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(grey, grey, (one, other) => {
        const turned = (c: number) => Number(darkened(`rgb(${c},${c},${c})`).match(/\d+/)?.[0]);
        expect(Math.sign(turned(one) - turned(other)) * Math.sign(one - other)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
