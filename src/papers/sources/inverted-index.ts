// OpenAlex gives abstracts as an index of words with their places, for legal reasons; here they become text again.
// https://docs.openalex.org/api-entities/works/work-object#abstract_inverted_index
import { LIMITS } from '../limits.ts';

const WORDS = 20_000;

/**
 * The text of an inverted index `{"word": [0, 7], …}`. Places from 0 to 19,999 count; gaps close.
 * @returns undefined where the value is no such index, or its text would be longer than an abstract may be: one long
 *   word at many places could stand for gigabytes
 */
export function textOfIndex(value: object): string | undefined {
  const words: string[] = [];
  let length = 0;
  for (const [word, places] of Object.entries(value)) {
    if (!Array.isArray(places)) return undefined;
    for (const place of places) {
      if (!Number.isInteger(place) || place < 0 || place >= WORDS) return undefined;
      length += word.length + 1;
      if (length > LIMITS.abstract) return undefined;
      words[place] = word;
    }
  }
  // A place that no word has is skipped.
  return words.filter(() => true).join(' ');
}
