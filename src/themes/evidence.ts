// Why a paper stands where it stands: what chose its theme and what put it into its section. Kept with the edition.

/** Who chose a paper's theme: the words of the model, the model together with an embedder, or a person. */
export type ChosenBy = 'model' | 'embedder' | 'person';

/**
 * What put a paper into its section: it is that of its own theme; its own theme held nothing else, so that it went to
 * its second; what the papers of the section have in common; or nothing, so that it came under "Also today".
 */
export type PlacedBy = 'theme' | 'second' | 'likeness' | 'rest';

/** Numbers are in units of the spread between themes, to two decimals; null where nobody counted. */
export interface Evidence {
  theme: string | null;
  /** The likeliest of the other themes, however far behind; where a person chose, the model's, if it is another one. */
  second: string | null;
  score: number | null;
  /** How far `second` is behind; null where the theme was not chosen by numbers. */
  margin: number | null;
  /** The phrases that spoke for the theme, the strongest first: at most five. */
  matched: string[];
  by: ChosenBy;
  placed: PlacedBy;
}

/** What a model or a person says of one paper's theme. */
interface Said {
  theme: string | null;
  second?: string | null;
  score?: number;
  margin?: number;
  matched?: readonly string[];
  ranking?: readonly { theme: string; score: number }[];
  by?: ChosenBy;
}

const MOST_PHRASES = 5;

/** The part of what was said that is worth keeping: about 150 bytes. */
export function evidenceOf({ theme, ranking = [], by = 'model', ...said }: Said, placed: PlacedBy): Evidence {
  const counted = by !== 'person';
  const others = (counted ? ranking : ranking.slice(0, 1)).filter(other => other.theme !== theme);
  return {
    theme,
    second: said.second ?? others[0]?.theme ?? null,
    score: counted ? twoDecimals(said.score) : null,
    margin: counted && theme !== null ? twoDecimals(said.margin) : null,
    matched: theme === null ? [] : (said.matched ?? []).slice(0, MOST_PHRASES),
    by,
    placed,
  };
}

const twoDecimals = (value: number | undefined) =>
  value === undefined || !Number.isFinite(value) ? null : Math.round(value * 100) / 100;
