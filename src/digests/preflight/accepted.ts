// The HTML and CSS that a digest may use, by what mail programs support (caniemail.com, data of June 2026, MIT).
// Each is known by all that matter, or its reader misses nothing where it is not: see docs/decisions/0019.

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(one => one !== ''));

/** Elements: tables, headings, text. `<style>` in the head; Gmail and Outlook know `role` where they drop elements. */
export const ELEMENTS = words(`
  html head title meta style body
  table caption colgroup col thead tbody tfoot tr th td
  div p span a br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre center
  b strong i em u s small big sub sup code mark bdi bdo abbr cite q font img wbr
`);

export const ATTRIBUTES = words(`
  lang dir title role aria-label aria-roledescription aria-hidden aria-labelledby class id style name content http-equiv
  charset type media href target rel align valign width height border cellpadding cellspacing bgcolor background scope
  colspan rowspan alt src color face size start value xmlns xml:lang
`);

/**
 * Properties. Those after the first three lines are not known everywhere; where they are not, corners are square, shadows
 * and decorations are missing, and lines break elsewhere.
 */
export const PROPERTIES = words(`
  color background background-color font font-family font-size font-style font-weight line-height letter-spacing
  text-align text-decoration text-transform text-indent vertical-align white-space width height margin margin-top
  margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left
  border border-top border-right border-bottom border-left border-color border-style border-width border-collapse
  border-spacing border-top-color border-right-color border-bottom-color border-left-color border-top-width
  border-right-width border-bottom-width border-left-width border-top-style border-right-style border-bottom-style
  border-left-style border-radius max-width min-width max-height min-height display direction unicode-bidi overflow
  word-break word-spacing word-wrap overflow-wrap hyphens table-layout outline list-style list-style-type caption-side
  font-variant font-feature-settings font-variant-numeric text-decoration-color text-decoration-thickness
  text-underline-offset color-scheme visibility opacity text-wrap
  -webkit-text-size-adjust -ms-text-size-adjust -ms-interpolation-mode
`);

/** Properties of Outlook's own, which the others ignore. */
export const isOutlooks = (property: string) => property.startsWith('mso-');

/** Conditions: small screens, the dark scheme. Where they are not known, the light scheme on a wide screen is shown. */
export const isAcceptedCondition = (condition: string) => /^@media\b/i.test(condition);

/** Why something is not on the lists, where that is known: the programs in which it fails. */
export const FAILS: Record<string, string> = {
  '<main>': 'Gmail and Outlook drop it',
  '<nav>': 'Gmail and Outlook drop it',
  '<article>': 'Gmail and Outlook drop it; use <div role="article">',
  '<form>': 'Outlook on Windows and macOS drop it; Gmail on iOS does not submit it',
  '<math>': 'no mail program is known to show it',
  'display:flex': 'Outlook on Windows ignores it, and Gmail’s apps with other accounts',
  'display:grid': 'Gmail, Yahoo, and Outlook on Windows and phones ignore it',
  position: 'Gmail and Outlook on Windows and iOS ignore it',
  'box-shadow': 'Gmail, Yahoo and Outlook on Windows ignore it',
  float: 'Outlook on Windows ignores it; use <table align>',
  animation: 'Gmail, Yahoo and Outlook ignore it',
  '@keyframes': 'Gmail, Yahoo and Outlook ignore what it animates',
  '@supports': 'Gmail and Outlook ignore what stands in it',
  'var()': 'Gmail and Outlook do not know CSS variables',
  'a CSS comment': 'some programs ignore the rule after it',
  '<style> in the body': 'Gmail reads <style> in the head only',
  'an @ rule in an @ rule': 'Gmail drops the whole style sheet',
  'a link within the mail': 'Gmail on iOS does not follow it, and Outlook needs <a name>',
};
