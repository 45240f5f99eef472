// The workbench: templates and configuration as they were last saved, opened anew within a second of each change.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import type { Desk } from '../delivery/write.ts';
import { preflight } from '../digests/preflight.ts';
import { PaperroundError, reasonOf } from '../errors.ts';

/** What mails are made with, and checked by. */
export interface Bench {
  app: App;
  desk: Desk;
  check: ReturnType<typeof preflight>;
}

export interface Workbench {
  /** @throws PaperroundError when what was saved last cannot be used: it says where and why */
  bench(): Bench;
  /** The installation by the last configuration that could be used. */
  app(): App;
  /** Another one after each change. */
  version(): string;
  /** Calls back after each change; returns how to stop that. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface Opening {
  /** An installation that is open already; it is left to whom it belongs. */
  app: App;
  /** Opens it once more, by the configuration as it is now. */
  reopen(): Promise<App>;
  /** The files after whose change that is needed. */
  files(app: App): readonly string[];
  /** The folder of the templates in use. */
  templates(app: App): string;
}

/** Files are looked at this often. Watching by the system misses what editors do, and what other machines write. */
const LOOK_MS = 150;

/** Opens the workbench; a template that is broken at that moment is a problem to be shown, as it is later. */
export async function openWorkbench({ app: first, reopen, files, templates }: Opening): Promise<Workbench> {
  let app = first;
  let state: { bench: Bench } | { problem: PaperroundError };
  let changes = 0;
  const started = String(first.clock().epochMilliseconds);
  /** Those that were opened here: the one in use, and the one before, of which a page may still be made. */
  let opened: App[] = [];
  const listeners = new Set<() => void>();
  const seen = async () => ({
    settings: await marksOf(files(app)),
    templates: await marksOf(await filesBelow(templates(app))),
  });
  /** @returns what the files were like before they were read: one that is saved meanwhile is read again */
  const open = async (again: boolean) => {
    let marks = await seen();
    try {
      if (again) {
        const { settings } = marks;
        app = await reopen();
        // Another configuration may name other templates.
        marks = { ...(await seen()), settings };
        await Promise.all(opened.slice(0, -1).map(one => one.close()));
        opened = [...opened.slice(-1), app];
      }
      const desk = await app.desk();
      state = { bench: { app, desk, check: preflight(desk) } };
    } catch (error) {
      // Whatever it is, the next change may mend it: a studio that ends with it would have to be started again.
      state = { problem: problemOf(error) };
    }
    return marks;
  };
  let known = await open(false);
  const look = async () => {
    const now = await seen();
    const again = now.settings !== known.settings;
    if (!again && now.templates === known.templates) return;
    known = await open(again);
    changes++;
    for (const listener of listeners) listener();
  };
  const watch = watchEvery(LOOK_MS, look);
  return {
    bench() {
      if ('problem' in state) throw state.problem;
      return state.bench;
    },
    app: () => app,
    version: () => `${started}.${changes}`,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await watch.stop();
      for (const one of opened) await one.close();
    },
  };
}

const problemOf = (error: unknown): PaperroundError =>
  error instanceof PaperroundError
    ? error
    : new PaperroundError('template', `It cannot be opened: ${reasonOf(error)}`, { cause: error });

/** Calls `look` again and again, each time when the last one is done; `stop` waits for the one that is under way. */
function watchEvery(milliseconds: number, look: () => Promise<void>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const next = () => {
    timer = setTimeout(() => {
      running = look().finally(() => {
        if (!stopped) next();
      });
    }, milliseconds);
  };
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.sort().map(name => join(folder, name));
}

/** Changes when one of the files is written, made or removed. */
async function marksOf(files: readonly string[]): Promise<string> {
  const marks = files.map(async file => {
    const known = await stat(file).catch(() => undefined);
    return `${file} ${known?.mtimeMs} ${known?.size}`;
  });
  return (await Promise.all(marks)).join('\n');
}
