// A reader's preferences, by the signed link of any mail: change them, pause, go on. No password, no cookie.
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import type { Masthead } from '../digests/digest.ts';
import { PaperroundError } from '../errors.ts';
import type { Clock, Db } from '../store/schema.ts';
import { linkToken, readLinkToken } from '../subscribers/links.ts';
import { readSubscriber, type Subscriber, setPreferences, setStatus } from '../subscribers/subscriber.ts';
import { note, page } from './page.ts';
import { type Fields, preferencesFields, readPreferences } from './preferences-form.ts';

interface Parts {
  db: Db;
  clock: Clock;
  secret: string;
  masthead: Pick<Masthead, 'name' | 'webUrl'>;
  themes: readonly { slug: string; name: string }[];
}

/** A form has at most 200 themes and three lists of a hundred phrases. */
const MOST_BYTES = 64 * 1024;

const STYLE = `
main.choose{width:min(560px,100% - 32px);margin:6vh auto;background:var(--paper);padding:32px 36px;border:1px solid var(--line)}
label{display:block;margin:14px 0 4px;font-size:15px}input,select{font:inherit;width:100%;padding:8px 10px;border:1px solid var(--line);background:var(--desk);color:var(--ink);border-radius:4px}
fieldset{border:0;padding:0;margin:18px 0}legend{font-size:15px;padding:0 0 6px}.checks{max-height:300px;overflow:auto;border:1px solid var(--line);border-radius:4px;padding:10px 14px}
.checks label{margin:4px 0}.checks input{width:auto;margin:0 8px 0 0}input:focus-visible,select:focus-visible{outline:3px solid var(--mark);outline-offset:1px}
.said{border-left:4px solid var(--mark);padding:2px 0 2px 14px}form+form{margin-top:28px;padding-top:20px;border-top:1px solid var(--line)}
@media(max-width:480px){main.choose{padding:24px 20px;margin:16px auto}}`;

/**
 * Adds `/preferences/TOKEN`. GET shows, and changes nothing, whatever a link scanner does; POST saves, pauses or goes on. It is taken
 * from this site's own pages only.
 */
export function addPreferences(app: Hono, parts: Parts): void {
  const path = '/preferences/:token';
  const readerOf = async (c: Context) => {
    const id = readLinkToken(parts.secret, 'preferences', c.req.param('token') ?? '');
    const reader = id === undefined ? undefined : await readSubscriber(parts.db, id);
    return reader?.status === 'suppressed' ? undefined : reader;
  };
  app.get(path, async c => {
    const reader = await readerOf(c);
    return reader === undefined ? c.html(broken(), 404) : c.html(preferencesPage(reader, parts, ''));
  });
  app.post(
    path,
    csrf({ origin: ownOrigin(parts.masthead.webUrl) }),
    bodyLimit({ maxSize: MOST_BYTES }),
    async c => {
      const reader = await readerOf(c);
      if (reader === undefined) return c.html(broken(), 404);
      const fields = fieldsOf(await c.req.formData().catch(() => new FormData()));
      try {
        const said = await change(reader, fields, parts);
        const changed = (await readSubscriber(parts.db, reader.id)) ?? reader;
        return c.html(preferencesPage(changed, parts, said));
      } catch (error) {
        if (!(error instanceof PaperroundError && error.code === 'usage')) throw error;
        return c.html(
          preferencesPage(reader, parts, `Nothing was changed. ${error.details.join('; ')}.`),
          422,
        );
      }
    },
  );
}

/** This server's own address, and the one by which readers know it: a proxy in front of it speaks TLS with them. */
function ownOrigin(webUrl: string | null): (origin: string, c: Context) => boolean {
  const known = webUrl === null ? null : new URL(webUrl).origin;
  return (origin, c) => origin === known || origin === new URL(c.req.url).origin;
}

const broken = () => note('This link is not complete', 'Please copy the whole link from the mail.');

function fieldsOf(form: FormData): Fields {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of form)
    if (typeof value === 'string') fields[name] = [...(fields[name] ?? []), value];
  return fields;
}

/** @returns what was done, in words */
async function change(
  { id, preferences }: Subscriber,
  fields: Fields,
  { db, clock }: Parts,
): Promise<string> {
  const [action = ''] = fields.action ?? [];
  if (action === 'pause') {
    await setStatus(db, id, 'paused', clock, ['active']);
    return 'Paused: no mail until you go on.';
  }
  if (action === 'resume') {
    await setStatus(db, id, 'active', clock, ['paused']);
    return 'You get mail again, from the next edition on.';
  }
  // A form that did not arrive whole must not look like one in which everything was cleared.
  if (action !== 'save')
    throw new PaperroundError('usage', 'No form', { details: ['The form did not arrive'] });
  const { atLeast, hour, timeZone } = preferences;
  await setPreferences(db, id, readPreferences(fields, { atLeast, hour, timeZone }));
  return 'Saved: your next digest is made of this.';
}

function preferencesPage(reader: Subscriber, { masthead, themes, secret }: Parts, said: string) {
  const { address, status, preferences, id } = reader;
  if (status === 'unsubscribed')
    return note('You have left', `${address} gets no more mail from ${masthead.name}.`);
  const paused = status === 'paused';
  const leave = `/unsubscribe/${linkToken(secret, 'unsubscribe', id)}`;
  const body = html`<main class="choose"><h1>What you get</h1><p>${address} reads ${masthead.name}${paused ? '; paused now' : ''}.</p>
${said === '' ? '' : html`<p class="said" role="status">${said}</p>`}
<form method="post">${preferencesFields(themes, preferences)}<button name="action" value="save">Save</button></form>
<form method="post"><button name="action" value="${paused ? 'resume' : 'pause'}">${paused ? 'Go on' : 'Pause'}</button> or <a href="${leave}">unsubscribe</a></form></main>`;
  return page(`Preferences – ${masthead.name}`, body, STYLE);
}
