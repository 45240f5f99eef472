// MJML that holds Handlebars: compiled to HTML, with what mjml 5 gets wrong without saying so refused, line by line.
import { reasonOf } from '../errors.ts';
import { type At, atOffset, type TemplateFile, templateFault } from './template-files.ts';

/** HTML with expressions in it, and from where each of them came. */
interface CompiledMjml {
  html: string;
  origins: Origin[];
}

/** Where an expression stands: line and column of the HTML, then of the operator's file. In the order of the HTML. */
export type Origin = [line: number, column: number, line: number, column: number];

/** An expression that was taken out of a source, with a mark in its place. */
interface Sealed {
  source: string;
  expressions: { text: string; offset: number }[];
}

const EXPRESSION = /\{\{~?!--.*?--~?\}\}|\{\{\{?[^}]*\}?\}\}/gs;
const MARK = /\{\{e(\d+)\}\}/g;

/** MJML and its minifier never see an expression, so they cannot change one. */
function seal(source: string): Sealed {
  const expressions: Sealed['expressions'] = [];
  const sealed = source.replace(EXPRESSION, (text, offset: number) => {
    expressions.push({ text, offset });
    return `{{e${expressions.length - 1}}}`;
  });
  return { source: sealed, expressions };
}

/**
 * Compiles a file's MJML.
 * @param source what of it is compiled: the file itself, or the same mirrored; both have the same lines
 * @throws PaperroundError `template` when MJML is invalid, an expression was lost, or something was left unresolved
 */
