// What can be told of Handlebars before anything is rendered: blocks that are open, partials and helpers that do not exist.
import type Handlebars from 'handlebars';
import { everyNode, isInline, partialName } from './template-alone.ts';
import { type At, atOffset, type TemplateFile, templateFault } from './template-files.ts';

/** Every helper, with how many values it takes. The first line is ours, the others are Handlebars' own. */
const HELPER_VALUES: Record<string, { least: number; most: number; use: string }> = {
  concat: { least: 1, most: Infinity, use: '(concat a b)' },
  mark: { least: 1, most: 2, use: '{{mark title hits}}' },
  pad: { least: 2, most: 2, use: '{{pad text 8}}' },
  safeUrl: { least: 1, most: 1, use: '{{safeUrl url}}' },
  wrap: { least: 1, most: 2, use: '{{wrap text 2}}' },
  each: { least: 1, most: 1, use: '{{#each papers}}…{{/each}}' },
  if: { least: 1, most: 1, use: '{{#if note}}…{{/if}}' },
  log: { least: 0, most: Infinity, use: '{{log name}}' },
  lookup: { least: 2, most: 2, use: '{{lookup papers 0}}' },
  unless: { least: 1, most: 1, use: '{{#unless note}}…{{/unless}}' },
  with: { least: 1, most: 1, use: '{{#with paper}}…{{/with}}' },
};

/** For the compiler of Handlebars. */
export const KNOWN_HELPERS = Object.fromEntries(Object.keys(HELPER_VALUES).map(name => [name, true]));

/**
 * Reads a file's Handlebars.
 * @throws PaperroundError `template` with the line
 */
export function parseHandlebars(handlebars: typeof Handlebars, file: TemplateFile): hbs.AST.Program {
  try {
    return handlebars.parse(file.source);
  } catch (error) {
    const { message, lineNumber, column } = error as Error & { lineNumber?: number; column?: number };
    if (lineNumber !== undefined)
      throw templateFault(file, { line: lineNumber, column: column ?? 0 }, plain(message), { cause: error });
    throw unparsable(file, message, error);
  }
}

/** "each doesn't match if - 2:3": the place is said elsewhere. */
const plain = (message: string) => message.replace(/ - \d+:\d+$/, '');

/** The parser tells its state; people want to know which block is open. */
function unparsable(file: TemplateFile, message: string, cause: unknown): Error {
  const line = Number(/ error on line (\d+)/.exec(message)?.[1] ?? 1);
  const got = /got '(\w+)'/.exec(message)?.[1];
  const at = { line, column: 0 };
  if (got === 'EOF') {
    const open = openBlock(file.source);
    if (open !== undefined)
      return templateFault(file, open.at, `${open.text} is never closed`, {
        hint: `Close it with {{/${open.name}}}.`,
        cause,
      });
  }
  if (got === 'OPEN_ENDBLOCK')
    return templateFault(file, at, 'a block is closed that is not open', { cause });
  if (got === 'INVERSE' || got === 'OPEN_INVERSE_CHAIN')
    return templateFault(file, at, '{{else}} stands outside of a block, or twice in one', { cause });
  return templateFault(file, at, 'this is no whole Handlebars expression', {
    hint: 'Look for braces that are not closed: {{name}}, {{{name}}}.',
    cause,
  });
}

/** The innermost block that is open at the end of a source. */
function openBlock(source: string): { at: At; text: string; name: string } | undefined {
  const open: { at: number; text: string; name: string }[] = [];
  for (const { 0: text, 1: sign, 2: name = '', index } of source.matchAll(
    /\{\{~?(?:!--.*?--~?\}\}|!|([#^/])[*>]?\s*([^\s~}]+)[^}]*\}\})/gs,
  )) {
    if (sign === '/') open.pop();
    else if (sign !== undefined) open.push({ at: index, text, name });
  }
  const last = open.pop();
  return last === undefined ? undefined : { ...last, at: atOffset(source, last.at) };
}

/**
 * Looks through a file for what would fail when it is rendered, or say something else than was meant.
 * @param partials the names of those that there are
 * @throws PaperroundError `template` with the line
 */
export function checkHandlebars(
  program: hbs.AST.Program,
  file: TemplateFile,
  partials: ReadonlySet<string>,
): void {
  const nodes = [...everyNode(program)];
  const inline = nodes.flatMap(node => (isInline(node) ? String(literalOf(node.params[0])) : []));
  const known = new Set([...partials, ...inline]);
  for (const node of nodes) {
    const at = node.loc?.start;
    const fail = (what: string, hint: string) => {
      throw templateFault(file, at ?? null, what, { hint });
    };
    // A block that calls a partial has words of its own where there is none.
    if (node.type === 'PartialStatement') {
      const name = partialName(node as hbs.AST.PartialStatement);
      if (name !== undefined && !known.has(name))
        fail(
          `there is no partial ${name}`,
          partials.size === 0
            ? `Put ${name}.hbs into the folder partials.`
            : `There are: ${[...partials].join(', ')}. Or put ${name}.hbs into the folder partials.`,
        );
    }
    if (isCall(node)) {
      const name = nameOf(node.path);
      const values = Object.hasOwn(HELPER_VALUES, name) ? HELPER_VALUES[name] : undefined;
      const given = node.params.length;
      if (values === undefined) {
        if (name !== '' && (given > 0 || (node.hash?.pairs.length ?? 0) > 0))
          fail(`there is no helper ${name}`, `There are: ${Object.keys(HELPER_VALUES).join(', ')}.`);
      } else if (given < values.least || given > values.most)
        fail(
          `${name} has ${given === 0 ? 'no value' : `${given} value${given === 1 ? '' : 's'}`}`,
          `Write it as in ${values.use}.`,
        );
    }
  }
}

/**
 * Makes a name that the view does not have an error in the values of helpers, blocks and partials too. Handlebars' strict
 * mode alone would take `{{safeUrl adress}}` and `{{#if adress}}` for empty.
 */
export function strictly(program: hbs.AST.Program): hbs.AST.Program {
  for (const node of everyNode(program)) {
    if (!isCall(node) && !/^Partial/.test(node.type)) continue;
    const { params, hash } = node as Call;
    for (const value of [...params, ...(hash?.pairs.map(pair => pair.value) ?? [])])
      if (value.type === 'PathExpression' && !(value as hbs.AST.PathExpression).data)
        Object.assign(value, { strict: true });
  }
  return program;
}

/** The first expression of a file in which a name stands. */
export function placeOfName(source: string, name: string): At | null {
  const escaped = name.replace(/[^\w]/g, '\\$&');
  const used = new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`);
  for (const { 0: expression, index } of source.matchAll(/\{\{[^}]*\}\}/g)) {
    const at = expression.search(used);
    if (at >= 0) return atOffset(source, index + at);
  }
  return null;
}

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

const isCall = (node: hbs.AST.Node): node is Call =>
  ['MustacheStatement', 'BlockStatement', 'SubExpression'].includes(node.type);
const literalOf = (node: hbs.AST.Expression | undefined) =>
  (node as hbs.AST.StringLiteral | undefined)?.value;

/** The plain name of what is called; '' for a path through the view. */
function nameOf(path: hbs.AST.Expression): string {
  const { type, parts = [], data, depth } = path as hbs.AST.PathExpression;
  return type === 'PathExpression' && parts.length === 1 && !data && depth === 0 && !isThis(path)
    ? String(parts[0])
    : '';
}

/** `this.name` and `./name` are of the view, whatever helpers there are. */
const isThis = (path: hbs.AST.Expression) =>
  /^(?:this\b|\.)/.test(String((path as hbs.AST.PathExpression).original));
