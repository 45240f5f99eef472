// The panel of the difference: this edition's mail beside the one before it, for the same reader.
import { html } from 'hono/html';
import { counted, wordsFor } from '../../digests/words.ts';
import type { Change, Difference } from '../figures/difference.ts';

const { number, longDay, shortDay } = wordsFor('en');

const KINDS = { new: 'new', gone: 'gone', grown: 'grown', shrunk: 'shrunk', same: '' } as const;

/** The difference as a fragment of HTML. */
export function differencePanel(difference: Difference) {
  const { date, previous, twice } = difference;
  if (previous === null)
    return html`<section class="figures"><h2>Nothing to compare with</h2><p class="soft">No edition is older than those of this mail, which is of ${longDay(date)}.</p></section>`;
  return html`<section class="figures"><h2>What changed since ${longDay(previous)}</h2>
<p class="soft">That mail and the one of ${longDay(date)}, for the same reader.</p>
${template(difference)}
${twice.length === 0 ? html`<p>No paper stands in both.</p>` : repeated(twice)}
${figures(difference)}${sections(difference)}${steps(difference)}
<h3>Subject</h3><p class="soft">${shortDay(previous)}: <bdi>${difference.subject.before}</bdi></p><p>${shortDay(date)}: <bdi>${difference.subject.after}</bdi></p></section>`;
}

/** Whether it is the template or the day's papers. */
function template({ sameHead, frame }: Difference) {
  if (!sameHead)
    return html`<p class="marked"><span class="loud">The template is not the same,</span> or its colours, or the reader’s language: the head of the HTML differs.</p>`;
  const grown = frame.after - frame.before;
  return html`<p>The styles are the same, so what differs comes from the papers${grown === 0 ? '' : `; what stands around them changed by ${change(frame)} bytes, as the contents and the words about the day did`}.</p>`;
}

const repeated = (twice: Difference['twice']) =>
  html`<div class="marked"><p class="loud">${counted(twice.length, 'paper')} ${twice.length === 1 ? 'stands' : 'stand'} in both mails. No reader should get a paper twice.</p><ul>${twice.map(({ title, id }) => html`<li><span dir="auto">${title}</span> <small>${id}</small></li>`)}</ul></div>`;

const change = ({ before, after }: Change) => {
  const by = after - before;
  return by === 0 ? '±0' : `${by > 0 ? '+' : '−'}${number(Math.abs(by))}`;
};

const row = (name: string, figure: Change, note = '') =>
  html`<tr><th scope="row"><bdi>${name}</bdi>${note === '' ? '' : html` <small>${note}</small>`}</th><td>${number(figure.before)}</td><td>${number(figure.after)}</td><td>${change(figure)}</td></tr>`;

const head = (what: string, { previous, date }: Difference) =>
  html`<thead><tr><th scope="col">${what}</th><th scope="col">${previous === null ? 'Before' : shortDay(previous)}</th><th scope="col">${shortDay(date)}</th><th scope="col">Change</th></tr></thead>`;

const figures = (all: Difference) =>
  html`<table><caption>Size</caption>${head('Figure', all)}<tbody>${row('Papers', all.papers)}${row('Sections', sectionCount(all))}${row('Bytes of HTML', all.html)}${row('Of these around the papers', all.frame)}${row('Bytes of text', all.text)}</tbody></table>`;

const sectionCount = ({ sections }: Difference): Change => ({
  before: sections.filter(({ before }) => before > 0).length,
  after: sections.filter(({ after }) => after > 0).length,
});

const sections = (all: Difference) =>
  html`<table><caption>Papers in each section</caption>${head('Section', all)}<tbody>${all.sections.map(section => row(section.name, section, KINDS[section.kind]))}</tbody></table>`;

const steps = (all: Difference) =>
  html`<table><caption>How much of the papers is shown</caption>${head('Shown', all)}<tbody>${row('Whole abstract', all.steps.full)}${row('Summary', all.steps.summary)}${row('Title only', all.steps.title)}${row('Left out', all.steps.folded)}</tbody></table>`;
