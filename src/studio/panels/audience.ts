// The panel of the audience: who gets an edition, in which cuts, and when its readers are due again.
import { html } from 'hono/html';
import { counted, wordsFor } from '../../digests/words.ts';
import type { Audience, Standing } from '../figures/audience.ts';

const { number, longDay, shortDay } = wordsFor('en');

const STATUSES: Record<keyof Audience['readers'], string> = {
  active: 'active',
  pending: 'not confirmed yet',
  paused: 'paused',
  unsubscribed: 'left',
  suppressed: 'blocked',
};

const STANDINGS: Record<Standing, [published: string, draft: string]> = {
  had: ['have had it', 'have had it'],
  owed: ['are waiting for it', 'are waiting for it'],
  'to plan': ['will get it with the next run', 'would get it'],
  unknown: ['may have had it: the mail server did not answer', 'may have had it'],
  refused: ['were refused by the mail server', 'were refused'],
  nothing: ['get nothing: no paper is for them', 'would get nothing: no paper is for them'],
  kept: [
    'get these papers later: there are too few for a mail',
    'would get these papers later: there are too few for a mail',
  ],
  withdrawn: ['were left out: they left, or a later mail has it all', 'were left out'],
};

/** The next due days, at most this many lines of them. */
const MOST_DAYS = 12;

/** The audience as a fragment of HTML. */
export function audiencePanel(audience: Audience) {
  const { day, draft, readers, rest } = audience;
  return html`<section class="figures"><h2>Who gets ${longDay(day)}</h2>
${draft ? html`<p class="soft">This edition is not published yet. What follows is what would be if it were published as it is now.</p>` : ''}
<dl>${Object.entries(STATUSES).map(([status, name]) => html`<div><dt>${name}</dt><dd>${number(readers[status as keyof Audience['readers']])}</dd></div>`)}</dl>
${standings(audience)}${cuts(audience)}
${rest.cuts > 0 ? html`<p class="soft">And ${counted(rest.cuts, 'more digest')} for ${counted(rest.readers, 'reader')}, none of them for more readers than these.</p>` : ''}
${nextDays(audience)}</section>`;
}

const ORDER: readonly Standing[] = [
  'had',
  'owed',
  'to plan',
  'unknown',
  'refused',
  'kept',
  'nothing',
  'withdrawn',
];

function standings({ standing, notDue, draft }: Audience) {
  const rows = ORDER.flatMap(one => {
    const n = standing[one] ?? 0;
    return n === 0 ? [] : [{ n, what: STANDINGS[one][draft ? 1 : 0] }];
  });
  if (notDue > 0) rows.push({ n: notDue, what: 'do not want a mail on this day' });
  if (rows.length === 0) return html`<p>Nobody: there are no active readers.</p>`;
  return html`<table><caption>Where it stands</caption><thead><tr><th scope="col">These readers</th><th scope="col">Readers</th></tr></thead><tbody>${rows.map(({ n, what }) => html`<tr><th scope="row">${what}</th><td>${number(n)}</td></tr>`)}</tbody></table>`;
}

function cuts({ cuts, day, draft }: Audience) {
  if (cuts.length === 0) return '';
  return html`<table><caption>The digests, those with the most readers first</caption><thead><tr><th scope="col">What they asked for</th><th scope="col">Readers</th><th scope="col">Papers</th></tr></thead><tbody>${cuts.map(
    cut =>
      html`<tr><th scope="row"><span class="title" dir="auto">${cut.wants}</span><small>${who(cut)}</small>${cut.editions.length > 1 ? html`<small>Papers of ${cut.editions.length} days, since ${shortDay(cut.editions[0] ?? day)}</small>` : ''}<small>${standing(cut, draft)}</small><small>${again(cut)}</small></th><td>${number(cut.readers)}</td><td>${cut.papers === 0 ? 'none' : number(cut.papers)}</td></tr>`,
  )}</tbody></table>`;
}

type CutShown = Audience['cuts'][number];

function who({ addresses, readers }: CutShown): string {
  const more = readers - addresses.length;
  return addresses.join(', ') + (more > 0 ? ` and ${number(more)} more` : '');
}

/** How it stands with the readers of one digest. */
function standing({ standing, papers }: CutShown, draft: boolean): string {
  if (papers === 0) return draft ? 'They would get nothing.' : 'They get nothing.';
  if (draft && standing.kept === undefined) return 'They would get it.';
  if (draft) return 'They would get these papers later: there are too few for a mail.';
  const told = ORDER.filter(one => (standing[one] ?? 0) > 0);
  return told.map(one => `${number(standing[one] ?? 0)} ${STANDINGS[one][0]}`).join('; ');
}

const again = ({ next }: CutShown) =>
  `Due again: ${next.map(({ day, readers }) => `${shortDay(day)} (${number(readers)})`).join(', ')}`;

function nextDays({ next }: Audience) {
  if (next.length === 0) return '';
  const others = next.slice(MOST_DAYS);
  return html`<table><caption>When active readers are due next</caption><thead><tr><th scope="col">Day</th><th scope="col">They want it</th><th scope="col">Readers</th></tr></thead><tbody>${next.slice(0, MOST_DAYS).map(({ day, cadence, readers }) => html`<tr><th scope="row">${longDay(day)}</th><td>${cadence}</td><td>${number(readers)}</td></tr>`)}</tbody></table>
${
  others.length > 0
    ? html`<p class="soft">And later: ${counted(
        others.reduce((sum, { readers }) => sum + readers, 0),
        'reader',
      )}.</p>`
    : ''
}
<p class="soft">From now on, whichever day is shown here. Each gets the newest edition that they have not had, at their hour and in their zone; where there is none, they are due again at their next hour.</p>`;
}
