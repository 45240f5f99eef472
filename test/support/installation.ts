// A throw-away installation: a real database file in a folder of its own, a clock that stands where the test puts it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { SourceSetting } from '../../src/papers/sources/spec.ts';
import { storeOf } from './stores.ts';

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A clock that a test moves by hand. */
export interface HandClock {
  (): Temporal.Instant;
  set(text: string): void;
}

export function handClock(start = '2026-08-20T07:00:00Z'): HandClock {
  let now = Temporal.Instant.from(start);
  return Object.assign(() => now, {
    set(text: string) {
      now = Temporal.Instant.from(text);
    },
  });
}

/** An open installation with the given settings, closed when the test ends. The environment is not looked at. */
export async function installation(
  config: Config = {},
  clock: HandClock = handClock(),
): Promise<App & { folder: string; clock: HandClock }> {
  const folder = config.dataDir ?? (await temporaryFolder());
  const environment: Record<string, string> = { DATA_DIR: folder };
  const { settings } = await loadConfig(undefined, environment);
  const store = await storeOf(folder);
  const sources = (config.sources ?? []).map(source => SourceSetting.parse(source));
  const app = await openApp(
    Object.freeze({ ...settings, ...store, ...config, sources, dataDir: folder }) as App['settings'],
    clock,
  );
  onTestFinished(() => app.close());
  return Object.assign(app, { folder, clock });
}
