// How the studio's panels look. Everything is below `.figures`, so that no panel changes what stands around it.

/** Sections take these in turn; beside each other they differ in lightness too. */
const LIGHT = ['#94380f', '#d39a4a', '#4d6b57', '#8fae9b', '#3f5f86', '#93acc9', '#6d4a74', '#b79abb'];
const DARK = ['#f2a56f', '#a8682f', '#9cc4a8', '#557a63', '#a3bfe3', '#5a7aa6', '#d0aed6', '#84628b'];

/** How many colours there are: section `n` has the class `c` and the rest of `n` by this. */
export const COLOURS = LIGHT.length;

const variables = (colours: readonly string[]) => colours.map((colour, n) => `--c${n}:${colour}`).join(';');
const classes = LIGHT.map((_, n) => `.figures .c${n}{background:var(--c${n})}`).join('');

export const PANEL_STYLE = `
.figures{${variables(LIGHT)};max-width:900px;background:var(--paper);border:1px solid var(--line);padding:24px 28px 28px;margin:0 0 24px;font-size:15px;line-height:1.5;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){.figures{${variables(DARK)}}}
${classes}
.figures h2{font:700 22px/1.3 Georgia,'Times New Roman',serif;margin:0 0 6px}
.figures h3{font-size:15px;font-weight:600;margin:26px 0 8px}
.figures p{margin:4px 0}.figures .soft,.figures small{color:var(--soft);font-size:14px}.figures .loud{color:var(--mark);font-weight:600}
.figures .title{display:block}
.figures .unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.figures table{width:100%;border-collapse:collapse;position:relative}
.figures caption{text-align:start;font-weight:600;padding:22px 0 8px}.figures caption.unseen{padding:0}
.figures th,.figures td{padding:7px 0 7px 14px;border-top:1px solid var(--line);text-align:end;vertical-align:top;font-variant-numeric:tabular-nums;white-space:nowrap}
.figures thead th,.figures thead td{border:0;padding-top:0;font-weight:400;font-size:13px;color:var(--soft);overflow-wrap:normal}
.figures th:first-child{text-align:start;padding-left:0;white-space:normal;width:100%}
.figures tbody th,.figures tfoot th{font-weight:400}.figures tfoot th,.figures tfoot td{color:var(--soft)}
.figures tr.total th,.figures tr.total td{font-weight:600;color:var(--ink)}
.figures th small,.figures li small{display:block}
.figures .swatch{display:inline-block;width:11px;height:11px;border-radius:2px;margin-inline-end:9px}
.figures .frame{background:repeating-linear-gradient(135deg,var(--line) 0 3px,transparent 3px 6px);box-shadow:inset 0 0 0 1px var(--line)}
.figures .scale{margin:22px 0 8px;position:relative}
.figures .bar{display:flex;height:34px;background:var(--desk);border-radius:3px;overflow:hidden}
.figures .bar span{flex:none;min-width:0;box-shadow:inset -1px 0 var(--paper)}
.figures .at{position:absolute;top:-7px;height:48px;width:0;border-left:2px solid var(--ink)}.figures .at.gmail{border-left-style:dashed;border-color:var(--mark)}
.figures .legend{display:flex;flex-wrap:wrap;gap:2px 20px;font-size:13px;color:var(--soft);margin:14px 0 0}.figures .legend i{display:inline-block;height:13px;border-left:2px solid var(--ink);margin-inline-end:7px;vertical-align:-2px}.figures .legend i.gmail{border-left-style:dashed;border-color:var(--mark)}
.figures details{border-top:1px solid var(--line)}.figures details:last-of-type{border-bottom:1px solid var(--line)}.figures details[open]{padding-bottom:14px}
.figures summary{padding:10px 0;cursor:pointer;color:var(--ink);font-size:15px}.figures summary b{font-weight:600;margin-inline-end:8px}
.figures details th,.figures details td{padding-top:7px;padding-bottom:8px}.figures details thead th{padding:0}
.figures .meter{display:flex;align-items:center;gap:10px;margin:3px 0 0}.figures .meter small{flex:1 1 0;min-width:0;font-size:13px;line-height:1.35}
.figures .fill{display:block;flex:none;height:7px;border-radius:1px;min-width:2px}
.figures .rows{list-style:none;margin:14px 0 0;padding:0}.figures .rows>li{padding:14px 0 16px;border-top:1px solid var(--line)}.figures .rows h3{margin:0 0 8px}
.figures .row{background:var(--desk);border:1px solid var(--line);border-radius:4px;padding:10px 14px;margin:0 0 8px;font-size:14px;line-height:1.5}
.figures .row.one{display:grid;grid-template-columns:124px minmax(0,1fr) auto;gap:0 14px}.figures .row.list{max-width:480px;display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 12px}
.figures .row.list .lines{grid-column:1/-1}.figures .row .lines span{display:block}.figures .row b{font-weight:600}.figures .row .soft{font-size:inherit}
.figures dl{display:flex;flex-wrap:wrap;gap:12px 34px;margin:16px 0 4px}.figures dl div{min-width:64px}.figures dt{font-size:13px;color:var(--soft)}.figures dd{margin:0;font:400 26px/1.2 Georgia,'Times New Roman',serif}
.figures .marked{border-inline-start:3px solid var(--mark);padding-inline-start:14px;margin:14px 0}
.figures .checks{list-style:none;margin:0;padding:0;border:0;max-height:none;overflow:visible}.figures .checks li{padding:9px 0;border-top:1px solid var(--line)}.figures .checks.bad li{border-inline-start:4px solid var(--mark);padding-inline-start:14px}
.figures .checks.fine li{display:flex;flex-wrap:wrap;gap:0 14px;padding:5px 0}.figures .checks.fine b{font-weight:400;min-width:130px}
@media(min-width:601px){.figures td,.figures thead th{min-width:84px}}
@media(max-width:600px){.figures{padding:18px 16px 22px}.figures .row.list{padding:9px 11px}.figures .row.list .lines{font-size:12.5px}.figures .meter{display:block}.figures .meter small{margin-top:3px}.figures .row.one{grid-template-columns:minmax(0,1fr) auto}.figures .row.one .lines{grid-column:1/-1;order:3}.figures dl{gap:10px 24px}.figures th,.figures td{padding-left:10px}}`;
