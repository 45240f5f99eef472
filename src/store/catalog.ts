// What a database says of its own tables: their columns, the keys by which their rows are ordered, and what refers to what.
import { sql } from 'kysely';
import { type Db, isPostgres } from './schema.ts';

/** A table as its database describes it. */
export interface Described {
  name: string;
  /** In the order of their names. */
  columns: string[];
  /** The columns of its primary key, by which its rows have one order; text has the order of its bytes. */
  key: { name: string; isText: boolean }[];
}

interface Column {
  table: string;
  name: string;
  /** The place in the primary key, from 1; 0: not in it. */
  key: number;
  /** Whether the database has an order of its own for it, by language. */
  is_text: boolean | number;
}

/** An index of words is no table here: it is a virtual one, with shadows, on SQLite, and has the type tsvector on PostgreSQL. */
const columnsOnSqlite = sql<Column>`
  select t.name as "table", c.name as name, c.pk as key, 0 as is_text from pragma_table_list t, pragma_table_info(t.name) c
  where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\'`;

const columnsOnPostgres = sql<Column>`
  select t.relname as "table", a.attname as name, coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) as key,
    a.attcollation <> 0 as is_text
  from pg_class t
  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  left join pg_index i on i.indrelid = t.oid and i.indisprimary
  where t.relkind = 'r' and t.relnamespace = current_schema()::regnamespace and not exists (
    select from pg_attribute w where w.attrelid = t.oid and w.atttypid = 'tsvector'::regtype)`;

/** Every table but the schema's own history and indexes of words, each after those that its rows refer to. */
export async function tablesOf(db: Db): Promise<Described[]> {
  const { rows } = await (isPostgres(db) ? columnsOnPostgres : columnsOnSqlite).execute(db);
  const named = Map.groupBy(
    rows.filter(({ table }) => table !== 'migration'),
    ({ table }) => table,
  );
  const tables = new Map(
    [...named].map(([name, columns]) => {
      const key = columns.filter(column => column.key > 0).sort((a, b) => a.key - b.key);
      return [
        name,
        {
          name,
          columns: columns.map(c => c.name).sort(),
          key: key.map(c => ({ name: c.name, isText: Boolean(c.is_text) })),
        },
      ];
    }),
  );
  return inOrder(tables, await referencesOf(db));
}

interface Reference {
  from: string;
  to: string;
}

async function referencesOf(db: Db): Promise<Reference[]> {
  const query = isPostgres(db)
    ? sql<Reference>`
        select f.relname as "from", t.relname as "to" from pg_constraint c
        join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
        where c.contype = 'f' and c.connamespace = current_schema()::regnamespace`
    : sql<Reference>`
        select m.name as "from", f."table" as "to" from sqlite_master m, pragma_foreign_key_list(m.name) f
        where m.type = 'table'`;
  return (await query.execute(db)).rows.sort((a, b) => (a.to < b.to ? -1 : 1));
}

function inOrder(tables: ReadonlyMap<string, Described>, references: readonly Reference[]): Described[] {
  const ordered = new Set<Described>();
  const add = (table: Described) => {
    if (ordered.has(table)) return;
    for (const { from, to } of references) {
      const other = tables.get(to);
      if (from === table.name && other !== undefined && other !== table) add(other);
    }
    ordered.add(table);
  };
  for (const name of [...tables.keys()].sort()) add(tables.get(name) as Described);
  return [...ordered];
}