export async function compileMjml(file: TemplateFile, source = file.source): Promise<CompiledMjml> {
  const sealed = seal(source);
  const uncommented = sealed.source.replace(/<!--(?!\[if).*?-->/gs, comment =>
    comment.replace(/[^\n]/g, ' '),
  );
  const lines = lineMap(sealed);
  const at = (offset: number) => lines(atOffset(sealed.source, offset));
  // mjml ignores them without a word.
  const include = uncommented.search(/<mj-include\b/);
  if (include >= 0)
    throw templateFault(file, at(include), 'mj-include is not supported', {
      hint: 'Use a Handlebars partial ({{> name}}) from the folder partials.',
    });
  const html = await toHtml(file, sealed, lines);
  const kept = new Set([...html.matchAll(MARK)].map(([, place]) => Number(place)));
  const wanted = [...uncommented.matchAll(MARK)].map(({ 1: place, index }) => ({
    place: Number(place),
    index,
  }));
  const lost = wanted.filter(({ place }) => !kept.has(place));
  const [first] = lost;
  if (first !== undefined) {
    const texts = [...new Set(lost.map(({ place }) => sealed.expressions[place]?.text ?? ''))];
    throw templateFault(file, at(first.index), `MJML dropped ${texts.join(', ')}`, {
      hint: 'Wrap blocks that stand between tags in <mj-raw>…</mj-raw>, and close every tag.',
    });
  }
  const left = /<\/?mj-[\w-]+/.exec(html)?.[0];
  if (left !== undefined)
    throw templateFault(file, at(placeOfLeft(uncommented, left)), `a tag was left unresolved: ${left}`, {
      hint: 'MJML tags cannot stand inside mj-text, mj-raw or mj-button.',
    });
  return unseal(html, sealed, source);
}

/** Expressions may go over several lines, marks do not. */
function lineMap({ source, expressions }: Sealed): (at: At) => At {
  const longer = [...source.matchAll(MARK)].flatMap(({ 1: place, index }) => {
    const more = (expressions[Number(place)]?.text.split('\n').length ?? 1) - 1;
    return more > 0 ? [{ line: atOffset(source, index).line, more }] : [];
  });
  return ({ line, column }) => ({
    line: longer.reduce((sum, one) => (one.line < line ? sum + one.more : sum), line),
    column,
  });
}

async function toHtml(file: TemplateFile, sealed: Sealed, lines: (at: At) => At): Promise<string> {
  const { default: mjml2html } = await import('mjml');
  try {
    const compiled = await mjml2html(sealed.source, {
      validationLevel: 'strict',
      // The default fonts would make every reader's mail program call Google.
      fonts: {},
      keepComments: false,
      minify: true,
      // On a clean install htmlnano cannot find cssnano and says so at every compile.
      minifyOptions: { minifyCss: false },
    });
    return compiled.html;
  } catch (error) {
    const issues =
      (error as { errors?: { line?: number; message?: string; tagName?: string }[] }).errors ?? [];
    const said = issues.map(({ line = 1, message = '', tagName = '' }) => ({
      at: lines({ line, column: 0 }),
      what: `<${tagName}>: ${message.replace(MARK, (_, place) => sealed.expressions[place]?.text ?? '')}`,
    }));
    const [first = { at: { line: 1, column: 0 }, what: reasonOf(error) }, ...others] = said;
    throw templateFault(file, first.at, `not valid MJML: ${first.what}`, {
      details: others.map(({ at, what }) => `${file.path}, line ${at.line}: ${what}`),
      cause: error,
    });
  }
}

/** Tags whose content MJML takes as it is. */
const TAKES_ALL =
  /^mj-(?:text|raw|button|table|title|preview|style|navbar-link|social-element|accordion-(?:text|title))$/;

/** Where a tag stands that MJML did not look at: inside of one that takes all; else the first of its name. */
function placeOfLeft(source: string, left: string): number {
  let within: string | undefined;
  for (const { 0: tag, 1: slash, 2: name = '', 3: rest = '', index } of source.matchAll(
    /<(\/?)(mj-[\w-]+)([^>]*)>/g,
  )) {
    if (within !== undefined && name !== within && tag.startsWith(left)) return index;
    if (slash === '' && within === undefined && TAKES_ALL.test(name) && !rest.endsWith('/')) within = name;
    else if (slash !== '' && name === within) within = undefined;
  }
  return Math.max(0, source.indexOf(left));
}

/** Puts the expressions back, and notes where each of them stands now. */
function unseal(html: string, { expressions }: Sealed, source: string): CompiledMjml {
  const origins: Origin[] = [];
  let [line, column, from, whole] = [1, 0, 0, ''];
  const add = (text: string) => {
    whole += text;
    const end = text.lastIndexOf('\n');
    line += text.split('\n').length - 1;
    column = end < 0 ? column + text.length : text.length - end - 1;
  };
  for (const { 0: mark, 1: place, index } of html.matchAll(MARK)) {
    const expression = expressions[Number(place)] as { text: string; offset: number };
    add(html.slice(from, index));
    const at = atOffset(source, expression.offset);
    origins.push([line, column, at.line, at.column]);
    add(expression.text);
    from = index + mark.length;
  }
  add(html.slice(from));
  return { html: whole, origins };
}

/** The place in the operator's file of a place in the HTML; null where no expression stands. */
export function originOf(origins: readonly Origin[], at: At): At | null {
  const found = origins.findLast(
    ([line, column]) => line < at.line || (line === at.line && column <= at.column),
  );
  if (found === undefined) return null;
  const [line, column, sourceLine, sourceColumn] = found;
  return {
    line: sourceLine + at.line - line,
    column: at.line === line ? sourceColumn + at.column - column : at.column,
  };
}

/**
 * MJML for those who read from right to left. Its `dir` alone turns the document and nothing in it, so the defaults of
 * the parts are turned too. The lines stay what they are.
 */
export function mirrored(mjml: string): string {
  const turned = '<mj-section direction="rtl" /><mj-column direction="rtl" /><mj-text align="right" />';
  const root = mjml.replace(/<mjml\b([^>]*)>/, (_tag, attributes: string) => {
    return `<mjml${attributes.replace(/\sdir\s*=\s*(?:"[^"]*"|'[^']*')/, '')} dir="rtl">`;
  });
  if (/<\/mj-attributes>/.test(root)) return root.replace('</mj-attributes>', `${turned}</mj-attributes>`);
  const attributes = `<mj-attributes>${turned}</mj-attributes>`;
  if (/<\/mj-head>/.test(root)) return root.replace('</mj-head>', `${attributes}</mj-head>`);
  return root.replace(/<mjml\b[^>]*>/, tag => `${tag}<mj-head>${attributes}</mj-head>`);
}
