// The studio's pages: any day, any reader, in every view; reloaded when templates or configuration change.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import { streamSSE } from 'hono/streaming';
import type { PaperroundError } from '../../errors.ts';
import type { Fields } from '../../web/preferences-form.ts';
import { type Ask, fieldsOf, readAsk } from '../ask.ts';
import { readMail } from '../inbox.ts';
import { LOOKS } from '../looks/looks.ts';
import { makeScene, type Scene } from '../scene.ts';
import { sendTest } from '../test-send.ts';
import type { Bench, Workbench } from '../workbench.ts';
import { chooser, type Side } from './chooser.ts';
import { sceneView } from './scene-views.ts';
import { asFile, foreseen, framed, type Html, problem, SCRIPT, secured, studioPage, tabs } from './shell.ts';
import { themesPage } from './themes-page.ts';
import { type AddressOf, type Chosen, choice, lookOf, MAIL_VIEWS, VIEWS } from './views.ts';

/** Frames ask for the scene of the page around them: so many are kept. */
const MOST_SCENES = 12;

/** A connection that says nothing is taken for dead by browsers and proxies. */
const PING_MS = 20_000;

/**
 * The pages under `/studio`.
 * @param usual what is shown where an address does not say it
 * @param side what else is at the side of each page
 */
export function previewPages(workbench: Workbench, usual: Pick<Ask, 'day' | 'reader'>, side: Side): Hono {
  const app = new Hono();
  app.use('/studio', secured);
  app.use('/studio/*', secured);
  const scenes = keptScenes(workbench);
  const asked = (fields: Fields): Ask =>
    readAsk({ ...(usual.day && { day: [usual.day] }), reader: [usual.reader], ...fields });
  const show = async (c: Context, sent?: Html) => {
    const fields = c.req.queries();
    const page = await pageOf(workbench, scenes, fields, asked, side, sent);
    return c.html(page.body as string, page.problem === undefined ? 200 : (STATUS[page.problem.code] ?? 500));
  };
  app.get('/studio', c => show(c));
  app.get('/studio/frame', async c => {
    try {
      const { mail } = await scenes.kept(asked(c.req.queries()));
      return framed(mail.shown, lookOf(c.req.query('look')));
    } catch (error) {
      return c.text(foreseen(error).message, 422);
    }
  });
  app.get('/studio/digest.eml', async c => {
    const { mail, scene } = await scenes.kept(asked(c.req.queries()));
    return asFile(mail.bytes, `digest-${scene.edition.date}.eml`);
  });
  app.post('/studio', csrf(), bodyLimit({ maxSize: 4096 }), async c => {
    const to = (await c.req.parseBody()).to;
    return show(c, await sendTest(workbench.bench(), asked(c.req.queries()), String(to ?? '')));
  });
  app.get('/studio/themes', async c => {
    const { edition } = await makeScene(workbench.bench(), asked(c.req.queries()));
    return c.html(await themesPage(edition, workbench.bench().app.themes));
  });
  app.get('/studio/live.js', c => c.body(SCRIPT, 200, { 'Content-Type': 'text/javascript; charset=UTF-8' }));
  app.get('/studio/events', c =>
    streamSSE(c, async stream => {
      const tell = () => stream.writeSSE({ data: workbench.version() });
      const stop = workbench.onChange(() => void tell());
      stream.onAbort(stop);
      while (!stream.aborted) {
        await tell();
        // Nobody waits for it when the studio is asked to end.
        await sleep(PING_MS, undefined, { ref: false });
      }
    }),
  );
  app.onError((error, c) => {
    const known = foreseen(error);
    return c.html(studioPage('Studio', '', problem(known)) as string, STATUS[known.code] ?? 500);
  });
  return app;
}

/** What a browser is told beside the page that says it. */
const STATUS: Partial<Record<PaperroundError['code'], 404 | 422>> = {
  usage: 404,
  template: 422,
  config: 422,
};

type Seen = { scene: Scene; mail: Awaited<ReturnType<typeof readMail>> };

