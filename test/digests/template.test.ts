// A designer's mistakes are told when the template is opened, with their place.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cut } from '../../src/digests/cut.ts';
import { renderDigest } from '../../src/digests/digest.ts';
import { specimens } from '../../src/digests/preflight/specimen.ts';
import { openTemplates } from '../../src/digests/template.ts';
import { compileMjml } from '../../src/digests/template-mjml.ts';
import type { PaperroundError } from '../../src/errors.ts';
import { ownTemplates } from '../support/templates.ts';
import { designed, mjml, refusal, section, text } from './designed.ts';
import { MASTHEAD } from './editions.ts';

const compile = async (source: string) =>
  (await compileMjml({ path: 'my.mjml', written: source, source })).html;

describe('MJML that would lose something is refused', () => {
  it.each([
    [
      'a bare {{#each}} between sections',
      mjml(`{{#each themes}}${text('{{name}}')}{{/each}}`),
      ['dropped {{#each themes}}, {{/each}}', 'mj-raw'],
    ],
    [
      'a bare {{#if}} between the parts of a column',
      mjml(section('{{#if a}}<mj-text>b</mj-text>{{/if}}')),
      ['dropped {{#if a}}, {{/if}}'],
    ],
    [
      'an mj-text that is not closed',
      mjml(section('<mj-text>{{name}}')),
      ['dropped {{name}}', 'close every tag'],
    ],
    ['one of two uses of a field', mjml(`{{name}}${text('{{name}}')}`), ['dropped {{name}}']],
    ['a field with three braces', mjml(`{{{name}}}${text('x')}`), ['dropped {{{name}}}']],
    [
      'an mj-include',
      mjml(`<mj-include path="./header.mjml" />${text('x')}`),
      ['mj-include is not supported', '{{> name}}'],
    ],
    [
      'an mj-include in the head',
      mjml(text('x'), '<mj-include path="./a.css" type="css" />'),
      ['mj-include is not supported'],
    ],
    [
      'a tag inside mj-text',
      mjml(text('<mj-button href="https://example.org">x</mj-button>')),
      ['left unresolved: <mj-button'],
    ],
    [
      'an attribute that MJML does not know',
      mjml('<mj-section colour="red"></mj-section>'),
      ['Attribute colour is illegal'],
    ],
    ['a value that MJML does not know', mjml('<mj-section padding="wide"></mj-section>'), ['padding']],
    ['a tag that MJML does not know', mjml('<mj-paper />'), ["mj-paper doesn't exist"]],
    ['a tag in the wrong place', mjml('<mj-text>x</mj-text>'), ['mj-text cannot be used inside mj-body']],
    ['no MJML at all', '<p>Hello</p>', ['not valid MJML']],
    ['nothing', '', ['not valid MJML']],
  ])('%s', async (_what, source, said) => {
    const error = await refusal(compile(source));
    expect(error.code).toBe('template');
    expect(error.message).toContain('my.mjml');
    const whole = [error.message, ...error.details, error.hint].join('\n');
    for (const words of said) expect(whole).toContain(words);
  });

  it('a mj-include that is commented out does no harm', async () => {
    expect(await compile(mjml(`<!-- <mj-include path="./a.mjml" /> -->${text('here')}`))).toContain('here');
  });

  it('and MJML whose every expression survives is taken', async () => {
    const source = mjml(
      `<mj-raw>{{#each themes}}</mj-raw>${text('{{name}} {{{raw}}} {{wrap "a & b" 2}}')}<mj-raw>{{/each}}</mj-raw>`,
    );
    const html = await compile(source);
    expect(html).toContain('{{#each themes}}');
    expect(html).toContain('{{{raw}}}');
  });

  it("a reader's mail program never calls Google for a font, whatever the template asks for", async () => {
    const html = await compile(
      mjml(
        text('<b style="font-family:Roboto">x</b>'),
        '<mj-attributes><mj-all font-family="Open Sans, Roboto" /></mj-attributes>',
      ),
    );
    expect(html).not.toMatch(/googleapis|gstatic|@import|<link/i);
  });
});

