// What is around everything in the studio: its headers, its page, its tabs, its problems, and the script that reloads it.
import type { MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { PaperroundError } from '../../errors.ts';
import { page, SECURITY_HEADERS } from '../../web/page.ts';
import { inLook, type Look } from '../looks/looks.ts';
import { PANEL_STYLE } from '../panels/style.ts';
import { STYLE } from './style.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString> | '';

/** The one script is the studio's own; it asks whether something changed and moves by keys. Nothing needs it. */
const POLICY = `${SECURITY_HEADERS['Content-Security-Policy']}; script-src 'self'; connect-src 'self'`;

/** Headers of every answer that has not set them itself. */
export const secured: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, 'Content-Security-Policy': POLICY }))
    if (!c.res.headers.has(name)) c.header(name, value);
  // A frame of the last look must not stand in for one of the new templates.
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
};

/** Nothing in a mail runs, loads or submits; links open in a page of their own. */
const FRAME_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** A mail by itself, for a frame. */
export function framed(mail: string, look: Look): Response {
  return new Response(inLook(mail, look), {
    headers: { 'Content-Type': 'text/html; charset=UTF-8', 'Content-Security-Policy': FRAME_POLICY },
  });
}

/** A message to be kept as a file. */
export function asFile(source: Uint8Array<ArrayBuffer>, name: string): Response {
  return new Response(source, {
    headers: { 'Content-Type': 'message/rfc822', 'Content-Disposition': `attachment; filename="${name}"` },
  });
}

/** A page of the studio: what is chosen at the side, what is seen in the middle. */
export function studioPage(title: string, side: Html, main: Html): Html {
  const body = html`<a class="skip" href="#main">To the mail</a><aside aria-label="What is shown">${side}</aside><main id="main">${main}</main><script src="/studio/live.js" defer></script>`;
  return page(title, body as Promise<HtmlEscapedString>, STYLE + PANEL_STYLE);
}

/** Links of which one is current. `key`: the key that opens it. */
export function tabs(
  links: readonly { label: string; href: string; current: boolean; key?: string }[],
  label: string,
  last = false,
): Html {
  return html`<nav class="tabs${last ? ' last' : ''}" aria-label="${label}">${links.map(
    ({ label, href, current, key }) =>
      html`<a href="${href}" ${current ? html`aria-current="page"` : ''} ${key === undefined ? '' : html`data-key="${key}"`}>${label}</a>`,
  )}</nav>`;
}

/** A failure, where the mail would stand: what, where in which file, what to do. */
export function problem(error: PaperroundError): Html {
  const { message, details, hint, place } = error;
  const excerpt = place === undefined ? '' : html`<pre>${place.excerpt.join('\n')}</pre>`;
  return html`<section class="problem" role="alert"><h2>${KINDS[error.code] ?? 'This cannot be shown'}</h2><p>${message}</p>${excerpt}${details.map(line => html`<p>${line}</p>`)}${hint === undefined ? '' : html`<p>${hint}</p>`}</section>`;
}

const KINDS: Partial<Record<PaperroundError['code'], string>> = {
  template: 'The template cannot be used',
  config: 'The configuration cannot be used',
};

/** Every failure that is foreseen; the others are defects, and thrown on. */
export function foreseen(error: unknown): PaperroundError {
  if (error instanceof PaperroundError) return error;
  throw error;
}

/**
 * The studio's script. It asks again, by GET: a reload would send a test mail once more. It reloads the page when templates or configuration were changed, and follows the link that has
 * the pressed key, unless somebody is writing.
 */
export const SCRIPT = `let version;
const events = new EventSource('/studio/events');
events.onmessage = ({ data }) => { if (version !== undefined && version !== data) location.replace(location.pathname + location.search); version = data; };
addEventListener('pagehide', () => events.close());
addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(input|select|textarea)$/i.test(event.target.tagName)) return;
  const link = [...document.querySelectorAll('[data-key]')].find(one => one.dataset.key === event.key);
  if (link) link.click();
});
`;
