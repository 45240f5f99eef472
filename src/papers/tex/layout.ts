// Sets the pieces of a formula in one line, with the spaces and brackets that line needs.
import type { Piece } from './piece.ts';

/** Sets the pieces side by side with the spaces a reader expects around relations and functions. */
export function inOneLine(pieces: Piece[], tight: boolean): string {
  const out: string[] = [];
  const shown = pieces.filter(piece => piece.text !== '');
  while (shown.at(-1)?.kind === 'space') shown.pop();
  let before: Piece | undefined;
  let spaced = false;
  shown.forEach((piece, i) => {
    if (piece.kind === 'space') {
      spaced = true;
      return;
    }
    const last = out.at(-1)?.at(-1) ?? '';
    const isLast = i === shown.length - 1;
    // "log (1/δ)", not "log 1/δ".
    const wrapped = piece.kind === 'fraction' && before?.kind === 'function';
    const text = (wrapped ? `(${piece.text})` : piece.text) + tailOf(piece, shown[i + 1]);
    out.push(gap(last, before, piece, tight, spaced, isLast) ? ` ${text}` : text);
    // A sign with nothing on its left stands against what follows: "≤5", "~21%", "±3".
    const leads = isSign(piece) && (last === '' || /[([{,;⟨⌈⌊]/.test(last));
    before = leads ? { text, kind: 'space' } : piece;
    spaced = false;
  });
  return out.join('');
}

function isSign(piece: Piece): boolean {
  return piece.kind === 'relation' || piece.kind === 'binary';
}

function isWordy(piece: Piece): boolean {
  return piece.kind === 'function' || piece.kind === 'fraction';
}

function tailOf(piece: Piece, next: Piece | undefined): string {
  if (piece.tail === undefined) return '';
  return next && /^[\p{L}\p{N}]/u.test(next.text) ? `(${piece.tail})` : piece.tail;
}

function gap(
  last: string,
  before: Piece | undefined,
  piece: Piece,
  tight: boolean,
  spaced: boolean,
  isLast: boolean,
) {
  if (!before || before.kind === 'space') return false;
  const wordy = isWordy(before) && (/^[\p{L}\p{N}√‖]/u.test(piece.text) || isWordy(piece));
  if (wordy || (isWordy(piece) && /[\p{L}\p{N}\p{M})\]}∞]/u.test(last))) return true;
  if (tight) return false;
  if (before.kind === 'relation') return piece.kind !== 'relation';
  if (piece.kind === 'relation' && !isLast && last !== ':') return true;
  return spaced && !/^[,;)\]]/.test(piece.text) && !/[([⟨⌈⌊]/.test(last);
}
