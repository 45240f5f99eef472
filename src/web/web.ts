// The readers' pages, Request → Response: an edition to read in the browser, and the door.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { cut } from '../digests/cut.ts';
import { type Masthead, renderDigest } from '../digests/digest.ts';
import { withLogoInline } from '../digests/logo.ts';
import type { Templates } from '../digests/template.ts';
import { type Edition, latestEditionDate, readEdition, readEditionsOf } from '../editions/edition.ts';
import { DayText } from '../papers/paper.ts';
import { type Day, shiftDay } from '../store/schema.ts';
import { Preferences } from '../subscribers/preferences.ts';
import { addDoor } from './door.ts';
import type { DoorParts } from './forms.ts';
import { note, page, SECURITY_HEADERS } from './page.ts';
import { SUBSCRIBE_BOX_STYLE, subscribeBox } from './subscribe-box.ts';
import { addWebhooks, type WebhookParts } from './webhooks.ts';

/** What the readers' pages need. */
export interface WebParts extends DoorParts {
  masthead: Masthead;
  templates: Templates;
  /** Where providers report bounces; each has a door if its key is set. */
  webhooks?: WebhookParts;
}

/** The readers' pages as a Hono app: `GET /`, `GET /DATE`, `GET /DATE..DATE`, the door (door.ts), and providers'
 * webhooks. */
export function readersPages(parts: WebParts): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  });
  app.get('/', async c => {
    const date = await latestEditionDate(parts.db);
    return date === undefined ? c.html(firstPage(parts.masthead.name), 404) : c.redirect(`/${date}`);
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
  addDoor(app, parts);
  if (parts.webhooks !== undefined) addWebhooks(app, parts.webhooks);
  app.notFound(c => c.html(note('Not found', 'There is no such page.'), 404));
  return app;
}

/** The front page until there is an edition. */
const firstPage = (name: string) =>
  page(
    name,
    html`<main class="note"><h1>${name}</h1><p>No edition has been published yet.</p>${subscribeBox()}</main>`,
    SUBSCRIBE_BOX_STYLE,
  );

const DAY = '\\d{4}-\\d{2}-\\d{2}';

/** The days from `first` to `last`, at most the 31 last ones; none when either is no day. */
function daysBetween(first: Day, last: Day): Day[] {
  if (![first, last].every(day => DayText.safeParse(day).success)) return [];
  return Array.from({ length: 31 }, (_, back) => shiftDay(last, -back)).filter(day => day >= first);
}
