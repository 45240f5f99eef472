// What was compiled once is kept: a warm start does not load MJML, and what is kept can be lost or damaged at any time.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openTemplates } from '../../src/digests/template.ts';
import { designed, mjml, refusal, text } from './designed.ts';

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

describe('what is kept and cannot be used is made anew, and nobody is stopped', () => {
  const broken = (part: string, code: string) => (kept: string) => {
    const parts = JSON.parse(kept) as Record<string, { main: string }>;
    return JSON.stringify({ ...parts, [part]: { ...parts[part], main: code } });
  };
  it.each<[what: string, damage: (kept: string) => string]>([
    ['empty', () => ''],
    ['zeros', kept => '\0'.repeat(kept.length)],
    ['cut off', kept => kept.slice(0, kept.length / 2)],
    ['of another form', () => '{"html":{"main":"1"}}'],
    ['no object', () => 'null'],
    ['not code any more', broken('html', '{"main":function(')],
    ['not code any more, for readers from right to left', broken('rtl', '\0')],
    ['no template of Handlebars', broken('text', '{}')],
  ])('%s', async (_what, damage) => {
    const { folder, cache } = await designed({ 'digest.mjml': mjml(text('{{name}}')) });
    await openTemplates(folder, cache);
    const [file = ''] = await readdir(cache);
    const kept = await readFile(join(cache, file), 'utf8');
    await writeFile(join(cache, file), damage(kept));
    const templates = await openTemplates(folder, cache);
    expect(templates.html({ name: 'Ada' })).toContain('Ada');
    expect(templates.html({ name: 'Ada', dir: 'rtl' })).toContain('Ada');
    expect(await readdir(cache)).toEqual([file]);
    expect(await readFile(join(cache, file), 'utf8')).toBe(kept);
  });
});

describe('of what is kept, the newest twenty stay', () => {
  const old = (n: number) => n.toString(16).padStart(32, '0');

  it('and nothing else that lies there is touched', async () => {
    const { folder, cache } = await designed({ 'digest.mjml': mjml(text('one')) });
    await mkdir(cache, { recursive: true });
    const days = Array.from({ length: 25 }, (_, n) => n + 1);
    for (const day of days) {
      await writeFile(join(cache, `${old(day)}.json`), '{}');
      await utimes(join(cache, `${old(day)}.json`), day, day);
    }
    for (const name of ['notes.json', 'read.me', `${old(0)}.json.99`]) {
      await writeFile(join(cache, name), '');
      await utimes(join(cache, name), 0, 0);
    }
    await openTemplates(folder, cache);
    const left = await readdir(cache);
    const newest = days.slice(-19).map(day => `${old(day)}.json`);
    expect(left).toEqual(expect.arrayContaining([...newest, 'notes.json', 'read.me']));
    // The one that was made now; what a process that was killed left half written is gone.
    expect(left).toHaveLength(newest.length + 3);
  });

  it('among them the one in use, whatever the clock says', async () => {
    const { folder, cache } = await designed({ 'digest.mjml': mjml(text('one')) });
    await mkdir(cache, { recursive: true });
    for (let n = 0; n < 22; n++) {
      await writeFile(join(cache, `${old(n)}.json`), '{}');
      await utimes(join(cache, `${old(n)}.json`), 4e9 + n, 4e9 + n);
    }
    await openTemplates(folder, cache);
    expect(await readdir(cache)).toHaveLength(20);
    expect(await mjmlLoadedBy(folder, cache)).toEqual([]);
  });
});
