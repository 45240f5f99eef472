// The readers' pages, Request → Response: the archive, and the door.
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Masthead } from '../digests/digest.ts';
import { reasonOf } from '../errors.ts';
import { archivePages, notFound } from './archive/archive.ts';
import { addDoor } from './door.ts';
import type { DoorParts } from './forms.ts';
import { note, SECURITY_HEADERS } from './page.ts';
import { addWebhooks, type WebhookParts } from './webhooks.ts';

/** What the readers' pages need. */
export interface WebParts extends DoorParts {
  masthead: Masthead;
  /** Where providers report bounces; each has a door if its key is set. */
  webhooks?: WebhookParts;
  /** Is told, in a line each, of what failed; whoever asked for the page is told that it did. */
  log?: (line: string, failed: boolean) => void;
}

/** The readers' pages as a Hono app: the archive (archive/), the door (door.ts), and providers' webhooks. */
export function readersPages(parts: WebParts): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    // What says nothing of it is one reader's own, and nobody keeps it.
    for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, 'Cache-Control': 'no-store' }))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  });
  app.route('/', archivePages(parts));
  addDoor(app, parts);
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
