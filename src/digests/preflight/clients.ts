// Which features of a mail's HTML and CSS are not on the accepted list, each once, with where it fails.
import { ATTRIBUTES, ELEMENTS, FAILS, isAcceptedCondition, isOutlooks, PROPERTIES } from './accepted.ts';
import type { Found } from './check.ts';
import type { Declaration } from './css.ts';
import { attributeOf } from './markup.ts';
import type { Tree } from './tree.ts';

/** Gmail reads no more of all style sheets together, in characters. */
const GMAIL_STYLES = 16_384;

/** What a mail uses that some program does not support. */
export function unsupported({ elements, rules, sheets }: Tree): Found[] {
  const found = new Map<string, Found>();
  const tell = (feature: string, where: string | null) => {
    const why = FAILS[feature] ?? 'not on the list of what all mail programs know';
    if (!found.has(feature)) found.set(feature, { what: `${feature}: ${why}`, where });
  };
  const look = (declarations: readonly Declaration[], where: string) => {
    for (const { property, value } of declarations) {
      for (const feature of featuresOf(property, value)) tell(feature, where);
    }
  };
  for (const { name, attributes, style } of elements) {
    const tag = `<${name}>`;
    if (!ELEMENTS.has(name)) tell(tag, null);
    for (const attribute of attributes)
      if (!ATTRIBUTES.has(attribute.name) && !/^xmlns:/.test(attribute.name))
        tell(`the attribute ${attribute.name}`, tag);
    if (/^#./.test(attributeOf(attributes, 'href') ?? '')) tell('a link within the mail', tag);
    look(style, `the style of ${tag}`);
  }
  for (const { selectors, conditions, declarations } of rules) {
    for (const condition of conditions)
      if (!isAcceptedCondition(condition)) tell(/^@[\w-]+/.exec(condition)?.[0] ?? condition, '<style>');
    if (conditions.length > 1) tell('an @ rule in an @ rule', '<style>');
    look(declarations, selectors.join(', ') || '<style>');
  }
  let styles = 0;
  for (const { css, inHead } of sheets) {
    styles += css.length;
    if (!inHead) tell('<style> in the body', null);
    if (css.includes('/*')) tell('a CSS comment', '<style>');
  }
  if (styles > GMAIL_STYLES)
    found.set('size', {
      what: `${styles} characters of <style>: Gmail reads ${GMAIL_STYLES}`,
      where: '<style>',
    });
  return [...found.values()];
}

function featuresOf(property: string, value: string): string[] {
  const features: string[] = [];
  if (property.startsWith('--') || /\bvar\(/i.test(value)) features.push('var()');
  else if (/^animation\b/.test(property)) features.push('animation');
  else if (!PROPERTIES.has(property) && !isOutlooks(property)) features.push(property);
  const display =
    property === 'display' ? /^(?:inline-)?(flex|grid)$/i.exec(value)?.[1]?.toLowerCase() : undefined;
  if (display !== undefined) features.push(`display:${display}`);
  return features;
}
