// The readers' pages, Request → Response: an edition to read in the browser, and the way out.
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { cut } from '../digests/cut.ts';
import { type Masthead, renderDigest } from '../digests/digest.ts';
import { withLogoInline } from '../digests/logo.ts';
import type { Templates } from '../digests/template.ts';
import { type Edition, latestEditionDate, readEdition, readEditionsOf } from '../editions/edition.ts';
import { DayText } from '../papers/paper.ts';
import { type Clock, type Day, type Db, shiftDay } from '../store/schema.ts';
import { readLinkToken } from '../subscribers/links.ts';
import { Preferences } from '../subscribers/preferences.ts';
import { readSubscriber, setStatus } from '../subscribers/subscriber.ts';
import { note, SECURITY_HEADERS } from './page.ts';
import { addPreferences } from './preferences.ts';
import { addWebhooks, type WebhookParts } from './webhooks.ts';

/** What the readers' pages need. */
export interface WebParts {
  db: Db;
  clock: Clock;
  secret: string;
  masthead: Masthead;
  templates: Templates;
  /** The themes that a reader may choose from. */
  themes: readonly { slug: string; name: string }[];
  /** Where providers report bounces; each has a door if its key is set. */
  webhooks?: WebhookParts;
}

/** The readers' pages as a Hono app: `GET /`, `GET /DATE`, `GET /DATE..DATE`, `GET` and `POST /unsubscribe/TOKEN` and
 * `/preferences/TOKEN`; and providers' webhooks. */
export function readersPages(parts: WebParts): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
  });
  app.get('/', async c => {
    const date = await latestEditionDate(parts.db);
    return date === undefined
      ? c.html(note(parts.masthead.name, 'No edition has been published yet.'), 404)
      : c.redirect(`/${date}`);
  });
  const show = (editions: Edition[]) =>
    withLogoInline(
      renderDigest(cut(editions, Preferences.parse({})), parts.masthead, parts.templates, 'web').html,
      parts.masthead.logo,
    );
  app.get(`/:date{${DAY}}`, async c => {
    const edition = await readEdition(parts.db, c.req.param('date'));
    if (edition !== undefined) return c.html(show([edition]));
    return c.html(note('No such edition', `There is no edition of ${c.req.param('date')}.`), 404);
  });
  app.get(`/:span{${DAY}\\.\\.${DAY}}`, async c => {
    const [first = '', last = ''] = c.req.param('span').split('..');
    const editions = await readEditionsOf(parts.db, daysBetween(first, last));
    if (editions.length > 0) return c.html(show(editions));
    return c.html(note('No such editions', `There is no edition from ${first} to ${last}.`), 404);
  });
  addUnsubscribe(app, parts);
  addPreferences(app, parts);
  if (parts.webhooks !== undefined) addWebhooks(app, parts.webhooks);
  app.notFound(c => c.html(note('Not found', 'There is no such page.'), 404));
  return app;
}

const DAY = '\\d{4}-\\d{2}-\\d{2}';

/** The days from `first` to `last`, at most the 31 last ones; none when either is no day. */
function daysBetween(first: Day, last: Day): Day[] {
  if (![first, last].every(day => DayText.safeParse(day).success)) return [];
  return Array.from({ length: 31 }, (_, back) => shiftDay(last, -back)).filter(day => day >= first);
}

/**
 * Leaving. GET changes nothing, whatever a link scanner does; POST leaves at once, with any body, without cookie,
 * redirect or login, and again without complaint (RFC 8058 §3.2).
 */
function addUnsubscribe(app: Hono, { db, clock, secret, masthead }: WebParts): void {
  const path = '/unsubscribe/:token';
  const subscriberOf = async (token: string) => {
    const id = readLinkToken(secret, 'unsubscribe', token);
    return id === undefined ? undefined : readSubscriber(db, id);
  };
  const broken = () =>
    note(
      'This link is not complete',
      'Please copy the whole link from the mail, or use its unsubscribe button.',
    );
  app.get(path, async c => {
    const reader = await subscriberOf(c.req.param('token'));
    if (reader === undefined) return c.html(broken(), 404);
    if (reader.status === 'unsubscribed')
      return c.html(note('You have left', `${reader.address} gets no more mail from ${masthead.name}.`));
    const button = html`<form method="post"><button>Unsubscribe</button></form>`;
    return c.html(note('Leave?', `${reader.address} will get no more mail from ${masthead.name}.`, button));
  });
  app.post(path, bodyLimit({ maxSize: 4096 }), async c => {
    const reader = await subscriberOf(c.req.param('token'));
    if (reader === undefined) return c.html(broken(), 404);
    await setStatus(db, reader.id, 'unsubscribed', clock);
    return c.html(note('You have left', `${reader.address} gets no more mail from ${masthead.name}.`));
  });
}
