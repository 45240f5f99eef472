// Which features of a mail's HTML and CSS some mail programs do not know, each once, with those programs.
import { FAILS, isAccepted } from './accepted.ts';
import type { Found } from './check.ts';
import { featuresOf } from './features.ts';
import { unknownTo } from './support.ts';
import type { Tree } from './tree.ts';

/** Gmail reads no more of all style sheets together, in characters. */
const GMAIL_STYLES = 16_384;

/**
 * What a mail uses that is neither known to all programs of caniemail's data nor on the accepted list. Units and functions
 * of which there is no data are left alone: there are too many that nobody doubts.
 */
export function unsupported(tree: Tree): Found[] {
  const found = new Map<string, Found | null>();
  for (const { feature, where } of featuresOf(tree)) {
    if (found.has(feature)) continue;
    const why = isAccepted(feature) ? undefined : failureOf(feature);
    found.set(feature, why === undefined ? null : { what: `${feature}: ${why}`, where });
  }
  const styles = tree.sheets.reduce((sum, { css }) => sum + css.length, 0);
  if (styles > GMAIL_STYLES)
    found.set('size', {
      what: `${styles} characters of <style>: Gmail reads ${GMAIL_STYLES}`,
      where: '<style>',
    });
  return [...found.values()].filter(one => one !== null);
}

function failureOf(feature: string): string | undefined {
  const programs = unknownTo(feature);
  if (programs === '') return undefined;
  if (programs !== undefined) return `unknown to ${programs}`;
  if (/(?:\(\)| unit)$|^(?:::?|the selector )|^@media \(/.test(feature)) return undefined;
  return FAILS[feature] ?? 'nobody has tried it in mail programs';
}
