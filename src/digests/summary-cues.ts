// What the wording of a sentence of an abstract tells of its part: that it introduces, concludes, or only points at code.

const PAPER = '(?:paper|work|research|survey|study|article|report|review|tutorial|thesis)';
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
const OURS = 'method|approach|framework|model|system|pipeline|architecture|algorithm|design';
const LEANING = `first(?:ly)?,|next,|this(?! ${PAPER}\\b)|it|these|those|they|such|its|their|specifically|in particular|second|third|thus|notably|crucially`;

// For lower-case text: ignoring case costs a search several times as much as folding it once.
const anywhere = (words: string) => new RegExp(`\\b(?:${words})`);
const opening = (words: string) => new RegExp(`^(?:${words})\\b`);
const authors = (verbs: string) => new RegExp(`\\b${AUTHORS} (?:${verbs})(?:e|es|s|ed|d)?\\b`);

/**
 * Wording, and what it counts for a sentence as the one that introduces and as the one that concludes. The counts were
 * fitted to labelled abstracts and rounded (docs/quality.md, "Two sentences of an abstract").
 */
type Cue = [name: string, introduces: number, concludes: number, wording: RegExp];

const CUES: Cue[] = [
  ['offers something', 4.5, -1.5, authors(OFFERS)],
  ['says what is studied', 1.5, -0.5, authors(STUDIES)],
  ['points at the paper', 0.5, 0, anywhere(`this ${PAPER}\\b`)],
  ['names what is new', 1.5, 0, anywhere(`(?:${NAMES})\\b`)],
  [
    'answers a need',
    1.5,
    -1,
    opening('to (?:address|tackle|this end|bridge|overcome|fill|solve)|motivated by'),
  ],
  ['serves a side aim', -3, 0, opening(`to (?:${SIDE_AIM})`)],
  ['adds a second thing', -2, -0.5, /\b(?:we|and) (?:also|further|additionally)\b/],
  ['opens on an addition', -4.5, -1, opening(ADDITION)],
  ['wins', 0.5, 3.5, anywhere(WINS)],
  ['tells a change', 0, 1.5, anywhere(CHANGES)],
  ['gives a measure', 0, 2, /\d\s?(?:%|\\%|×|x\b|\{?times\b|percent|points?\b|-fold)/],
  ['reports', -1, 3, anywhere(`(?:${EVIDENCE})\\b[^.;]{0,90}\\b(?:${TELLS})`)],
  ['finds', 1, 2, authors(FINDS)],
  ['opens on others', -3, -4, opening(OTHERS)],
  ['opens on a problem', -3, -2, opening(TROUBLE)],
  ['opens on a concession', -3, -1.5, opening('despite|although|though|while')],
  ['tells the state of the field', -2, -2, anywhere(`(?:${FIELD})\\b`)],
  ['speaks of what is ours', 1.5, 0, new RegExp(`\\bour (?:[\\w-]+ ){0,2}?(?:${OURS})\\b`)],
  ['is one item of a list', -3, -1.5, /^\(?(?:\d{1,2}|[ivx]+)[.)]/],
  ['leans on what came before', -3, -1.5, opening(LEANING)],
];

/** What the wording of one sentence counts; `cued` is whether any of it was known, which needs English. */
export interface Wording {
  introduces: number;
  concludes: number;
  cued: boolean;
}

/** Looks for all wordings in a sentence, each counting once however often it comes. */
export function weighWording(sentence: string): Wording {
  let [introduces, concludes, cued] = [0, 0, false];
  const lower = sentence.toLowerCase();
  for (const [, introducing, concluding, wording] of CUES) {
    if (!wording.test(lower)) continue;
    introduces += introducing;
    concludes += concluding;
    cued = true;
  }
  return { introduces, concludes, cued };
}

const LONGEST_ANNOUNCEMENT = 420;
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
  training evaluation pretrained pre trained paper work have has experiment experiments results anonymous
  related used advance development promote plan further hope eval documentation
  using view download install installed pip license mit apache http https www com io`.split(/\s+/),
);

/** Whether a sentence says nothing but where (or when) code, data or a page can be had. */
export function announcesOnly(sentence: string): boolean {
  if (sentence.length > LONGEST_ANNOUNCEMENT || !OFFERS_FILES.test(sentence)) return !/\p{L}/u.test(sentence);
  const prose = sentence.replace(ADDRESS, ' ');
  const promised = /\bwill (?:be |make |release|open-?source|publish)|\bplan to\b/i.test(prose);
  const pointed =
    prose !== sentence || /\b(?:available|released?|open-?sourced?|public(?:ly)?)\b/i.test(prose);
  let others = pointed ? (prose !== sentence || promised ? 5 : 2) : 0;
  for (const [word] of prose.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu))
    if (!ANNOUNCING.has(word) && others-- === 0) return false;
  return true;
}
