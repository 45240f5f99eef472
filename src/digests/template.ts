// The digest templates: MJML is compiled once per template and kept on disk; Handlebars runs once per cut.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { PaperroundError, reasonOf } from '../errors.ts';
import { makeFolder } from '../folder.ts';
import { excerpt } from '../text-file.ts';

/** What a template is filled with; every field it names must be there. */
export type View = object;

/** The two parts of a mail, as functions of a view. Both throw PaperroundError `template` when a field is missing. */
export interface Templates {
  html(view: View): string;
  text(view: View): string;
}

/**
 * Opens the templates of a folder: `digest.mjml`, `digest.txt.hbs` and the partials in `partials/*.hbs`.
 * The compiled MJML is kept in `cache` under the hash of all it was made from, so that a warm start never loads mjml.
 * @throws PaperroundError `template` with file and reason when one is missing or broken
 */
export async function openTemplates(folder: string, cache: string): Promise<Templates> {
  const engine = Handlebars.create();
  engine.registerHelper({ concat, safeUrl, wrap });
  const partials = readPartials(folder);
  for (const [name, source] of partials) engine.registerPartial(name, source);
  const [mjml, text] = [join(folder, 'digest.mjml'), join(folder, 'digest.txt.hbs')];
  return {
    html: template(engine, await compiledHtml(mjml, cache), mjml, false),
    text: template(engine, parsed(read(text), text), text, true),
  };
}

function template(
  engine: typeof Handlebars,
  source: string | hbs.AST.Program,
  path: string,
  noEscape: boolean,
): (view: View) => string {
  const knownHelpers = { concat: true, safeUrl: true, wrap: true };
  const render = engine.compile(source, { strict: true, knownHelpers, noEscape });
  return view => {
    try {
      return render(view);
    } catch (error) {
      throw new PaperroundError('template', `${path}: ${reasonOf(error)}`, { cause: error });
    }
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PaperroundError('template', `The template ${path} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Handlebars itself would only look when the first digest is rendered, and at the lines of the compiled MJML. */
function parsed(source: string, path: string): hbs.AST.Program {
  try {
    return Handlebars.parse(source);
  } catch (error) {
    const [said, ...neighbourhood] = (error as Error).message.split('\n');
    throw new PaperroundError('template', `${path}: ${said}`, {
      details: neighbourhood.slice(0, 1).map(line => excerpt(line, 80)),
      cause: error,
    });
  }
}

function readPartials(folder: string): [string, string][] {
  const partials = join(folder, 'partials');
  if (!existsSync(partials)) return [];
  const files = readdirSync(partials)
    .filter(file => file.endsWith('.hbs'))
    .sort();
  return files.map(file => {
    const source = read(join(partials, file));
    parsed(source, join(partials, file));
    return [file.slice(0, -4), source];
  });
}

async function compiledHtml(path: string, cache: string): Promise<string> {
  const source = read(path);
  const { version } = createRequire(import.meta.url)('mjml/package.json') as { version: string };
  const hash = createHash('sha256').update(`${COMPILER}\0${version}\0${source}`).digest('hex').slice(0, 32);
  const kept = join(cache, `${hash}.html`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  parsed(source, path);
  const html = await compileMjml(source, path);
  try {
    makeFolder(cache);
    // Written whole or not at all: another process may be reading it.
    writeFileSync(`${kept}.${process.pid}`, html);
    renameSync(`${kept}.${process.pid}`, kept);
  } catch (error) {
    throw new PaperroundError('storage', `The compiled template ${kept} cannot be kept: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return html;
}

/** Counts towards the hash: raise it when the options or the checks below change. */
const COMPILER = 1;

/**
 * Compiles MJML that contains Handlebars expressions, and refuses what mjml 5 gets wrong without saying so.
 * @throws PaperroundError `template` when MJML is invalid, an expression was lost, or something was left unresolved
 */
export async function compileMjml(source: string, path: string): Promise<string> {
  // mjml ignores them without a word.
  if (/<mj-include\b/.test(source.replace(/<!--.*?-->/gs, ''))) {
    throw new PaperroundError('template', `${path}: mj-include is not supported`, {
      hint: 'Use a Handlebars partial ({{> name}}) from the folder partials.',
    });
  }
  const { default: mjml2html } = await import('mjml');
  let html: string;
  try {
    const compiled = await mjml2html(source, {
      validationLevel: 'strict',
      // The default fonts would make every reader's mail program call Google.
      fonts: {},
      keepComments: false,
      minify: true,
      // On a clean install htmlnano cannot find cssnano and says so at every compile.
      minifyOptions: { minifyCss: false },
    });
    html = compiled.html;
  } catch (error) {
    const issues = (error as { errors?: { formattedMessage?: string }[] }).errors ?? [];
    const details = issues.map(issue => `${path}: ${issue.formattedMessage ?? String(issue)}`);
    throw new PaperroundError('template', `${path} is not valid MJML: ${reasonOf(error)}`, {
      details,
      cause: error,
    });
  }
  const lost = lostExpressions(source, html);
  if (lost.length > 0) {
    throw new PaperroundError('template', `${path}: MJML dropped ${lost.join(', ')}`, {
      hint: 'Wrap blocks that stand between tags in <mj-raw>…</mj-raw>, and close every tag.',
    });
  }
  const left = /<\/?mj-[\w-]+/.exec(html)?.[0];
  if (left !== undefined)
    throw new PaperroundError('template', `${path}: a tag was left unresolved: ${left}`, {
      hint: 'MJML tags cannot stand inside mj-text, mj-raw or mj-button.',
    });
  return html;
}

/** The expressions of `source` that stand less often in `html`: MJML drops text in places where it expects none. */
function lostExpressions(source: string, html: string): string[] {
  const before = expressions(source);
  const after = expressions(html);
  return [...before].filter(([text, times]) => (after.get(text) ?? 0) < times).map(([text]) => text);
}

function expressions(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [expression] of text.matchAll(/\{\{\{?[^}]*\}?\}\}/g)) {
    const normal = expression.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replace(/\s+/g, ' ');
    found.set(normal, (found.get(normal) ?? 0) + 1);
  }
  return found;
}

/** Only web and mail addresses become links: Handlebars escapes HTML, but lets `javascript:` through. */
function safeUrl(url: unknown): string {
  const text = String(url ?? '');
  return /^(?:https?:\/\/|mailto:|\ue000)/i.test(text) ? text : '#';
}

/** Puts pieces of text together, so that they can be wrapped as one. */
const concat = (...pieces: unknown[]) => pieces.slice(0, -1).join('');

const COLUMNS = 72;

/** Wraps text at 72 columns, each line after the first indented by `indent` spaces; long words (links) stay whole. */
function wrap(text: unknown, indent: unknown): string {
  const margin = ' '.repeat(Number(indent) || 0);
  const lines: string[] = [];
  let line = '';
  for (const word of String(text ?? '').split(' ')) {
    if (line !== '' && margin.length + line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${margin}`);
}
