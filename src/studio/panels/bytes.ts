// The panel of the byte map: one bar for the whole mail, and below it what each section and each paper costs.
import { html } from 'hono/html';
import type { Place } from '../../digests/fit.ts';
import { counted, wordsFor } from '../../digests/words.ts';
import { type ByteMap, GMAIL_KEEPS, type PaperBytes, type SectionBytes } from '../figures/byte-map.ts';
import { COLOURS } from './style.ts';

const { number } = wordsFor('en');
const bytes = (n: number) => counted(n, 'byte');

/** Gmail's region has a round name. */
const GMAIL = 100_000;

/** The bar ends a little behind Gmail's cut, so that a short mail is seen to be short. */
const scaleOf = ({ total }: ByteMap) => Math.max(106_000, total);

/** The most papers whose sections are all open from the start. */
const MOST_OPEN = 40;

const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(2)}%`;
const colour = (n: number) => `c${n % COLOURS}`;

/** A mail's bytes as a fragment of HTML. */
export function bytesPanel(map: ByteMap) {
  const papers = map.sections.flatMap(section => section.papers);
  const most = Math.max(1, ...papers.map(paper => paper.bytes));
  const missing = papers.filter(({ from, shown }) => from === null && shown !== 'folded').length;
  const open = papers.length <= MOST_OPEN;
  return html`<section class="figures"><h2>${bytes(map.total)} of HTML</h2>
<p class="soft">${number(map.limit)} are allowed; ${roomIn(map)}</p>
${clipped(map)}
${bar(map)}
${overview(map)}
<h3>Paper by paper</h3>
${missing > 0 ? html`<p class="soft">${counted(missing, 'paper')} could not be found in the HTML: the template prints titles in its own way. Their bytes are counted with what stands around them.</p>` : ''}
${map.sections.map((section, n) => sectionPart(section, n, most, open))}</section>`;
}

function roomIn({ total, limit }: ByteMap) {
  if (total <= limit) return `there is room for ${number(limit - total)} more.`;
  return html`<span class="loud">this mail has ${number(total - limit)} too many.</span>`;
}

function clipped({ cut }: ByteMap) {
  if (cut === null) return html`<p class="soft">Gmail shows all of it: it cuts near ${number(GMAIL)}.</p>`;
  const where =
    cut.section === null
      ? 'The first thing that is missing then is the foot, with the way to unsubscribe.'
      : html`The first thing that is missing then is ${cut.paper === null ? '' : html`“<bdi>${cut.paper}</bdi>”, `}in <bdi>${cut.section}</bdi>, and with it everything below, the way to unsubscribe too.`;
  return html`<p class="marked"><span class="loud">${cut.sure ? 'Gmail cuts this mail off.' : 'Gmail may cut this mail off.'}</span> It keeps the first ${number(GMAIL_KEEPS.least)} to ${number(GMAIL_KEEPS.most)} bytes. ${where}</p>`;
}

function bar(map: ByteMap) {
  const scale = scaleOf(map);
  const part = (of: number, look: string, title: string) =>
    of === 0
      ? ''
      : html`<span class="${look}" style="width:${percent(of, scale)}" title="${title}: ${bytes(of)}"></span>`;
  const told = `The mail from its first byte to its last: ${bytes(map.total)}, ${percent(map.total, map.limit)} of what is allowed.`;
  return html`<div class="scale"><div class="bar" role="img" aria-label="${told} The table below has the figures.">${part(map.frame.head, 'frame', 'Before the papers')}${map.sections.map((section, n) => part(section.bytes, colour(n), section.name))}${part(map.frame.foot, 'frame', 'After the papers')}</div><div class="at" style="left:${percent(map.limit, scale)}"></div><div class="at gmail" style="left:${percent(GMAIL, scale)}"></div></div>
<p class="legend"><span><i></i>${number(map.limit)}: the most that is sent</span><span><i class="gmail"></i>${number(GMAIL)}: near here Gmail cuts</span></p>`;
}

function overview(map: ByteMap) {
  const row = (look: string, name: string, papers: string, of: number) =>
    html`<tr><th scope="row"><span class="swatch ${look}"></span><bdi>${name}</bdi></th><td>${papers}</td><td>${number(of)}</td><td>${Math.round((100 * of) / Math.max(1, map.total))} %</td></tr>`;
  return html`<table><caption>Section by section</caption>
<thead><tr><th scope="col">Section</th><th scope="col">Papers</th><th scope="col">Bytes</th><th scope="col">Of it</th></tr></thead>
<tbody>${map.sections.map((section, n) => row(colour(n), section.name, number(section.papers.length), section.bytes))}
${row('frame', 'What stands around them: styles, title, contents, foot', '', map.frame.bytes)}</tbody>
<tfoot><tr class="total"><th scope="row">All of it</th><td>${number(map.sections.reduce((sum, { papers }) => sum + papers.length, 0))}</td><td>${number(map.total)}</td><td>100 %</td></tr></tfoot></table>`;
}

function sectionPart(section: SectionBytes, n: number, most: number, open: boolean) {
  const { name, papers, heading, budget } = section;
  const short = papers.some(({ why }) => why !== 'fits');
  const share = short ? `, room for ${bytes(budget)} of papers` : '';
  return html`<details ${open ? 'open' : ''}><summary><span class="swatch ${colour(n)}"></span><b><bdi>${name}</bdi></b><small>${counted(papers.length, 'paper')}, ${bytes(section.bytes)}${share}</small></summary>
<table><caption class="unseen">Papers of ${name}</caption><thead><tr><th scope="col"><span class="unseen">Paper, and how much of it is shown</span></th><th scope="col"><span class="unseen">Bytes</span></th></tr></thead>
<tbody>${papers.map(paper => paperRow(paper, section, n, most))}</tbody>
<tfoot><tr><th scope="row"><small>Its heading, and what else stands around its papers</small></th><td>${number(heading)}</td></tr></tfoot></table></details>`;
}

function paperRow(paper: PaperBytes, { lead }: SectionBytes, n: number, most: number) {
  const lost = paper.from === null && paper.shown !== 'folded';
  // The line leaves room for the words beside the longest bar.
  const fill =
    paper.bytes === 0
      ? ''
      : html`<span class="fill ${colour(n)}" style="width:${percent(0.6 * paper.bytes, most)}"></span>`;
  return html`<tr><th scope="row"><span class="title" dir="auto">${paper.title}</span><span class="meter">${fill}<small>${stepInWords(paper, lead)}</small></span></th><td>${lost ? '–' : number(paper.bytes)}</td></tr>`;
}

const STEPS: Record<Place['shown'], string> = {
  full: 'Whole abstract',
  summary: 'Summary',
  title: 'Title only',
  folded: 'Left out',
};

const REASONS: Record<Place['why'], (group: string) => string> = {
  fits: () => '',
  'not among the best of these days': () => ', because others of these days are better placed',
  'theme over its share': group => `, because ${group} over its share of the mail`,
  'no room for its theme': group =>
    `, because there was no room for ${group === 'its theme was' ? 'its theme' : 'the picks'}`,
};

const stepInWords = ({ shown, why }: PaperBytes, lead: boolean) =>
  STEPS[shown] + REASONS[why](lead ? 'the picks were' : 'its theme was');
