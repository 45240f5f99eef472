// The frame of every page that Paperround serves itself, and the headers that keep it from doing anything else.
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Nothing is loaded from anywhere (a logo stands in the page itself), no script runs, no other site may frame a page, no address leaks to others by Referer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'",
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

const STYLE = `
:root{color-scheme:light dark;--paper:#fffdf9;--desk:#efeae0;--ink:#1c1b19;--soft:#625d54;--line:#d9d2c3;--mark:#94380f}
@media(prefers-color-scheme:dark){:root{--paper:#1d1c1a;--desk:#131211;--ink:#f6f2e9;--soft:#b3ada0;--line:#3b3833;--mark:#f2a56f}}
*{box-sizing:border-box}body{margin:0;background:var(--desk);color:var(--ink);font:16px/1.55 -apple-system,'Segoe UI',Helvetica,Arial,sans-serif}
h1{font:700 30px/1.2 Georgia,'Times New Roman',serif;margin:0 0 12px}a{color:var(--mark)}
main.note{width:min(520px,100% - 32px);margin:12vh auto;background:var(--paper);padding:36px;border:1px solid var(--line)}
button{font:inherit;padding:10px 22px;border:0;background:var(--mark);color:var(--paper);cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid var(--mark);outline-offset:2px}`;

/** A whole page. `style` is added to the common one. */
export function page(title: string, body: Html, style = ''): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><style>${raw(STYLE + style)}</style></head><body>${body}</body></html>`;
}

/** A page that says one thing, with an optional form or link below. */
export function note(title: string, text: string, below: Html = html``): Html {
  return page(title, html`<main class="note"><h1>${title}</h1><p>${text}</p>${below}</main>`);
}

/**
 * The policy of pages of `note`, and of `page` with one of these styles: these styles are applied and no other, whatever gets
 * into the page, and nobody may frame them.
 */
export function strictPolicy(...styles: readonly string[]): string {
  const hash = (style: string) =>
    `'sha256-${createHash('sha256')
      .update(STYLE + style)
      .digest('base64')}'`;
  return `default-src 'none'; style-src ${['', ...styles].map(hash).join(' ')}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;
}
