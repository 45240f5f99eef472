// A designer's mistakes are told when the template is opened, and a warm start does not load MJML.
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compileMjml, openTemplates } from '../../src/digests/template.ts';
import { PaperroundError } from '../../src/errors.ts';
import { temporaryFolder } from '../support/installation.ts';
import { TEMPLATES } from './editions.ts';

const mjml = (body: string, head = '') =>
  `<mjml><mj-head><mj-title>x</mj-title>${head}</mj-head><mj-body>${body}</mj-body></mjml>`;
const section = (content: string) => `<mj-section><mj-column>${content}</mj-column></mj-section>`;
const text = (content: string) => section(`<mj-text>${content}</mj-text>`);

async function refusal(work: Promise<unknown>): Promise<PaperroundError> {
  const error = await work.then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PaperroundError);
  return error as PaperroundError;
}

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
    const error = await refusal(compileMjml(source, 'my.mjml'));
    expect(error.code).toBe('template');
    expect(error.message).toContain('my.mjml');
    const whole = [error.message, ...error.details, error.hint].join('\n');
    for (const words of said) expect(whole).toContain(words);
  });

  it('a mj-include that is commented out does no harm', async () => {
    expect(await compileMjml(mjml(`<!-- <mj-include path="./a.mjml" /> -->${text('here')}`), 'x')).toContain(
      'here',
    );
  });

  it('and MJML whose every expression survives is taken', async () => {
    const source = mjml(
      `<mj-raw>{{#each themes}}</mj-raw>${text('{{name}} {{{raw}}} {{wrap "a & b" 2}}')}<mj-raw>{{/each}}</mj-raw>`,
    );
    const html = await compileMjml(source, 'my.mjml');
    expect(html).toContain('{{#each themes}}');
    expect(html).toContain('{{{raw}}}');
  });

  it("a reader's mail program never calls Google for a font, whatever the template asks for", async () => {
    const html = await compileMjml(
      mjml(
        text('<b style="font-family:Roboto">x</b>'),
        '<mj-attributes><mj-all font-family="Open Sans, Roboto" /></mj-attributes>',
      ),
      'x',
    );
    expect(html).not.toMatch(/googleapis|gstatic|@import|<link/i);
  });
});

/** The shipped templates in a folder of their own, with some files replaced. */
async function designed(files: Record<string, string | null> = {}) {
  const folder = join(await temporaryFolder(), 'templates');
  await cp(TEMPLATES, folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    if (content === null) await rm(join(folder, name));
    else await writeFile(join(folder, name), content);
  }
  return { folder, cache: join(folder, '..', 'cache') };
}

