// A Scene: one reader's digest of one day, made as a send would make it, and all that is to be said of it.
import { digestSpan } from '../delivery/plan.ts';
import { ANYBODY, type Written, writeMessage } from '../delivery/write.ts';
import { cut } from '../digests/cut.ts';
import { type Digest, renderDigest } from '../digests/digest.ts';
import { messageIdOf } from '../digests/message.ts';
import { type Preflight, partsOf } from '../digests/preflight.ts';
import { type Edition, latestEditionDate, readEdition, readEditionsOf } from '../editions/edition.ts';
import { draftEdition } from '../editions/publish.ts';
import { PaperroundError } from '../errors.ts';
import { type Day, shiftDay } from '../store/schema.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { findSubscriber } from '../subscribers/subscriber.ts';
import { type Ask, isSpecimen, MADE_UP } from './ask.ts';
import { SPECIMENS, specimenEdition } from './specimens.ts';
import type { Bench } from './workbench.ts';

/** Where an edition comes from: it was published, would be published now, or was made up. */
type Origin = 'published' | 'draft' | 'made up';

/** For whom a digest is made, and the days that it covers. */
interface Viewer {
  id: string;
  address: string;
  preferences: Preferences;
  days: Day[];
}

export interface Scene {
  edition: Edition;
  origin: Origin;
  viewer: Viewer;
  /** How many editions the digest is made of: of the viewer's days, those that have one. */
  editions: number;
  digest: Digest;
  message: Written;
  report: Preflight;
}

/**
 * Makes a scene. Nothing is stored or sent.
 * @throws PaperroundError `usage` where nobody has that address, `template` where a template cannot be filled
 */
export async function makeScene(bench: Bench, ask: Ask): Promise<Scene> {
  const { app, desk, check } = bench;
  const { edition, origin } = await editionOf(bench, ask.day);
  const viewer = await viewerOf(bench, ask, edition);
  const earlier = await readEditionsOf(
    app.db,
    viewer.days.filter(day => day !== edition.date),
  );
  const digest = renderDigest(cut([...earlier, edition], viewer.preferences), desk.masthead, desk.templates);
  const message = await writeMessage(desk, digest, {
    subscriberId: viewer.id,
    address: viewer.address,
    messageId: messageIdOf(desk.secret, `preview ${edition.date} ${viewer.address}`, desk.sender),
    date: new Date(`${edition.date}T07:00:00Z`),
  });
  const editions = earlier.length + 1;
  return { edition, origin, viewer, editions, digest, message, report: check(digest, partsOf(message)) };
}

/** The edition of a day, or what it would be if it were published now; without a day the latest one, or today's. */
async function editionOf({ app }: Bench, day: Ask['day']): Promise<Pick<Scene, 'edition' | 'origin'>> {
  if (day !== undefined && isSpecimen(day))
    return { edition: await specimenEdition(day, app.press), origin: 'made up' };
  const date = day ?? (await latestEditionDate(app.db)) ?? app.today();
  const published = await readEdition(app.db, date);
  if (published !== undefined) return { edition: published, origin: 'published' };
  return { edition: await draftEdition(app.press, date), origin: 'draft' };
}

/** The days of a week, as a weekly reader gets them. */
const WEEK_DAYS = 7;

async function viewerOf({ app }: Bench, ask: Ask, { date }: Edition): Promise<Viewer> {
  const specimen = ask.day !== undefined && isSpecimen(ask.day) ? SPECIMENS[ask.day] : undefined;
  if (ask.reader === '')
    return {
      ...ANYBODY,
      preferences: { ...ANYBODY.preferences, ...specimen?.preferences },
      days: [date],
    };
  if (ask.reader === MADE_UP) {
    const week = Array.from({ length: WEEK_DAYS }, (_, back) => shiftDay(date, -back)).reverse();
    const days = ask.wants.cadence === 'weekly' && specimen === undefined ? week : [date];
    return { ...ANYBODY, preferences: ask.wants, days };
  }
  const known = await findSubscriber(app.db, ask.reader);
  if (known === undefined)
    throw new PaperroundError('usage', `Nobody is subscribed as ${ask.reader}`, {
      hint: 'paperround subscribers list shows who is.',
    });
  const days = specimen !== undefined ? [date] : await digestSpan(app.db, known, date);
  return { ...known, days };
}

/**
 * The same reader's digest before this one: of as many editions, all of them before the first day of this one. Null where
 * there is nothing to compare with.
 */
export async function sceneBefore(
  { app, desk }: Bench,
  { edition, origin, viewer, editions }: Scene,
): Promise<Digest | null> {
  if (origin === 'made up') return null;
  const rows = await app.db
    .selectFrom('edition')
    .select('date')
    .where('date', '<', viewer.days[0] ?? edition.date)
    .orderBy('date', 'desc')
    .limit(editions)
    .execute();
  const before = await readEditionsOf(
    app.db,
    rows.map(({ date }) => date),
  );
  if (before.length === 0) return null;
  return renderDigest(cut(before, viewer.preferences), desk.masthead, desk.templates);
}