/** The place that an error names is a line of a file that has these words, marked among those around it. */
async function expectPlace({ place, message }: PaperroundError, file: string, words: string): Promise<void> {
  expect(place).toMatchObject({ file, line: expect.any(Number) });
  const lines = (await readFile(file, 'utf8')).split('\n');
  const line = place?.line ?? 0;
  expect(lines[line - 1]).toContain(words);
  expect(message).toContain(`${file}, line ${line}: `);
  expect(place?.excerpt.filter(one => one.startsWith('>'))).toEqual([
    expect.stringMatching(new RegExp(`^> +${line} \\| `)),
  ]);
  expect(place?.excerpt.length).toBeGreaterThanOrEqual(Math.min(3, lines.length));
}

/** A day on which everything happens that a template has a line for. */
const everything = () => specimens()[0]?.cut as Cut;

describe('a broken template is named', () => {
  it.each([
    ['no text template', 'digest.txt.hbs'],
    ['no MJML', 'digest.mjml'],
  ])('%s', async (_what, file) => {
    const { folder, cache } = await designed({ [file]: null });
    const error = await refusal(openTemplates(folder, cache));
    expect(error.message).toContain(`${file} cannot be read: ENOENT`);
    expect(error.place).toEqual({ file: join(folder, file), line: null, excerpt: [] });
  });

  // What is changed in the templates that ship, and where: the fault is at the line of what is put in.
  const HEAD = '<mj-body width="640px"';
  const UNDER = '{{#if notice}}';
  const PAPER = 'partials/paper.hbs';
  it.each<[what: string, file: string, from: string, to: string, marked: string, said: string]>([
    [
      'an unknown attribute',
      'digest.mjml',
      HEAD,
      `${HEAD} colour="red"`,
      'colour="red"',
      '<mj-body>: Attribute colour is illegal',
    ],
    [
      'an unknown tag',
      'digest.mjml',
      HEAD,
      `<mj-paper />\n${HEAD}`,
      '<mj-paper />',
      "<mj-paper>: Element mj-paper doesn't exist",
    ],
    [
      'an expression in an attribute of MJML',
      'digest.mjml',
      'width="640px"',
      'width="{{summary}}"',
      '{{summary}}',
      'invalid value: {{summary}} for type Unit',
    ],
    [
      'an include',
      'digest.mjml',
      HEAD,
      `<!-- a\nb -->\n<mj-include path="a.mjml" />${HEAD}`,
      '<mj-include',
      'mj-include is not supported',
    ],
    [
      'a tag inside of mj-text',
      'digest.mjml',
      UNDER,
      `\n<mj-button>x</mj-button>${UNDER}`,
      '<mj-button>x',
      'a tag was left unresolved: <mj-button',
    ],
    [
      'a bare block',
      'digest.mjml',
      '</mj-body>',
      '\n{{#if name}}<mj-raw>x</mj-raw>{{/if}}</mj-body>',
      '{{#if name}}<mj-raw>',
      'MJML dropped {{#if name}}, {{/if}}',
    ],
    [
      'one of two uses of a field',
      'digest.mjml',
      '</mj-body>',
      '{{name}}\n</mj-body>',
      '{{name}}',
      'MJML dropped {{name}}',
    ],
    [
      'after an expression of several lines',
      'digest.mjml',
      HEAD,
      `{{!--\n a\n b --}}\n<mj-paper />\n${HEAD}`,
      '<mj-paper />',
      'mj-paper',
    ],
    [
      'an open block in the MJML',
      'digest.mjml',
      UNDER,
      `\n{{#if name}}\n${UNDER}`,
      '{{#if name}}',
      '{{#if name}} is never closed',
    ],
    [
      'an open block in the text',
      'digest.txt.hbs',
      '{{date}}',
      '{{#if date}}{{date}}',
      '{{#if date}}',
      '{{#if date}} is never closed',
    ],
    [
      'an open block in a partial',
      PAPER,
      '{{#if titleOnly}}',
      '\n{{#unless rtl}}\n{{#if titleOnly}}',
      '{{#unless rtl}}',
      '{{#unless rtl}} is never closed',
    ],
    [
      'blocks that cross',
      'digest.txt.hbs',
      '{{date}}',
      '{{#if date}}\n{{#each themes}}{{/if}}{{/each}}',
      '{{#each themes}}{{/if}}',
      "each doesn't match if",
    ],
    [
      'an end without a beginning',
      'digest.txt.hbs',
      '{{date}}',
      '{{/if}}{{date}}',
      '{{/if}}{{date}}',
      'a block is closed that is not open',
    ],
    [
      'an else without a block',
      'digest.txt.hbs',
      '{{date}}',
      '\n{{else}}',
      '{{else}}',
      '{{else}} stands outside',
    ],
    [
      'braces that are not closed',
      'digest.txt.hbs',
      '{{date}}',
      '{{date',
      '{{date',
      'no whole Handlebars expression',
    ],
    [
      'three braces closed by two',
      PAPER,
      '{{#if titleOnly}}',
      '{{{title}}\n{{#if titleOnly}}',
      '{{{title}}',
      'no whole Handlebars expression',
    ],
    [
      'an unknown partial',
      'digest.txt.hbs',
      '{{> paper-text}}',
      '{{> paper-txt}}',
      '{{> paper-txt}}',
      'there is no partial paper-txt',
    ],
    [
      'an unknown partial in a partial',
      PAPER,
      '{{#if titleOnly}}',
      '\n{{> badge}}{{#if titleOnly}}',
      '{{> badge}}',
      'there is no partial badge',
    ],
    [
      'an unknown helper',
      'digest.mjml',
      '{{summary}}',
      '{{shout summary}}',
      '{{shout summary}}',
      'there is no helper shout',
    ],
    [
      'an unknown helper in a helper',
      'digest.txt.hbs',
      '(concat name',
      '(glue name',
      '(glue name',
      'there is no helper glue',
    ],
    [
      'an unknown block',
      PAPER,
      '{{#if titleOnly}}',
      '{{#when titleOnly}}x{{/when}}{{#if titleOnly}}',
      '{{#when',
      'there is no helper when',
    ],
    [
      'safeUrl without an address',
      PAPER,
      '{{safeUrl url}}',
      '{{safeUrl}}',
      '{{safeUrl}}',
      'safeUrl has no value',
    ],
    [
      'if without a condition',
      'digest.txt.hbs',
      '{{date}}',
      '\n{{#if}}x{{/if}}',
      '{{#if}}x',
      'if has no value',
    ],
    [
      'each of two lists',
      'digest.txt.hbs',
      '{{#each contents}}',
      '{{#each contents themes}}',
      '{{#each contents themes}}',
      'each has 2 values',
    ],
  ])('when it is opened: %s', async (_what, file, from, to, marked, said) => {
    const own = await ownTemplates();
    await own.change(file, from, to);
    const error = await refusal(openTemplates(own.folder, join(own.folder, 'cache')));
    await expectPlace(error, join(own.folder, file), marked);
    expect([error.message, ...error.details].join('\n')).toContain(said);
    expect(error.code).toBe('template');
  });

  it.each<[what: string, file: string, from: string, to: string, marked: string, said: string]>([
    [
      'a name in the MJML',
      'digest.mjml',
      '{{summary}}',
      '{{nickname}}',
      '{{nickname}}',
      '"nickname" not defined here',
    ],
    [
      'a name in a link of the MJML',
      'digest.mjml',
      'href="{{safeUrl unsubscribeUrl}}"',
      'href="{{safeUrl leaveUrl}}"',
      'leaveUrl',
      '"leaveUrl" not defined',
    ],
    [
      'a name in a condition',
      'digest.mjml',
      '{{#if footerText}}',
      '{{#if footer}}',
      '{{#if footer}}',
      '"footer" not defined',
    ],
    [
      'a name of an object',
      'digest.mjml',
      '{{name}} <span>',
      '{{name.long}} <span>',
      '{{name.long}}',
      '"long" not defined',
    ],
    [
      'a name over several lines',
      'digest.mjml',
      '{{summary}}',
      '{{concat\nsummary\nnickname}}',
      'nickname',
      '"nickname" not defined',
    ],
    [
      'a name in the text',
      'digest.txt.hbs',
      '{{summary}}',
      '\n{{lessText}}',
      '{{lessText}}',
      '"lessText" not defined',
    ],
    [
      'a name in a partial',
      PAPER,
      '{{#if titleOnly}}',
      '{{#if brief}}',
      '{{#if brief}}',
      '"brief" not defined',
    ],
    [
      'a name in a partial of the text',
      'partials/paper-text.hbs',
      '{{wrap byline 2}}',
      '{{wrap bye 2}}',
      'bye',
      '"bye" not defined',
    ],
  ])('when a digest is rendered: %s', async (_what, file, from, to, marked, said) => {
    const own = await ownTemplates();
    await own.change(file, from, to);
    const templates = await openTemplates(own.folder, join(own.folder, 'cache'));
    // The second time from what was kept.
    for (const opened of [templates, await openTemplates(own.folder, join(own.folder, 'cache'))]) {
      const error = await refusal((async () => renderDigest(everything(), MASTHEAD, opened))());
      await expectPlace(error, join(own.folder, file), marked);
      expect(error.message).toContain(said);
    }
  });

  it('in a partial that a partial uses, as long as it stays wrong and no longer', async () => {
    const own = await ownTemplates();
    const cache = join(own.folder, 'cache');
    await writeFile(join(own.folder, 'partials/badge.hbs'), '<b>\n{{badge}}</b>');
    await own.change('partials/paper.hbs', '{{#if titleOnly}}', '{{> badge}}{{#if titleOnly}}');
    const wrong = await openTemplates(own.folder, cache);
    const error = await refusal((async () => renderDigest(everything(), MASTHEAD, wrong))());
    await expectPlace(error, join(own.folder, 'partials/badge.hbs'), '{{badge}}');
    await writeFile(join(own.folder, 'partials/badge.hbs'), '<b>new</b>');
    expect(renderDigest(everything(), MASTHEAD, await openTemplates(own.folder, cache)).html).toContain(
      '<b>new</b>',
    );
  });

  it('with a short piece of a long line, and in the words of the file, not in those that stand for its colours', async () => {
    const own = await ownTemplates();
    const long = `<i style="color:#94380f">${'x'.repeat(400)}</i>{{nickname}}${'y'.repeat(400)}`;
    await own.change('digest.mjml', '{{summary}}', `\n#94380f\n${long}\n`);
    const opened = await openTemplates(
      own.folder,
      join(own.folder, 'cache'),
      new Map([['#94380f', '#123456']]),
    );
    const { place } = await refusal((async () => renderDigest(everything(), MASTHEAD, opened))());
    const [, above = '', meant = ''] = place?.excerpt ?? [];
    expect(above).toContain('#94380f');
    expect(meant).toMatch(/^> \d+ \| …x+<\/i>\{\{nickname\}\}y+…$/);
    expect(meant.slice(meant.indexOf('|') + 2)).toHaveLength(160);
  });

  it('but what is commented out, or known only inside of the file, does no harm', async () => {
    const own = await ownTemplates();
    await own.change(
      'digest.mjml',
      '<mj-body',
      '<!-- {{#if name}}<mj-text>{{name}}</mj-text>{{/if}} -->\n<mj-body',
    );
    await own.change(
      'digest.txt.hbs',
      '{{date}}',
      '{{#*inline "day"}}{{date}}{{/inline}}{{> day}}{{#> nothing}}!{{/nothing}}',
    );
    const opened = await openTemplates(own.folder, join(own.folder, 'cache'));
    expect(renderDigest(everything(), MASTHEAD, opened).text).toContain('20 August 2026!');
  });

  it('when the place for what was compiled cannot be written', async () => {
    const { folder } = await designed();
    const error = await refusal(openTemplates(folder, join(folder, 'digest.mjml', 'cache')));
    expect(error.code).toBe('storage');
  });
});

