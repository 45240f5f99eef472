// What others would write to send the same mails, for bench/delivery.ts: nodemailer's pool, fed by a loop.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { render, toPlainText } from '@react-email/render';
import EmailTemplates from 'email-templates';
import nodemailer from 'nodemailer';
import { createElement as h } from 'react';
import type { App } from '../src/app.ts';
import type { EditionPaper } from '../src/editions/edition.ts';
import { papersOf } from '../src/editions/edition.ts';
import { addressOf, digestOf, writeFor } from './delivery-room.ts';

export type Other = 'composing' | 'told' | 'dkim' | 'email-templates' | 'react-email';

export interface Way {
  /** Sends to the reader with a number; resolves when the server has answered. */
  send(n: number): Promise<unknown>;
  close(): void;
}

export async function openOther(
  way: Other,
  app: App,
  { port, connections, dkimKey }: { port: number; connections: number; dkimKey: string | undefined },
): Promise<Way> {
  const domain = 'papers.example.org';
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    ...(way === 'dkim' && dkimKey !== undefined
      ? { dkim: { domainName: domain, keySelector: 'bench', privateKey: dkimKey } }
      : {}),
  });
  const contentOf = await CONTENT[way](app);
  return {
    async send(n) {
      return transport.sendMail({ ...fieldsOf(n), ...(await contentOf(n)) });
    },
    close: () => transport.close(),
  };
}

function fieldsOf(n: number) {
  const { unsubscribeUrl } = linksOf(n);
  return {
    from: 'Daily Papers <papers@papers.example.org>',
    to: addressOf(n),
    subject: 'What came out on 12 June',
    headers: {
      'List-Id': '<digest.papers.example.org>',
      'List-Unsubscribe': `<${unsubscribeUrl}>, <mailto:papers@papers.example.org?subject=unsubscribe>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-Help': '<https://papers.example.org/>',
      'Auto-Submitted': 'auto-generated',
      Precedence: 'bulk',
      'Feedback-ID': '2026-06-12:digest:daily:papers',
    },
  };
}

const linksOf = (n: number) => ({
  unsubscribeUrl: `https://papers.example.org/unsubscribe/1${String(n).padStart(43, '0')}`,
  preferencesUrl: `https://papers.example.org/preferences/1${String(n).padStart(43, '0')}`,
});

type Content = (n: number) => Promise<{ html: string; text: string; textEncoding?: 'quoted-printable' }>;

/** How each makes the two parts of a reader's mail, opened. */
const CONTENT: Record<Other, (app: App) => Promise<Content>> = {
  composing: finished,
  dkim: finished,
  told: async app => {
    const of = await finished(app);
    return async n => ({ ...(await of(n)), textEncoding: 'quoted-printable' });
  },
  'email-templates': async app => {
    const views = await viewsOf(app);
    const root = join(app.settings.dataDir, 'email-templates');
    mkdirSync(join(root, 'digest'), { recursive: true });
    writeFileSync(join(root, 'digest', 'html.hbs'), HANDLEBARS);
    const email = new EmailTemplates({
      views: { root, options: { extension: 'hbs' } },
      juiceResources: { webResources: { relativeTo: root } },
    });
    return async n => {
      const made = await email.renderAll('digest', { papers: views, address: addressOf(n), ...linksOf(n) });
      return { html: made.html ?? '', text: made.text ?? '' };
    };
  },
  'react-email': async app => {
    const views = await viewsOf(app);
    return async n => {
      const html = await render(page(views, addressOf(n), linksOf(n)));
      return { html, text: toPlainText(html) };
    };
  },
};

/** Paperround's own digest, its parts of one reader put in: nothing has to be rendered, only composed. */
async function finished(app: App): Promise<Content> {
  const { desk, digest } = await digestOf(app);
  return async n => {
    const { html, text } = await writeFor(desk, digest, n);
    return { html, text };
  };
}

interface View {
  title: string;
  url: string;
  by: string;
  summary: string;
}

/** The same papers for the two that render each mail: with so much of the abstract that the mail has 30 kB. */
async function viewsOf(app: App): Promise<View[]> {
  const { edition } = await digestOf(app);
  return papersOf(edition).map((paper: EditionPaper) => ({
    title: paper.title,
    url: `https://papers.example.org/papers/${paper.id}`,
    by: paper.authors.slice(0, 6).join(', '),
    summary: paper.abstract.slice(0, 700),
  }));
}

const [BODY, PAPER, HEAD, BY] = [
  'margin:0;font-family:Georgia,serif;font-size:16px;line-height:24px;color:#1d1d1f',
  'padding:12px 0;border-top:1px solid #dddddd',
  'margin:0;font-size:18px;line-height:24px',
  'margin:0;color:#666666;font-size:14px;line-height:20px',
];

const HANDLEBARS = `<!doctype html><html><head><style>
body { ${BODY} } .paper { ${PAPER} } h2 { ${HEAD} } .by { ${BY} }
</style></head><body><h1>Daily Papers</h1>
{{#each papers}}<div class="paper"><h2><a href="{{url}}">{{title}}</a></h2><p class="by">{{by}}</p><p>{{summary}}</p></div>
{{/each}}<p class="by">Sent to {{address}}. <a href="{{unsubscribeUrl}}">Leave</a> · <a href="{{preferencesUrl}}">Choose</a></p>
</body></html>`;

const styled = (text: string) =>
  Object.fromEntries(
    text.split(';').map(rule => {
      const [name = '', value = ''] = rule.split(':');
      return [name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()), value];
    }),
  );

/** What @react-email/components would make of it, without the tables that they put around it. */
function page(views: readonly View[], address: string, links: ReturnType<typeof linksOf>) {
  return h(
    'html',
    null,
    h(
      'body',
      { style: styled(BODY) },
      h('h1', null, 'Daily Papers'),
      ...views.map(({ title, url, by, summary }) =>
        h(
          'div',
          { style: styled(PAPER) },
          h('h2', { style: styled(HEAD) }, h('a', { href: url }, title)),
          h('p', { style: styled(BY) }, by),
          h('p', null, summary),
        ),
      ),
      h(
        'p',
        { style: styled(BY) },
        `Sent to ${address}. `,
        h('a', { href: links.unsubscribeUrl }, 'Leave'),
        ' · ',
        h('a', { href: links.preferencesUrl }, 'Choose'),
      ),
    ),
  );
}
