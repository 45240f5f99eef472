// A reader's preferences, by the signed link of any mail: change them, pause, move, see what is stored, erase it. No password, no cookie.
import type { Hono } from 'hono';
import { eraseSubscriber, storedOf } from '../delivery/erase.ts';
import { PaperroundError } from '../errors.ts';
import { DayText } from '../papers/paper.ts';
import { dayIn } from '../store/schema.ts';
import { readAddress } from '../subscribers/address.ts';
import { askToMove } from '../subscribers/confirmations.ts';
import { readLinkToken } from '../subscribers/links.ts';
import { pause } from '../subscribers/pause.ts';
import { readSubscriber, type Subscriber, setPreferences, setStatus } from '../subscribers/subscriber.ts';
import { type DoorParts, fieldsOf, keptByNobody, ownForm } from './forms.ts';
import { note } from './page.ts';
import { type Fields, readPreferences } from './preferences-form.ts';
import { preferencesPage } from './preferences-page.ts';

/**
 * Adds `/preferences/TOKEN`, and `/preferences/TOKEN/stored.json`: all that is stored. GET changes nothing, whatever a link
 * scanner does; POST is taken from this site's own pages only.
 */
export function addPreferences(app: Hono, parts: DoorParts): void {
  const { db, clock } = parts;
  const path = '/preferences/:token';
  const readerOf = async (token: string) => {
    const id = readLinkToken(parts, 'preferences', token);
    const reader = id === undefined ? undefined : await readSubscriber(db, id);
    return reader?.address === '' ? undefined : reader;
  };
  keptByNobody(app, path);
  keptByNobody(app, `${path}/stored.json`);
  app.get(path, async c => {
    const reader = await readerOf(c.req.param('token'));
    if (reader === undefined) return c.html(broken(), 404);
    return c.html(preferencesPage(reader, await storedOf(db, reader), parts));
  });
  app.get(`${path}/stored.json`, async c => {
    const reader = await readerOf(c.req.param('token'));
    if (reader === undefined) return c.html(broken(), 404);
    c.header('Content-Disposition', 'attachment; filename="stored.json"');
    return c.json(await storedOf(db, reader));
  });
  app.post(path, ...ownForm(parts), async c => {
    const reader = await readerOf(c.req.param('token'));
    if (reader === undefined) return c.html(broken(), 404);
    const fields = await fieldsOf(c);
    const show = async (said: string, status: 200 | 422) => {
      const now = (await readSubscriber(db, reader.id)) ?? reader;
      return c.html(preferencesPage(now, await storedOf(db, now), parts, said), status);
    };
    try {
      if (fields.action?.[0] === 'erase') {
        must(fields.sure?.[0] === 'yes', 'Tick “Yes, erase all of it” first');
        await eraseSubscriber(db, reader, parts, clock);
        return c.html(
          note('Erased', `Your address and all that was stored with it is gone. No more mail comes.`),
        );
      }
      return await show(await change(reader, fields, parts), 200);
    } catch (error) {
      if (!(error instanceof PaperroundError && error.code === 'usage')) throw error;
      return show(`Nothing was changed. ${error.details.join('; ')}.`, 422);
    }
  });
}

const broken = () => note('This link is not complete', 'Please copy the whole link from the mail.');

function must(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new PaperroundError('usage', 'No such change', { details: [otherwise] });
}

/** @returns what was done, in words */
async function change(reader: Subscriber, fields: Fields, parts: DoorParts): Promise<string> {
  const { db, clock } = parts;
  const action = fields.action?.[0];
  if (action === 'pause') {
    const until = firstDay(reader, fields, parts);
    const zone = reader.preferences.timeZone;
    must(await pause(db, reader.id, { until, zone, clock }), 'There is nothing to pause');
    return until === null ? 'Paused: no mail until you go on.' : `Paused: no mail until ${until}.`;
  }
  if (action === 'resume') {
    await setStatus(db, reader.id, 'active', clock, ['paused']);
    const now = (await readSubscriber(db, reader.id))?.status;
    must(now === 'active', 'There is no pause to end');
    return 'You get mail again, from the next edition on.';
  }
  if (action === 'move') return move(reader, fields.address?.[0] ?? '', parts);
  // A form that did not arrive whole must not look like one in which everything was cleared.
  must(action === 'save', 'The form did not arrive');
  must(reads(reader), 'You have left');
  await setPreferences(db, reader.id, readPreferences(fields, reader.preferences), clock);
  return 'Saved: your next digest is made of this.';
}

const reads = ({ status }: Subscriber) => status === 'active' || status === 'paused' || status === 'pending';

/** The day on which mail comes again, or null: when the reader says so. */
function firstDay({ preferences }: Subscriber, fields: Fields, { clock }: DoorParts) {
  const until = fields.until?.[0]?.trim() ?? '';
  if (until === '') return null;
  const today = Temporal.PlainDate.from(dayIn(preferences.timeZone, clock()));
  const last = today.add({ years: 2 }).toString();
  const isDay = DayText.safeParse(until).success && until > today.toString() && until <= last;
  must(
    isDay,
    `until: allowed: a day after today, such as ${today.add({ days: 14 })}, at most two years from now`,
  );
  return until;
}

/** The answer is the same whoever has that address. */
async function move(reader: Subscriber, text: string, parts: DoorParts): Promise<string> {
  const { signUps, db } = parts;
  const address = readAddress(text);
  if ('problem' in address) throw new PaperroundError('usage', 'No address', { details: [address.problem] });
  must(
    signUps !== undefined && (reader.status === 'active' || reader.status === 'paused'),
    'You do not read now',
  );
  const seconds = await signUps.limits.move(reader.id);
  must(seconds === undefined, 'That was asked for often enough today; please try again tomorrow');
  await askToMove(db, reader, address, parts);
  signUps.asked();
  return `A mail is on its way to ${address.address}, with a link to confirm. Until then nothing changes.`;
}