describe('a link in a template', () => {
  it.each([
    ['https://example.org/?a=1&b=2', 'https://example.org/?a=1&amp;b=2'],
    ['http://example.org', 'http://example.org'],
    ['HTTPS://EXAMPLE.ORG', 'HTTPS://EXAMPLE.ORG'],
    ['mailto:ada@example.org', 'mailto:ada@example.org'],
    ['javascript:alert(1)', '#'],
    [' javascript:alert(1)', '#'],
    ['data:text/html,x', '#'],
    ['//example.org', '#'],
    ['https:example.org', '#'],
    ['', '#'],
    [null, '#'],
    ['https://example.org/"><script>', 'https://example.org/&quot;&gt;&lt;script&gt;'],
  ])('to %s becomes %s', async (url, shown) => {
    const { folder, cache } = await designed({ 'digest.mjml': mjml(text('[{{safeUrl url}}]')) });
    expect((await openTemplates(folder, cache)).html({ url })).toContain(`[${shown}]`);
  });
});

describe('a template printed for those who read from right to left', () => {
  it.each([
    ['a plain one', mjml(text('{{name}}'))],
    [
      'one that says another direction',
      mjml(text('{{name}}')).replace('<mjml>', '<mjml lang="en" dir="ltr">'),
    ],
    [
      'one with defaults of its own',
      mjml(text('{{name}}'), '<mj-attributes><mj-text padding="1px" align="left" /></mj-attributes>'),
    ],
  ])('is mirrored: %s', async (_what, source) => {
    const { folder, cache } = await designed({ 'digest.mjml': source });
    const templates = await openTemplates(folder, cache);
    const mirrored = templates.html({ name: 'x', dir: 'rtl' });
    expect(mirrored).toContain('dir="rtl"');
    expect(mirrored).toContain('text-align:right');
    expect(mirrored).not.toContain('direction:ltr');
    expect(templates.html({ name: 'x', dir: 'ltr' })).not.toContain('rtl');
  });
});

