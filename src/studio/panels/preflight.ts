// The panel of preflight: what keeps a mail from going out, what somebody should look at, and what is good.
import { html } from 'hono/html';
import { broken, type Check, type Preflight } from '../../digests/preflight.ts';
import { counted } from '../../digests/words.ts';

/** The report as a fragment of HTML. */
export function preflightPanel({ ok, checks }: Preflight) {
  const failures = broken(checks, 'failure');
  const warnings = broken(checks, 'warning');
  const good = checks.filter(check => check.ok);
  const verdict = ok
    ? warnings.length === 0
      ? 'Ready to be sent'
      : 'Ready to be sent, with something to look at'
    : 'This mail is held back';
  return html`<section class="figures"><h2>${verdict}</h2>
<p class="soft">${[
    ...(failures.length > 0 ? [counted(failures.length, 'failure')] : []),
    ...(warnings.length > 0 ? [counted(warnings.length, 'warning')] : []),
    `${good.length} of ${counted(checks.length, 'check')} passed`,
  ].join(', ')}.</p>
${failures.length > 0 ? html`<h3>Must be mended before it is sent</h3><ul class="checks bad">${failures.map(item)}</ul>` : ''}
${warnings.length > 0 ? html`<h3>Should be looked at</h3><ul class="checks">${warnings.map(item)}</ul>` : ''}
${good.length > 0 ? html`<h3>Good</h3><ul class="checks fine">${good.map(({ name, detail }) => html`<li><b>${name}</b><span class="soft">${detail}</span></li>`)}</ul>` : ''}</section>`;
}

const item = ({ name, detail, where, hint }: Check) =>
  html`<li><b>${name}</b>: ${detail}${where === null ? '' : html`<small>Where: <bdi>${where}</bdi></small>`}${hint === null ? '' : html`<small>What to do: ${hint}</small>`}</li>`;
