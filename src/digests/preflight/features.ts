// The features of HTML and CSS that a mail uses, each under the name that caniemail's data and the accepted list give it.
import type { Declaration, Rule } from './css.ts';
import { attributeOf } from './markup.ts';
import type { Tree } from './tree.ts';

/** A feature, and where it stands. */
interface Used {
  feature: string;
  where: string | null;
}

/** The features of a mail, most of them more than once. Declarations are looked at once: each paper repeats them. */
export function* featuresOf({ elements, rules, sheets }: Tree): Iterable<Used> {
  const seen = new Set<string>();
  for (const { name, attributes, style } of elements) {
    const tag = `<${name}>`;
    yield { feature: tag, where: null };
    for (const attribute of attributes) yield { feature: `the attribute ${attribute.name}`, where: tag };
    if (/^#./.test(attributeOf(attributes, 'href') ?? ''))
      yield { feature: 'a link within the mail', where: tag };
    yield* ofDeclarations(style, `the style of ${tag}`, seen);
  }
  for (const rule of rules) yield* ofRule(rule, seen);
  for (const { css, inHead } of sheets) {
    if (!inHead) yield { feature: '<style> in the body', where: null };
    if (css.includes('/*')) yield { feature: 'a CSS comment', where: '<style>' };
  }
}

function* ofRule({ selectors, conditions, declarations }: Rule, seen: Set<string>): Iterable<Used> {
  for (const condition of conditions) {
    const name = /^@[\w-]+/.exec(condition)?.[0].toLowerCase() ?? condition;
    yield { feature: name, where: '<style>' };
    for (const [, query = ''] of condition.matchAll(/\(\s*([a-z-]+)/gi)) {
      const asked = `@media (${query.toLowerCase().replace(/^-webkit-(?:min|max)-/, '-webkit-')})`;
      // How wide a screen is, is what @media is for.
      if (name === '@media' && !/^@media \((?:min|max)-(?:device-)?width\)$/.test(asked))
        yield { feature: asked, where: '<style>' };
    }
  }
  if (conditions.length > 1) yield { feature: 'an @ rule in an @ rule', where: '<style>' };
  const where = selectors.join(', ') || '<style>';
  for (const selector of selectors) for (const feature of ofSelector(selector)) yield { feature, where };
  yield* ofDeclarations(declarations, where, seen);
}

function* ofSelector(selector: string): Iterable<string> {
  const bare = selector.replace(/\[[^\]]*\]/g, '[]');
  if (bare.includes('[]')) yield 'the selector [a]';
  for (const [name] of bare.matchAll(/::?[a-z-]+/gi)) {
    const short = name.toLowerCase().replace(/^:+/, '');
    yield /^(?:before|after|first-letter|first-line|marker|placeholder)$/.test(short)
      ? `::${short}`
      : `:${short}`;
  }
  for (const sign of ['>', '+', '~']) if (bare.includes(sign)) yield `the selector a${sign}b`;
  if (bare.includes('*')) yield 'the selector *';
  if (bare.includes('#')) yield 'the selector #a';
  if (/\.[\w-]+\.[\w-]/.test(bare)) yield 'the selector .a.b';
}

/** Words of a value that are features of their own. */
const KEYWORDS =
  /^(?:initial|fit-content|min-content|max-content|system-ui|ui-(?:serif|sans-serif|rounded|monospace))$/;

function* ofDeclarations(
  declarations: readonly Declaration[],
  where: string,
  seen: Set<string>,
): Iterable<Used> {
  for (const { property, value, important } of declarations) {
    const whole = `${property}:${value}${important ? '!' : ''}`;
    if (seen.has(whole)) continue;
    seen.add(whole);
    yield { feature: property.startsWith('--') ? 'var()' : property, where };
    if (important) yield { feature: '!important', where };
    const bare = value.toLowerCase().replace(/"[^"]*"|'[^']*'|url\([^)]*\)|#[\da-f]+/g, ' ');
    for (const [, name = ''] of bare.matchAll(/([a-z-]+)\(/g)) yield { feature: `${name}()`, where };
    for (const [, unit = ''] of bare.matchAll(/\d(%|[a-z]{2,4})/g)) yield { feature: `${unit} unit`, where };
    for (const word of bare.split(/[\s,]+/)) if (KEYWORDS.test(word)) yield { feature: word, where };
    const display = property === 'display' ? /^(?:inline-)?(flex|grid|none)$/.exec(bare)?.[1] : undefined;
    if (display !== undefined) yield { feature: `display:${display}`, where };
  }
}
