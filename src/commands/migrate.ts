// `paperround migrate`: bring the database to this version's schema, or move all data to another database.
import { hasStore, isOnServer, openStore } from '../app.ts';
import { PaperroundError } from '../errors.ts';
import { indexAll } from '../papers/search-index.ts';
import { DATABASE_URL, isDatabaseUrl } from '../setting.ts';
import { migrationsDone } from '../store/migrate.ts';
import { moveStore } from '../store/move.ts';
import type { Db } from '../store/schema.ts';
import type { Command, Context } from './context.ts';
import { counted, table } from './terminal.ts';

const command: Command<{ from?: string; to?: string }> = async (context, { from, to }) =>
  from === undefined && to === undefined ? upgrade(context) : move(context, from, to);
export default command;

/** Every command does so when it opens; this one says so. */
async function upgrade({ terminal, app }: Context): Promise<number> {
  const open = await app();
  const all = await migrationsDone(open.db);
  terminal.result({ applied: open.migrated, schema: all.at(-1) ?? null }, [
    open.migrated.length === 0
      ? `The schema is up to date (${all.at(-1)}).`
      : `Applied: ${open.migrated.join(', ')}.`,
  ]);
  return 0;
}

async function move(context: Context, from: string | undefined, to: string | undefined): Promise<number> {
  const { terminal, config, signal } = context;
  const { settings } = await config();
  const [source, target] = [
    { ...settings, databaseUrl: read('--from', from) ?? settings.databaseUrl },
    { ...settings, databaseUrl: read('--to', to) ?? settings.databaseUrl },
  ];
  if (source.databaseUrl === target.databaseUrl)
    throw new PaperroundError('usage', 'The database to move from is the one to move to', {
      hint: 'paperround migrate --from sqlite:data/paperround.db --to postgres://USER:PASSWORD@HOST/DATABASE',
    });
  if (!hasStore(source))
    throw new PaperroundError('usage', `There is no database at ${source.databaseUrl ?? settings.dataDir}`, {
      hint: 'Give the one that has the data by --from sqlite:PATH or --from postgres://….',
    });
  const progress = terminal.progress('moved');
  const moved = await moveStore(await opened(context, source), await opened(context, target), {
    index: indexAll,
    onProgress: progress.update,
    signal,
  }).finally(progress.end);
  const rows = moved.reduce((sum, one) => sum + one.rows, 0);
  terminal.result({ tables: moved, rows }, [
    ...table([
      ['table', 'rows', 'SHA-256 of its rows, in both'],
      ...moved.map(one => [one.table, String(one.rows), one.sum.slice(0, 16)]),
    ]),
    '',
    `Moved ${counted(rows, 'row')}; counts and sums are the same in both databases. The old one is as it was.`,
    isOnServer(target)
      ? 'Now set DATABASE_URL to the new one, and keep the data folder: data/secret signs the links in the mails.'
      : `Now set DATABASE_URL=${target.databaseUrl ?? `sqlite:${settings.dataDir}/paperround.db`}.`,
    'Run nothing on the old one any more: both would send.',
  ]);
  return 0;
}

function read(option: string, url: string | undefined): string | undefined {
  if (url === undefined || isDatabaseUrl(url)) return url;
  throw new PaperroundError('usage', `${option}: this is no database`, { hint: `Allowed: ${DATABASE_URL}.` });
}

/** A database with the schema of this program; closed when the command ends. */
async function opened({ closers }: Context, where: Parameters<typeof openStore>[0]): Promise<Db> {
  const { db } = await openStore(where);
  closers.push(() => db.destroy());
  return db;
}
