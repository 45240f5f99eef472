// The readers' pages, Request → Response: the archive, and the way out.
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { HTTPException } from 'hono/http-exception';
import type { Masthead } from '../digests/digest.ts';
import type { Templates } from '../digests/template.ts';
import { reasonOf } from '../errors.ts';
import type { Clock, Db } from '../store/schema.ts';
import { readLinkToken } from '../subscribers/links.ts';
import { readSubscriber, setStatus } from '../subscribers/subscriber.ts';
import { archivePages, notFound } from './archive/archive.ts';
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
  /** Is told, in a line each, of what failed; whoever asked for the page is told that it did. */
  log?: (line: string, failed: boolean) => void;
}

/** The readers' pages as a Hono app: the archive, `GET` and `POST /unsubscribe/TOKEN` and `/preferences/TOKEN`; and
 * providers' webhooks. */
export function readersPages(parts: WebParts): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    // What says nothing of it is one reader's own, and nobody keeps it.
    for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, 'Cache-Control': 'no-store' }))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  });
  app.route('/', archivePages(parts));
  addUnsubscribe(app, parts);
  addPreferences(app, parts);
  if (parts.webhooks !== undefined) addWebhooks(app, parts.webhooks);
  app.notFound(notFound(parts));
  app.onError(async (error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    parts.log?.(`web: ${c.req.method} ${c.req.path.split('/')[1] ?? ''}: ${reasonOf(error)}`, true);
    const said = 'Something went wrong on our side, and was written down. Please try again in a minute.';
    return c.html(note('Not now', said), 500);
  });
  return app;
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
