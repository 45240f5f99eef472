// The digest templates: MJML is compiled once per template and kept on disk; Handlebars' code runs once per cut.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Handlebars from 'handlebars';
import { PaperroundError, reasonOf } from '../errors.ts';
import { makeFolder } from '../folder.ts';
import { excerpt } from '../text-file.ts';
import { HELPERS, HTML_HELPERS } from './helpers.ts';
import { paint } from './palette.ts';

/** What a template is filled with; every field it names must be there. `dir: 'rtl'` asks for the mirrored mail. */
export type View = object;

/** The two parts of a mail, as functions of a view. All throw PaperroundError `template` when a field is missing. */
export interface Templates {
  html(view: View): string;
  text(view: View): string;
  /**
   * One paper by itself, as the part has it; undefined where a part's template does not print papers by the partial
   * `paper` (text: `paper-text`) and nothing else. A paper's view whose `print` is that text is not rendered again.
   */
  paper: Partial<Record<'html' | 'text', ((paper: View) => string) | undefined>>;
}

/** A part's template and the partials it may use, as the JavaScript that Handlebars makes of them. */
interface Compiled {
  main: string;
  partials: Record<string, string>;
  /** Whether the partial of a paper says the same wherever it stands. */
  alone: boolean;
}

const PARTS = ['html', 'rtl', 'text'] as const;
type CompiledParts = Record<(typeof PARTS)[number], Compiled>;

/** The templates' sources as they stand in their folder, in the operator's colours. */
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
 * @param colours what stands in place of the colours that ship
 * @throws PaperroundError `template` with file and reason when one is missing or broken
 */
export async function openTemplates(
  folder: string,
  cache: string,
  colours: ReadonlyMap<string, string> = new Map(),
): Promise<Templates> {
  const sources = readSources(folder, colours);
  const kept = join(cache, `${hashOf(sources)}.json`);
  const compiled = existsSync(kept)
    ? (JSON.parse(readFileSync(kept, 'utf8')) as CompiledParts)
    : await compileTo(kept, sources);
  const mjml = join(folder, 'digest.mjml');
  const html = runnable(compiled.html, mjml, HTML_HELPERS, PAPER.html);
  // Most installations have no reader who reads from right to left.
  let mirrored: Runnable | undefined;
  const rtl = () => (mirrored ??= runnable(compiled.rtl, mjml, HTML_HELPERS, PAPER.html));
  const text = runnable(compiled.text, join(folder, 'digest.txt.hbs'), HELPERS, PAPER.text);
  return {
    html: view => ('dir' in view && view.dir === 'rtl' ? rtl() : html).render(view),
    text: view => text.render(view),
    paper: { html: html.paper, text: text.paper },
  };
}

/** The partials that print a paper. */
const PAPER = { html: 'paper', text: 'paper-text' };

interface Runnable {
  render: (view: View) => string;
  paper: ((paper: View) => string) | undefined;
}

