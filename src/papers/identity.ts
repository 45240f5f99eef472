// One identity: which of all that sources said is about the same work, whatever the order in which they said it.

/** What `groupWorks` needs to know of a record: the PaperId that it has by itself, and its keys (`identify`). */
export interface Identified {
  ownId: string;
  keys: readonly string[];
}

/**
 * Puts records of one work together.
 *
 * Records that share an arXiv id, a DOI, or a print of title and first author are one work. A record without authors (a
 * pasted page) belongs to whoever has its title. Two arXiv ids are always two papers: where a shared DOI or title would
 * join them, the records without an arXiv id go to the smaller one.
 * @returns the records of each work by its PaperId: the arXiv id, else the smallest DOI, else the smallest print. The
 *   result depends on the set of records, never on their order.
 */
export function groupWorks<R extends Identified>(records: readonly R[]): Map<string, R[]> {
  const works = new Map<string, R[]>();
  for (const component of componentsOf(records)) {
    const rest = smallestId(component);
    for (const record of component) {
      const id = record.ownId.startsWith('arxiv:') ? record.ownId : rest;
      const work = works.get(id);
      if (work) work.push(record);
      else works.set(id, [record]);
    }
  }
  return works;
}

/** "arxiv:" sorts before "doi:" and "doi:" before "title:". */
function smallestId(component: readonly Identified[]): string {
  return component.map(record => record.ownId).reduce((a, b) => (b < a ? b : a));
}

/** Union-find over what the records have in common. */
function componentsOf<R extends Identified>(records: readonly R[]): R[][] {
  const parent = records.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] as number;
    parent[index] = root;
    return root;
  };
  const holder = new Map<string, number>();
  const join = (index: number, key: string) => {
    const other = holder.get(key);
    if (other === undefined) holder.set(key, index);
    else parent[rootOf(index)] = rootOf(other);
  };
  const unsigned = new Set(records.flatMap(({ keys }) => keys.filter(key => key.startsWith('un:'))));
  for (const [index, { keys }] of records.entries()) {
    for (const key of keys) {
      if (!key.startsWith('by:')) join(index, key);
      else if (unsigned.has(counterpart(key))) join(index, counterpart(key));
    }
  }
  const components = new Map<number, R[]>();
  for (const [index, record] of records.entries()) {
    const component = components.get(rootOf(index));
    if (component) component.push(record);
    else components.set(rootOf(index), [record]);
  }
  return [...components.values()];
}

/** The key under which the records stand that `key` joins: titles with authors join titles without, not each other. */
export function counterpart(key: string): string {
  if (key.startsWith('by:')) return `un:${key.slice(3)}`;
  return key.startsWith('un:') ? `by:${key.slice(3)}` : key;
}
