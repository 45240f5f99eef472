// What a digest may use although caniemail's data (client-support.ts) has no word of it, or names programs that do not
// know it: its reader misses nothing there, or little. See docs/decisions/0019.

const words = (text: string) => text.split(/\s+/).filter(one => one !== '');

/** As old as mail in HTML, and in no table because nobody doubts them. The last two lines are for single programs. */
const UNDOUBTED = [
  ...words(`
    html head title meta body caption colgroup col thead tbody tfoot tr th td a br li dt dd center b i em u s big sub sup
    bdo cite q font`).map(name => `<${name}>`),
  ...words(`
    title aria-roledescription class id style name content http-equiv charset type media href rel border bgcolor scope
    colspan rowspan alt src color face size start value xmlns xml:lang`).map(name => `the attribute ${name}`),
  ...words(`
    color font-family font-style margin-top margin-right margin-bottom margin-left padding-top padding-right padding-bottom
    padding-left border-top border-right border-bottom border-left border-color border-style border-width border-top-color
    border-right-color border-bottom-color border-left-color border-top-width border-right-width border-bottom-width
    border-left-width border-top-style border-right-style border-bottom-style border-left-style unicode-bidi font-variant
    font-feature-settings font-variant-numeric
    -webkit-text-size-adjust -ms-text-size-adjust -ms-interpolation-mode`),
];

const LIGHT = 'the light scheme is shown';
const WIDE = 'the layout for wide screens is shown';
const BREAKS = 'lines break elsewhere';
const NO_RULE = 'the rule is left out';
const TELLS = 'a screen reader says the words that are there';

/** What some programs do not know, and what its reader gets there. */
export const DEGRADES: Readonly<Record<string, string>> = {
  '@media': WIDE,
  '@media (prefers-color-scheme)': LIGHT,
  'color-scheme': LIGHT,
  ':hover': 'nothing changes under the mouse',
  'the selector #a': NO_RULE,
  'the selector .a.b': NO_RULE,
  'the selector a+b': NO_RULE,
  'the selector a>b': NO_RULE,
  'the selector [a]': NO_RULE,
  '<body>': 'it becomes another element, with its content',
  '<mark>': 'the words are not marked',
  '<bdi>': 'the words stand in the order of those around them',
  '<abbr>': 'the words are there, their meaning is not',
  '<wbr>': BREAKS,
  'the attribute aria-label': TELLS,
  'the attribute aria-hidden': TELLS,
  'the attribute aria-labelledby': TELLS,
  'the attribute target': 'the program opens links where it always does',
  'text-decoration': 'links are underlined',
  'text-decoration-color': 'the line has the colour of the words',
  'text-decoration-thickness': 'the line is as thick as all',
  'text-underline-offset': 'the line is as near as all',
  'white-space': BREAKS,
  'word-break': BREAKS,
  'word-wrap': BREAKS,
  'overflow-wrap': BREAKS,
  hyphens: BREAKS,
  'text-wrap': BREAKS,
  'word-spacing': 'words stand as near as they always do',
  height: 'it is as high as its content',
  'min-height': 'it is as high as its content',
  'min-width': 'it is as wide as its content',
  'max-height': 'what has font-size:1px or display:none beside it stays small all the same',
  overflow: 'what is too large shows',
  'table-layout': 'columns are as wide as their content',
  'border-spacing': 'cells stand as near as cellspacing says',
  'border-radius': 'corners are square',
  outline: 'there is no line',
  'list-style': 'lists have dots',
  'caption-side': 'the caption stands above',
  visibility: 'it is shown; hide with display:none as well',
  opacity: 'it is not transparent',
};

const ACCEPTED: ReadonlySet<string> = new Set([...UNDOUBTED, ...Object.keys(DEGRADES)]);

/** Whether a feature may be used. Properties of Outlook's own, and names of XML, are ignored by all the others. */
export const isAccepted = (feature: string) =>
  ACCEPTED.has(feature) || feature.startsWith('mso-') || feature.startsWith('the attribute xmlns:');

/** What no table has, by what Gmail's own makers and its testers say. */
export const FAILS: Readonly<Record<string, string>> = {
  '<style> in the body': 'Gmail reads <style> in the head only',
  'an @ rule in an @ rule': 'Gmail drops the whole style sheet',
};
