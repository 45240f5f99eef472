// The page of a reader's preferences: the form, a pause, another address, what is stored, and the ways out.
import { html } from 'hono/html';
import type { Stored } from '../delivery/erase.ts';
import { dayIn } from '../store/schema.ts';
import { linkToken } from '../subscribers/links.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { DOOR_STYLE } from './door-style.ts';
import type { DoorParts } from './forms.ts';
import { page } from './page.ts';
import { preferencesFields } from './preferences-form.ts';

/** The page as it is for a reader of this status. @param said what has just been done, or why it was not */
export function preferencesPage(reader: Subscriber, stored: Stored, parts: DoorParts, said = '') {
  const { masthead, themes } = parts;
  const { status, preferences } = reader;
  const token = linkToken(parts.secret, 'preferences', reader.id);
  const reads = status === 'active' || status === 'paused';
  const isSaved = reads || status === 'pending';
  const body = html`<main class="choose"><h1>${HEADINGS[status]}</h1><p>${inWords(reader, masthead.name)}</p>
${said === '' ? '' : html`<p class="said" role="status">${said}</p>`}
${isSaved ? html`<form method="post">${preferencesFields(themes, preferences)}<button name="action" value="save">Save</button></form>` : ''}
${reads ? pauseForm(reader, parts) : ''}
${reads && parts.signUps !== undefined ? MOVE : ''}
${storedPart(stored, token)}
${ERASE}
${leave(reader, parts)}</main>`;
  return page(`Preferences – ${masthead.name}`, body, DOOR_STYLE);
}

const HEADINGS = {
  active: 'What you get',
  paused: 'What you get',
  pending: 'What you will get',
  unsubscribed: 'You have left',
  suppressed: 'No mail goes there',
} as const;

function inWords({ address, status, pausedUntil, preferences }: Subscriber, name: string): string {
  if (status === 'active') return `${address} reads ${name}.`;
  if (status === 'pending') return `${address} has not confirmed its subscription to ${name} yet.`;
  if (status === 'unsubscribed') return `${address} gets no more mail from ${name}.`;
  if (status === 'suppressed')
    return `${name} is not sent to ${address}: its mail server refused it for good, or a mail was reported as spam. Only who runs ${name} can change that.`;
  const day = pausedUntil && dayIn(preferences.timeZone, Temporal.Instant.from(pausedUntil));
  return `${address} reads ${name}; paused now${day === null ? '' : `, until ${day}`}.`;
}

function pauseForm({ status, preferences }: Subscriber, { clock }: DoorParts) {
  const tomorrow = Temporal.PlainDate.from(dayIn(preferences.timeZone, clock())).add({ days: 1 });
  return status === 'paused'
    ? html`<form method="post"><button name="action" value="resume">Go on</button></form>`
    : html`<form method="post"><label for="until">Pause until (without a day: until you say so)</label><input id="until" name="until" type="date" min="${String(tomorrow)}"><button name="action" value="pause">Pause</button></form>`;
}

const MOVE = html`<details><summary>Another address</summary><form method="post">
<label for="address">New mail address</label><input id="address" name="address" inputmode="email" autocomplete="email" maxlength="320" required>
<p class="soft">It gets a mail with a link to confirm; until then all stays as it is. This address is told when it has changed.</p>
<button name="action" value="move">Change address</button></form></details>`;

const MOST_SHOWN = 30;

function storedPart({ since, statusSince, digests, confirmations, bounces, name }: Stored, token: string) {
  const shown = digests.slice(0, MOST_SHOWN);
  return html`<details><summary>What is stored</summary>
<p>Your address${name === null ? '' : `, your name (${name})`}, what you chose above, and what became of each mail. Nothing about what you read or open.</p>
<table><tr><th scope="row">Subscribed</th><td>${minute(since)}</td></tr><tr><th scope="row">Last change of status</th><td>${minute(statusSince)}</td></tr><tr><th scope="row">Digests</th><td>${digests.length}</td></tr><tr><th scope="row">Confirmation mails</th><td>${confirmations.length}</td></tr><tr><th scope="row">Reports of mails that did not arrive</th><td>${bounces.length}</td></tr></table>
${shown.length === 0 ? '' : html`<table><tr><th scope="col">Edition</th><th scope="col">Mail</th><th scope="col">When</th></tr>${shown.map(({ edition, state, at }) => html`<tr><td>${edition}</td><td>${state}</td><td>${at === null ? '' : minute(at)}</td></tr>`)}</table>`}
${digests.length > MOST_SHOWN ? html`<p class="soft">The last ${MOST_SHOWN} of ${digests.length}.</p>` : ''}
<p><a href="/preferences/${token}/stored.json" download>Download all of it (JSON)</a></p></details>`;
}

const minute = (instant: string) => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

const ERASE = html`<details><summary>Erase</summary><form method="post">
<p>Your address, your choices and your history are removed for good, and no more mail comes.</p>
<label class="check"><input type="checkbox" name="sure" value="yes" required>Yes, erase all of it</label>
<button name="action" value="erase">Erase</button></form></details>`;

function leave({ id, status }: Subscriber, { secret }: DoorParts) {
  if (status === 'unsubscribed') return html`<p><a href="/subscribe">Subscribe again</a></p>`;
  if (status === 'suppressed') return '';
  return html`<p><a href="/unsubscribe/${linkToken(secret, 'unsubscribe', id)}">Unsubscribe</a></p>`;
}
