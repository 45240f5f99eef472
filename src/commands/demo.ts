// `paperround demo` (npm start): the whole way of a paper with nothing configured: samples, edition, digests, real SMTP, inbox.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { type App, openApp, openSource } from '../app.ts';
import type { Settings } from '../config.ts';
import type { SendReport } from '../delivery/deliver.ts';
import { templatesOf } from '../desk.ts';
import { openDoor } from '../door.ts';
import { publish } from '../editions/publish.ts';
import { PaperroundError } from '../errors.ts';
import { sendEdition } from '../job.ts';
import { collect } from '../papers/collect.ts';
import { collectionLine, preflightLines, publicationLine, sendingLine, sendStatus } from '../report.ts';
import { startCatcher } from '../studio/catcher.ts';
import { folderInbox } from '../studio/inbox.ts';
import { studioPages } from '../studio/studio.ts';
import { openWorkbench, type Workbench } from '../studio/workbench.ts';
import { importSubscribers, readSubscriberFile } from '../subscribers/import.ts';
import { notFound } from '../web/archive/archive.ts';
import type { SignUps } from '../web/forms.ts';
import { aborted, type Listening, listen } from '../web/listen.ts';
import { readersPages } from '../web/web.ts';
import type { Command, Context } from './context.ts';
import { filesBeside } from './preview-studio.ts';
import { styled, type Terminal } from './terminal.ts';

/** The day of the pasted page among the samples. */
const DATE = '2026-08-20';
const DEFAULT_PORT = 8610;

const shipped = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const SAMPLES = ['daily-papers-page.txt', 'huggingface-2026-06-12.json'];

const demo: Command<{ once?: boolean; fresh?: boolean; port?: number }> = async (
  context,
  { once, fresh, port, config },
) => {
  const { terminal, closers } = context;
  const { settings } = await context.config();
  const folder = join(settings.dataDir, 'demo');
  if (fresh) await rm(folder, { recursive: true, force: true });
  const catcher = await startCatcher(join(folder, 'inbox'));
  closers.push(catcher.close);
  const pages = new Hono();
  const listening = once ? undefined : await listenSomewhere(terminal, pages, port ?? settings.port);
  if (listening) closers.push(listening.close);
  const publicUrl = listening?.url ?? `http://127.0.0.1:${port ?? settings.port ?? DEFAULT_PORT}`;
  const app = await openApp(demoSettings(settings, folder, catcher.url, publicUrl));
  closers.push(app.close);
  const report = await runDemo(context, app);
  if (listening === undefined) return sendStatus(report);
  const workbench = await openWorkbench({
    app,
    reopen: async () => {
      const changed = (await context.config()).settings;
      return openApp(demoSettings(changed, folder, catcher.url, publicUrl), app.clock, terminal.warn);
    },
    files: ({ settings: used }) => filesBeside(used, config),
    templates: ({ settings: used }) => templatesOf(used),
  });
  closers.push(workbench.close);
  const door = openDoor(app, terminal.warn, context.signal);
  closers.push(door.close);
  await mountPages(pages, { app, terminal }, folder, workbench, door.signUps);
  terminal.say();
  terminal.say(`Open ${styled('bold', `${listening.url}/inbox`)} to read the mails,`);
  terminal.say(`and ${styled('bold', `${listening.url}/studio`)} to see what any reader would get.`);
  terminal.say(
    `The site with the day’s papers is ${styled('bold', `${listening.url}/`)}. Press Ctrl-C to leave.`,
  );
  await aborted(context.signal);
  return 0;
};
export default demo;

function demoSettings(settings: Settings, dataDir: string, smtpUrl: string, publicUrl: string): Settings {
  return {
    ...settings,
    dataDir,
    smtpUrl,
    publicUrl,
    databaseUrl: undefined,
    secret: undefined,
    oldSecrets: [],
    dkimKey: undefined,
    dkimSelector: undefined,
    dkimDomain: undefined,
    port: undefined,
    sources: [],
    arxivHolidays: [],
    mailFrom: 'Daily Papers <papers@paperround.example>',
    bounceAddress: undefined,
    postalAddress: undefined,
    onUnknown: 'resend',
  };
}

/** The port that was asked for, or the usual one, or any free one if somebody else has that. */
async function listenSomewhere(
  terminal: Terminal,
  pages: Hono,
  wanted: number | undefined,
): Promise<Listening> {
  try {
    return await listen(pages, wanted ?? DEFAULT_PORT);
  } catch (error) {
    if (wanted !== undefined || !(error instanceof PaperroundError)) throw error;
    terminal.warn(
      `Port ${DEFAULT_PORT} is in use, so the pages are on another one; links in earlier mails lead to ${DEFAULT_PORT}.`,
    );
    return listen(pages, 0);
  }
}

async function runDemo({ terminal, signal }: Context, app: App): Promise<SendReport> {
  const step = (name: string, line: string) => terminal.say(`${styled('bold', name.padEnd(9))} ${line}`);
  const { db, clock } = app;
  const slugs = app.themes.map(theme => theme.slug);
  const readers = await importSubscribers(
    db,
    await readSubscriberFile(shipped('subscribers.example.json'), slugs),
    clock,
  );
  const sources = await Promise.all(
    SAMPLES.map(name => openSource({ kind: 'file', path: shipped(`samples/${name}`), name }, app)),
  );
  const collections = await collect(db, sources, { day: DATE, zone: app.settings.timeZone, clock });
  for (const collection of collections) step('collect', collectionLine(collection));
  const publication = await publish(
    app.press,
    DATE,
    collections.flatMap(({ paperIds }) => paperIds),
  );
  step('publish', publicationLine(publication));
  const { added, unchanged, left, updated } = readers;
  const kept = [`${added} added`, `${unchanged + updated} known`, `${left} left earlier`].filter(
    part => !part.startsWith('0 '),
  );
  step('readers', `subscribers.example.json: ${kept.join(', ')}`);
  const report = await sendEdition(app, DATE, { dueOnly: false, signal });
  step(
    'deliver',
    `${sendingLine(report)}${report.sent > 0 ? ` by SMTP in ${report.seconds.toFixed(1)} s` : ''}`,
  );
  for (const { line, failed } of preflightLines(report.problems))
    failed ? terminal.warn(line) : terminal.say(`          ${line}`);
  if (report.planned === 0)
    terminal.say('          Each reader gets an edition once. To start again: npm start -- --fresh');
  const accounted = collections.map(({ name, fetched, dropped }) => ({ name, fetched, dropped }));
  terminal.result({ ...report, outcome: publication.outcome, samples: accounted, readers });
  return report;
}

async function mountPages(
  pages: Hono,
  { app, terminal }: { app: App; terminal: Terminal },
  folder: string,
  workbench: Workbench,
  signUps: SignUps,
): Promise<void> {
  const desk = await app.desk();
  const about = 'Every mail that the demo sent, as the built-in catcher received it.';
  const inbox = folderInbox(join(folder, 'inbox'), 'Delivered', about);
  pages.route('/', studioPages({ workbench, inbox, usual: { day: DATE, reader: '' } }));
  pages.notFound(notFound({ ...app, ...desk }));
  pages.route('/', readersPages({ ...app, ...desk, signUps, log: terminal.warn }));
}
