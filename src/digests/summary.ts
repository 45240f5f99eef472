// Chooses the sentences of an abstract that tell a scanning reader what a paper does and what came of it.
// Nothing is rewritten or cut short: a summary is whole sentences of the authors' own, in their order.

const LONGEST_ENCLOSURE = 600;
const LONGEST_ENDING = 60;
const LONG_SENTENCE = 420;
const SHORT_SENTENCE = 60;
const COMFORTABLE_SUMMARY = 500;

/** Abbreviations after which a sentence never ends. */
const ABBREVIATION =
  /(?:^|[^a-z\d])(?:et al|e\.?g|i\.e|cf|vs|resp|approx|viz|incl|w\.r\.t|a\.k\.a|s\.t)\.[\s"')\]]*$/i;
/** Abbreviations only when a number follows: "No. 5" is one, "the answer is no." ends a sentence. */
const NUMBERED =
  /(?:^|[^a-z\d])(?:figs?|eqs?|eqns?|secs?|sects?|refs?|tabs?|nos?|vol|ch|chap|thm|def|prop|lem|alg|app|pp?|ver)\.\s*$/i;
const NUMBER_AHEAD = /^[([]?(?:\d|[A-Z]?\d|[IVX]+\b)/;
const INITIAL = /(?:^|[^\p{L}\p{N}])(?:(?:\p{Lu}\.[ -]?)+|(?:Dr|Prof|Mrs?|Ms)\.)$/u;
/** Words that begin sentences rather than surnames: after "Appendix B." these mean a new sentence. */
const OPENER =
  /^(?:We|Our|The|This|These|That|Those|It|Its|They|In|On|At|By|To|For|From|With|As|And|But|An?|I|If|When|While|Where|Since|Using|Here|Then|Thus|Hence|However|Although|Despite|Moreover|Furthermore|Additionally|Finally|Experiments?|Extensive|Empirical\w*|Results|Across|Code|Unlike|Both|Each|All|Such|There)\b/;
const ENUMERATOR = /(?:^|[:;]\s*)\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]$/;

let segmenter: Intl.Segmenter | undefined;

/** Where each short enough bracket or quotation opens (+1) and closes (-1), by text offset. */
function enclosures(text: string): Int32Array {
  const change = new Int32Array(text.length + 2);
  const open: Record<string, number[]> = { ')': [], ']': [], '}': [], '”': [], '"': [] };
  const closer: Record<string, string> = { '(': ')', '[': ']', '{': '}', '“': '”' };
  const enclose = (from: number | undefined, to: number) => {
    if (from === undefined || to - from > LONGEST_ENCLOSURE) return;
    change[from + 1] = (change[from + 1] ?? 0) + 1;
    change[to + 1] = (change[to + 1] ?? 0) - 1;
  };
  for (const { 0: mark, index } of text.matchAll(/[()[\]{}“”"]/g)) {
    const opens = closer[mark];
    if (opens) open[opens]?.push(index);
    else if (mark === '"' && /^$|[\s([{—–-]/.test(text.charAt(index - 1))) open[mark] = [index];
    else enclose(open[mark]?.pop(), index);
  }
  return change;
}

/** Whether a cut proposed between `before` (the end of one piece) and `after` splits a sentence in two. */
function splitsSentence(before: string, after: string): boolean {
  // Only scripts written without spaces end a sentence with no space behind it; "watch?V=1" does not.
  if (/[.?!]$/.test(before) && /^[!-~]/.test(after)) return true;
  // Every rule below looks at the last word or two; a whole sentence would be searched from its start.
  const end = before.trim().slice(-LONGEST_ENDING);
  if (/[?!]["'”’)\]]*$/.test(end) && /^\p{Ll}/u.test(after)) return true;
  if (ABBREVIATION.test(end)) return true;
  if (NUMBERED.test(end) && NUMBER_AHEAD.test(after)) return true;
  if (INITIAL.test(end) && /^\p{Lu}/u.test(after) && !OPENER.test(after)) return true;
  return ENUMERATOR.test(end);
}

/** Where sentences may end: the cuts of UAX #29, which misses the end of one that a bare address follows. */
function* cuts(text: string): Generator<number> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'sentence' });
  for (const { index, segment } of segmenter.segment(text)) {
    for (const before of segment.matchAll(/[.!?]\s(?=https?:\/\/)/g)) yield index + before.index + 2;
    yield index + segment.length;
  }
}

/**
 * The sentences of a single-line, TeX-free text, each a verbatim slice of it without outer space; together
 * they hold all its non-space text. Cuts are those of Unicode's UAX #29, less the ones that fall after an
 * abbreviation, an initial or a list number, or inside a bracket or quotation of at most 600 characters.
 */
export function sentences(text: string): string[] {
  const change = enclosures(text);
  const found: string[] = [];
  let [start, scanned, depth] = [0, 0, 0];
  for (const cut of cuts(text)) {
    for (; scanned <= cut; scanned++) depth += change[scanned] ?? 0;
    const before = text.slice(Math.max(start, cut - 32), cut);
    const wrong = depth > 0 || splitsSentence(before, text.slice(cut, cut + 24));
    if (cut < text.length && wrong) continue;
    const sentence = text.slice(start, cut).trim();
    if (sentence) found.push(sentence);
    start = cut;
  }
  return found;
}

const PAPER = '(?:paper|work|survey|study|article|report|review|tutorial|thesis)';
const ADVERB = '\\w+ly|also|further|then|thus|therefore|first|hence|here|next';
const AUTHORS = `(?:we|i|(?:this|our) ${PAPER})(?: (?:${ADVERB}))?`;
const OFFERS =
  'propos|introduc|present|develop|design|devis|build|built|creat|curat|formulat|offer|provid|construct|contribut|deploy|unveil|describ|pioneer|formali[sz]|establish';
const STUDIES =
  'study|studie|investigat|explor|revisit|address|tackl|examin|analy[sz]|aim|ask|argue|posit|compar|evaluat|focus|survey|review|extend|train|rethink|characteri[sz]';
const FINDS = 'find|found|show|demonstrat|discover|observ|prov|reveal|identify|identifi|uncover';
const NAMES = 'called|named|dubbed|termed|an? (?:novel|new|simple|unified)|the first';
const WINS = 'outperform|surpass|exceed|state-of-the-art|sota\\b|on par|competitive|comparab';
const CHANGES =
  'achiev|attain|reach|improv|reduc|boost|gain|speed-?up|accelerat|faster|higher|lower|yield|increas|decreas|deliver';
const EVIDENCE = 'results?|experiments?|evaluations?|analys[ie]s|stud(?:y|ies)|findings';
const TELLS = 'show|demonstrat|reveal|confirm|indicat|suggest|validat|highlight|prove|find';
const SIDE_AIM = 'further|measure|support|facilitate|promote|showcase|verify|validate|evaluate|assess';
const ADDITION = 'moreover|further(?:more)?|additionally|in addition|besides|then|finally|also';
const OTHERS = 'recent(?:ly)?|existing|prior|previous|current(?:ly)?|traditional|most|many';
const TROUBLE = 'however|yet|but|nevertheless|in practice|in contrast|consequently';
const FIELD =
  '(?:has|have) (?:recently )?(?:emerged|become|shown|achieved|demonstrated|gained|been)|remains?|is (?:crucial|essential|critical)|existing (?:methods|approaches|works?|benchmarks)';
const LEANING = `this(?! ${PAPER}\\b)|it|these|those|they|such|its|their|specifically|in particular|second|third|thus|notably|crucially`;

// For lower-case text: ignoring case costs a search several times as much as folding it once.
const anywhere = (words: string) => new RegExp(`\\b(?:${words})`);
const opening = (words: string) => new RegExp(`^(?:${words})\\b`);
const authors = (verbs: string) => new RegExp(`\\b${AUTHORS} (?:${verbs})(?:e|es|s|ed|d)?\\b`);

/** Wording, and what it counts for a sentence as the one that introduces and as the one that concludes. */
type Cue = [name: string, introduces: number, concludes: number, wording: RegExp];

const CUES: Cue[] = [
  ['offers something', 4, -1.5, authors(OFFERS)],
  ['says what is studied', 2, -0.5, authors(STUDIES)],
  ['points at the paper', 1, 0, anywhere(`this ${PAPER}\\b`)],
  ['names what is new', 1.5, 0, anywhere(`(?:${NAMES})\\b`)],
  [
    'answers a need',
    0.5,
    -1,
    opening('to (?:address|tackle|this end|bridge|overcome|fill|solve)|motivated by'),
  ],
  ['serves a side aim', -3, 0, opening(`to (?:${SIDE_AIM})`)],
  ['adds a second thing', -2, -0.5, /\b(?:we|and) (?:also|further|additionally)\b/],
  ['opens on an addition', -4.5, -1, opening(ADDITION)],
  ['wins', 0.5, 2.5, anywhere(WINS)],
  ['tells a change', 0, 1.5, anywhere(CHANGES)],
  ['gives a measure', 0, 1.5, /\d\s?(?:%|\\%|×|x\b|\{?times\b|percent|points?\b|-fold)/],
  ['reports', -1, 2, anywhere(`(?:${EVIDENCE})\\b[^.;]{0,90}\\b(?:${TELLS})`)],
  ['finds', 0.5, 2, authors(FINDS)],
  ['opens on others', -3, -4, opening(OTHERS)],
  ['opens on a problem', -3, -2, opening(TROUBLE)],
  ['opens on a concession', -3, -1.5, opening('despite|although|though|while')],
  ['tells the state of the field', -1.5, -1.5, anywhere(`(?:${FIELD})\\b`)],
  ['is one item of a list', -3, -1.5, /^\(?(?:\d{1,2}|[ivx]+)[.)]/],
  ['leans on what came before', -3, -1, opening(LEANING)],
];

const ADDRESS = /\b(?:https?:\/\/|www\.)\S+/gi;
const OFFERS_FILES =
  /\b(?:codes?|code-?base|data|datasets?|models?|weights|checkpoints|page|website|demos?|videos?|repository|implementation|resources|materials|project|package|library|benchmarks?|toolkit|scripts|samples|kernel|https?|www|github)\b/i;
/** The words an announcement of code or data is made of; what is left over is what the sentence says. */
const ANNOUNCING = new Set(
  `a all also an and are as at be been both can codes code codebase data dataset datasets model models weights
  checkpoints project page pages website web site homepage demo demos video videos repository repo
  implementation implementations resources resource materials material supplementary package library benchmark
  benchmarks toolkit scripts samples source sources open opensource opensourced sourced sourcing available
  availability publicly public released release releases releasing found find here see visit accessible access
  hosted made make will we our the this that these is its it in on of for from to with under via upon soon
  acceptance publication publish published following link links url github huggingface hugging face provided
  provide please more details information freely fully online future research community facilitate support
  training evaluation pretrained pre trained paper work have has experiment experiments results license anonymous
  related used advance development promote plan further hope eval documentation
  using view download http https www com io`.split(/\s+/),
);

/** Whether a sentence says nothing but where (or when) code, data or a page can be had. */
function announcesOnly(sentence: string): boolean {
  if (sentence.length > LONG_SENTENCE || !OFFERS_FILES.test(sentence)) return !/\p{L}/u.test(sentence);
  const prose = sentence.replace(ADDRESS, ' ');
  const words = prose.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const left = words.filter(word => !ANNOUNCING.has(word)).length;
  const promised = /\bwill (?:be |make |release|open-?source|publish)|\bplan to\b/i.test(prose);
  const pointed =
    prose !== sentence || /\b(?:available|released?|open-?sourced?|public(?:ly)?)\b/i.test(prose);
  return pointed ? left <= (prose !== sentence || promised ? 5 : 2) : left === 0;
}

type Scored = { sentence: string; at: number; introduces: number; concludes: number };

/** `along` runs from 0 (the first sentence) to 1 (the last): papers introduce early and conclude late. */
function score(sentence: string, at: number, along: number): Scored {
  let [introduces, concludes] = [-along, along];
  const lower = sentence.toLowerCase();
  for (const [, introducing, concluding, wording] of CUES) {
    if (!wording.test(lower)) continue;
    introduces += introducing;
    concludes += concluding;
  }
  const unwieldy = sentence.length > LONG_SENTENCE ? 2 : sentence.length < SHORT_SENTENCE ? 0.75 : 0;
  return { sentence, at, introduces: introduces - unwieldy, concludes: concludes - unwieldy };
}

function best(scored: Scored[], worth: (candidate: Scored) => number): Scored | undefined {
  let [winner, most]: [Scored | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
  for (const candidate of scored) {
    const value = worth(candidate);
    if (value > most) [winner, most] = [candidate, value];
  }
  return winner;
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
  const scored = usable.map((sentence, at) => score(sentence, at, at / (usable.length - 1)));
  const chosen: Scored[] = [];
  const intro = best(scored, candidate => candidate.introduces);
  if (intro && count > 0) chosen.push(intro);
  while (intro && chosen.length < count) {
    const length = chosen.reduce((sum, { sentence }) => sum + sentence.length + 1, 0);
    const next = best(
      scored.filter(candidate => !chosen.includes(candidate)),
      ({ sentence, at, concludes }) =>
        concludes - (at < intro.at ? 3 : 0) - (length + sentence.length > COMFORTABLE_SUMMARY ? 1 : 0),
    );
    if (!next) break;
    chosen.push(next);
  }
  return chosen
    .sort((a, b) => a.at - b.at)
    .map(({ sentence }) => sentence)
    .join(' ');
}