describe("an operator's colours", () => {
  it('stand in place of those that ship, in MJML and partials, and are kept apart from them', async () => {
    const { folder, cache } = await designed({
      'digest.mjml': mjml(
        `<mj-section background-color="#FFFDF9"><mj-column><mj-text>{{> paper}}</mj-text></mj-column></mj-section>`,
      ),
      'partials/paper.hbs': '<i style="color:#94380f">x</i>',
    });
    const colours = new Map([
      ['#fffdf9', '#eeffee'],
      ['#94380f', '#004400'],
    ]);
    const painted = (await openTemplates(folder, cache, colours)).html({});
    expect(painted).toContain('background:#eeffee');
    expect(painted).toContain('<i style="color:#004400">');
    expect(painted).not.toMatch(/#fffdf9|#94380f/i);
    expect((await openTemplates(folder, cache)).html({})).toContain('<i style="color:#94380f">');
    expect(await readdir(cache)).toHaveLength(2);
  });
});

describe('one paper by itself', () => {
  const paper = '<i>{{title}}</i>';
  it('is what stands in the mail', async () => {
    const { folder, cache } = await designed({
      'digest.mjml': mjml(text('[{{#each papers}}{{> paper}}{{/each}}]')),
      'partials/paper.hbs': paper,
    });
    const { html, paper: alone } = await openTemplates(folder, cache);
    expect(alone.html?.({ title: 'a & b' })).toBe('<i>a &amp; b</i>');
    expect(html({ papers: [{ title: 'one' }, { title: 'two', print: 'printed' }] })).toContain(
      '[<i>one</i>printed]',
    );
  });

  it.each([
    ['is given something from around it', '{{#each papers}}{{> paper rank=@index}}{{/each}}', paper],
    ['looks at what is around it', '{{#each papers}}{{> paper}}{{/each}}', '{{@root.name}}'],
    ['is not used', '{{#each papers}}{{title}}{{/each}}', paper],
    [
      'has another of its name in the mail',
      '{{#*inline "paper"}}x{{/inline}}{{#each papers}}{{> paper}}{{/each}}',
      paper,
    ],
    [
      'may be used by a name that nobody knows yet',
      '{{> (lookup this "kind") rank=1}}{{#each papers}}{{> paper}}{{/each}}',
      paper,
    ],
  ])('is not printed ahead where it %s', async (_what, main, partial) => {
    const { folder, cache } = await designed({
      'digest.mjml': mjml(text(main)),
      'partials/paper.hbs': partial,
    });
    expect((await openTemplates(folder, cache)).paper.html).toBeUndefined();
  });

  const links = (of: string) => `{{#each links}}${of}{{/each}}`;
  it.each<[what: string, partial: string, shown: string, badge?: string]>([
    ['where it stands', '{{#if @first}}first {{/if}}{{title}} ', 'first one two '],
    ['its place', '{{@index}}{{@key}} ', '00 11 '],
    ['the end of the list', '{{title}}{{#unless @last}}, {{/unless}}', 'one, two'],
    ['as a value', '{{pad @index 3}}{{title}} ', '0  one 1  two '],
    ['past a list of its own', `${links('{{@../index}}{{@index}} ')}`, '00 01 10 11 '],
    ['where a list of its own is empty', '{{#each none}}x{{else}}{{@index}}{{/each}} ', '0 1 '],
    ['past the same paper', '{{#with this}}{{@index}}{{/with}} ', '0 1 '],
    ['in a partial that it uses', '{{> badge}}, ', '0, 1, ', '{{@index}}'],
    ['in a partial for its links', `${links('{{> badge}} ')}`, '00 01 10 11 ', '{{@../index}}{{@index}}'],
    ['in a partial in a partial', '{{> badge}}, ', '0, 1, ', '{{#*inline "x"}}{{@index}}{{/inline}}{{> x}}'],
  ])(
    'sees of the list around it what its template asks for: %s',
    async (_what, partial, shown, badge = '') => {
      const { folder, cache } = await designed({
        'digest.mjml': mjml(text('[{{#each papers}}{{> paper}}{{/each}}]')),
        'partials/paper.hbs': partial,
        'partials/badge.hbs': badge,
      });
      const { html, paper: alone } = await openTemplates(folder, cache);
      expect(alone.html).toBeUndefined();
      const papers = ['one', 'two'].map(title => ({ title, none: [], links: [{}, {}] }));
      expect(html({ papers })).toContain(`[${shown}]`);
    },
  );

  it.each<[what: string, partial: string, badge?: string]>([
    ['places in a list of its own', links('{{#if @first}}{{@index}}{{/if}}')],
    ['its own fields from inside of a list', links('{{../title}}')],
    ['places in a list in a list', links('{{#each parts}}{{@../index}}{{@key}}{{/each}}')],
    ['a partial that looks around in its own list', links('{{> badge}}'), '{{#unless @last}}, {{/unless}}'],
    ['words that only look like it', '@root @first {{! @index }}{{concat "@root" "../x"}}'],
    ['a partial that uses itself', '{{title}}{{#if part}}{{> paper}}{{/if}}'],
  ])('is printed ahead where all that it names is its own: %s', async (_what, partial, badge = '') => {
    const { folder, cache } = await designed({
      'digest.mjml': mjml(text('{{#each papers}}{{> paper}}{{/each}}')),
      'partials/paper.hbs': partial,
      'partials/badge.hbs': badge,
      'partials/other.hbs': '{{@root.name}}',
    });
    expect((await openTemplates(folder, cache)).paper.html).toBeTypeOf('function');
  });

  it('that needs what it has not says so with its file', async () => {
    const { folder, cache } = await designed({
      'digest.mjml': mjml(text('{{> paper}}')),
      'partials/paper.hbs': '{{nickname}}',
    });
    const { paper: alone } = await openTemplates(folder, cache);
    expect(() => alone.html?.({ title: 'x' })).toThrow(
      /partials\/paper\.hbs, line 1: "nickname" not defined/,
    );
  });
});

describe('text is wrapped', () => {
  it.each([
    ['short', 'a few words', 'a few words'],
    [
      'at 72 columns',
      `${'word '.repeat(30)}end`,
      `${Array(14).fill('word').join(' ')}\n  ${Array(14).fill('word').join(' ')}\n  word word end`,
    ],
    [
      'with long words whole',
      `see https://example.org/${'x'.repeat(80)} there`,
      `see\n  https://example.org/${'x'.repeat(80)}\n  there`,
    ],
    ['with nothing', '', ''],
  ])('%s', async (_what, given, wrapped) => {
    const { folder, cache } = await designed({ 'digest.txt.hbs': '{{wrap given 2}}' });
    expect((await openTemplates(folder, cache)).text({ given })).toBe(wrapped);
  });
});
