// What is checked of a cut, once for all its readers, before the first of them gets it.
import { excerpt } from '../../text-file.ts';
import { type Digest, forReader } from '../digest.ts';
import { HTML_LIMIT } from '../fit.ts';
import { type Check, check, type Found } from './check.ts';
import { leftoversIn } from './leftovers.ts';
import { type At, type Page, readPage, spaced } from './page.ts';
import { compareLinks, compareOrder, type Entry, entriesOf, named, placeOf, shownPaper } from './parity.ts';

/** Somebody whose address and way out can be told from everything else in a mail. */
const SAMPLE = {
  address: 'preflight@reader.invalid',
  unsubscribeUrl: 'https://reader.invalid/unsubscribe/preflight',
  preferencesUrl: 'https://reader.invalid/preferences/preflight',
};

interface Sight {
  digest: Digest;
  page: Page;
  html: string;
  text: string;
  /** The text part in one line. */
  line: string;
  entries: Entry[];
}

/**
 * Checks a digest as its readers will get it. About a millisecond for 30 papers.
 *
 * Failures, for the reason that stands beside each: a mail that would be clipped with its way out, that breaks its
 * frame, leads somewhere dangerous, tells on its reader, leaves papers out or cannot be left. They come from templates;
 * no words of a paper can cause them, as those are cut, escaped and checked on their way.
 * Warnings: what looks wrong, and still lets every reader have every paper.
 */
export function checkCut(digest: Digest): Check[] {
  const own = forReader(digest, SAMPLE);
  const page = readPage(own.html);
  const shown = digest.papers.filter(({ shown }) => shown !== 'folded');
  const entries = entriesOf(
    page,
    shown.map(({ title }) => shownPaper(title)),
  );
  const sight = { digest, page, ...own, line: spaced(own.text), entries };
  return [
    size(sight),
    ...markup(sight),
    ...links(sight),
    ...parity(sight),
    wayOut(sight),
    resolved(sight),
    leftovers(sight),
    ...notEmpty(sight),
  ];
}

const placed =
  ({ entries }: Sight) =>
  ({ what, at }: At): Found => ({ what, where: placeOf(entries, at) });

/** A failure: Gmail clips what is larger, and hides the way out with it. */
function size({ digest: { html } }: Sight): Check {
  const bytes = Buffer.byteLength(html);
  const said = `${bytes} bytes of HTML; at most ${HTML_LIMIT}`;
  return check(
    {
      name: 'size',
      level: 'failure',
      good: said,
      hint: 'Make the template smaller: what stands around the papers, or what is repeated for each of them.',
    },
    bytes > HTML_LIMIT ? [{ what: said }] : [],
  );
}

/**
 * Elements are a failure: what is not closed or stands in the wrong place is mended by each mail program in its own way,
 * and may hide papers or the way out. Attributes are a warning: all programs read them alike.
 */
function markup(sight: Sight): Check[] {
  return [
    check(
      {
        name: 'html',
        level: 'failure',
        good: 'every element is closed and in its place',
        hint: 'Close the element in the template. If the words of a paper did this, the template has {{{…}}} where {{…}} belongs.',
      },
      sight.page.faults.map(placed(sight)),
    ),
    check(
      {
        name: 'attributes',
        level: 'warning',
        good: 'no attribute twice, no bare &',
        hint: 'Write &amp; for & in the template, and each attribute once.',
      },
      sight.page.slips.map(placed(sight)),
    ),
  ];
}

/**
 * A link that runs something, or that works on a web page only, comes from a template that forgot `safeUrl` or the host:
 * a failure. `#` is what `safeUrl` leaves of a paper's address that is none: one paper's own, so a warning. Something
 * that is fetched is a failure: it would tell the sender, or others, who reads.
 */
function links(sight: Sight): Check[] {
  const { links, remote } = sight.page;
  const isWritten = (url: string) => /^(?:https?:\/\/|mailto:)/i.test(url);
  const bad = links.filter(({ url }) => url !== '#' && !isWritten(url));
  const dead = links.filter(({ url }) => url === '#' || (isWritten(url) && !URL.canParse(url)));
  return [
    check(
      {
        name: 'links',
        level: 'failure',
        good: 'all are web or mail addresses',
        hint: 'Write {{safeUrl …}} around addresses in the template, and a whole address (https://…).',
      },
      bad.map(({ url, from }) =>
        placed(sight)({ what: url === '' ? 'an empty link' : excerpt(url, 90), at: from }),
      ),
    ),
    check(
      {
        name: 'dead links',
        level: 'warning',
        good: 'every link leads somewhere',
        hint: 'Look at the addresses of this paper: paperround papers show ID.',
      },
      dead.map(({ url, from }) =>
        placed(sight)({ what: `a link leads nowhere: ${excerpt(url, 80)}`, at: from }),
      ),
    ),
    check(
      {
        name: 'nothing remote',
        level: 'failure',
        good: 'no picture, font, style or script is loaded',
        hint: 'Take it out of the template: readers were promised that nobody watches them read.',
      },
      remote.map(placed(sight)),
    ),
  ];
}

