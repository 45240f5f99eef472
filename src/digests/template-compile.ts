// Compiles the templates of a folder: MJML to HTML in both directions, Handlebars to JavaScript.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { type Programs, standsAlone } from './template-alone.ts';
import { checkHandlebars, KNOWN_HELPERS, parseHandlebars, strictly } from './template-check.ts';
import type { TemplateFile, TemplateFiles } from './template-files.ts';
import { compileMjml, mirrored, type Origin } from './template-mjml.ts';

const Place = z.number().int().nonnegative();

/** A part's template and the partials it may use, as the JavaScript that Handlebars makes of them. */
const Compiled = z.object({
  main: z.string(),
  /** From where in the operator's file the expressions of compiled MJML came. */
  origins: z.array(z.tuple([Place, Place, Place, Place])),
  partials: z.record(z.string(), z.string()),
  /** Whether the partial of a paper says the same wherever it stands. */
  alone: z.boolean(),
});
export type Compiled = z.infer<typeof Compiled>;

export const CompiledParts = z.object({ html: Compiled, rtl: Compiled, text: Compiled });
export type CompiledParts = z.infer<typeof CompiledParts>;

/** The partials that print a paper. */
export const PAPER = { html: 'paper', text: 'paper-text' };

const require = createRequire(import.meta.url);

/** Counts towards the hash: raise it when the options or the checks of compiling change. */
const COMPILER = 5;

/** Names what is made of some files: other files, another name. 32 hexadecimal digits. */
export function hashOf({ mjml, text, partials }: TemplateFiles): string {
  const versions = ['mjml', 'handlebars'].map(
    name => (require(`${name}/package.json`) as { version: string }).version,
  );
  const sources = Object.entries(partials).map(([name, { source }]) => [name, source]);
  const all = JSON.stringify([COMPILER, versions, mjml.source, text.source, sources]);
  return createHash('sha256').update(all).digest('hex').slice(0, 32);
}

/**
 * Compiles the files of a template. Loads mjml and the compiler of Handlebars: half a second.
 * @throws PaperroundError `template` with the line
 */
export async function compile({ mjml, text, partials }: TemplateFiles): Promise<CompiledParts> {
  const { default: handlebars } = await import('handlebars');
  const parsed = (file: TemplateFile) => parseHandlebars(handlebars, file);
  const parsedPartials = (): Programs['partials'] => mapped(partials, parsed);
  const names = new Set(Object.keys(partials));
  // At the lines of the operator's own files, before MJML has moved anything.
  for (const file of [mjml, text, ...Object.values(partials)]) checkHandlebars(parsed(file), file, names);
  const part = (file: TemplateFile, origins: Origin[], noEscape: boolean): Compiled => {
    const programs: Programs = { main: parsed(file), partials: parsedPartials() };
    const options = { strict: true, knownHelpers: KNOWN_HELPERS, noEscape };
    const alone = standsAlone(programs, noEscape ? PAPER.text : PAPER.html);
    // The compiler changes what it is given.
    const precompile = (program: hbs.AST.Program) =>
      String(handlebars.precompile(strictly(program), options));
    return {
      main: precompile(programs.main),
      origins,
      partials: mapped(programs.partials, precompile),
      alone,
    };
  };
  const partOfMjml = async (source: string) => {
    const { html, origins } = await compileMjml(mjml, source);
    return part({ ...mjml, source: html }, origins, false);
  };
  return {
    html: await partOfMjml(mjml.source),
    rtl: await partOfMjml(mirrored(mjml.source)),
    text: part(text, [], true),
  };
}

const mapped = <From, To>(of: Readonly<Record<string, From>>, map: (one: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(of).map(([name, one]) => [name, map(one)]));
