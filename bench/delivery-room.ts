// An installation for bench/delivery.ts: one day of papers whose digest is 30 kB, and readers whose deliveries are planned.
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type App, openApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { addDeliveries, newDeliveryIds } from '../src/delivery/ledger.ts';
import { type Desk, writeMessage } from '../src/delivery/write.ts';
import { cut } from '../src/digests/cut.ts';
import { type Digest, renderDigest } from '../src/digests/digest.ts';
import { messageIdOf } from '../src/digests/message.ts';
import { type Edition, readEditionsOf } from '../src/editions/edition.ts';
import { instantText } from '../src/store/schema.ts';
import { Preferences } from '../src/subscribers/preferences.ts';
import { run } from './command.ts';

export const DATE = '2026-06-12';
/** So many of the sample's thirty papers make a digest of 30 kB. */
const PAPERS = 22;

/** The settings of the installation in `folder`; `port` is the mail server's. */
export const settingsOf = (folder: string, port: number, more: Record<string, string> = {}) => ({
  DATA_DIR: folder,
  SMTP_URL: `smtp://127.0.0.1:${port}`,
  MAIL_FROM: 'Daily Papers <papers@papers.example.org>',
  PUBLIC_URL: 'https://papers.example.org',
  PAPERROUND_SECRET: 'a secret of the bench, of forty letters.',
  ...more,
});

export async function openRoom(env: Record<string, string>): Promise<App> {
  return openApp((await loadConfig(undefined, env)).settings);
}

/** Publishes the day. */
export async function furnish(folder: string): Promise<void> {
  const sample = fileURLToPath(new URL('../samples/huggingface-2026-06-12.json', import.meta.url));
  const papers = JSON.parse(readFileSync(sample, 'utf8')) as unknown[];
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'papers.json');
  writeFileSync(file, JSON.stringify(papers.slice(0, PAPERS)));
  await run(['publish', '--from', file], settingsOf(folder, 1));
}

/** The reader with a number; the same in every way of sending. */
export const addressOf = (n: number) => `reader${n}@list${n % 50}.example.net`;

const CHUNK = 1000;

/** Adds readers, active; and plans the day's delivery for each, unless the planning is to be measured as well. */
export async function addReaders({ db, clock, settings }: App, count: number, plan = true): Promise<void> {
  const now = instantText(clock());
  const preferences = Preferences.parse({});
  for (let from = 0; from < count; from += CHUNK) {
    const readers = Array.from({ length: Math.min(CHUNK, count - from) }, (_, n) => ({
      id: randomUUID(),
      address: addressOf(from + n),
      name: null,
      status: 'active' as const,
      createdAt: now,
      statusAt: now,
      pausedUntil: null,
      leftFrom: null,
    }));
    await db.transaction().execute(async tx => {
      await tx
        .insertInto('subscriber')
        .values(
          readers.map(({ id, address, name, status }) => ({
            id,
            address,
            address_key: address,
            name,
            status,
            preferences: JSON.stringify(preferences),
            created_at: now,
            status_at: now,
          })),
        )
        .execute();
      if (!plan) return;
      const ids = newDeliveryIds(readers.length);
      const planned = readers.map((reader, n) => {
        const id = ids[n] as string;
        return {
          id,
          reader: { ...reader, preferences },
          edition: DATE,
          editions: [DATE],
          messageId: messageIdOf(settings.secret ?? '', id, { address: 'papers@papers.example.org' }),
          skip: null,
          supersedes: [],
        };
      });
      await addDeliveries(tx, planned, clock);
    });
  }
}

/** The installation once more, in a folder of its own: only a closed database can be copied. */
export const copyRoom = (from: string, to: string) => cpSync(from, to, { recursive: true });

/** The digest that every reader gets, and how their message is written. */
export async function digestOf(app: App): Promise<{ desk: Desk; edition: Edition; digest: Digest }> {
  const desk = await app.desk();
  const [edition] = await readEditionsOf(app.db, [DATE]);
  if (edition === undefined) throw new Error('the day was not published');
  const digest = renderDigest(cut([edition], Preferences.parse({})), desk.masthead, desk.templates);
  return { desk, edition, digest };
}

/** What one reader gets, for those who compose it themselves. */
export function writeFor(desk: Desk, digest: Digest, n: number) {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const messageId = messageIdOf(desk.secret, id, desk.sender);
  return writeMessage(desk, digest, {
    subscriberId: id,
    address: addressOf(n),
    messageId,
    date: new Date(0),
  });
}
