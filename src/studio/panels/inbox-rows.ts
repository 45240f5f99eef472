// The panel of inbox rows: how three mail programs list a mail, and what of it is cut off there.
import { html } from 'hono/html';
import { clip } from '../../digests/words.ts';
import type { InboxRow } from '../figures/inbox-rows.ts';

/** What is cut off may be long; its beginning says enough. */
const MOST_SAID = 140;

/** The rows of a mail as a fragment of HTML. */
export function inboxRowsPanel(rows: readonly InboxRow[]) {
  return html`<section class="figures"><h2>In the inbox</h2>
<p class="soft">Before a mail is opened, this is all that its reader sees of it. Widths are approximations.</p>
<ul class="rows">${rows.map(row => html`<li><h3>${row.client}</h3>${row.shared ? line(row) : list(row)}${told(row)}</li>`)}</ul></section>`;
}

/** Everything in one line. */
function line({ sender, subject, preview, date }: InboxRow) {
  return html`<div class="row one"><b><bdi>${sender.shown}</bdi></b><span class="lines"><bdi>${subject.shown}</bdi>${preview[0] === undefined ? '' : html` <span class="soft" style="display:inline">– <bdi>${preview[0]}</bdi></span>`}</span><span class="soft">${date}</span></div>`;
}

/** One line below the other. */
function list({ sender, subject, preview, date }: InboxRow) {
  return html`<div class="row list"><b><bdi>${sender.shown}</bdi></b><span class="soft">${date}</span><span class="lines"><span dir="auto">${subject.shown}</span>${preview.map(text => html`<span class="soft" dir="auto">${text}</span>`)}</span></div>`;
}

function told({ subject, preheader, filler, sender }: InboxRow) {
  const cut = [
    { what: 'sender', text: sender.cut },
    { what: 'subject', text: subject.cut },
    { what: 'preheader', text: preheader.cut },
  ].filter(({ text }) => text !== '');
  return html`${cut.length === 0 ? html`<p class="soft">Nothing is cut off.</p>` : ''}${cut.map(
    ({ what, text }) =>
      html`<p class="soft">Cut off of the ${what}: “<bdi>${clip(text, MOST_SAID)}</bdi>”</p>`,
  )}${filler === '' ? '' : html`<p class="soft">The preheader is shorter than the room, so the mail’s next words follow: “<bdi>${clip(filler, MOST_SAID)}</bdi>”</p>`}`;
}
