// The digest templates: compiled once per template and kept on disk; Handlebars' code runs once per cut.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Handlebars from 'handlebars';
import { PaperroundError, reasonOf } from '../errors.ts';
import { makeFolder } from '../folder.ts';
import { HELPERS, HTML_HELPERS } from './helpers.ts';
import { checkHandlebars, KNOWN_HELPERS, parseHandlebars, placeOfName, strictly } from './template-check.ts';
import { readTemplateFiles, type TemplateFile, type TemplateFiles, templateFault } from './template-files.ts';
import { compileMjml, mirrored, type Origin, originOf } from './template-mjml.ts';

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
  /** From where in the operator's file the expressions of compiled MJML came. */
  origins: Origin[];
  partials: Record<string, string>;
  /** Whether the partial of a paper says the same wherever it stands. */
  alone: boolean;
}

const PARTS = ['html', 'rtl', 'text'] as const;
type CompiledParts = Record<(typeof PARTS)[number], Compiled>;

/**
 * Opens the templates of a folder: `digest.mjml`, `digest.txt.hbs` and the partials in `partials/*.hbs`.
 * Compiled, they are kept in `cache` under the hash of all they were made from, so that a warm start loads neither mjml
 * nor the compiler of Handlebars. The cache is code: it belongs in a folder that only the operator may write to.
 * @param colours what stands in place of the colours that ship
 * @throws PaperroundError `template` with file, line and reason when one is missing or broken
 */
export async function openTemplates(
  folder: string,
  cache: string,
  colours: ReadonlyMap<string, string> = new Map(),
): Promise<Templates> {
  const files = readTemplateFiles(folder, colours);
  const kept = join(cache, `${hashOf(files)}.json`);
  const compiled = existsSync(kept)
    ? (JSON.parse(readFileSync(kept, 'utf8')) as CompiledParts)
    : await compileTo(kept, files);
  const html = runnable(compiled.html, files.mjml, files, HTML_HELPERS, PAPER.html);
  // Most installations have no reader who reads from right to left.
  let mirror: Runnable | undefined;
  const rtl = () => (mirror ??= runnable(compiled.rtl, files.mjml, files, HTML_HELPERS, PAPER.html));
  const text = runnable(compiled.text, files.text, files, HELPERS, PAPER.text);
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

type Print = (view: View & { print?: string }, options?: object) => string;

function runnable(
  { main, origins, partials, alone }: Compiled,
  file: TemplateFile,
  files: TemplateFiles,
  helpers: Handlebars.HelperDeclareSpec,
  paper: string,
): Runnable {
  const engine = (require('handlebars/runtime') as typeof Handlebars).create();
  engine.registerHelper(helpers);
  let one: Print | undefined;
  for (const [name, code] of Object.entries(partials)) {
    const print = told(engine.template(specOf(code)), files.partials[name] as TemplateFile);
    if (alone && name === paper) one = print;
    const printed: Print = (view, options) => view.print ?? print(view, options);
    engine.registerPartial(name, print === one ? printed : print);
  }
  return { render: told(engine.template(specOf(main)), file, origins), paper: one && (view => one(view)) };
}

/** What fails while a file is rendered is told with the line. The innermost partial knows it, and tells first. */
function told(print: Print, file: TemplateFile, origins?: readonly Origin[]): Print {
  return (view, options) => {
    try {
      return print(view, options);
    } catch (error) {
      if (error instanceof PaperroundError) throw error;
      throw failed(error as Error & { lineNumber?: number; column?: number }, file, origins);
    }
  };
}

/** How JavaScript and Handlebars say that something has no such name; the last two do not say where. */
const MISSING =
  /^"(.*)" not defined in |^Cannot use 'in' operator to search for '(.*)' in |^Cannot read properties of (?:undefined|null) \(reading '(.*)'\)/s;

function failed(
  error: Error & { lineNumber?: number; column?: number },
  file: TemplateFile,
  origins: readonly Origin[] | undefined,
): PaperroundError {
  const { lineNumber: line, column = 0 } = error;
  const name = MISSING.exec(reasonOf(error))
    ?.slice(1)
    .find(one => one !== undefined);
  if (name === undefined) return templateFault(file, null, reasonOf(error), { cause: error });
  const there = line === undefined ? null : { line, column };
  const found = there === null || origins === undefined ? there : originOf(origins, there);
  return templateFault(file, found ?? placeOfName(file.written, name), `"${name}" not defined here`, {
    hint: 'docs/templates.md lists the names. Inside {{#each}} they are those of the item; @root.name is one of the whole mail.',
    cause: error,
  });
}

// Handlebars' own way to run what it has precompiled.
const specOf = (code: string) => new Function(`return ${code}`)() as TemplateSpecification;

const require = createRequire(import.meta.url);

/** Counts towards the hash: raise it when the options or the checks of compiling change. */
const COMPILER = 4;

function hashOf({ mjml, text, partials }: TemplateFiles): string {
  const versions = ['mjml', 'handlebars'].map(
    name => (require(`${name}/package.json`) as { version: string }).version,
  );
  const sources = Object.entries(partials).map(([name, { source }]) => [name, source]);
  const all = JSON.stringify([COMPILER, versions, mjml.source, text.source, sources]);
  return createHash('sha256').update(all).digest('hex').slice(0, 32);
}

async function compileTo(kept: string, { mjml, text, partials }: TemplateFiles): Promise<CompiledParts> {
  const { default: handlebars } = await import('handlebars');
  const names = new Set(Object.keys(partials));
  // At the lines of the operator's own files, before MJML has moved anything.
  for (const file of [mjml, text, ...Object.values(partials)])
    checkHandlebars(parseHandlebars(handlebars, file), file, names);
  const precompile = (file: TemplateFile, noEscape: boolean) => {
    const options = { strict: true, knownHelpers: KNOWN_HELPERS, noEscape };
    return String(handlebars.precompile(strictly(parseHandlebars(handlebars, file)), options));
  };
  const part = (file: TemplateFile, origins: Origin[], noEscape: boolean): Compiled => ({
    main: precompile(file, noEscape),
    origins,
    partials: Object.fromEntries(
      Object.entries(partials).map(([name, partial]) => [name, precompile(partial, noEscape)]),
    ),
    alone: standsAlone(file.source, Object.values(partials), noEscape ? PAPER.text : PAPER.html),
  });
  const partOfMjml = async (source: string) => {
    const { html, origins } = await compileMjml(mjml, source);
    return part({ ...mjml, source: html }, origins, false);
  };
  const compiled: CompiledParts = {
    html: await partOfMjml(mjml.source),
    rtl: await partOfMjml(mirrored(mjml.source)),
    text: part(text, [], true),
  };
  keep(kept, JSON.stringify(compiled));
  return compiled;
}

/**
 * Whether the partial of a paper gets nothing but its paper: no parameters where it is used, nothing from around it.
 * Then a paper's text can be made once and used in every mail.
 */
function standsAlone(main: string, partials: readonly TemplateFile[], name: string): boolean {
  const sources = partials.map(({ source }) => source);
  const uses = [main, ...sources].flatMap(source => [
    ...source.matchAll(/\{\{~?#?>\s*([^\s~}]+)\s*([^}]*)/g),
  ]);
  const own = uses.filter(([, used]) => used?.replace(/^["'[]|["'\]]$/g, '') === name);
  const looksAround = /@root\b/.test(sources.join());
  return own.length > 0 && own.every(([, , rest]) => /^~?$/.test(rest ?? '')) && !looksAround;
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
