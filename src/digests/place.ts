// Finds how much of each paper has room in a mail: renders, measures, and goes down the size ladder where it must.

import type { CutPaper } from './cut.ts';
import type { Draft, Placing } from './draft.ts';
import { fitted, type Shown, type Wish } from './fit.ts';
import type { Templates } from './template.ts';

/** As often as a mail is shortened again, where a template's papers take more room than they seemed to. */
const MOST_TRIES = 12;

/** Chooses what to show in at most so many bytes of HTML, and renders it: once where all has room, and twice more where it has not. */
export function place(draft: Draft, templates: Templates, most: number) {
  const { sections, ranked, wishes, entry } = draft;
  const rendered = (placing: Placing, headings?: number) => {
    const html = templates.html(draft.view(placing, 'html', headings));
    return { placing, html, size: Buffer.byteLength(html) };
  };
  const nothing = placedAs(draft, () => ({ shown: 'folded', why: 'no room for its theme' }));
  const asked = rendered(placedAs(draft, wish => wish));
  if (asked.size <= most) return asked;
  const { kept, frame } = keepSections(draft, most, headings => rendered(nothing, headings).size);
  const loads = sections.slice(0, kept).map((section, s) => ({
    lead: section.lead,
    items: (ranked[s] as CutPaper[]).map((paper, n) => ({
      wish: wishes[s]?.[n] as Wish,
      bytes: (shown: Shown) => entry(paper, section, shown).bytes,
    })),
  }));
  let room = most - frame;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const result = rendered([...fitted(loads, room), ...nothing.slice(kept)]);
    if (result.size <= most) return result;
    // What stands around each paper shrinks with the papers.
    room = Math.floor(room * Math.min(0.98, (most - frame) / (result.size - frame)));
  }
  return rendered(nothing);
}

/** All papers as they are given, whatever room they take. The budget of a theme is what its papers take. */
function placedAs({ sections, ranked, wishes, entry }: Draft, given: (wish: Wish) => Wish): Placing {
  return sections.map((section, s) => {
    const places = (ranked[s] as CutPaper[]).map((paper, n) => {
      const wish = given(wishes[s]?.[n] as Wish);
      return { ...wish, bytes: wish.shown === 'folded' ? 0 : entry(paper, section, wish.shown).bytes };
    });
    const budget = places.reduce((sum, { bytes }) => sum + bytes, 0);
    return places.map(place => ({ ...place, budget }));
  });
}

/** Bytes by which the line about what was shortened may be longer than the one about papers that are all left out. */
const NOTICE = 100;

/**
 * How many sections, from the first, have room for their best paper's title (nearly always all of them), and the bytes
 * of their mail without its papers.
 * @param size bytes of a mail that shows nothing but so many headings, each with how much it leaves out
 */
function keepSections({ sections, ranked, entry }: Draft, most: number, size: (headings: number) => number) {
  const titles = sections.map((section, s) => {
    const best = ranked[s]?.[0];
    return best === undefined ? 0 : entry(best, section, 'title').bytes;
  });
  const frameOf = (kept: number) => size(kept) + NOTICE;
  const hasRoom = (kept: number) =>
    frameOf(kept) + titles.slice(0, kept).reduce((sum, n) => sum + n, 0) <= most;
  let [fits, tooMany] = [0, sections.length + 1];
  for (let kept = sections.length; tooMany - fits > 1; kept = Math.floor((fits + tooMany) / 2)) {
    if (hasRoom(kept)) fits = kept;
    else tooMany = kept;
  }
  return { kept: fits, frame: frameOf(fits) };
}
