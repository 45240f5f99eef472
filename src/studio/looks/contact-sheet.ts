// The contact sheet: the mail in every look, on a desktop and on a phone, on one page that can be made a picture.
import { html, raw } from 'hono/html';
import { inLook, LOOKS, type Look, WIDTHS } from './looks.ts';

/** What stands over the sheet: whose mail it is, and facts about it in a few words each. */
interface About {
  title: string;
  rows?: readonly { label: string; value: string }[];
}

/** As much of a mail is shown, from its top, in CSS pixels. */
const SHOWN = 1000;
/** Desktops are shrunk to the width of a column; phones are as large as they are. */
const COLUMN = 384;
const SCALE = COLUMN / WIDTHS.desktop;
const GAP = 24;
const EDGE = 40;
const COUNT = Object.keys(LOOKS).length;

/** How large a window shows the whole sheet, in CSS pixels. */
export const SHEET = {
  width: COUNT * COLUMN + (COUNT - 1) * GAP + 2 * EDGE,
  height: Math.ceil(SHOWN * SCALE) + SHOWN + 260,
} as const;

const STYLE = `
*{box-sizing:border-box}
body{margin:0;padding:32px ${EDGE}px;width:${SHEET.width}px;height:${SHEET.height}px;overflow:hidden;background:#d8d2c6;color:#1c1b19;font:15px/1.4 system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
h1{margin:0;font:700 26px/1.2 Georgia,'Times New Roman',serif;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
dl{display:flex;gap:4px 28px;margin:8px 0 20px;height:22px;overflow:hidden}dl div{display:flex;gap:8px}dt{color:#57524a}dd{margin:0;font-weight:600}
main{display:grid;grid-template-columns:repeat(${COUNT},${COLUMN}px);gap:18px ${GAP}px}
figure{margin:0}figcaption{margin-bottom:8px}figcaption b{font-weight:600}figcaption span{color:#57524a}
figure div{overflow:hidden;background:#fff;border-radius:6px;box-shadow:0 3px 14px #0003;margin:0 auto}
iframe{display:block;border:0;height:${SHOWN}px}
.desktop div{width:${COLUMN}px;height:${SHOWN * SCALE}px}.desktop iframe{width:${WIDTHS.desktop}px;transform:scale(${SCALE});transform-origin:0 0}
.phone div,.phone iframe{width:${WIDTHS.phone}px;height:${SHOWN}px}`;

const NAMES = { desktop: 'Desktop', phone: 'Phone' } as const;

/** A page of its own, without scripts, that shows the top of a mail in every look at both widths. It loads nothing. */
export function contactSheet(mail: string, { title, rows = [] }: About): string {
  const mails = new Map(looks().map(look => [look, inLook(mail, look)]));
  const figure = (width: keyof typeof WIDTHS, look: Look) => {
    const caption = html`<b>${LOOKS[look]}</b> <span>${NAMES[width]}, ${WIDTHS[width]} px</span>`;
    // The sandbox is empty: nothing in the mail runs, and no link in it leads anywhere.
    return html`<figure class="${width}"><figcaption>${caption}</figcaption><div><iframe sandbox="" scrolling="no" title="${LOOKS[look]}, ${NAMES[width]}" srcdoc="${mails.get(look) ?? ''}"></iframe></div></figure>`;
  };
  const facts = rows.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`);
  return String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<style>${raw(STYLE)}</style></head>
<body><h1 dir="auto">${title}</h1><dl>${facts}</dl>
<main>${looks().map(look => figure('desktop', look))}${looks().map(look => figure('phone', look))}</main></body></html>`);
}

const looks = () => Object.keys(LOOKS) as Look[];