/** Scenes by what was asked and of which templates. A page makes its own anew; the frames in it show that one. */
function keptScenes(workbench: Workbench) {
  const kept = new Map<string, Promise<Seen>>();
  const keyOf = (ask: Ask) => `${workbench.version()} ${JSON.stringify(ask)}`;
  const fresh = (ask: Ask): Promise<Seen> => {
    const key = keyOf(ask);
    const made = seen(workbench.bench(), ask);
    kept.delete(key);
    kept.set(key, made);
    made.catch(() => kept.delete(key));
    for (const old of [...kept.keys()].slice(0, -MOST_SCENES)) kept.delete(old);
    return made;
  };
  return { fresh, kept: (ask: Ask) => kept.get(keyOf(ask)) ?? fresh(ask) };
}

async function seen(bench: Bench, ask: Ask): Promise<Seen> {
  const scene = await makeScene(bench, ask);
  return { scene, mail: await readMail('preview', scene.message.bytes) };
}

async function pageOf(
  workbench: Workbench,
  scenes: ReturnType<typeof keptScenes>,
  fields: Fields,
  asked: (fields: Fields) => Ask,
  side: Side,
  sent: Html | undefined,
): Promise<{ body: Html; problem?: PaperroundError }> {
  const chosen: Chosen = {
    view: sent === undefined ? choice(VIEWS, fields.view?.[0], 'mail') : 'send',
    look: lookOf(fields.look?.[0]),
  };
  let ask: Ask | undefined;
  try {
    ask = asked(fields);
    const bench = workbench.bench();
    const { scene, mail } = await scenes.fresh(ask);
    const at = addressOf({ ...ask, day: ask.day ?? scene.edition.date }, chosen);
    const main = html`${headerOf(scene, mail.from)}${viewTabs(chosen, at)}${await sceneView(bench, scene, mail, chosen, at, sent)}`;
    const body = studioPage(
      `${mail.subject} – Studio`,
      await chooser(bench.app, ask, chosen, side, scene),
      main,
    );
    return { body };
  } catch (error) {
    const known = foreseen(error);
    const rest = await chooser(workbench.app(), ask ?? asked({}), chosen, side, undefined);
    return { body: studioPage(`${known.code} – Studio`, rest, problem(known)), problem: known };
  }
}

const addressOf =
  (ask: Ask, chosen: Chosen) =>
  (change: Partial<Chosen>, path = '/studio') =>
    `${path}?${fieldsOf(ask, { ...chosen, ...change })}`;

function headerOf({ edition, origin, digest, message, report, viewer }: Scene, from: string): Html {
  const bytes = Buffer.byteLength(message.html).toLocaleString('en');
  const failures = report.checks.filter(({ ok, level }) => !ok && level === 'failure').length;
  const warnings = report.checks.filter(({ ok, level }) => !ok && level === 'warning').length;
  const said =
    failures > 0
      ? html`<span class="bad">preflight holds it back</span>`
      : html`preflight: ${warnings === 0 ? 'nothing found' : `${warnings} warning${warnings === 1 ? '' : 's'}`}`;
  const what = { published: 'published', draft: 'not published yet', 'made up': 'made up' }[origin];
  return html`<header><h2>${digest.subject}</h2><p>From ${from} to <b>${viewer.address}</b> · edition ${edition.date}, ${what} · ${digest.papers.length} papers · ${bytes} bytes of HTML · ${said}</p></header>`;
}

function viewTabs(chosen: Chosen, at: AddressOf): Html {
  const link = ([name, label]: [string, string], index: number) => ({
    label,
    href: at({ view: name as Chosen['view'] }),
    current: name === chosen.view,
    key: String((index + 1) % 10),
  });
  const all = Object.entries(VIEWS).map(link);
  const mails = Object.keys(MAIL_VIEWS).length;
  const other = chosen.look === 'light' ? 'dark' : 'light';
  const looks = Object.entries(LOOKS).map(([look, label]) => ({
    label,
    href: at({ view: 'mail', look: look as Chosen['look'] }),
    current: look === chosen.look,
    ...(look === other && { key: 'd' }),
  }));
  return html`${tabs(all.slice(0, mails), 'The mail')}${tabs([...all.slice(mails), { label: 'Themes', href: at({}, '/studio/themes'), current: false }], 'About it', chosen.view !== 'mail')}${chosen.view === 'mail' ? tabs(looks, 'Looks', true) : ''}`;
}
