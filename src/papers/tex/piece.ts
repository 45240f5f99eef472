// A finished piece of text, and how it behaves towards its neighbours.

/** How a piece of a formula behaves towards its neighbours when the formula is set in one line. */
export type Kind = 'plain' | 'relation' | 'binary' | 'function' | 'fraction' | 'space' | 'item' | 'dropped';

/** A finished piece of text; `tail` is a script still waiting to learn whether it needs brackets. */
export interface Piece {
  text: string;
  kind: Kind;
  tail?: string;
}

/** A piece that needs nothing of its neighbours, or one of the given kind. */
export function plain(text: string, kind: Piece['kind'] = 'plain'): Piece {
  return { text, kind };
}