function runnable(
  { main, partials, alone }: Compiled,
  path: string,
  helpers: Handlebars.HelperDeclareSpec,
  paper: string,
): Runnable {
  const engine = (require('handlebars/runtime') as typeof Handlebars).create();
  engine.registerHelper(helpers);
  for (const [name, code] of Object.entries(partials))
    engine.registerPartial(name, engine.template(specOf(code)));
  const one = alone ? (engine.partials[paper] as Handlebars.Template | undefined) : undefined;
  if (typeof one === 'function') {
    const print = one as (view: View, options?: object) => string;
    engine.registerPartial(paper, (view: View & { print?: string }, options) =>
      typeof view.print === 'string' ? view.print : print(view, options),
    );
  }
  const told = (render: (view: View) => string, where: string) => (view: View) => {
    try {
      return render(view);
    } catch (error) {
      throw new PaperroundError('template', `${where}: ${reasonOf(error)}`, { cause: error });
    }
  };
  const partial = join(dirname(path), 'partials', `${paper}.hbs`);
  return {
    render: told(engine.template(specOf(main)), path),
    paper: typeof one === 'function' ? told(one as (view: View) => string, partial) : undefined,
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

async function compileTo(kept: string, { folder, mjml, text, partials }: Sources): Promise<CompiledParts> {
  const { default: handlebars } = await import('handlebars');
  const [mjmlPath, textPath] = [join(folder, 'digest.mjml'), join(folder, 'digest.txt.hbs')];
  parsed(handlebars, mjml, mjmlPath);
  const precompile = (source: string, path: string, noEscape: boolean) => {
    const knownHelpers = { concat: true, mark: true, pad: true, safeUrl: true, wrap: true };
    const options = { strict: true, knownHelpers, noEscape };
    return String(handlebars.precompile(parsed(handlebars, source, path), options));
  };
  const part = (source: string, path: string, noEscape: boolean): Compiled => ({
    main: precompile(source, path, noEscape),
    partials: Object.fromEntries(
      Object.entries(partials).map(([name, partial]) => [
        name,
        precompile(partial, join(folder, 'partials', `${name}.hbs`), noEscape),
      ]),
    ),
    alone: standsAlone(source, partials, noEscape ? PAPER.text : PAPER.html),
  });
  const compiled: CompiledParts = {
    html: part(await compileMjml(mjml, mjmlPath), mjmlPath, false),
    rtl: part(await compileMjml(mirrored(mjml), mjmlPath), mjmlPath, false),
    text: part(text, textPath, true),
  };
  keep(kept, JSON.stringify(compiled));
  return compiled;
}

/**
 * Whether the partial of a paper gets nothing but its paper: no parameters where it is used, nothing from around it.
 * Then a paper's text can be made once and used in every mail.
 */
function standsAlone(main: string, partials: Readonly<Record<string, string>>, name: string): boolean {
  const uses = [main, ...Object.values(partials)].flatMap(source => [
    ...source.matchAll(/\{\{~?#?>\s*([^\s~}]+)\s*([^}]*)/g),
  ]);
  const own = uses.filter(([, used]) => used?.replace(/^["'[]|["'\]]$/g, '') === name);
  const looksAround = /@root\b/.test(Object.values(partials).join());
  return own.length > 0 && own.every(([, , rest]) => /^~?$/.test(rest ?? '')) && !looksAround;
}

/**
 * MJML for those who read from right to left. Its `dir` alone turns the document and nothing in it, so the defaults of
 * the parts are turned too.
 */
function mirrored(mjml: string): string {
  const turned = '<mj-section direction="rtl" /><mj-column direction="rtl" /><mj-text align="right" />';
  const root = mjml.replace(/<mjml\b([^>]*)>/, (_tag, attributes: string) => {
    return `<mjml${attributes.replace(/\sdir\s*=\s*(?:"[^"]*"|'[^']*')/, '')} dir="rtl">`;
  });
  if (/<\/mj-attributes>/.test(root)) return root.replace('</mj-attributes>', `${turned}</mj-attributes>`);
  const attributes = `<mj-attributes>${turned}</mj-attributes>`;
  if (/<\/mj-head>/.test(root)) return root.replace('</mj-head>', `${attributes}</mj-head>`);
  return root.replace(/<mjml\b[^>]*>/, tag => `${tag}<mj-head>${attributes}</mj-head>`);
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

function readSources(folder: string, colours: ReadonlyMap<string, string>): Sources {
  const partials = join(folder, 'partials');
  const files = existsSync(partials) ? readdirSync(partials).filter(file => file.endsWith('.hbs')) : [];
  return {
    folder,
    mjml: paint(read(join(folder, 'digest.mjml')), colours),
    text: read(join(folder, 'digest.txt.hbs')),
    partials: Object.fromEntries(
      files.sort().map(file => [file.slice(0, -'.hbs'.length), paint(read(join(partials, file)), colours)]),
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
const COMPILER = 3;

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
