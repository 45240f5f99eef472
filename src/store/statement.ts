// Statements that run for every message: Kysely builds them once, and afterwards only their values change.
import { type AliasedRawBuilder, type Compilable, type CompiledQuery, type Kysely, sql } from 'kysely';
import { isPostgres } from './transact.ts';

/** Where a value goes. */
class Blank {
  readonly name: PropertyKey;
  constructor(name: PropertyKey) {
    this.name = name;
  }
}

/**
 * A statement with blanks. To build and compile one takes Kysely longer than SQLite takes to run it.
 *
 * What is the same every time is to stand in its text (`sql.lit`), and a limit is to be `+?`. SQLite plans a statement anew, which takes
 * longer than running it, whenever a value is bound on which the plan may depend (https://sqlite.org/c3ref/prepare.html): one
 * that is compared with what a partial index is for, one behind LIKE, a limit.
 * @param build is called once for each kind of database. Its blanks have the types of the values, so that Kysely checks
 *   them, and may only stand where a value may
 * @returns runs it with values, and gives its rows
 */
export function statement<S, V extends object, R>(
  build: (db: Kysely<S>, blanks: V) => Compilable<R>,
): (db: Kysely<S>, values: V) => Promise<R[]> {
  const blanks = new Proxy({}, { get: (_, name) => new Blank(name) }) as V;
  const compiled = new Map<boolean, CompiledQuery<R>>();
  return async (db, values) => {
    const query = compiled.get(isPostgres(db)) ?? build(db, blanks).compile();
    compiled.set(isPostgres(db), query);
    const parameters = query.parameters.map(one =>
      one instanceof Blank ? values[one.name as keyof V] : one,
    );
    return (await db.executeQuery<R>({ ...query, parameters })).rows;
  };
}

/** Of text in JSON PostgreSQL takes no NUL, and no half of a surrogate pair. */
const storable = (text: string) => text.toWellFormed().replaceAll('\0', '\ufffd');

/** Rows as one value of a statement, whose text is the same however many there are; `givenRows` reads them. */
export const asGiven = (rows: readonly object[]) =>
  JSON.stringify(rows, (_, value) => (typeof value === 'string' ? storable(value) : value));

/**
 * The rows of `asGiven` as a table named `given`.
 * @param columns the names and types of its columns
 */
export function givenRows<T extends Record<string, string | number>>(
  db: Pick<Kysely<unknown>, 'getExecutor'>,
  rows: string,
  columns: { [K in keyof T]: 'text' | 'integer' },
): AliasedRawBuilder<T, 'given'> {
  const names = Object.entries<string>(columns);
  if (isPostgres(db)) {
    const typed = sql.join(names.map(([name, type]) => sql`${sql.id(name)} ${sql.raw(type)}`));
    return sql<T>`jsonb_to_recordset(${rows}::jsonb)`.as<'given'>(sql`given(${typed})`);
  }
  const read = sql.join(names.map(([name]) => sql`value ->> ${sql.lit(name)} as ${sql.id(name)}`));
  return sql<T>`(select ${read} from json_each(${rows}))`.as('given');
}
