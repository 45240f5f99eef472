// What every form of the door has in common: its bytes are few, it came from our own page, and its fields are texts.
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import type { Clock, Db } from '../store/schema.ts';
import type { Keys } from '../subscribers/links.ts';
import { DOOR_STYLE } from './door-style.ts';
import type { Limits } from './limits.ts';
import { note, strictPolicy } from './page.ts';
import type { Fields } from './preferences-form.ts';

/** What taking new addresses needs. */
export interface SignUps {
  limits: Limits;
  /** How many addresses may wait for their confirmation at once. */
  mostWaiting: number;
  trustedProxies: number;
  /** The zone that is chosen until somebody chooses another. */
  timeZone: string;
  /** Told that a mail may have to be sent; nobody waits for it. */
  asked: () => void;
}

/** What the pages of the door are made with. */
export interface DoorParts extends Keys {
  db: Db;
  clock: Clock;
  masthead: { name: string; webUrl: string | null };
  /** The themes that a reader may choose from. */
  themes: readonly { slug: string; name: string }[];
  /** Absent where no address is taken: there is nothing that would send it a mail. */
  signUps?: SignUps | undefined;
}

/** A form has at most 200 themes and three lists of a hundred phrases. */
const MOST_BYTES = 64 * 1024;

/** Let through what one of our own pages sent, and not too much of it. */
export function ownForm({ masthead }: Pick<DoorParts, 'masthead'>): [MiddlewareHandler, MiddlewareHandler] {
  const known = masthead.webUrl === null ? null : new URL(masthead.webUrl).origin;
  const tooLarge = (c: Context) => c.html(note('That is too much', 'A form this long is not taken.'), 413);
  return [
    // This server's own address, and the one by which readers know it: a proxy in front of it speaks TLS with them.
    csrf({ origin: (origin, c) => origin === known || origin === new URL(c.req.url).origin }),
    bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge }),
  ];
}

/** The texts of a form, whatever was sent. */
export async function fieldsOf(c: Context): Promise<Fields> {
  const form = await c.req.formData().catch(() => new FormData());
  const fields: Record<string, string[]> = {};
  for (const [name, value] of form)
    if (typeof value === 'string') fields[name] = [...(fields[name] ?? []), value];
  return fields;
}

const POLICY = strictPolicy(DOOR_STYLE);

/** Pages with somebody's own links are kept by nobody, stand in no index, and have no style but theirs. */
export function keptByNobody(app: Hono, path: string): void {
  app.use(path, async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('X-Robots-Tag', 'noindex');
    c.header('Content-Security-Policy', POLICY);
  });
}
