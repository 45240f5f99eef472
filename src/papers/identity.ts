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
 * pasted page) belongs to one work that has its title. Two arXiv ids are always two papers: where a shared DOI or title would
 * join them, the records without an arXiv id go to the smaller one. So are DOIs of one publisher: a column has the same
 * title and author each month.
 * @returns the records of each work by its PaperId: the arXiv id, else the smallest DOI, else the smallest print. The
 *   result depends on the set of records, never on their order.
 */
export function groupWorks<R extends Identified>(records: readonly R[]): Map<string, R[]> {
  const works = new Map<string, R[]>();
  for (const component of componentsOf(records)) {
    const rest = smallestId(component);
    const apart = rest.startsWith('doi:') && areOfOnePublisher(component) ? /^doi:/ : /^arxiv:/;
    for (const record of component) {
      const id = apart.test(record.ownId) ? record.ownId : rest;
      const work = works.get(id);
      if (work) work.push(record);
      else works.set(id, [record]);
    }
  }
  return works;
}

/** Whether two DOIs among the ids have the same registrant (the part before the slash). */
function areOfOnePublisher(component: readonly Identified[]): boolean {
  const dois = [...new Set(component.map(record => record.ownId).filter(id => id.startsWith('doi:')))];
  return new Set(dois.map(id => id.slice(0, id.indexOf('/')))).size < dois.length;
}

/** "arxiv:" sorts before "doi:" and "doi:" before "title:". */
function smallestId(component: readonly Identified[]): string {
  return component.map(record => record.ownId).reduce((a, b) => (b < a ? b : a));
}

/** What the records have in common joins them; then those without authors join one work with their title. */
function componentsOf<R extends Identified>(records: readonly R[]): R[][] {
  const sets = disjointSets(records.length);
  const holder = new Map<string, number>();
  for (const [index, { keys }] of records.entries()) {
    for (const key of keys) {
      if (key.startsWith('by:')) continue;
      const other = holder.get(key);
      if (other === undefined) holder.set(key, index);
      else sets.join(index, other);
    }
  }
  for (const [index, other] of titleLinks(records, sets.rootOf)) sets.join(index, other);
  const components = new Map<number, R[]>();
  for (const [index, record] of records.entries()) {
    const component = components.get(sets.rootOf(index));
    if (component) component.push(record);
    else components.set(sets.rootOf(index), [record]);
  }
  return [...components.values()];
}

/**
 * Which work a work without authors belongs to: of those with its title the one with the smallest id. To only one, so
 * that it does not make one work of two that have a title in common.
 */
function titleLinks(records: readonly Identified[], rootOf: (index: number) => number): [number, number][] {
  const smallest = new Map<number, string>();
  for (const [index, { ownId }] of records.entries()) {
    const root = rootOf(index);
    const id = smallest.get(root);
    if (id === undefined || ownId < id) smallest.set(root, ownId);
  }
  const titled = new Map<string, number>();
  const unsigned: { root: number; key: string }[] = [];
  for (const [index, { keys }] of records.entries()) {
    const root = rootOf(index);
    for (const key of keys) {
      if (key.startsWith('un:')) unsigned.push({ root, key });
      if (!key.startsWith('by:')) continue;
      const other = titled.get(key);
      if (other === undefined || (smallest.get(root) as string) < (smallest.get(other) as string))
        titled.set(key, root);
    }
  }
  const target = new Map<number, number>();
  for (const { root, key } of unsigned) {
    const found = titled.get(counterpart(key));
    const before = target.get(root);
    if (found === undefined || found === root) continue;
    if (before === undefined || (smallest.get(found) as string) < (smallest.get(before) as string))
      target.set(root, found);
  }
  return [...target];
}

function disjointSets(count: number) {
  const parent = Array.from({ length: count }, (_, index) => index);
  const rootOf = (index: number): number => {
    let at = index;
    while (parent[at] !== at) {
      // Halving the path keeps a chain of a hundred thousand short.
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  };
  const join = (a: number, b: number) => {
    parent[rootOf(a)] = rootOf(b);
  };
  return { rootOf, join };
}

/** The key under which the records stand that `key` joins: titles with authors join titles without, not each other. */
export function counterpart(key: string): string {
  if (key.startsWith('by:')) return `un:${key.slice(3)}`;
  return key.startsWith('un:') ? `by:${key.slice(3)}` : key;
}
