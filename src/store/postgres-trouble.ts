// What PostgreSQL and its client say when something is wrong: what may be tried again, and the rest in plain words.
import { PaperroundError, reasonOf } from '../errors.ts';

/**
 * `conflict`: two transactions were in each other's way, and one was undone. `lost`: the connection broke. `unreachable`:
 * there was none, and none could be made.
 */
export type Trouble = 'conflict' | 'lost' | 'unreachable';

/** What an error says of the connection, also where another error was made of it; null: something else. */
export function troubleOf(error: unknown): Trouble | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    const trouble = troubleIn(at);
    if (trouble !== null) return trouble;
  }
  return null;
}

/** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), or a code of the operating system. */
export const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

const CONFLICTS = ['40001', '40P01'];

/** Shut down, crashed, dropped, or ended because it did nothing in a transaction for too long; and what sockets say. */
const LOST = ['57P01', '57P02', '57P04', '57P05', '25P03', '25P04', '08003', '08006', 'ECONNRESET', 'EPIPE'];

/** The server starts or stops, has no room, or nobody answers. */
const UNREACHABLE = ['57P03', '53300', '08001', '08004'].concat([
  'ECONNREFUSED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function troubleIn(error: Error): Trouble | null {
  const code = codeOf(error);
  if (CONFLICTS.includes(code)) return 'conflict';
  if (LOST.includes(code)) return 'lost';
  if (UNREACHABLE.includes(code)) return 'unreachable';
  // The client's own words, which have no code.
  if (/timeout exceeded when trying to connect|due to connection timeout/.test(error.message))
    return 'unreachable';
  return /^Connection terminated|connection error and is not queryable|^Postgres connection has been discarded/.test(
    error.message,
  )
    ? 'lost'
    : null;
}

/** What is said of an error, and what to do about it. `where`: the server and the database, without a password. */
type Words = (where: string) => { message: string; hint: string };

const BY_CODE: Record<string, Words> = {
  '28P01': where => ({
    message: `The database ${where} does not accept the user name or the password`,
    hint: 'Set both in DATABASE_URL: postgres://USER:PASSWORD@HOST/DATABASE (percent-encode @ : / in them).',
  }),
  '28000': where => ({
    message: `The database ${where} does not let this user in`,
    hint: 'Ask for a line in its pg_hba.conf; where that wants an encrypted connection, add ?sslmode=verify-full.',
  }),
  '3D000': where => ({
    message: `There is no database ${where}`,
    hint: "Make it: create database paperround encoding 'UTF8' template template0. Paperround makes its tables.",
  }),
  '42501': where => ({
    message: `The user may not do this in the database ${where}`,
    hint: 'Make the user the owner of the database: alter database NAME owner to USER.',
  }),
  '53300': where => ({
    message: `The database ${where} has no room for another connection`,
    hint: 'Run fewer processes, or raise its max_connections: each process of Paperround takes up to ten, and one of serve up to 14.',
  }),
  '53100': where => ({
    message: `The disk of the database ${where} is full`,
    hint: 'Make room on the database server; nothing that was stored is lost.',
  }),
  '25006': where => ({
    message: `The database ${where} is read-only`,
    hint: 'Name the primary server in DATABASE_URL, not a standby.',
  }),
  ENOTFOUND: where => ({
    message: `The host of the database ${where} is not known`,
    hint: 'Look for a mistake in the host name of DATABASE_URL.',
  }),
};

/**
 * An error of the database in words for people, or the error itself where it speaks of a statement: that is a defect of
 * Paperround, or a conflict for those who try again.
 */
export function inWords(error: unknown, where: string): unknown {
  if (error instanceof PaperroundError) return error;
  const known = BY_CODE[codeOf(error)]?.(where);
  if (known !== undefined) {
    const why = error instanceof Error ? `: ${reasonOf(error)}` : '';
    return new PaperroundError('storage', `${known.message}${why}`, { hint: known.hint, cause: error });
  }
  const trouble = troubleOf(error);
  if (trouble === 'unreachable') return unreachable(error, where);
  if (trouble === 'lost')
    return new PaperroundError(
      'storage',
      `The connection to the database ${where} was lost: ${said(error)}`,
      {
        hint: 'Run the command again when the database is back.',
        cause: error,
      },
    );
  return error;
}

const unreachable = (error: unknown, where: string) =>
  new PaperroundError('storage', `The database ${where} cannot be reached: ${said(error)}`, {
    hint: 'Is the server up, and are host and port of DATABASE_URL right? Does a firewall let this machine through?',
    cause: error,
  });

/** Node tells of several addresses that were tried in an error without a message of its own. */
function said(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return reasonOf(first);
}