/**
 * A paper that is missing is a failure: its reader would not know. Another order, or a link in one part only, is a
 * warning: a text part may be meant to be terser, and nobody misses a paper.
 */
function parity(sight: Sight): Check[] {
  const { page, entries, line, text } = sight;
  const { missing, moved } = compareOrder(entries, line);
  const absent = entries.filter(({ at }) => at < 0);
  const hint = 'Compare digest.mjml and digest.txt.hbs: both should go through the same themes and papers.';
  return [
    check(
      { name: 'papers', level: 'failure', good: `all ${entries.length} are in the HTML`, hint },
      absent.map(({ paper }) => ({ what: 'papers are missing in the HTML', where: named(paper.title) })),
    ),
    check(
      { name: 'text part', level: 'failure', good: `all ${entries.length} are in the text part`, hint },
      missing,
    ),
    check({ name: 'same order', level: 'warning', good: 'papers stand in the same order', hint }, moved),
    check(
      { name: 'same links', level: 'warning', good: 'both parts have the same links', hint },
      compareLinks(page, text, at => placeOf(entries, at)).filter(
        // Whether there are enough of these is a check of its own.
        ({ what }) => !what.startsWith(SAMPLE.unsubscribeUrl),
      ),
    ),
  ];
}

/** A failure: whoever does not find the way out calls the mail spam (RFC 8058 asks for a way in the body too). */
function wayOut({ page, text }: Sight): Check {
  const html = page.links.filter(({ url }) => url === SAMPLE.unsubscribeUrl).length;
  const said = `${html} unsubscribe links in the HTML, at least 2; ${
    text.includes(SAMPLE.unsubscribeUrl) ? 'one' : 'none'
  } in the text part, at least one`;
  return check(
    {
      name: 'way out',
      level: 'failure',
      good: said,
      hint: 'Put {{safeUrl unsubscribeUrl}} at the top and at the bottom of digest.mjml, and {{unsubscribeUrl}} into digest.txt.hbs.',
    },
    html >= 2 && text.includes(SAMPLE.unsubscribeUrl) ? [] : [{ what: said }],
  );
}

/** A failure: what stands for a reader's own parts was written in a way that cannot be filled. */
function resolved(sight: Sight): Check {
  const found: Found[] = [];
  const at = sight.page.words.indexOf('\ue000');
  if (at >= 0) found.push(placed(sight)({ what: 'a mark is left over in the HTML', at }));
  else if (sight.html.includes('\ue000')) found.push({ what: 'a mark is left over in an attribute' });
  if (sight.text.includes('\ue000')) found.push({ what: 'a mark is left over in the text part' });
  return check(
    {
      name: 'resolved',
      level: 'failure',
      good: 'every reader part is in place',
      hint: 'Write {{address}} and {{unsubscribeUrl}} by themselves, and pass them to no helper but safeUrl.',
    },
    found,
  );
}

/** A warning, always: one paper's words must not keep the others from their readers. */
function leftovers(sight: Sight): Check {
  const inText = sight.text.includes('&')
    ? leftoversIn(sight.text).filter(({ what }) => what.includes('&'))
    : [];
  const html = leftoversIn(sight.page.words);
  return check(
    {
      name: 'leftovers',
      level: 'warning',
      good: 'no TeX and no character references',
      hint: 'Look at what the source said of this paper (paperround papers show ID), and report TeX that was not understood.',
    },
    html.length > 0 ? html.map(placed(sight)) : inText.map(({ what }) => ({ what: `${what} (text part)` })),
  );
}

/**
 * A mail without papers is a failure: nobody asked for it. A heading with nothing under it is a warning: papers that
 * are missing there are a failure of their own.
 */
function notEmpty(sight: Sight): Check[] {
  const { headings, words } = sight.page;
  const titles = new Set(sight.entries.map(({ paper }) => paper.plain));
  const empty = headings.filter(({ level, from, to }, place) => {
    const heading = words.slice(from, to).trim();
    if (heading === '') return true;
    // A paper of which nothing but its title is known.
    if (titles.has(heading)) return false;
    const next = headings[place + 1];
    return (next === undefined || next.level <= level) && words.slice(to, next?.from).trim() === '';
  });
  return [
    check(
      {
        name: 'not empty',
        level: 'failure',
        good: `${sight.digest.papers.length} papers`,
        hint: 'A digest without papers is not planned; please report how it came about.',
      },
      sight.digest.papers.length > 0 ? [] : [{ what: 'there are no papers' }],
    ),
    check(
      {
        name: 'sections',
        level: 'warning',
        good: 'something stands under every heading',
        hint: 'Look at the loops of the template: a heading belongs inside of what it is repeated with.',
      },
      empty.map(({ from, to }) => ({
        what: `nothing stands under the heading “${words.slice(from, to).trim().slice(0, 60)}”`,
        where: placeOf(sight.entries, from),
      })),
    ),
  ];
}
