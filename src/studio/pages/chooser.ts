// The side of the studio: which day, which reader, and the extremes at one click. Forms that need no script.
import { html } from 'hono/html';
import type { App } from '../../app.ts';
import { listSubscribers } from '../../subscribers/subscriber.ts';
import { preferencesFields } from '../../web/preferences-form.ts';
import { type Ask, fieldsOf, isSpecimen, MADE_UP } from '../ask.ts';
import type { Scene } from '../scene.ts';
import { SPECIMENS, type SpecimenSlug } from '../specimens.ts';
import type { Html } from './shell.ts';
import type { Chosen } from './views.ts';

/** What the studio says of itself, and what else can be opened beside it. */
export interface Side {
  about: string;
  links: readonly { label: string; href: string }[];
}

/** More addresses than this are typed, not chosen. */
const MOST_OFFERED = 200;
const MOST_DAYS = 60;

/** @param scene what is shown; undefined where it could not be made */
export async function chooser(
  app: App,
  ask: Ask,
  chosen: Chosen,
  side: Side,
  scene: Scene | undefined,
): Promise<Html> {
  const readers = await listSubscribers(app.db, { status: 'active', most: MOST_OFFERED });
  const days = await app.db
    .selectFrom('edition')
    .select('date')
    .orderBy('date', 'desc')
    .limit(MOST_DAYS)
    .execute();
  const dates = days.map(({ date }) => date);
  const at = (change: Partial<Ask>) => `/studio?${fieldsOf({ ...ask, ...change }, { ...chosen })}`;
  const shown = ask.day ?? scene?.edition.date ?? '';
  return html`<h1>Studio</h1><p>${side.about}</p>
<form class="pick" method="get" action="/studio">${hidden(chosen)}
<label for="day">Day</label><input id="day" name="day" value="${shown}" placeholder="2026-08-20" list="days" autocomplete="off"><datalist id="days">${dates.map(date => html`<option value="${date}"></option>`)}</datalist>
<label for="reader">Reader</label><input id="reader" name="reader" value="${ask.reader === MADE_UP ? '' : ask.reader}" placeholder="without preferences" list="readers" autocomplete="off"><datalist id="readers">${readers.map(({ address }) => html`<option value="${address}"></option>`)}</datalist>
<button>Show</button></form>
${isSpecimen(shown) ? '' : besides(dates, shown, at)}
<h2>Extremes</h2><div class="chips">${(
    Object.entries(SPECIMENS) as [SpecimenSlug, (typeof SPECIMENS)[SpecimenSlug]][]
  ).map(
    ([slug, { label, about }]) =>
      html`<a href="${at({ day: slug })}" title="${about}" ${slug === ask.day ? html`aria-current="true"` : ''}>${label}</a>`,
  )}</div>
<h2>Made-up reader</h2>${madeUp(app.themes, ask, chosen)}
<h2>More</h2><div class="chips">${side.links.map(({ label, href }) => html`<a href="${href}">${label}</a>`)}</div>
<p class="keys">Keys: <kbd>1</kbd>–<kbd>9</kbd> views, <kbd>d</kbd> light or dark, <kbd>[</kbd> <kbd>]</kbd> day before and after.</p>`;
}

/** The view and the look stay when another day or reader is chosen. */
const hidden = ({ view, look }: Chosen) =>
  html`<input type="hidden" name="view" value="${view}"><input type="hidden" name="look" value="${look}">`;

/** The editions before and after the one that is shown. */
function besides(dates: readonly string[], shown: string, at: (change: Partial<Ask>) => string): Html {
  const before = dates.find(date => date < shown);
  const after = dates.findLast(date => date > shown);
  if (before === undefined && after === undefined) return '';
  const link = (day: string | undefined, key: string, arrow: string) =>
    day === undefined ? '' : html`<a href="${at({ day })}" data-key="${key}">${arrow} ${day}</a>`;
  return html`<div class="chips">${link(before, '[', '←')}${link(after, ']', '→')}</div>`;
}

function madeUp(
  themes: readonly { slug: string; name: string }[],
  { day, reader, wants }: Ask,
  chosen: Chosen,
): Html {
  return html`<details ${reader === MADE_UP ? html`open` : ''}><summary>What they want</summary>
<form method="get" action="/studio">${hidden(chosen)}<input type="hidden" name="reader" value="${MADE_UP}">${day === undefined ? '' : html`<input type="hidden" name="day" value="${day}">`}
${preferencesFields(themes, wants)}<button>Show</button></form></details>`;
}
