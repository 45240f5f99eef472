// The theme models of an installation: which is in use, which are kept, which were refused, and whose turn it is to fit.
import { createHash } from 'node:crypto';
import { PaperroundError } from '../errors.ts';
import {
  type Clock,
  type Db,
  type Instant,
  instantText,
  type ThemeModelTable,
  transact,
} from '../store/schema.ts';
import { openModel } from './model/model.ts';
import { Figures } from './self-check.ts';
import { defaultTaxonomy, type Theme } from './taxonomy.ts';

/** One model of this installation, or the attempt at one. */
export interface StoredThemeModel {
  version: number;
  madeAt: Instant;
  /** The fingerprint of the themes for which it was fitted. */
  taxonomy: string;
  /** How many papers it learnt from. */
  papers: number;
  figures: Figures | null;
  /** Figures are there, but damaged or of a release that wrote them otherwise. */
  figuresUnreadable: boolean;
  state: ThemeModelTable['state'];
  /** Why it was fitted, or why it was refused. */
  reason: string | null;
  /** Whether its bytes are still there, so that it can be used. */
  stored: boolean;
}

/** The bytes of so many versions are kept that were in use; and of one that was refused, for who wants it all the same. */
const KEPT = { used: 3, refused: 1 } as const;

/** Known again whatever the order of themes and keywords; any other change makes another one. */
export function fingerprintOf(themes: readonly Theme[]): string {
  const parts = themes.map(({ slug, name, description, keywords }) =>
    JSON.stringify([slug, name, description, [...keywords].sort()]),
  );
  return createHash('sha256').update(parts.sort().join('\n')).digest('hex').slice(0, 16);
}

/**
 * Whether a stored model serves these themes. A model serves new themes too, until one is fitted to them; but what ships
 * was taught the themes that ship, and knows them better than a model that was fitted for others.
 */
export function serves({ taxonomy }: { taxonomy: string }, themes: readonly Theme[]): boolean {
  const asked = fingerprintOf(themes);
  return asked === taxonomy || asked !== fingerprintOf(defaultTaxonomy());
}

/** All versions, the newest first. */
export async function readModels(db: Db): Promise<StoredThemeModel[]> {
  const rows = await db
    .selectFrom('theme_model')
    .select(['version', 'made_at', 'taxonomy', 'papers', 'figures', 'state', 'reason'])
    .select(({ eb }) => eb('bytes', 'is not', null).as('stored'))
    .orderBy('version', 'desc')
    .execute();
  return rows.map(({ made_at: madeAt, figures, stored, ...row }) => ({
    ...row,
    madeAt,
    ...figuresOf(figures),
    stored: Boolean(stored),
  }));
}

/** Figures only inform: damaged ones must not keep anybody from the models. */
function figuresOf(text: string | null): Pick<StoredThemeModel, 'figures' | 'figuresUnreadable'> {
  if (text === null) return { figures: null, figuresUnreadable: false };
  let figures: Figures | null = null;
  try {
    figures = Figures.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // No JSON: unreadable, like figures of another shape.
  }
  return { figures, figuresUnreadable: figures === null };
}

/** An attempt of which no model came: the fit failed, or the papers teach no more than the model that ships knows. */
export const madeNothing = ({ state, figures, figuresUnreadable }: StoredThemeModel) =>
  state === 'refused' && figures === null && !figuresUnreadable;

/** The model in use with its bytes; undefined: the one that ships. */
export async function readInUse(
  db: Db,
): Promise<{ version: number; taxonomy: string; bytes: Uint8Array } | undefined> {
  const row = await db
    .selectFrom('theme_model')
    .select(['version', 'taxonomy', 'bytes'])
    .where('state', '=', 'in-use')
    .executeTakeFirst();
  // A row without bytes, which nothing here writes, is read as a damaged model.
  return row && { ...row, bytes: row.bytes ?? new Uint8Array() };
}

export interface NewModel {
  themes: readonly Theme[];
  papers: number;
  /** Null: no model came of it, `reason` says why. */
  made: { bytes: Uint8Array; figures: Figures } | null;
  reason: string;
  isTaken: boolean;
  /** The version in use with which it was compared; undefined: the one that ships. */
  comparedWith: number | undefined;
}

const OVERTAKEN = 'another model was taken into use while it was being fitted';

