// The schema's history, forward only. A migration that has been released is never edited; add the next one.
import type { Kysely } from 'kysely';
import { firstLight } from './migrations/0001-first-light.ts';
import { sources } from './migrations/0002-sources.ts';
import { themes } from './migrations/0003-themes.ts';
import { bounces } from './migrations/0004-bounces.ts';
import { sending } from './migrations/0005-sending.ts';
import { pace } from './migrations/0006-pace.ts';
import { archive } from './migrations/0007-archive.ts';
import { door } from './migrations/0008-door.ts';
import { heartbeat } from './migrations/0009-heartbeat.ts';
import { desk } from './migrations/0011-desk.ts';

/** Every migration by name; the names sort in the order in which they run. */
export const MIGRATIONS: Record<string, (db: Kysely<unknown>) => Promise<void>> = {
  '0001-first-light': firstLight,
  '0002-sources': sources,
  '0003-themes': themes,
  '0004-bounces': bounces,
  '0005-sending': sending,
  '0006-pace': pace,
  '0007-archive': archive,
  '0008-door': door,
  '0009-heartbeat': heartbeat,
  '0011-desk': desk,
};
