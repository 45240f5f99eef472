// The studio of `paperround preview`: opened on this machine, following templates and configuration as they are saved.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type App, openApp } from '../app.ts';
import { configFiles, loadConfig, type Settings } from '../config.ts';
import { templatesOf } from '../desk.ts';
import { PaperroundError } from '../errors.ts';
import { type Ask, fieldsOf, MADE_UP } from '../studio/ask.ts';
import { folderInbox } from '../studio/inbox.ts';
import { makeScene } from '../studio/scene.ts';
import { studioPages } from '../studio/studio.ts';
import { openWorkbench, type Workbench } from '../studio/workbench.ts';
import { aborted, listen } from '../web/listen.ts';
import type { CommonOptions, Context } from './context.ts';
import { showPreflight } from './preflight.ts';
import { reportFailure, type Terminal } from './terminal.ts';

/** Serves the studio until the process is told to end. */
export async function openStudio(
  { terminal, closers, signal }: Context,
  app: App,
  ask: Ask,
  { port, config, open }: { port?: number; open?: boolean } & CommonOptions,
): Promise<number> {
  const workbench = await openWorkbench({
    app,
    reopen: async () => openApp((await loadConfig(config)).settings, app.clock, terminal.warn),
    files: ({ settings }) => filesBeside(settings, config),
    templates: ({ settings }) => templatesOf(settings),
  });
  closers.push(workbench.close);
  const shown = await whatIsShown(terminal, workbench, ask);
  const outbox = join(app.settings.dataDir, 'outbox');
  const about = `The mails that were written to ${outbox} while no mail server was configured.`;
  const studio = studioPages({ workbench, inbox: folderInbox(outbox, 'Outbox', about), usual: ask });
  studio.get('/', c => c.redirect('/studio'));
  const server = await listen(studio, port ?? app.settings.port ?? 0);
  closers.push(server.close);
  const url = `${server.url}/studio${ask.reader === MADE_UP ? `?${fieldsOf(ask)}` : ''}`;
  terminal.result({ url, ...shown }, [
    `Studio${shown.edition === undefined ? '' : `, edition ${shown.edition}`}: ${url}`,
    'It follows your templates and configuration as you save them. Press Ctrl-C to leave.',
  ]);
  if (open) openBrowser(url, terminal);
  await aborted(signal);
  return 0;
}

/** What a change of the configuration can be read from, beside the templates. */
export function filesBeside({ taxonomy, logo }: Settings, config: string | undefined): string[] {
  return [...configFiles(config), ...[taxonomy, logo].filter(file => file !== undefined)];
}

/** Says what preflight found of the first mail. A broken template stops nothing: the studio shows where it is broken. */
async function whatIsShown(
  terminal: Terminal,
  workbench: Workbench,
  ask: Ask,
): Promise<{ edition?: string; papers?: number }> {
  try {
    const { edition, digest, report } = await makeScene(workbench.bench(), ask);
    showPreflight(terminal, report);
    return { edition: edition.date, papers: digest.papers.length };
  } catch (error) {
    if (!(error instanceof PaperroundError && error.code === 'template')) throw error;
    reportFailure({ json: false, warn: terminal.warn }, error);
    return {};
  }
}

const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer' };

function openBrowser(url: string, terminal: Terminal): void {
  execFile(OPENERS[process.platform] ?? 'xdg-open', [url], error => {
    if (error) terminal.warn(`--open: no browser could be opened: ${error.message.split('\n')[0]}`);
  });
}
