// Pictures of pages: finds a browser on this machine and lets it draw one, headless and without a network.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PaperroundError, reasonOf } from '../../errors.ts';
import { type Devtools, startDevtools } from './devtools.ts';

const run = promisify(execFile);

/** The names by which browsers of one family are found, on Linux, macOS with a link, and Windows. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome', 'msedge'];

/**
 * The browser that takes pictures: the one that is set, else the first of the usual names that answers, else the one of
 * a checkout's tests.
 * @returns a path or a name that can be run; undefined when there is none
 */
export async function findBrowser(wanted: string | undefined): Promise<string | undefined> {
  if (wanted !== undefined) return wanted;
  for (const name of NAMES) if (await answers(name)) return name;
  return browserOfTests();
}

async function answers(name: string): Promise<boolean> {
  try {
    await run(name, ['--version'], { timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}

/** The package is there in a checkout only. Its name is computed, so that nobody takes it for one that ships. */
async function browserOfTests(): Promise<string | undefined> {
  try {
    const name = ['@sparticuz', 'chromium'].join('/');
    const { default: chromium } = (await import(name)) as { default: { executablePath(): Promise<string> } };
    return await chromium.executablePath();
  } catch {
    return undefined;
  }
}

const ARGUMENTS = [
  '--headless',
  '--hide-scrollbars',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // Whatever a page names, no host is found.
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

const TIMEOUT_MS = 60_000;

/** In CSS pixels. */
interface Size {
  width: number;
  height: number;
}

/**
 * Writes a picture of a page. No script in it runs, and what it names outside itself is not found.
 * @param size of the picture, one pixel for each CSS pixel
 * @throws PaperroundError `input` when the browser cannot be run or makes no picture
 */
export async function shoot(browser: string, html: string, png: string, size: Size): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'paperround-shot-'));
  // Chromium refuses to run as root with its sandbox, as in most containers.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const devtools = startDevtools(browser, [...ARGUMENTS, ...asRoot, `--user-data-dir=${profile}`], late);
  try {
    await writeFile(png, await pictureOf(devtools, html, size));
  } catch (error) {
    const missing = (error as { code?: unknown }).code === 'ENOENT';
    const slow = `it took longer than ${TIMEOUT_MS / 1000} seconds`;
    const why = late.aborted ? slow : missing ? 'there is no such program or folder' : reasonOf(error);
    throw new PaperroundError('input', `No picture ${png} by ${browser}: ${why}`, {
      hint: 'Set BROWSER_PATH to a Chromium, Chrome or Edge that runs here, or leave the pictures out.',
      cause: error,
    });
  } finally {
    await devtools.end();
    // What the browser started may be writing for a moment longer.
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** By the DevTools protocol: not every Chromium has the `--screenshot` of the command line, and its sizes differ. */
async function pictureOf({ call, next }: Devtools, html: string, { width, height }: Size): Promise<Buffer> {
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const ask = (method: string, params: object = {}) => call(method, params, sessionId as string);
  await ask('Page.enable');
  await ask('Emulation.setScriptExecutionDisabled', { value: true });
  await ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  const { frameTree } = await ask('Page.getFrameTree');
  const { id: frameId } = (frameTree as { frame: { id: string } }).frame;
  const loaded = next('Page.loadEventFired');
  await Promise.all([loaded, ask('Page.setDocumentContent', { frameId, html })]);
  const { data } = await ask('Page.captureScreenshot', { format: 'png' });
  return Buffer.from(data as string, 'base64');
}