/** Keeps a new model, takes it into use where it passed, and lets go of the bytes of old ones. @returns its row */
export async function storeModel(db: Db, model: NewModel, clock: Clock): Promise<StoredThemeModel> {
  await transact(db, async tx => {
    const versions = await tx
      .selectFrom('theme_model')
      .select(['version', 'state'])
      .orderBy('version')
      .execute();
    const inUse = versions.find(({ state }) => state === 'in-use')?.version;
    const isTaken = model.isTaken && inUse === model.comparedWith;
    if (isTaken) await setAside(tx);
    await tx
      .insertInto('theme_model')
      .values({
        version: (versions.at(-1)?.version ?? 0) + 1,
        made_at: instantText(clock()),
        taxonomy: fingerprintOf(model.themes),
        papers: model.papers,
        figures: model.made && JSON.stringify(model.made.figures),
        state: isTaken ? 'in-use' : 'refused',
        reason: isTaken || !model.isTaken ? model.reason : OVERTAKEN,
        bytes: model.made?.bytes ?? null,
      })
      .execute();
    await letGo(tx);
  });
  return (await readModels(db))[0] as StoredThemeModel;
}

async function setAside(tx: Db): Promise<void> {
  await tx.updateTable('theme_model').set({ state: 'kept' }).where('state', '=', 'in-use').execute();
}

async function letGo(tx: Db): Promise<void> {
  const rows = await tx
    .selectFrom('theme_model')
    .select(['version', 'state'])
    .where('bytes', 'is not', null)
    .orderBy('version', 'desc')
    .execute();
  const refused = rows.filter(({ state }) => state === 'refused').slice(0, KEPT.refused);
  const used = rows.filter(({ state }) => state !== 'refused').slice(0, KEPT.used);
  const kept = [...refused, ...used];
  await tx
    .updateTable('theme_model')
    .set({ bytes: null })
    .where('state', '<>', 'in-use')
    .where(
      'version',
      'not in',
      kept.map(({ version }) => version),
    )
    .execute();
}

/**
 * Takes a version into use by hand, whatever its self-check said; null: the one that ships.
 * @throws PaperroundError `usage` when there is no such version, its bytes are gone or it does not serve these themes;
 *   `storage` when its bytes are damaged
 */
export async function takeIntoUse(db: Db, version: number | null, themes: readonly Theme[]): Promise<void> {
  await transact(db, async tx => {
    if (version !== null) {
      const row = await tx
        .selectFrom('theme_model')
        .select(['bytes', 'taxonomy'])
        .where('version', '=', version)
        .executeTakeFirst();
      if (!row?.bytes) throw await noSuchVersion(tx, version, row !== undefined);
      if (!serves(row, themes)) throw forOthers(version);
      openModel(themes, row.bytes);
    }
    await setAside(tx);
    if (version !== null)
      await tx.updateTable('theme_model').set({ state: 'in-use' }).where('version', '=', version).execute();
  });
}

async function noSuchVersion(db: Db, version: number, isKnown: boolean): Promise<PaperroundError> {
  const there = (await readModels(db)).filter(({ stored }) => stored).map(model => String(model.version));
  const why = isKnown
    ? `Version ${version} of the themes is kept no longer`
    : `There is no version ${version} of the themes`;
  return new PaperroundError('usage', why, { hint: `There are: ${[...there, 'shipped'].join(', ')}.` });
}

function forOthers(version: number): PaperroundError {
  return new PaperroundError(
    'usage',
    `Version ${version} of the themes was fitted for other themes than those that ship, so it would not be asked`,
    {
      hint: 'Use it with the TAXONOMY for which it was fitted; for these themes: shipped, or paperround themes refit.',
    },
  );
}

const LANE = 'fit-themes';
/**
 * A process that is killed lets nobody know: its turn ends with its lease. A lease that ends later than any of now was
 * written by a clock that was wrong.
 */
const LEASE_MINUTES = 20;

/** Until when another process has the turn, if it does not end before; null where none has it. */
export async function turnTakenUntil(db: Db): Promise<Instant | null> {
  const row = await db.selectFrom('lane').select('held_until').where('name', '=', LANE).executeTakeFirst();
  return row?.held_until ?? null;
}

/** Does the work unless another process is at such work. @returns undefined where one is */
export async function inTurn<T>(db: Db, clock: Clock, work: () => Promise<T>): Promise<T | undefined> {
  const now = clock();
  const lease = instantText(now.add({ minutes: LEASE_MINUTES }));
  await db
    .insertInto('lane')
    .values({ name: LANE, free_at: instantText(now), held_until: null })
    .onConflict(on => on.column('name').doNothing())
    .execute();
  const { numUpdatedRows } = await db
    .updateTable('lane')
    .set({ held_until: lease })
    .where('name', '=', LANE)
    .where(row =>
      row.or([
        row('held_until', 'is', null),
        row('held_until', '<=', instantText(now)),
        row('held_until', '>', lease),
      ]),
    )
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return undefined;
  try {
    return await work();
  } finally {
    await db
      .updateTable('lane')
      .set({ held_until: null })
      .where('name', '=', LANE)
      .where('held_until', '=', lease)
      .execute();
  }
}