describe('a broken template is named', () => {
  it.each([
    [
      'an open block in the text',
      { 'digest.txt.hbs': 'a\n{{#if x}}\nb' },
      'digest.txt.hbs: Parse error on line 3',
    ],
    [
      'blocks that cross',
      { 'digest.txt.hbs': '{{#if x}}{{#each y}}{{/if}}{{/each}}' },
      "digest.txt.hbs: each doesn't match if - 1:12",
    ],
    [
      'an open expression in the text',
      { 'digest.txt.hbs': 'a {{name' },
      'digest.txt.hbs: Parse error on line 1',
    ],
    [
      'an open block in the MJML',
      { 'digest.mjml': mjml(`\n\n${text('{{#if a}}')}`) },
      'digest.mjml: Parse error on line 3',
    ],
    [
      'an open block in a partial',
      { 'partials/paper.hbs': '{{#if title}}' },
      'partials/paper.hbs: Parse error on line 1',
    ],
    ['no text template', { 'digest.txt.hbs': null }, 'digest.txt.hbs cannot be read: ENOENT'],
    ['no MJML', { 'digest.mjml': null }, 'digest.mjml cannot be read: ENOENT'],
  ])('when it is opened: %s', async (_what, files, said) => {
    const { folder, cache } = await designed(files);
    const error = await refusal(openTemplates(folder, cache));
    expect(error.code).toBe('template');
    expect(error.message).toContain(said);
  });

  it.each([
    [
      'a missing field of the text',
      { 'digest.txt.hbs': 'Hello {{nickname}}' },
      /digest\.txt\.hbs: "nickname" not defined/,
    ],
    [
      'a missing field of the MJML',
      { 'digest.mjml': mjml(text('{{nickname}}')) },
      /digest\.mjml: "nickname" not defined/,
    ],
    ['an unknown helper', { 'digest.txt.hbs': '{{shout name}}' }, /digest\.txt\.hbs: .*shout/],
    [
      'a partial that is not there',
      { 'digest.txt.hbs': '{{> footer}}' },
      /digest\.txt\.hbs: The partial footer could not be found/,
    ],
  ])('when the first digest is rendered: %s', async (_what, files, said) => {
    const { folder, cache } = await designed(files);
    const templates = await openTemplates(folder, cache);
    const render = 'digest.mjml' in files ? templates.html : templates.text;
    expect(() => render({ name: 'x' })).toThrow(said);
    expect(() => render({ name: 'x' })).toThrow(PaperroundError);
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
  ])('is not printed ahead where it %s', async (_what, main, partial) => {
    const { folder, cache } = await designed({
      'digest.mjml': mjml(text(main)),
      'partials/paper.hbs': partial,
    });
    expect((await openTemplates(folder, cache)).paper.html).toBeUndefined();
  });

  it('that needs what it has not says so with its file', async () => {
    const { folder, cache } = await designed({
      'digest.mjml': mjml(text('{{> paper}}')),
      'partials/paper.hbs': '{{nickname}}',
    });
    const { paper: alone } = await openTemplates(folder, cache);
    expect(() => alone.html?.({ title: 'x' })).toThrow(/partials\/paper\.hbs: "nickname" not defined/);
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

const run = promisify(execFile);
const TEMPLATE_MODULE = fileURLToPath(new URL('../../src/digests/template.ts', import.meta.url));

/** Opens templates in a process of its own; returns which of MJML's modules it loaded. */
async function mjmlLoadedBy(folder: string, cache: string): Promise<string[]> {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { openTemplates } = await import(${JSON.stringify(TEMPLATE_MODULE)});
    await openTemplates(${JSON.stringify(folder)}, ${JSON.stringify(cache)});
    console.log(JSON.stringify(loaded.filter(url => /node_modules\\/mjml/.test(url) && !url.endsWith('.json'))));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  return JSON.parse(stdout) as string[];
}

describe('what was compiled once is kept', () => {
  it('so that the second start loads no module of MJML', async () => {
    const { folder, cache } = await designed();
    expect(await mjmlLoadedBy(folder, cache)).not.toEqual([]);
    expect(await mjmlLoadedBy(folder, cache)).toEqual([]);
  });

  it('and what is kept is what is used', async () => {
    const { folder, cache } = await designed({ 'digest.mjml': mjml(text('{{name}}')) });
    await openTemplates(folder, cache);
    const [kept = ''] = await readdir(cache);
    const code = await readFile(join(cache, kept), 'utf8');
    await writeFile(join(cache, kept), code.replace('<title>', '<title>kept '));
    expect((await openTemplates(folder, cache)).html({ name: 'Ada' })).toMatch(/<title>kept [\s\S]*Ada/);
  });

  it('until the template changes', async () => {
    const { folder, cache } = await designed({ 'digest.mjml': mjml(text('one')) });
    await openTemplates(folder, cache);
    await writeFile(join(folder, 'digest.mjml'), mjml(text('two')));
    expect((await openTemplates(folder, cache)).html({})).toContain('two');
    expect(await readdir(cache)).toHaveLength(2);
  });

  it('or a partial does', async () => {
    const { folder, cache } = await designed({
      'digest.mjml': mjml(text('{{> paper}}')),
      'partials/paper.hbs': 'one',
    });
    await openTemplates(folder, cache);
    await writeFile(join(folder, 'partials', 'paper.hbs'), 'two');
    expect((await openTemplates(folder, cache)).html({})).toContain('two');
    expect(await readdir(cache)).toHaveLength(2);
  });

  it('whole, also when two processes start at once', async () => {
    const { folder, cache } = await designed({ 'digest.mjml': mjml(text('{{name}}')) });
    await Promise.all([mjmlLoadedBy(folder, cache), mjmlLoadedBy(folder, cache)]);
    const files = await readdir(cache);
    expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.json$/)]);
    expect(JSON.parse(await readFile(join(cache, files[0] as string), 'utf8'))).toHaveProperty('html.main');
  });

  it('and a template that was refused leaves nothing behind', async () => {
    const { folder, cache } = await designed({ 'digest.mjml': mjml(`{{name}}${text('x')}`) });
    await mkdir(cache, { recursive: true });
    await refusal(openTemplates(folder, cache));
    expect(await readdir(cache)).toEqual([]);
  });
});
