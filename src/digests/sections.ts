// The sections of a digest, as a reader meets them: what curators picked first, then the themes.
import { bestFirst, type Cut, type CutPaper } from './cut.ts';

/** Papers under one heading. */
export interface Section {
  name: string;
  papers: CutPaper[];
  /** Whether these are the picks. */
  lead: boolean;
}

/** The picks of a cut (no section where there are none) and its themes without them. Each paper stands in one. */
export function sectionsOf({ themes }: Cut): Section[] {
  const papers = themes.flatMap(theme => theme.papers);
  const picks = papers.filter(({ pick }) => pick !== null).sort(bestFirst);
  const others = themes.map(({ name, papers }) => ({
    name,
    papers: papers.filter(({ pick }) => pick === null),
    lead: false,
  }));
  return [{ name: pickedBy(picks), papers: picks, lead: true }, ...others].filter(
    section => section.papers.length > 0,
  );
}

/** The heading of the picks: it has the curator's name where all of them are one person's. */
function pickedBy(picks: readonly CutPaper[]): string {
  const names = new Set(picks.map(({ pick }) => pick?.by ?? null));
  const [only = null] = names;
  return names.size === 1 && only !== null ? `Picked by ${only}` : 'Picks';
}

/** The line of a curator on a paper, with the name unless the section's heading says it; '' where there is none. */
export function noteLine(
  { pick, note }: Pick<CutPaper, 'pick' | 'note'>,
  section: Pick<Section, 'name'>,
): string {
  if (note !== null) return `${note.by ?? 'Note'}: ${note.text}`;
  if (pick === null) return '';
  const who = `Picked by ${pick.by}`;
  if (pick.by === null || who === section.name) return pick.note === null ? '' : `“${pick.note}”`;
  return pick.note === null ? who : `${who}: ${pick.note}`;
}
