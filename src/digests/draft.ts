// A digest being made: its sections, the most that is shown of each paper, and the view of every choice.
import { bestText, wishesOf } from './best.ts';
import { bestFirst, type Cut, type CutPaper } from './cut.ts';
import type { Place, Shown, Wish } from './fit.ts';
import { moreText, shortenedText } from './frame.ts';
import { type Entry, entryOf, type Setting } from './paper-view.ts';
import { noteLine, type Section } from './sections.ts';
import type { View } from './template.ts';
import type { Words } from './words.ts';

export interface Draft {
  sections: Section[];
  /** The papers of each section, best first. */
  ranked: CutPaper[][];
  /** The most that is shown of each of these. */
  wishes: Wish[][];
  /** What the templates make of a paper at a step. */
  entry(paper: CutPaper, section: Section, shown: Shown): Entry;
  /** The whole view of a choice. The first `headings` sections are there even when nothing of them is shown. */
  view(placing: Placing, part: 'html' | 'text', headings?: number): View;
}

/** What every paper got, by section and in the order of `ranked`. */
export type Placing = Place[][];

/** @param frame what stands around the papers */
export function draftOf(
  cut: Cut,
  sections: Section[],
  frame: object & { webUrl: string | null },
  setting: Setting,
): Draft {
  const { words } = setting;
  const ranked = sections.map(({ papers }) => papers.toSorted(bestFirst));
  const wishes = wishesOf(cut, sections, ranked);
  const best = bestText(cut, sections, wishes, words);
  const none = () => new Map<CutPaper, Entry>();
  const entries: Record<Shown, Map<CutPaper, Entry>> = {
    full: none(),
    summary: none(),
    title: none(),
    folded: none(),
  };
  const draft: Draft = {
    sections,
    ranked,
    wishes,
    entry: (paper, section, shown) => {
      const entry = entries[shown].get(paper) ?? entryOf(paper, noteLine(paper, section), shown, setting);
      entries[shown].set(paper, entry);
      return entry;
    },
    view: (placing, part, headings = 0) => ({
      ...frame,
      ...sectionsView(draft, placing, part, headings, words, frame.webUrl),
      notice: [best, shortenedText(placing.flat(), words)].filter(line => line !== '').join(' '),
    }),
  };
  return draft;
}

function sectionsView(
  { sections, ranked, entry }: Draft,
  placing: Placing,
  part: 'html' | 'text',
  headings: number,
  words: Words,
  webUrl: string | null,
): View {
  let hidden = 0;
  const themes = sections.flatMap((section, s) => {
    const step = new Map(ranked[s]?.map((paper, n) => [paper, placing[s]?.[n]?.shown ?? 'folded']));
    const visible = section.papers.filter(paper => step.get(paper) !== 'folded');
    const more = section.papers.length - visible.length;
    if (visible.length === 0) hidden += more;
    if (visible.length === 0 && s >= headings) return [];
    const papers = visible.map(paper => {
      const made = entry(paper, section, step.get(paper) as Shown);
      return part === 'html' ? made.html : made.text();
    });
    const { name, lead } = section;
    const count = words.number(section.papers.length);
    return [{ name, count, lead, papers, more, moreText: moreText(more, webUrl, words) }];
  });
  return { themes, more: hidden, moreText: moreText(hidden, webUrl, words) };
}
