// The page of a paper: what it says, where to read it, in which edition it stands, and its votes over time.
import { html } from 'hono/html';
import { noteLine } from '../../digests/sections.ts';
import { clip } from '../../digests/words.ts';
import type { EditionPaper } from '../../editions/edition.ts';
import type { votesOverTime } from '../../editions/votes.ts';
import { frame, type Html } from './frame.ts';
import type { Listed } from './lists.ts';
import { paperLinks, summaryOf, words } from './paper-line.ts';
import { paths, type Site, type ThemeName } from './site.ts';

type Snapshot = Awaited<ReturnType<typeof votesOverTime>>[number];

/** @param printed the paper as its edition tells of it; undefined where its edition does not say */
export function paperPage(
  site: Site,
  { paper, date }: Listed,
  printed: EditionPaper | undefined,
  theme: ThemeName | undefined,
  snapshots: readonly Snapshot[],
): Promise<string> {
  const { title, authors, abstract, facts } = paper;
  const note = printed === undefined ? '' : curatorsWords(printed);
  const counted = mostCounted(snapshots);
  const main = html`<article><p class="kick"><a href="${site.at(paths.edition(date))}">${words.longDay(date)}</a></p>
<h1 dir="auto">${title}</h1>${authors.length > 0 ? html`<p class="by" dir="auto">${authors.join(', ')}</p>` : ''}
<p class="l">${paperLinks(paper)}</p>${note === '' ? '' : html`<p class="note" dir="auto">${note}</p>`}
${abstract === '' ? '' : html`<p class="abs" dir="auto">${abstract}</p>`}
<dl class="facts"><dt>Edition</dt><dd><a href="${site.at(paths.edition(date))}">${words.longDay(date)}</a>${printed === undefined ? '' : `, place ${words.number(printed.rank)}`}</dd>
${theme === undefined ? '' : html`<dt>Theme</dt><dd><a href="${site.at(paths.theme(theme.slug))}">${theme.name}</a></dd>`}
${factRows({ ...facts, id: paper.id })}</dl>${votesFigure(counted)}</article>`;
  return frame(
    site,
    {
      title: `${clip(title, 90)} – ${site.name}`,
      description: clip(summaryOf(abstract) || `${title}. ${authors.slice(0, 3).join(', ')}`, 300),
      home: paths.paper(paper.id),
      published: date,
    },
    main,
  );
}

/** As in its edition, under a heading that names nobody. */
function curatorsWords(printed: EditionPaper): string {
  const { pick } = printed;
  if (pick !== null && pick.note === null && pick.by === null) return 'Picked by the curators';
  return noteLine(printed, { name: '' });
}

function factRows({ id, ...facts }: Listed['paper']['facts'] & { id: string }): Html {
  const rows = [
    ['Categories', facts.categories?.join(', ')],
    ['Journal', facts.journal],
    ['Comment', facts.comment],
    ['Id', id.startsWith('title:') ? undefined : id],
  ];
  return html`${rows.map(([label, text]) => (text ? html`<dt>${label}</dt><dd dir="auto">${text}</dd>` : ''))}`;
}

/** Counts of several sources are not compared: those of the one that counts the most are shown, the last of each day. */
function mostCounted(snapshots: readonly Snapshot[]): Snapshot[] {
  const bySource = [...Map.groupBy(snapshots, ({ source }) => source).values()];
  const most = bySource.sort((a, b) => (b.at(-1)?.upvotes ?? 0) - (a.at(-1)?.upvotes ?? 0))[0] ?? [];
  return [...new Map(most.map(one => [one.at.slice(0, 10), one])).values()];
}

const [WIDTH, HEIGHT, EDGE] = [640, 120, 8];

function votesFigure(days: readonly Snapshot[]): Html {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || last.upvotes < 1) return html``;
  const said = (one: Snapshot) =>
    `${words.counted(one.upvotes, 'vote')} on ${words.longDay(one.at.slice(0, 10))}`;
  if (first === last) return html`<p class="sum">${said(last)}</p>`;
  const text = `From ${said(first)} to ${said(last)}`;
  const rows = days.map(
    one => html`<tr><th scope="row">${words.longDay(one.at.slice(0, 10))}</th><td>${words.counted(one.upvotes, 'vote')}</td></tr>
`,
  );
  return html`<figure class="chart"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${text}"><polyline fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round" stroke-linecap="round" points="${pointsOf(days)}"/></svg>
<figcaption>${text}</figcaption><details><summary>Day by day</summary><table><tbody>${rows}</tbody></table></details></figure>`;
}

/** Over time, from no votes at the foot to the most at the top. */
function pointsOf(days: readonly Snapshot[]): string {
  const times = days.map(({ at }) => Temporal.Instant.from(at).epochMilliseconds);
  const [start = 0, end = 1] = [times[0], times.at(-1)];
  const most = Math.max(1, ...days.map(({ upvotes }) => upvotes));
  return days
    .map(({ upvotes }, n) => {
      const x = EDGE + (((times[n] as number) - start) / Math.max(1, end - start)) * (WIDTH - 2 * EDGE);
      const y = HEIGHT - EDGE - (Math.max(0, upvotes) / most) * (HEIGHT - 2 * EDGE);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}
