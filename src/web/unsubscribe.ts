// Leaving: one button, one POST, no questions; and for a day, the way back for who did not mean to.
import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { type Clock, instantText } from '../store/schema.ts';
import { leaver } from '../subscribers/leave.ts';
import { readLinkToken } from '../subscribers/links.ts';
import { readSubscriber, type Subscriber, setStatus } from '../subscribers/subscriber.ts';
import { type DoorParts, keptByNobody, ownForm } from './forms.ts';
import { note } from './page.ts';

/** How long it can be taken back on the page. */
const UNDO_HOURS = 24;

/**
 * Adds `/unsubscribe/TOKEN`. GET changes nothing, whatever a link scanner does; POST leaves at once, with any body, from
 * anywhere, without cookie, redirect or login, and again without complaint (RFC 8058 §3.2). `/unsubscribe/TOKEN/undo` is a
 * form of our own page.
 */
export function addUnsubscribe(app: Hono, parts: DoorParts): void {
  const { db, clock, masthead } = parts;
  const path = '/unsubscribe/:token';
  const leave = leaver(db, clock);
  const readerOf = async (token: string) => {
    const id = readLinkToken(parts, 'unsubscribe', token);
    return id === undefined ? undefined : readSubscriber(db, id);
  };
  const left = (reader: Subscriber, token: string) =>
    note(
      'You have left',
      `${reader.address === '' ? 'You get' : `${reader.address} gets`} no more mail from ${masthead.name}.`,
      canUndo(reader, clock)
        ? html`<form method="post" action="/unsubscribe/${token}/undo"><button>Undo</button></form>`
        : html`<p><a href="/subscribe">Subscribe again</a></p>`,
    );
  keptByNobody(app, path);
  keptByNobody(app, `${path}/undo`);
  app.get(path, async c => {
    const token = c.req.param('token');
    const reader = await readerOf(token);
    if (reader === undefined) return c.html(broken(), 404);
    if (reader.status === 'unsubscribed' || reader.status === 'suppressed')
      return c.html(left(reader, token));
    const button = html`<form method="post"><button>Unsubscribe</button></form>`;
    return c.html(note('Leave?', `${reader.address} will get no more mail from ${masthead.name}.`, button));
  });
  app.post(path, bodyLimit({ maxSize: 4096 }), async c => {
    const token = c.req.param('token');
    const reader = await readerOf(token);
    if (reader === undefined) return c.html(broken(), 404);
    await leave(reader.id);
    return c.html(left((await readSubscriber(db, reader.id)) ?? reader, token));
  });
  app.post(`${path}/undo`, ...ownForm(parts), async c => {
    const reader = await readerOf(c.req.param('token'));
    if (reader === undefined) return c.html(broken(), 404);
    if (reader.leftFrom !== null && canUndo(reader, clock))
      await setStatus(db, reader.id, reader.leftFrom, clock, ['unsubscribed']);
    const now = (await readSubscriber(db, reader.id)) ?? reader;
    return now.status === 'unsubscribed' || now.status === 'suppressed'
      ? c.html(left(now, c.req.param('token')), 409)
      : c.html(note('As before', `Nothing has changed for ${now.address}: ${STILL[now.status]}.`));
  });
}

const STILL = {
  active: 'the next edition comes',
  paused: 'the pause goes on',
  pending: 'the subscription waits to be confirmed',
};

function canUndo({ status, leftFrom, statusAt }: Subscriber, clock: Clock): boolean {
  const since = instantText(clock().subtract({ hours: UNDO_HOURS }));
  return status === 'unsubscribed' && leftFrom !== null && statusAt > since;
}

const broken = () =>
  note(
    'This link is not complete',
    'Please copy the whole link from the mail, or use its unsubscribe button.',
  );
