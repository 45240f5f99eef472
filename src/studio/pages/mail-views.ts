// One mail, to be looked at in every way: side by side, in all looks at once, its line in an inbox, its text, its source.
import { html } from 'hono/html';
import { textOf } from '../../digests/preflight/markup.ts';
import { inboxRows } from '../figures/inbox-rows.ts';
import type { Mail } from '../inbox.ts';
import { LOOKS, type Look, WIDTHS } from '../looks/looks.ts';
import { inboxRowsPanel } from '../panels/inbox-rows.ts';
import type { MailView } from './views.ts';

/** Where a mail's frames and its file are; everything else about it is on the page. */
interface Places {
  frame(look: Look): string;
  look(look: Look): string;
  eml: string;
}

/** A mail in one view. */
export function mailView(view: MailView, mail: Mail, look: Look, places: Places) {
  if (view === 'mail') return sideBySide(mail, look, places);
  if (view === 'looks') return allLooks(mail, places);
  if (view === 'inbox') return inboxRowsPanel(inboxRows(rowOf(mail)));
  if (view === 'text') return html`<pre class="text" tabindex="0">${mail.text}</pre>`;
  if (view === 'source') return html`<pre>${mail.html}</pre>`;
  if (view === 'headers')
    return html`<pre>${mail.headers.map(({ name, value }) => `${name}: ${value}`).join('\n')}</pre>`;
  return html`<p><a href="${places.eml}" download>Download as .eml</a></p><pre>${mail.source}</pre>`;
}

/** What a list of mails shows of it. The preheader is the first text of the HTML part, which no program displays. */
function rowOf({ from, subject, html, date }: Mail) {
  const preheader = /<div[^>]*display:\s*none[^>]*>([^<]*)</i.exec(html)?.[1] ?? '';
  return { from, subject, preheader: textOf(preheader), html, date };
}

const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

function sideBySide(mail: Mail, look: Look, { frame }: Places) {
  return html`<div class="frames">${Object.entries(WIDTHS).map(
    ([name, width]) =>
      html`<figure class="${name}"><figcaption>${name === 'phone' ? `Phone, ${width} px` : 'Desktop'}, ${LOOKS[look].toLowerCase()}</figcaption><iframe sandbox="${SANDBOX}" title="The mail to ${mail.to} on a ${name}, ${LOOKS[look].toLowerCase()}" src="${frame(look)}"></iframe></figure>`,
  )}</div>`;
}

function allLooks(mail: Mail, { frame, look }: Places) {
  return html`${Object.keys(WIDTHS).map(
    name =>
      html`<h3>${name === 'phone' ? 'Phone' : 'Desktop'}</h3><div class="wall ${name}">${(
        Object.keys(LOOKS) as Look[]
      ).map(
        one =>
          html`<figure class="${name}"><figcaption><a href="${look(one)}">${LOOKS[one]}</a></figcaption><div class="pane"><iframe sandbox tabindex="-1" loading="lazy" title="The mail to ${mail.to} on a ${name}, ${LOOKS[one].toLowerCase()}" src="${frame(one)}"></iframe></div></figure>`,
      )}</div>`,
  )}`;
}
