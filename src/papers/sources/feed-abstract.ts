// The abstract in what feeds of journals and other places give: the better of several texts, without their small print.
import { LIMITS } from '../limits.ts';

/** An abstract of at least this length beats one that is too long to be kept whole. */
const TELLING = 100;

const HEADING = /^(?:abstract|summary)\s*(?:[:.—–-]\s*|(?=\p{Lu}[^\p{Lu}]))/iu;
const PUBLISHED = /^[^;]{0,200}published online: [^;]{5,40};\s*doi:\s*10\.\S{5,200}\s*/i;
// "Advanced Materials, EarlyView." and "Journal of X, Volume 3, Issue 2, Page 1-20, February 2026."
const CITATION =
  /^.{0,200}(?:\bearly ?view|\bahead of print|\baccepted article|\bvolume \S{1,12}, issue|\bdoi: ?10\.\S{5,200}$)/i;

/** The best abstract among readable `texts`: the longest that is not too long; '' when none says more than `title`. */
export function bestAbstract(texts: readonly string[], title: string): string {
  const given = texts.map(withoutSmallPrint).filter(text => text !== '' && text !== title);
  const byLength = given.sort((a, b) => b.length - a.length);
  const fitting = byLength.find(text => text.length <= LIMITS.abstract);
  if (fitting !== undefined && (fitting.length >= TELLING || fitting === byLength[0])) return fitting;
  return cutAtSentence(byLength[0] ?? '');
}

/** `text` without "Abstract:" and a publisher's lines about the issue, which say nothing about the work. */
function withoutSmallPrint(text: string): string {
  const body = text.replace(PUBLISHED, '');
  return body.length < 300 && CITATION.test(body) ? '' : body.replace(HEADING, '').trim();
}

/** `text` cut to what is allowed: after a sentence if one ends in the last fifth, else after a word. */
export function cutAtSentence(text: string, limit: number = LIMITS.abstract): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  const sentence = Math.max(...['. ', '? ', '! '].map(end => cut.lastIndexOf(end)));
  if (sentence >= limit * 0.8) return cut.slice(0, sentence + 1);
  const word = cut.lastIndexOf(' ');
  return `${(word >= limit * 0.8 ? cut.slice(0, word) : cut).toWellFormed()}…`;
}
