// Where the link of a confirmation mail leads: GET shows a button, POST does what was asked for.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { confirm, readConfirmation } from '../subscribers/confirm.ts';
import { linkToken, readLinkToken } from '../subscribers/links.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { type DoorParts, keptByNobody, ownForm } from './forms.ts';
import { note } from './page.ts';

/** Adds `/confirm/TOKEN`. GET and HEAD change nothing, whatever a link scanner does; POST again is no harm. */
export function addConfirm(app: Hono, parts: DoorParts): void {
  const path = '/confirm/:token';
  const { db, clock, masthead } = parts;
  const idOf = (token: string) => readLinkToken(parts, 'confirm', token);
  keptByNobody(app, path);
  app.get(path, async c => {
    const id = idOf(c.req.param('token'));
    const asked = id === undefined ? undefined : await readConfirmation(db, id, clock);
    if (asked === undefined) return c.html(over(), 404);
    const { address, kind, wants, isConfirmed } = asked;
    if (isConfirmed) return c.html(note('It is confirmed', `There is nothing more to do for ${address}.`));
    const button = html`<form method="post"><button>Confirm</button></form>`;
    const text =
      kind === 'move'
        ? `${masthead.name} will come to ${address} from now on.`
        : `${address} will get ${masthead.name}${wants === null ? '' : ` ${howOften(wants)}`}.`;
    return c.html(note('Is this right?', text, button));
  });
  app.post(path, ...ownForm(parts), async c => {
    const id = idOf(c.req.param('token'));
    const done = id === undefined ? undefined : await confirm(db, id, clock);
    if (done === undefined || done.outcome === 'over') return c.html(over(), 404);
    if (done.outcome === 'taken')
      return c.html(
        note(
          'Nothing was changed',
          'This address has a subscription of its own, or the other one has ended.',
        ),
        409,
      );
    const { reader, kind } = done;
    const choose = html`<p><a href="/preferences/${linkToken(parts.secret, 'preferences', reader.id)}">What you get</a> · <a href="/">Today’s papers</a></p>`;
    const text =
      kind === 'move'
        ? `${masthead.name} comes to ${reader.address} from now on.`
        : `${reader.address} gets ${masthead.name} ${howOften(reader.preferences)}, from the next edition on.`;
    // Who confirmed, left, and comes back to the old link is not told that they read.
    return reader.status === 'unsubscribed'
      ? c.html(note('You have left since', `${masthead.name} does not come to you.`))
      : c.html(note('Welcome', text, choose));
  });
}

const over = () =>
  note(
    'This link is over',
    'It holds for a week, and must be whole. If you have confirmed before, all is well; if not, subscribe again.',
    html`<p><a href="/subscribe">Subscribe</a></p>`,
  );

function howOften({ cadence, weekday, hour, timeZone }: Preferences): string {
  const day = `${weekday.charAt(0).toUpperCase()}${weekday.slice(1)}`;
  const days = { daily: 'every day', weekdays: 'on weekdays', weekly: `every ${day}` };
  return `${days[cadence]} at ${hour}:00 (${timeZone.replaceAll('_', ' ')})`;
}
