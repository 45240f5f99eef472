// The doctor looks at the machine: the data folder, the disk, the clock, the database and the templates.
import { existsSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { type App, databasePath, isOnServer } from '../app.ts';
import type { Settings } from '../config.ts';
import { problemWords } from '../delivery/inspect.ts';
import type { Desk } from '../delivery/write.ts';
import { broken, checkTemplates } from '../digests/preflight.ts';
import { PaperroundError, reasonOf } from '../errors.ts';
import { bytesInWords, makePrivateFolder } from '../folder.ts';
import { migrationsDone } from '../store/migrate.ts';
import { instantText } from '../store/schema.ts';
import { type Finding, failure, good, warning } from './finding.ts';

/** What an error says, as a finding: its hint is the fix. */
export function failureOf(
  check: string,
  error: unknown,
  fix = 'Mend what it names, and look again.',
): Finding {
  const { hint, details = [] } = error instanceof PaperroundError ? error : { hint: undefined };
  return failure(check, [reasonOf(error), ...details].join('; '), hint ?? fix);
}

/** The data folder can be written, nobody else can read the readers' addresses or its secret, and there is room on its disk. */
export function lookAtFolder(settings: Settings): Finding[] {
  const { dataDir } = settings;
  try {
    makePrivateFolder(dataDir);
    const probe = join(dataDir, '.doctor');
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    const said = `${dataDir} cannot be written: ${reasonOf(error)}`;
    return [failure('folder', said, 'Give a folder that this user may write to, by DATA_DIR.')];
  }
  return [
    good('folder', `${dataDir} can be written`),
    ...lookAtReaders(settings),
    ...lookAtSecret(settings),
    ...lookAtDisk(settings),
  ];
}

/** Others may read the readers' addresses where both the database's file and its folder let them. */
function lookAtReaders(settings: Settings): Finding[] {
  const path = databasePath(settings);
  if (isOnServer(settings) || !existsSync(path)) return [];
  const folder = dirname(path);
  const isOpen = (statSync(path).mode & 0o004) !== 0 && (statSync(folder).mode & 0o001) !== 0;
  return isOpen
    ? [
        warning(
          'readers',
          `${path} may be read by everybody on this machine`,
          `The readers’ addresses are in it: chmod 700 ${folder}`,
        ),
      ]
    : [good('readers', `${path} is closed to others`)];
}

function lookAtSecret({ dataDir, secret }: Settings): Finding[] {
  const path = join(dataDir, 'secret');
  if (secret !== undefined || !existsSync(path)) return [];
  const { mode } = statSync(path);
  return (mode & 0o077) === 0
    ? [good('secret', `${path} is readable to this user alone`)]
    : [
        warning(
          'secret',
          `${path} may be read by others`,
          `Whoever has it can sign the readers’ links: chmod 600 ${path}`,
        ),
      ];
}

const GB = 1e9;

function lookAtDisk(settings: Settings): Finding[] {
  const { bavail, bsize } = statfsSync(settings.dataDir);
  const free = bavail * bsize;
  const path = databasePath(settings);
  const size = isOnServer(settings) || !existsSync(path) ? 0 : statSync(path).size;
  const said = `${bytesInWords(free)} free${size > 0 ? `; the database has ${bytesInWords(size)}` : ''}`;
  if (free < 0.1 * GB)
    return [
      failure('disk', said, 'Make room: receipts cannot be written to a full disk, so nothing is sent.'),
    ];
  // A backup beside it, and what a migration writes anew.
  return free < Math.max(GB, 2 * size)
    ? [
        warning(
          'disk',
          said,
          'Make room for a backup and for the next weeks, or set KEEP_…_DAYS and run: paperround prune',
        ),
      ]
    : [good('disk', said)];
}

/** The database is sound and up to date. */
export async function lookAtDatabase({ db, settings, migrated }: App): Promise<Finding[]> {
  const name = isOnServer(settings) ? 'PostgreSQL' : databasePath(settings);
  const schema = (await migrationsDone(db)).at(-1);
  if (isOnServer(settings)) return [good('database', `${name} answers; schema ${schema}`)];
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(3)`.execute(db);
  const broken = await sql`pragma foreign_key_check`.execute(db);
  if (rows[0]?.integrity_check !== 'ok' || broken.rows.length > 0) {
    const said =
      rows[0]?.integrity_check === 'ok' ? 'rows refer to rows that are gone' : rows[0]?.integrity_check;
    return [
      failure(
        'database',
        `${name} is damaged: ${said}`,
        'Stop what uses it, and restore your last backup: paperround restore FILE',
      ),
    ];
  }
  const now = migrated.length === 0 ? '' : ', brought up to date a moment ago';
  return [good('database', `${name} is sound; schema ${schema}${now}`)];
}

const MOST_SKEW_SECONDS = 60;

/**
 * The clock agrees with those that can be asked without leaving the house: the database server's, that of the disk (a
 * network drive has its own), and what is stored, of which nothing is from a time to come.
 */
export async function lookAtClock({ db, clock, settings }: App): Promise<Finding[]> {
  const others: [string, number][] = [['the disk', timeOfDisk(settings.dataDir)]];
  if (isOnServer(settings)) {
    const { rows } = await sql<{
      ms: number;
    }>`select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(db);
    others.push(['the database server', Number(rows[0]?.ms)]);
  }
  const now = clock().epochMilliseconds;
  for (const [whose, ms] of others) {
    const seconds = Math.round((ms - now) / 1000);
    if (Math.abs(seconds) > MOST_SKEW_SECONDS)
      return [
        failure(
          'clock',
          `this machine’s clock and that of ${whose} are ${Math.abs(seconds)} seconds apart`,
          'Let both be set by NTP (systemd-timesyncd, chrony): digests go out by the clock.',
        ),
      ];
  }
  const latest = await db
    .selectFrom('collection')
    .select(({ fn }) => fn.max('at').as('at'))
    .executeTakeFirst();
  if (latest?.at != null && latest.at > instantText(clock().add({ seconds: MOST_SKEW_SECONDS })))
    return [
      failure(
        'clock',
        `a source was asked at ${latest.at}, and now it is ${instantText(clock())}`,
        'The clock was wrong then or is wrong now: set it by NTP (systemd-timesyncd, chrony).',
      ),
    ];
  return [
    good(
      'clock',
      `${instantText(clock())}, as ${others.map(([whose]) => whose).join(' and ')} ${others.length === 1 ? 'says' : 'say'} too`,
    ),
  ];
}

function timeOfDisk(folder: string): number {
  const probe = join(folder, '.doctor');
  writeFileSync(probe, 'what time is it?');
  const { mtimeMs } = statSync(probe);
  rmSync(probe);
  return mtimeMs;
}

/** The templates compile, and keep what preflight asks of any mail. */
export async function lookAtDesk(
  open: () => Promise<Desk>,
): Promise<{ desk: Desk | null; findings: Finding[] }> {
  try {
    const desk = await open();
    const checks = checkTemplates(desk.templates, desk.masthead);
    const wrong = (['failure', 'warning'] as const).flatMap(level =>
      broken(checks, level).map(({ name, detail, where, hint }) => {
        const said = problemWords({ check: name, detail, where });
        return {
          check: 'templates',
          level,
          said,
          fix: hint ?? 'paperround preview shows it; mend the template.',
        };
      }),
    );
    return {
      desk,
      findings: wrong.length > 0 ? wrong : [good('templates', 'they compile, and keep what mails must')],
    };
  } catch (error) {
    return { desk: null, findings: [failureOf('templates', error)] };
  }
}
