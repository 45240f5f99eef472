// Compiled templates made functions. What fails while they run is told with its file and line.
import { createRequire } from 'node:module';
import type Handlebars from 'handlebars';
import { PaperroundError, reasonOf } from '../errors.ts';
import { HELPERS, HTML_HELPERS } from './helpers.ts';
import { placeOfName } from './template-check.ts';
import { type Compiled, type CompiledParts, PAPER } from './template-compile.ts';
import { type TemplateFile, type TemplateFiles, templateFault } from './template-files.ts';
import { type Origin, originOf } from './template-mjml.ts';

/** What a template is filled with; every field it names must be there. `dir: 'rtl'` asks for the mirrored mail. */
export type View = object;

/** Compiled templates of Handlebars' runtime, made what is rendered with. About a millisecond. */
export function runnableParts(compiled: CompiledParts, files: TemplateFiles) {
  return {
    html: runnable(compiled.html, files.mjml, files, HTML_HELPERS, PAPER.html),
    rtl: runnable(compiled.rtl, files.mjml, files, HTML_HELPERS, PAPER.html),
    text: runnable(compiled.text, files.text, files, HELPERS, PAPER.text),
  };
}

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
