// Subscribing: an address and what is wanted, then a mail to that address, then the button of the page to which its link leads.
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { PaperroundError } from '../errors.ts';
import { type Address, readAddress } from '../subscribers/address.ts';
import { askToSubscribe } from '../subscribers/confirmations.ts';
import { Preferences } from '../subscribers/preferences.ts';
import { areTooManyWaiting } from '../subscribers/unconfirmed.ts';
import { clientOf } from './client-ip.ts';
import { DOOR_STYLE } from './door-style.ts';
import { type DoorParts, fieldsOf, keptByNobody, ownForm, type SignUps } from './forms.ts';
import { note, page } from './page.ts';
import { type Fields, preferencesFields, readPreferences } from './preferences-form.ts';
import { isGoodStamp, stampAgain } from './stamp.ts';

type Parts = DoorParts & { signUps: SignUps };

/** What stands in the form. */
interface Typed {
  address: string;
  wants: Preferences;
  said?: string;
  /** Who has typed an address on the front page wants to subscribe, and may want to choose. */
  folded?: boolean;
  /** The stamp that came with it. */
  stamp?: string;
}

/** A field that nobody sees: what is typed there was typed by a program. */
const TRAP = 'website';

/**
 * Adds `/subscribe`. Whatever is known of an address, the answer is the same. A form without a good stamp (the box of the
 * front page has none, a program's is too young) is answered with the form of all choices, filled in.
 */
export function addSubscribe(app: Hono, parts: Parts): void {
  keptByNobody(app, '/subscribe');
  const usual = () => Preferences.parse({ timeZone: parts.signUps.timeZone });
  app.get('/subscribe', c => c.html(subscribePage(parts, { address: '', wants: usual() })));
  app.post('/subscribe', ...ownForm(parts), async c => {
    const fields = await fieldsOf(c);
    const typed = fields.address?.[0]?.trim() ?? '';
    const again = (said: string, status: 200 | 422, wants = usual(), folded = false) =>
      c.html(
        subscribePage(parts, {
          address: typed.slice(0, 320),
          wants,
          said,
          folded,
          stamp: fields.stamp?.[0] ?? '',
        }),
        status,
      );
    const address = readAddress(typed);
    if ('problem' in address)
      return again(typed === '' ? 'Please type your address.' : `${address.problem}.`, 422);
    // The box of the front page: an address and nothing else.
    if (fields.stamp === undefined) return again('', 200, usual(), true);
    const wants = wantsOf(fields);
    if (typeof wants === 'string') return again(wants, 422);
    if (!isGoodStamp(parts, fields.stamp[0] ?? '', parts.clock))
      return again('Please look once more, and press Subscribe again.', 200, wants);
    return (await refused(c, parts)) ?? take(c, parts, fields, address, wants);
  });
}

function wantsOf(fields: Fields): Preferences | string {
  try {
    return readPreferences(fields);
  } catch (error) {
    if (!(error instanceof PaperroundError && error.code === 'usage')) throw error;
    return `${error.details.join('; ')}.`;
  }
}

/** The answer to one too many; undefined where there is room. Looks at no address. */
async function refused(c: Context, { db, signUps }: Parts): Promise<Response | undefined> {
  const seconds = await signUps.limits.signUp(clientOf(c, signUps.trustedProxies));
  const isFull = seconds === undefined && (await areTooManyWaiting(db, signUps.mostWaiting));
  if (seconds === undefined && !isFull) return undefined;
  c.header('Retry-After', String(seconds ?? 3600));
  return c.html(
    note('Too many at once', 'More people subscribe just now than we can take. Please try again later.'),
    seconds === undefined ? 503 : 429,
  );
}

async function take(
  c: Context,
  parts: Parts,
  fields: Fields,
  address: Address,
  wants: Preferences,
): Promise<Response> {
  if ((fields[TRAP]?.[0] ?? '') === '') {
    const known = new Set(parts.themes.map(({ slug }) => slug));
    const themes = wants.themes.filter(slug => known.has(slug));
    await askToSubscribe(parts.db, address, { ...wants, themes }, parts);
    parts.signUps.asked();
  }
  return c.html(
    note(
      'Look into your mailbox',
      `A mail is on its way to ${address.address}, with a link to confirm. Only then you are subscribed. One mail a day goes to an address: if none comes, look for an earlier one, also among the spam.`,
      html`${meant(address)}`,
    ),
  );
}

/** What people type in a hurry, and what they mean. */
const SLIPS: Readonly<Record<string, string>> = {
  'gmial.com': 'gmail.com',
  'gmai.com': 'gmail.com',
  'gmail.con': 'gmail.com',
  'gmail.co': 'gmail.com',
  'googlemail.con': 'googlemail.com',
  'hotmial.com': 'hotmail.com',
  'hotmail.con': 'hotmail.com',
  'outlook.con': 'outlook.com',
  'outlok.com': 'outlook.com',
  'yaho.com': 'yahoo.com',
  'yahoo.con': 'yahoo.com',
  'icloud.con': 'icloud.com',
};

function meant({ address }: Address) {
  const at = address.lastIndexOf('@') + 1;
  const domain = address.slice(at);
  const right = Object.hasOwn(SLIPS, domain) ? SLIPS[domain] : undefined;
  return right === undefined
    ? ''
    : html`<p class="said">Did you mean ${address.slice(0, at)}${right}? Then <a href="/subscribe">subscribe that one</a>.</p>`;
}

function subscribePage(parts: Parts, { address, wants, said = '', folded = false, stamp = '' }: Typed) {
  const { name } = parts.masthead;
  const body = html`<main class="choose"><h1>${name}</h1>
<p>The day’s new papers in your mailbox, by theme, the best first. Everything below can stay as it is, and be changed later.</p>
${said === '' ? '' : html`<p class="said" role="alert">${said}</p>`}
<form method="post" action="/subscribe"><input type="hidden" name="stamp" value="${stampAgain(parts, stamp, parts.clock)}">
<label for="address">Your mail address</label><input id="address" name="address" value="${address}" inputmode="email" autocomplete="email" maxlength="320" placeholder="you@example.org" required>
<div class="hp" aria-hidden="true"><label for="${TRAP}">Leave this empty</label><input id="${TRAP}" name="${TRAP}" tabindex="-1" autocomplete="off"></div>
<details ${folded ? '' : html`open`}><summary>What you get</summary>${preferencesFields(parts.themes, wants)}</details>
<button>Subscribe</button></form>
<p class="soft">You get one mail with a link to confirm. Each later mail has a link to change all of this, and one to leave.</p></main>`;
  return page(`Subscribe – ${name}`, body, DOOR_STYLE);
}
