// The digest templates: MJML is compiled once per template and kept on disk; Handlebars' code runs once per cut.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Handlebars from 'handlebars';
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

/** A part's template and the partials it may use, as the JavaScript that Handlebars makes of them. */
interface Compiled {
  main: string;
  partials: Record<string, string>;
}

/** The templates' sources as they stand in their folder. */
interface Sources {
  folder: string;
  mjml: string;
  text: string;
  partials: Record<string, string>;
}

/**
 * Opens the templates of a folder: `digest.mjml`, `digest.txt.hbs` and the partials in `partials/*.hbs`.
 * Compiled, they are kept in `cache` under the hash of all they were made from, so that a warm start loads neither mjml
 * nor the compiler of Handlebars. The cache is code: it belongs in a folder that only the operator may write to.
 * @throws PaperroundError `template` with file and reason when one is missing or broken
 */
export async function openTemplates(folder: string, cache: string): Promise<Templates> {
  const sources = readSources(folder);
  const kept = join(cache, `${hashOf(sources)}.json`);
  const compiled = existsSync(kept)
    ? (JSON.parse(readFileSync(kept, 'utf8')) as Record<keyof Templates, Compiled>)
    : await compileTo(kept, sources);
  return {
    html: runnable(compiled.html, join(folder, 'digest.mjml')),
    text: runnable(compiled.text, join(folder, 'digest.txt.hbs')),
  };
}

function runnable({ main, partials }: Compiled, path: string): (view: View) => string {
  const engine = (require('handlebars/runtime') as typeof Handlebars).create();
  engine.registerHelper(HELPERS);
  for (const [name, code] of Object.entries(partials))
    engine.registerPartial(name, engine.template(specOf(code)));
  const render = engine.template(specOf(main));
  return view => {
    try {
      return render(view);
    } catch (error) {
      throw new PaperroundError('template', `${path}: ${reasonOf(error)}`, { cause: error });
    }
  };
}

// Handlebars' own way to run what it has precompiled.
const specOf = (code: string) => new Function(`return ${code}`)() as TemplateSpecification;

const require = createRequire(import.meta.url);

function hashOf({ mjml, text, partials }: Sources): string {
  const versions = ['mjml', 'handlebars'].map(
    name => (require(`${name}/package.json`) as { version: string }).version,
  );
  const all = JSON.stringify([COMPILER, versions, mjml, text, partials]);
  return createHash('sha256').update(all).digest('hex').slice(0, 32);
}

async function compileTo(kept: string, sources: Sources): Promise<Record<keyof Templates, Compiled>> {
  const { default: handlebars } = await import('handlebars');
  const [mjmlPath, textPath] = [join(sources.folder, 'digest.mjml'), join(sources.folder, 'digest.txt.hbs')];
  parsed(handlebars, sources.mjml, mjmlPath);
  const html = await compileMjml(sources.mjml, mjmlPath);
  const precompile = (source: string, path: string, noEscape: boolean) => {
    const knownHelpers = { concat: true, safeUrl: true, wrap: true };
    const options = { strict: true, knownHelpers, noEscape };
    return String(handlebars.precompile(parsed(handlebars, source, path), options));
  };
  const part = (source: string, path: string, noEscape: boolean): Compiled => ({
    main: precompile(source, path, noEscape),
    partials: Object.fromEntries(
      Object.entries(sources.partials).map(([name, partial]) => [
        name,
        precompile(partial, join(sources.folder, 'partials', `${name}.hbs`), noEscape),
      ]),
    ),
  });
  const compiled = { html: part(html, mjmlPath, false), text: part(sources.text, textPath, true) };
  keep(kept, JSON.stringify(compiled));
  return compiled;
}

/** Written whole or not at all: another process may be reading it. */
function keep(path: string, content: string): void {
  try {
    makeFolder(dirname(path));
    writeFileSync(`${path}.${process.pid}`, content);
    renameSync(`${path}.${process.pid}`, path);
  } catch (error) {
    throw new PaperroundError('storage', `The compiled template ${path} cannot be kept: ${reasonOf(error)}`, {
      cause: error,
    });
  }
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

function readSources(folder: string): Sources {
  const partials = join(folder, 'partials');
  const files = existsSync(partials) ? readdirSync(partials).filter(file => file.endsWith('.hbs')) : [];
  return {
    folder,
    mjml: read(join(folder, 'digest.mjml')),
    text: read(join(folder, 'digest.txt.hbs')),
    partials: Object.fromEntries(
      files.sort().map(file => [file.slice(0, -'.hbs'.length), read(join(partials, file))]),
    ),
  };
}

/** Handlebars itself would only look when the first digest is rendered, and at the lines of the compiled MJML. */
function parsed(handlebars: typeof Handlebars, source: string, path: string): hbs.AST.Program {
  try {
    return handlebars.parse(source);
  } catch (error) {
    const [said, ...neighbourhood] = (error as Error).message.split('\n');
    throw new PaperroundError('template', `${path}: ${said}`, {
      details: neighbourhood.slice(0, 1).map(line => excerpt(line, 80)),
      cause: error,
    });
  }
}

/** Counts towards the hash: raise it when the options or the checks below change. */
const COMPILER = 2;

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

/** What templates may call. */
const HELPERS = { concat, safeUrl, wrap };
