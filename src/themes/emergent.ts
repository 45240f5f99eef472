// The groups that a day's papers form of themselves, for days on which nearly all of them are about one subject.

/** What is compared of a paper: a unit vector of its subject, the weights of its terms, and how near each theme is. */
export interface Likeness {
  vector: Float32Array;
  terms: ReadonlyMap<string, number>;
  /** Scores on any scale; none where nobody knows. */
  ranking: readonly { theme: string; score: number }[];
}

/** How far each counts. Cosines of terms are about a third of those of subjects. Found by trying: docs/quality.md. */
const SUBJECT = 0.6;
const TERMS = 0.4 * 3;
const THEMES = 0.3;
/** One group for so many papers. */
const PAPERS_A_GROUP = 6;
/** A paper that stands alone joins its nearest group where it is at least so near, in parts of the group's own nearness. */
const NEAR_ENOUGH = 0.5;

/**
 * Groups papers by average linkage (UPGMA) until there are about n/6 groups; papers that stand alone then join the
 * group that they are nearest to, where they are near. Groups hold places in `papers`, in ascending order; who is in
 * no group stands alone in one. At most about 2,000 papers: memory grows with their square.
 */
export function emergentGroups(papers: readonly Likeness[]): number[][] {
  if (papers.length === 0) return [];
  const alike = similarities(papers);
  const groups = link(alike, papers.length, Math.max(1, Math.round(papers.length / PAPERS_A_GROUP)));
  return absorbSingles(groups, alike, papers.length);
}

/** Similarity of each two papers, row by row: what they have in common beyond what the whole day has. */
function similarities(papers: readonly Likeness[]): Float32Array {
  const n = papers.length;
  const vectors = centred(papers.map(({ vector }) => vector));
  const opinions = papers.map(({ ranking }) => opinion(ranking));
  const alike = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      alike[i * n + j] =
        SUBJECT * dot(vectors[i], vectors[j]) + THEMES * sharedWeight(opinions[i], opinions[j]);
    }
  }
  addSharedTerms(alike, papers);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) alike[j * n + i] = alike[i * n + j] as number;
  }
  return alike;
}

/** Unit vectors from the day's mean: on a day about one subject all vectors point the same way, which says nothing. */
function centred(vectors: readonly Float32Array[]): Float32Array[] {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [d, x] of vector.entries()) mean[d] = (mean[d] as number) + x;
  return vectors.map(vector => {
    const from = vector.map((x, d) => x - (mean[d] as number) / vectors.length);
    const length = Math.sqrt(dot(from, from));
    return length === 0 ? from : from.map(x => x / length);
  });
}

function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let sum = 0;
  if (a === undefined || b === undefined) return 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] as number) * (b[d] as number);
  return sum;
}

/** A unit vector of themes in which the nearest outweigh the others, whatever the scale of the scores. */
function opinion(ranking: Likeness['ranking']): Map<string, number> {
  const n = ranking.length;
  const mean = ranking.reduce((sum, { score }) => sum + score, 0) / n;
  const spread = Math.sqrt(ranking.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) / n);
  if (!(spread > 0)) return new Map();
  const weights = ranking.map(({ score }) => Math.exp((score - mean) / spread));
  const length = Math.hypot(...weights);
  return new Map(ranking.map(({ theme }, place) => [theme, (weights[place] as number) / length]));
}

function sharedWeight(a: Map<string, number> | undefined, b: Map<string, number> | undefined): number {
  let sum = 0;
  for (const [theme, weight] of a ?? []) sum += weight * (b?.get(theme) ?? 0);
  return sum;
}

/** Adds the cosine of the terms, term by term, so that only papers that share one are looked at. */
function addSharedTerms(alike: Float32Array, papers: readonly Likeness[]): void {
  const having = new Map<string, { paper: number; weight: number }[]>();
  for (const [paper, { terms }] of papers.entries()) {
    const length = Math.sqrt([...terms.values()].reduce((sum, w) => sum + w * w, 0));
    for (const [term, weight] of terms) {
      having.getOrInsertComputed(term, () => []).push({ paper, weight: weight / length });
    }
  }
  for (const papersOfTerm of having.values()) {
    for (const [place, { paper, weight }] of papersOfTerm.entries()) {
      for (let next = place + 1; next < papersOfTerm.length; next++) {
        const other = papersOfTerm[next] as { paper: number; weight: number };
        const at = paper * papers.length + other.paper;
        alike[at] = (alike[at] as number) + TERMS * weight * other.weight;
      }
    }
  }
}

/** Average linkage: the two groups that are most alike on average become one, until `k` are left. */
function link(alike: Float32Array, n: number, k: number): number[][] {
  const between = alike.slice();
  const groups = new Map(Array.from({ length: n }, (_, i) => [i, [i]]));
  const nearest = new Map<number, number>();
  const near = (a: number, b: number) => between[a * n + b] as number;
  const look = (a: number) => {
    let best = -1;
    for (const b of groups.keys()) if (b !== a && (best < 0 || near(a, b) > near(a, best))) best = b;
    nearest.set(a, best);
  };
  for (const a of groups.keys()) look(a);
  while (groups.size > k) {
    let a = -1;
    for (const [c, d] of nearest) if (a < 0 || near(c, d) > near(a, nearest.get(a) as number)) a = c;
    const b = nearest.get(a) as number;
    const [ofA, ofB] = [groups.get(a) as number[], groups.get(b) as number[]];
    groups.delete(b);
    nearest.delete(b);
    for (const c of groups.keys()) {
      const mean = (near(a, c) * ofA.length + near(b, c) * ofB.length) / (ofA.length + ofB.length);
      between[a * n + c] = between[c * n + a] = mean;
    }
    groups.set(a, [...ofA, ...ofB]);
    for (const [c, d] of nearest) if (c === a || d === a || d === b) look(c);
  }
  return [...groups.values()].map(group => group.sort((x, y) => x - y));
}

function absorbSingles(groups: number[][], alike: Float32Array, n: number): number[][] {
  const real = groups.filter(group => group.length > 1);
  const alone = groups.filter(group => group.length === 1).flat();
  const nearness = (paper: number, group: readonly number[]) => {
    const others = group.filter(other => other !== paper);
    return others.reduce((sum, other) => sum + (alike[paper * n + other] as number), 0) / others.length;
  };
  const own = real.map(group => group.reduce((sum, paper) => sum + nearness(paper, group), 0) / group.length);
  const joins = alone.map(paper => {
    const to = real.map((group, index) => nearness(paper, group) / (own[index] as number));
    const best = to.indexOf(Math.max(...to));
    return best >= 0 && (to[best] as number) >= NEAR_ENOUGH ? best : -1;
  });
  for (const [index, paper] of alone.entries()) {
    const to = real[joins[index] as number];
    if (to === undefined) real.push([paper]);
    else if ((joins[index] as number) < own.length) to.push(paper);
  }
  return real.map(group => group.sort((x, y) => x - y));
}
