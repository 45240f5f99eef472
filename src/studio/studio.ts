// The studio: tomorrow's digest as each reader will get it, and the mails that were sent, in the browser.
import { Hono } from 'hono';
import type { Ask } from './ask.ts';
import type { Inbox } from './inbox.ts';
import { inboxPages } from './pages/inbox-pages.ts';
import { previewPages } from './pages/preview-pages.ts';
import type { Workbench } from './workbench.ts';

/** What the studio is opened with. `usual`: the day and reader that an address need not name. */
export interface StudioParts {
  workbench: Workbench;
  inbox: Inbox;
  usual: Pick<Ask, 'day' | 'reader'>;
}

/** The studio's pages as a Hono app: `/studio`, `/inbox`. */
export function studioPages({ workbench, inbox, usual }: StudioParts): Hono {
  const app = new Hono();
  const about = 'What each reader would get. Nothing is sent.';
  const links = [{ label: inbox.title, href: '/inbox' }];
  app.route('/', inboxPages(inbox));
  app.route('/', previewPages(workbench, usual, { about, links }));
  return app;
}
