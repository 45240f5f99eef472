// How much room text takes where all letters are equally wide: in a terminal, and about so in the list of an inbox.

/** Letters that take two columns (UAX #11: wide and fullwidth), and marks that take none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NO_COLUMN = /[\p{M}\u200b-\u200f\u2066-\u2069]/u;

/** The columns of a text: one for most letters. */
export function columnsOf(text: string): number {
  if (/^[\x20-\u02ff]*$/.test(text)) return text.length;
  let columns = 0;
  for (const letter of text) columns += NO_COLUMN.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return columns;
}
