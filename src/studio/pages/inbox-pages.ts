// The inbox of the studio: who got what, each mail in every view.
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Inbox, Mail } from '../inbox.ts';
import { LOOKS, type Look } from '../looks/looks.ts';
import { mailView } from './mail-views.ts';
import { asFile, framed, type Html, secured, studioPage, tabs } from './shell.ts';
import { choice, lookOf, MAIL_VIEWS, type MailView } from './views.ts';

/** The pages under `/inbox`. The mail itself stands in sandboxed frames: nothing in it runs. */
export function inboxPages(inbox: Inbox): Hono {
  const app = new Hono();
  const find = async (id: string) => (await inbox.list()).find(mail => mail.id === id);
  app.use('/inbox', secured);
  app.use('/inbox/*', secured);
  app.get('/inbox', async c => {
    const first = (await inbox.list())[0];
    if (first !== undefined) return c.redirect(`/inbox/${encodeURIComponent(first.id)}`);
    return c.html(
      studioPage(inbox.title, side(inbox, [], undefined, mailAddress), html`<p>No mail has come yet.</p>`),
    );
  });
  app.get('/inbox/:id', async c => {
    const mail = await find(c.req.param('id'));
    const mails = await inbox.list();
    if (mail === undefined)
      return c.html(
        studioPage(
          'No such mail',
          side(inbox, mails, undefined, mailAddress),
          html`<p>It is not in this inbox.</p>`,
        ),
        404,
      );
    const view = choice(MAIL_VIEWS, c.req.query('view'), 'mail');
    return c.html(mailPage(inbox, mails, mail, view, lookOf(c.req.query('look'))));
  });
  app.get('/inbox/:id/html', async c => {
    const mail = await find(c.req.param('id'));
    return mail === undefined ? c.notFound() : framed(mail.shown, lookOf(c.req.query('look')));
  });
  app.get('/inbox/:id/message.eml', async c => {
    const mail = await find(c.req.param('id'));
    return mail === undefined ? c.notFound() : asFile(mail.bytes, 'message.eml');
  });
  return app;
}

type AddressOf = (mail: Mail) => string;

const mailAddress: AddressOf = ({ id }) => `/inbox/${encodeURIComponent(id)}`;

function side(inbox: Inbox, mails: readonly Mail[], current: Mail | undefined, address: AddressOf): Html {
  const items = mails.map(
    mail =>
      html`<li><a href="${address(mail)}" ${mail.id === current?.id ? html`aria-current="page"` : ''}><b>${mail.to}</b><span>${mail.subject}</span></a></li>`,
  );
  return html`<h1>${inbox.title}</h1><p>${inbox.about}</p><p><a href="/studio">To the studio: any day, any reader</a></p><ol>${items}</ol>`;
}

function mailPage(inbox: Inbox, mails: readonly Mail[], mail: Mail, view: MailView, look: Look): Html {
  const at = (change: { view?: string; look?: string; id?: string }) => {
    const { id = mail.id, ...others } = { view, look, ...change };
    return `/inbox/${encodeURIComponent(id)}?${new URLSearchParams(others)}`;
  };
  const place = mails.indexOf(mail);
  const links = Object.entries(MAIL_VIEWS).map(([name, label], index) => ({
    label,
    href: at({ view: name }),
    current: name === view,
    key: String(index + 1),
  }));
  const looks = Object.entries(LOOKS).map(([name, label]) => ({
    label,
    href: at({ look: name }),
    current: name === look,
  }));
  const base = `/inbox/${encodeURIComponent(mail.id)}`;
  const shown = mailView(view, mail, look, {
    frame: one => `${base}/html?look=${one}`,
    look: one => at({ view: 'mail', look: one }),
    eml: `${base}/message.eml`,
  });
  const neighbours = [
    { mail: mails[place - 1], key: '[', label: 'Mail before' },
    { mail: mails[place + 1], key: ']', label: 'Next mail' },
  ].flatMap(({ mail: other, key, label }) =>
    other === undefined ? [] : [{ label, key, href: at({ id: other.id }), current: false }],
  );
  return studioPage(
    `${mail.to} – ${inbox.title}`,
    side(inbox, mails, mail, other => at({ id: other.id })),
    html`<header><h2>${mail.subject}</h2><p>From ${mail.from} to ${mail.to}, ${mail.date} · ${Buffer.byteLength(mail.html).toLocaleString('en')} bytes of HTML</p></header>
${tabs([...links, ...neighbours], 'Views', view !== 'mail')}${view === 'mail' ? tabs(looks, 'Looks', true) : ''}${shown}`,
  );
}
