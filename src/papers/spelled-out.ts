// Abstracts that a page or PDF gave away letter by letter ("W e i n t r o d u c e"): where words end is lost.

/** Fewer pieces than this may well be a formula or a name. */
const FEWEST_PIECES = 30;
const SHARE = 0.6;

/** Whether most of a text's pieces between spaces are single Latin letters, digits or signs. */
export function isSpelledOut(text: string): boolean {
  let [pieces, single, length] = [0, 0, 0];
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 32;
    // Scripts without spaces between words may put one around a sign: only ASCII counts.
    if (code > 32) {
      length += code < 127 ? 1 : 2;
    } else if (length > 0) {
      pieces++;
      if (length === 1) single++;
      length = 0;
    }
  }
  return pieces >= FEWEST_PIECES && single >= SHARE * pieces;
}
