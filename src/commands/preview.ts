// `paperround preview`: see a digest before it is sent, as files (`--out`) or in the studio.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import type { Settings } from '../config.ts';
import { preflight } from '../digests/preflight.ts';
import { PaperroundError, reasonOf } from '../errors.ts';
import { makeFolder } from '../folder.ts';
import { type Ask, MADE_UP, readAsk } from '../studio/ask.ts';
import { filesOf } from '../studio/files.ts';
import { makeScene } from '../studio/scene.ts';
import { parsePreferences } from '../web/preferences-form.ts';
import type { Command, Context } from './context.ts';
import { showPreflight } from './preflight.ts';
import { counted } from './terminal.ts';

interface Options {
  date?: string;
  extreme?: string;
  subscriber?: string;
  preferences?: string;
  out?: string;
  shots?: boolean;
  port?: number;
  open?: boolean;
}

const preview: Command<Options> = async (context, options) => {
  const app = await context.app();
  const ask = askOf(options);
  if (options.out !== undefined) return writeFiles(context, app, ask, options.out, options.shots === true);
  if (options.shots)
    throw new PaperroundError('usage', '--shots needs a folder for its picture', {
      hint: 'For example: paperround preview --out preview --shots',
    });
  const { openStudio } = await import('./preview-studio.ts');
  return openStudio(context, app, ask, options);
};
export default preview;

function askOf({ date, extreme, subscriber, preferences }: Options): Ask {
  const day = extreme ?? date ?? '';
  const ask = readAsk({ day: [day], reader: [subscriber ?? ''] });
  if (preferences === undefined) return ask;
  let wants: unknown;
  try {
    wants = JSON.parse(preferences);
  } catch (error) {
    throw new PaperroundError('usage', `--preferences: not JSON: ${reasonOf(error)}`, {
      hint: 'For example: --preferences \'{"length":"brief","locale":"ar"}\'',
    });
  }
  return { ...ask, reader: MADE_UP, wants: parsePreferences(wants) };
}

async function writeFiles(
  { terminal }: Context,
  app: App,
  ask: Ask,
  out: string,
  shots: boolean,
): Promise<number> {
  const desk = await app.desk();
  const bench = { app, desk, check: preflight(desk) };
  const scene = await makeScene(bench, ask);
  const { edition, origin, report, digest, message } = scene;
  if (edition.themes.length === 0 && origin === 'draft')
    throw new PaperroundError(
      'usage',
      `There is nothing to preview: no edition of ${edition.date} and no papers for one`,
      {
        hint: 'Collect first (paperround collect), publish a file (paperround publish --from FILE), or look at an extreme (--extreme thirty).',
      },
    );
  const files = await filesOf(bench, scene);
  const names = Object.keys(files);
  try {
    makeFolder(out);
    for (const [name, content] of Object.entries(files)) await writeFile(join(out, name), content);
  } catch (error) {
    throw new PaperroundError('usage', `--out: ${out} cannot be written: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  if (shots) names.push(await takePicture(app.settings, message.bytes, out));
  showPreflight(terminal, report);
  terminal.result({ out, files: names, preflight: report }, [
    `${out}: ${names.join(', ')} (${counted(digest.papers.length, 'paper')}, ${Buffer.byteLength(message.html)} bytes of HTML)`,
  ]);
  return report.ok ? 0 : 1;
}

/** A picture of the mail in all looks. */
async function takePicture(settings: Settings, bytes: Buffer, out: string): Promise<string> {
  // Loaded here, because writing files should be quick and needs no browser.
  const [{ readMail }, { contactSheet, SHEET }, { findBrowser, shoot }] = await Promise.all([
    import('../studio/inbox.ts'),
    import('../studio/looks/contact-sheet.ts'),
    import('../studio/looks/shots.ts'),
  ]);
  const browser = await findBrowser(settings.browser);
  if (browser === undefined)
    throw new PaperroundError('usage', '--shots: there is no browser on this machine', {
      hint: 'Install Chromium or Chrome, or say where it is by BROWSER_PATH.',
    });
  const mail = await readMail('preview', bytes);
  const name = 'shots.png';
  await shoot(browser, contactSheet(mail.shown, { title: mail.subject }), join(out, name), SHEET);
  return name;
}
