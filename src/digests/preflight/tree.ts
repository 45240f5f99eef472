// A mail's HTML as a tree of elements with their styles, for what is checked once a template.

import { type Declaration, type Rule, readCss, readDeclarations } from './css.ts';
import { type Attribute, attributeOf, readMarkup, textOf, VOID } from './markup.ts';

export interface Element {
  name: string;
  id: string;
  classes: ReadonlySet<string>;
  attributes: readonly Attribute[];
  parent: Element | null;
  /** Its own text, without that of the elements in it. */
  text: string;
  style: Declaration[];
}

export interface Tree {
  /** In the order of the source. */
  elements: Element[];
  rules: Rule[];
  /** The source of each style sheet, whether it is in the head, and the condition that it stands under. */
  sheets: { css: string; inHead: boolean; media: string | undefined }[];
}

export function readTree(html: string): Tree {
  const elements: Element[] = [];
  const sheets: Tree['sheets'] = [];
  let open: Element | null = null;
  const isIn = (name: string) => {
    for (let one = open; one !== null; one = one.parent) if (one.name === name) return true;
    return false;
  };
  readMarkup(html, {
    open(name, attributes) {
      const element: Element = {
        name,
        id: attributeOf(attributes, 'id') ?? '',
        classes: new Set((attributeOf(attributes, 'class') ?? '').split(/\s+/).filter(one => one !== '')),
        attributes,
        parent: open,
        text: '',
        style: readDeclarations(attributeOf(attributes, 'style') ?? ''),
      };
      elements.push(element);
      if (!VOID.has(name)) open = element;
    },
    close(name) {
      for (let one = open; one !== null; one = one.parent)
        if (one.name === name) {
          open = one.parent;
          return;
        }
    },
    text(raw) {
      if (open?.name === 'style')
        sheets.push({ css: raw, inHead: isIn('head'), media: attributeOf(open.attributes, 'media') });
      else if (open !== null) open.text += textOf(raw);
    },
    comment() {},
  });
  const rules = sheets.flatMap(({ css, media }) =>
    readCss(css).map(rule =>
      media === undefined ? rule : { ...rule, conditions: [`@media ${media}`, ...rule.conditions] },
    ),
  );
  return { elements, rules, sheets };
}
