// The text of a Daily Papers page, as somebody selected and pasted it: header lines, then title / blank line / abstract.

import type { Day } from '../../store/schema.ts';
import { excerpt } from '../../text-file.ts';
import type { Candidate } from '../announce.ts';
import { dailyPapersDay, dayOfHeading } from '../calendar.ts';
import type { Dropped } from '../paper.ts';

interface Block {
  line: number;
  text: string;
}

/** The page's day (null when its header names none) and its papers; undefined when the text is no such page. */
export function readDailyPapersPage(
  text: string,
  today: Day,
  mustHaveHeader = false,
): { day: Day | null; candidates: Candidate[]; dropped: Dropped[] } | undefined {
  const blocks = splitBlocks(text);
  const header = readHeader(blocks, today);
  const { pairs, strays } = pairUp(blocks.slice(header.length));
  // Prose of any kind has blocks too; a page is known by its header, or by being nothing but titles and abstracts.
  const certain =
    strays.length === 0 && pairs.every(({ title, abstract }) => !isProse(title.text) && isProse(abstract));
  if (pairs.length === 0 || (header.length === 0 && (mustHaveHeader || !certain))) return undefined;
  const announcedOn = header.day === null ? null : dailyPapersDay(header.day);
  const candidates = pairs.map(({ title, abstract }) => ({
    where: `line ${title.line}`,
    title: title.text,
    abstract,
    listedOn: header.day,
    announcedOn,
    requireAbstract: true,
  }));
  const dropped = strays.map(
    (stray): Dropped => ({
      reason: 'no abstract',
      where: `line ${stray.line}`,
      detail: `"${excerpt(stray.text)}" is followed by no abstract`,
    }),
  );
  return { day: header.day, candidates, dropped };
}

function splitBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let current: Block | undefined;
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '') current = undefined;
    else if (current) current.text += ` ${line.trim()}`;
    else {
      current = { line: index + 1, text: line.trim() };
      blocks.push(current);
    }
  }
  return blocks;
}

/** The header ends with the day under "Daily Papers"; older copies have the name but no day. */
function readHeader(blocks: Block[], today: Day): { length: number; day: Day | null } {
  const head = blocks.slice(0, 15);
  const day = head.findIndex(block => dayOfHeading(block.text, today) !== undefined);
  if (day >= 0) return { length: day + 1, day: dayOfHeading(head[day]?.text ?? '', today) ?? null };
  const name = head.findIndex(block => /^daily papers$/i.test(block.text));
  if (name < 0) return { length: 0, day: null };
  const byline = /^by\s?AK\b/i.test(head[name + 1]?.text ?? '') ? 1 : 0;
  return { length: name + 1 + byline, day: null };
}

/** Whether a block reads like an abstract and not like a title: several sentences, or one long one with its full stop. */
function isProse(text: string): boolean {
  return text.length > 300 || (text.length > 120 && /[.!?:]["”)]*$/.test(text));
}

/** Titles with the prose that follows them. A short block right after a title is its abstract if a title comes next. */
function pairUp(blocks: Block[]): { pairs: { title: Block; abstract: string }[]; strays: Block[] } {
  const pairs: { title: Block; abstract: string }[] = [];
  const strays: Block[] = [];
  let title: Block | undefined;
  for (const [index, block] of blocks.entries()) {
    const next = blocks[index + 1];
    const closesPair =
      isProse(block.text) || (title !== undefined && (next === undefined || !isProse(next.text)));
    if (title !== undefined && closesPair) {
      pairs.push({ title, abstract: block.text });
      title = undefined;
    } else if (isProse(block.text) && pairs.length > 0) {
      (pairs.at(-1) as { abstract: string }).abstract += ` ${block.text}`;
    } else {
      if (title !== undefined) strays.push(title);
      title = block;
    }
  }
  if (title !== undefined) strays.push(title);
  return { pairs, strays };
}
