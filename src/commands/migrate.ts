// `paperround migrate`: bring the database to this version's schema. Every command does so when it opens; this one says so.
import { migrationsDone } from '../store/migrate.ts';
import type { Command } from './context.ts';

const migrate: Command = async ({ terminal, app }) => {
  const open = await app();
  const all = await migrationsDone(open.db);
  terminal.result({ applied: open.migrated, schema: all.at(-1) ?? null }, [
    open.migrated.length === 0
      ? `The schema is up to date (${all.at(-1)}).`
      : `Applied: ${open.migrated.join(', ')}.`,
  ]);
  return 0;
};
export default migrate;
