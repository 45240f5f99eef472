// The studio: an inbox in the browser. Who got what: the mail as it looks, its text, its headers, its source.
import { Hono, type MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { note, page, SECURITY_HEADERS } from '../web/page.ts';
import type { Inbox, Mail } from './inbox.ts';

const VIEWS = { mail: 'Mail', text: 'Text', headers: 'Headers', source: 'Source' } as const;
const LOOKS = { light: 'Light', dark: 'Dark' } as const;
const WIDTHS = { wide: 'Desktop', narrow: 'Phone' } as const;
type View = keyof typeof VIEWS;

/** How a mail is looked at; everything stands in the address, so that a look can be bookmarked. */
interface Look {
  view: View;
  look: keyof typeof LOOKS;
  width: keyof typeof WIDTHS;
}

const STYLE = `
body{display:grid;grid-template-columns:340px 1fr;min-height:100vh}
nav{border-right:1px solid var(--line);padding:24px 0;background:var(--paper);overflow:auto;max-height:100vh;position:sticky;top:0}
nav h1{font-size:24px;padding:0 24px}nav>p{padding:0 24px;margin:0 0 20px;color:var(--soft);font-size:14px}
nav ol{list-style:none;margin:0;padding:0}nav li a{display:block;padding:12px 24px;border-top:1px solid var(--line);color:inherit;text-decoration:none}
nav li a[aria-current]{background:var(--desk);box-shadow:inset 4px 0 var(--mark)}nav b,nav span{display:block}nav span{font-size:13px;color:var(--soft)}
main{padding:24px 32px;min-width:0}header p{margin:4px 0;color:var(--soft);font-size:14px}h2{font:700 22px/1.3 Georgia,serif;margin:0}
.tabs{display:flex;flex-wrap:wrap;gap:6px 22px;margin:16px 0;padding:0 0 10px;border-bottom:1px solid var(--line);font-size:15px}.tabs div{display:flex;gap:14px}
.tabs a{text-decoration:none}.tabs a[aria-current]{color:var(--ink);font-weight:600;border-bottom:2px solid var(--mark)}
iframe{display:block;width:100%;height:calc(100vh - 190px);min-height:480px;border:1px solid var(--line);background:#fff}
iframe.narrow{width:375px;max-width:100%}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--paper);border:1px solid var(--line);padding:20px;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;margin:0}
@media(max-width:800px){body{display:block}nav{position:static;max-height:none;border:0;border-bottom:1px solid var(--line);padding:16px 0 0}nav ol{display:flex;overflow-x:auto}nav li span{display:none}nav li a{padding:10px 16px;border-right:1px solid var(--line)}nav li a[aria-current]{box-shadow:inset 0 -4px var(--mark)}main{padding:20px 16px}}`;

/**
 * The studio's pages under `/inbox`, as a Hono app. The mail itself stands in a sandboxed frame: nothing in it runs.
 * @param themes the operator's page of evidence, shown under `/themes`; without it there is no such page
 */
export function studioPages(inbox: Inbox, themes?: () => Promise<string>): Hono {
  const app = new Hono();
  const find = async (id: string | undefined) => (await inbox.list()).find(mail => mail.id === id);
  const secured: MiddlewareHandler = async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      if (!c.res.headers.has(name)) c.header(name, value);
  };
  app.use('/inbox/*', secured);
  if (themes !== undefined) app.get('/themes', secured, async c => c.html(await themes()));
  app.get('/inbox', async c => {
    const first = (await inbox.list())[0];
    if (first !== undefined) return c.redirect(`/inbox/${encodeURIComponent(first.id)}`);
    return c.html(note(inbox.title, 'The inbox is empty.'));
  });
  app.get('/inbox/:id', async c => {
    const mail = await find(c.req.param('id'));
    if (mail === undefined) return c.html(note('No such mail', 'It is not in this inbox.'), 404);
    return c.html(inboxPage(inbox, await inbox.list(), mail, readLook(c.req.query()), themes !== undefined));
  });
  app.get('/inbox/:id/html', async c => {
    const mail = await find(c.req.param('id'));
    if (mail === undefined) return c.notFound();
    // Links open outside the frame; `sandbox` keeps scripts, forms and the studio's own origin away from the mail.
    c.header(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    );
    return c.html(inLook(mail.html, c.req.query('look') === 'dark'));
  });
  return app;
}

/** The mail as a program in light or dark mode shows it, whatever mode this browser is in. */
function inLook(mail: string, dark: boolean): string {
  return mail
    .replace(/<head>/i, '<head><base target="_blank">')
    .replace(/@media\s*\(prefers-color-scheme:\s*dark\)/gi, dark ? '@media all' : '@media not all')
    .replace(/(<meta name="color-scheme" content=")[^"]*/i, `$1${dark ? 'dark' : 'light'}`);
}

function readLook(query: Record<string, string>): Look {
  const pick = <T extends object>(of: T, key: string | undefined, usual: keyof T) =>
    key !== undefined && Object.hasOwn(of, key) ? (key as keyof T) : usual;
  return {
    view: pick(VIEWS, query.view, 'mail'),
    look: pick(LOOKS, query.look, 'light'),
    width: pick(WIDTHS, query.width, 'wide'),
  };
}

function inboxPage(inbox: Inbox, mails: readonly Mail[], mail: Mail, look: Look, hasThemes: boolean) {
  const address = (id: string, change: Partial<Look>) =>
    `/inbox/${encodeURIComponent(id)}?${new URLSearchParams({ ...look, ...change })}`;
  const link = (label: string, change: Partial<Look>, current: boolean) =>
    html`<a href="${address(mail.id, change)}" ${current ? html`aria-current="true"` : ''}>${label}</a>`;
  const choices = <K extends keyof Look>(key: K, of: Record<Look[K], string>) =>
    html`<div>${Object.entries(of).map(([value, label]) => link(String(label), { [key]: value } as Partial<Look>, look[key] === value))}</div>`;
  const items = mails.map(
    m =>
      html`<li><a href="${address(m.id, {})}" ${m.id === mail.id ? html`aria-current="page"` : ''}><b>${m.to}</b><span>${m.subject}</span></a></li>`,
  );
  const looks = look.view === 'mail' ? html`${choices('width', WIDTHS)}${choices('look', LOOKS)}` : '';
  const more = hasThemes ? html` <a href="/themes">Why each paper stands where it stands</a>` : '';
  return page(
    `${mail.to} – ${inbox.title}`,
    html`<nav aria-label="Mails"><h1>${inbox.title}</h1><p>${inbox.about}${more}</p><ol>${items}</ol></nav>
<main><header><h2>${mail.subject}</h2><p>From ${mail.from} to ${mail.to}, ${mail.date}</p></header>
<div class="tabs">${choices('view', VIEWS)}${looks}</div>${shown(mail, look)}</main>`,
    STYLE,
  );
}

function shown(mail: Mail, { view, look, width }: Look) {
  if (view === 'text') return html`<pre>${mail.text}</pre>`;
  if (view === 'headers')
    return html`<pre>${mail.headers.map(({ name, value }) => `${name}: ${value}`).join('\n')}</pre>`;
  if (view === 'source') return html`<pre>${mail.source}</pre>`;
  const bytes = Buffer.byteLength(mail.html).toLocaleString('en');
  return html`<iframe class="${width}" sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail as ${mail.to} sees it" src="/inbox/${encodeURIComponent(mail.id)}/html?look=${look}"></iframe><p>${bytes} bytes of HTML</p>`;
}
