// Chooses the sentences of an abstract that tell a scanning reader what a paper does and what came of it.
// Nothing is rewritten or cut short: a summary is whole sentences of the authors' own, in their order.
import { sentences } from './sentences.ts';
import { announcesOnly, weighWording } from './summary-cues.ts';

const LONG_SENTENCE = 450;
const FULL_SENTENCE = 300;
const LIKELY_INTRODUCTIONS = 4;

interface Scored {
  sentence: string;
  at: number;
  introduces: number;
  concludes: number;
}

/**
 * What each sentence is worth as the one that introduces and as the one that concludes. All numbers were fitted to
 * labelled abstracts: short sentences repeat the title, first ones set the scene and last ones look ahead.
 */
function scored(usable: readonly string[]): Scored[] {
  const wordings = usable.map(weighWording);
  const last = usable.length - 1;
  if (!wordings.some(({ cued }) => cued))
    return usable.map((sentence, at) => ({ sentence, at, introduces: -at, concludes: at }));
  return usable.map((sentence, at) => {
    const { introduces, concludes } = wordings[at] as (typeof wordings)[number];
    // Half a page is no line to scan: it counts as little as a sentence of a few words.
    const says = sentence.length > LONG_SENTENCE ? 0.5 : Math.min(sentence.length, FULL_SENTENCE) / 100;
    return {
      sentence,
      at,
      introduces: introduces + 2.5 * says - (at === 0 ? 1.5 : 0),
      concludes: concludes + 1.5 * says + at / last - (at === last ? 1 : 0),
    };
  });
}

/** The candidates that are worth most, the first of equals first. */
function best(candidates: readonly Scored[], count: number, worth: (candidate: Scored) => number): Scored[] {
  return candidates.toSorted((a, b) => worth(b) - worth(a)).slice(0, count);
}

/**
 * The introduction and its outcomes that are worth most together: a sentence that tells the result may be the longest
 * that speaks of "we", and would otherwise be taken as the introduction. Only the likeliest ones are tried.
 */
function chosenTogether(candidates: readonly Scored[], count: number): Scored[] {
  let [chosen, most]: [Scored[], number] = [[], Number.NEGATIVE_INFINITY];
  for (const intro of best(candidates, LIKELY_INTRODUCTIONS, ({ introduces }) => introduces)) {
    const asOutcome = ({ at, concludes }: Scored) => concludes - (at < intro.at ? 3 : 0);
    const others = candidates.filter(candidate => candidate !== intro);
    const outcomes = best(others, count - 1, asOutcome);
    const worth = outcomes.reduce((sum, outcome) => sum + asOutcome(outcome), intro.introduces);
    if (worth > most) [chosen, most] = [[intro, ...outcomes], worth];
  }
  return chosen;
}

/**
 * `count` whole sentences of an abstract, verbatim and in its own order, joined by single spaces: one that
 * introduces the work, then those that best tell its outcome. Sentences that only announce code, data or a
 * page are passed over, unless there is nothing else. Text without English cues is chosen from by position:
 * how it opens and how it ends. An empty abstract gives ''.
 */
export function summarise(abstract: string, count = 2): string {
  const all = sentences(abstract);
  const telling = all.filter(sentence => !announcesOnly(sentence));
  const usable = telling.length > 0 ? telling : all.slice(0, 1);
  if (usable.length <= count) return usable.join(' ');
  if (count < 1) return '';
  return chosenTogether(scored(usable), count)
    .sort((a, b) => a.at - b.at)
    .map(({ sentence }) => sentence)
    .join(' ');
}
