// Reads the CSS of a mail: its rules, the conditions they stand under, and their declarations in order.

export interface Declaration {
  property: string;
  value: string;
  important: boolean;
}

export interface Rule {
  selectors: string[];
  /** What it stands under, outermost first: `@media (max-width:480px)`. */
  conditions: string[];
  declarations: Declaration[];
}

/** The rules of a style sheet; what cannot be read is left out. Takes time in proportion to the length. */
export function readCss(source: string): Rule[] {
  const css = withoutComments(source);
  const rules: Rule[] = [];
  const conditions: string[] = [];
  let from = 0;
  for (let at = 0; at < css.length; at++) {
    const character = css[at];
    if (character === '}') {
      conditions.pop();
      from = at + 1;
    } else if (character === ';') {
      // @import and @charset have no block.
      const statement = css.slice(from, at).trim();
      if (statement.startsWith('@'))
        rules.push({ selectors: [], conditions: [...conditions, statement], declarations: [] });
      from = at + 1;
    } else if (character === '{') {
      const prelude = css.slice(from, at).trim();
      from = at + 1;
      if (/^@(?:media|supports|document|layer|container)\b/i.test(prelude)) {
        conditions.push(prelude);
        continue;
      }
      const close = css.indexOf('}', at);
      const end = close < 0 ? css.length : close;
      const declarations = readDeclarations(css.slice(from, end));
      const isAt = prelude.startsWith('@');
      rules.push({
        selectors: isAt ? [] : prelude.split(',').map(selector => selector.trim()),
        conditions: isAt ? [...conditions, prelude] : [...conditions],
        declarations,
      });
      at = end;
      from = end + 1;
    }
  }
  return rules;
}

/** A style sheet without its comments. No regular expression: one would read to the end for each that is never closed. */
export function withoutComments(css: string): string {
  let kept = '';
  let from = 0;
  for (;;) {
    const open = css.indexOf('/*', from);
    if (open < 0) return kept + css.slice(from);
    kept += css.slice(from, open);
    const close = css.indexOf('*/', open + 2);
    if (close < 0) return kept;
    from = close + 2;
  }
}

/** The declarations of a block or of a style attribute. */
export function readDeclarations(block: string): Declaration[] {
  return block.split(';').flatMap(piece => {
    const colon = piece.indexOf(':');
    if (colon < 0) return [];
    const property = piece.slice(0, colon).trim().toLowerCase();
    const written = piece.slice(colon + 1).trim();
    const important = /!\s*important$/i.test(written);
    const value = important ? written.slice(0, written.lastIndexOf('!')).trim() : written;
    return property === '' || value === '' ? [] : [{ property, value, important }];
  });
}
