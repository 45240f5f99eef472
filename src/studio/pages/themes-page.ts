// The operator's page of evidence: each section of an edition, and why each of its papers stands there.
import { html } from 'hono/html';
import { counted } from '../../digests/words.ts';
import type { Edition, EditionPaper } from '../../editions/edition.ts';
import {
  chosenInWords,
  isCloseCall,
  type NameOf,
  namesOf,
  placedInWords,
  secondInWords,
} from '../../themes/why.ts';
import { page } from '../../web/page.ts';

const STYLE = `
.themes{width:min(860px,100% - 32px);margin:40px auto 80px}
.themes>p,.themes nav,.themes section>p{color:var(--soft);font-size:15px}.themes section>p{margin:0 0 10px}.themes nav{margin:0 0 8px}.themes nav a{white-space:nowrap;margin-right:14px}
.themes section{background:var(--paper);border:1px solid var(--line);margin:24px 0 0;padding:20px 24px 8px}
h2{font:700 22px/1.3 Georgia,'Times New Roman',serif;margin:0 0 6px;overflow-wrap:anywhere}h2 small{font:14px/1 -apple-system,'Segoe UI',Helvetica,Arial,sans-serif;color:var(--soft);margin-left:6px}
.themes ol{list-style:none;margin:0;padding:0}.themes li{padding:12px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
.themes h3{font:600 16px/1.4 inherit;font-size:16px;margin:0 0 4px}.themes li p{margin:2px 0;font-size:14px;color:var(--soft)}
.themes li b{color:var(--ink);font-weight:600}.themes q{quotes:none;border:1px solid var(--line);border-radius:3px;padding:0 6px;margin:0 4px 2px 0;display:inline-block;color:var(--ink)}
.themes em{font-style:normal;color:var(--mark);font-weight:600}
@media(max-width:600px){.themes{margin-top:24px}.themes section{padding:16px 16px 4px}}`;

/**
 * The page as one HTML document without anything to load. Papers of editions from before there was evidence stand with
 * their titles alone.
 * @param themes the taxonomy in force, for the names
 */
export async function themesPage(
  edition: Edition,
  themes: readonly { slug: string; name: string }[],
): Promise<string> {
  const papers = edition.themes.flatMap(section => section.papers);
  const close = papers.filter(({ evidence }) => evidence !== null && isCloseCall(evidence)).length;
  // A section of a narrow day has a name of its own beside its theme's slug, so the taxonomy has the last word.
  const nameOf = namesOf([...edition.themes, ...edition.themes.flatMap(strayThemes), ...themes]);
  const body = html`<main class="themes"><h1>Why each paper stands where it stands</h1>
<p>Edition ${edition.date}: ${counted(papers.length, 'paper')} in ${counted(edition.themes.length, 'section')}, ${counted(close, 'close call')}. For the operator; readers do not see this.</p>
<nav aria-label="Sections">${edition.themes.map(({ name }, at) => html`<a href="#s${at}">${name}</a> `)}</nav>
${edition.themes.map(
  (section, at) => html`<section id="s${at}"><h2>${section.name}<small>${section.papers.length}</small></h2>
${isByLikeness(section) ? html`<p>Put together because they are alike; each keeps its own theme.</p>` : ''}
<ol>${section.papers.map(paper => entry(paper, section.name, nameOf))}</ol></section>`,
)}
<p>A number says how far the next theme is behind, in units of the spread between the themes: below 0.25 it is a close call.</p></main>`;
  return `${await page(`Themes of ${edition.date}`, body, STYLE)}\n`;
}

/** Said once, above papers that were put together because they are alike. */
const isByLikeness = ({ papers }: Edition['themes'][number]) =>
  papers.some(({ evidence }) => evidence?.placed === 'likeness');

const strayThemes = ({ papers }: Edition['themes'][number]) =>
  papers.flatMap(({ theme }) => (theme === null ? [] : [theme]));

function entry({ title, rank, evidence }: EditionPaper, section: string, nameOf: NameOf) {
  if (evidence === null) return html`<li><h3>${title}</h3><p>no. ${rank} of the day</p></li>`;
  const { theme, matched } = evidence;
  const placed = evidence.placed === 'likeness' ? '' : placedInWords(evidence, section);
  const close = isCloseCall(evidence) ? html` · <em>a close call</em>` : '';
  const parts = [secondInWords(evidence, nameOf), chosenInWords(evidence), placed].filter(p => p !== '');
  return html`<li><h3>${title}</h3>
<p><b>${theme === null ? 'No theme' : nameOf(theme)}</b> ${matched.map(phrase => html`<q>${phrase}</q>`)}</p>
<p>no. ${rank} of the day${parts.map(part => html` · ${part}`)}${close}</p></li>`;
}
