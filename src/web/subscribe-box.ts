// The box on the front page in which a visitor types an address. It holds nothing of the moment, so that a page with it can be cached.
import { html } from 'hono/html';

/** The look of the box, for a page's style. */
export const SUBSCRIBE_BOX_STYLE = `
.subscribe-box{display:flex;flex-wrap:wrap;gap:8px}.subscribe-box label{flex:1 0 100%;font-weight:600}
.subscribe-box input{flex:1 1 220px;min-width:0;font:inherit;padding:10px 12px;border:1px solid var(--line);border-radius:4px;background:var(--paper);color:var(--ink)}
.subscribe-box input:focus-visible{outline:3px solid var(--mark);outline-offset:1px}
.subscribe-box .more{flex:1 0 100%;margin:0;font-size:14px;color:var(--soft)}`;

/**
 * The form: it posts an address to `/subscribe`, which answers with the form of all choices, filled in. The page needs
 * `form-action 'self'` in its policy and SUBSCRIBE_BOX_STYLE in its style; nothing else.
 * @param at where that is, on a site in a folder of another
 */
export function subscribeBox(at = '/subscribe') {
  return html`<form class="subscribe-box" method="post" action="${at}">
<label for="subscribe-address">Get trending papers in your email inbox!</label>
<input id="subscribe-address" name="address" inputmode="email" autocomplete="email" maxlength="254" placeholder="you@example.org" required>
<button>Subscribe</button>
<p class="more">Once a day, or less often. <a href="${at}">Choose your themes</a>; one tap to leave.</p></form>`;
}
