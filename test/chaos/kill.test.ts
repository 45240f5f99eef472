// kill -9 at any instant: every reader has the message exactly once, but for what was in flight, which is listed and has one Message-ID.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround, start } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';

const READERS = 60;
const CONNECTIONS = 5;
/** The longer form: CHAOS_ROUNDS=200 npm run test:chaos. */
const ROUNDS = Number(process.env.CHAOS_ROUNDS ?? 5);
const SEED = Number(process.env.CHAOS_SEED ?? 20260820);

/** A generator of numbers from 0 to 1 that says the same again for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An installation of its own, with an edition and readers, and a slow mail server. */
async function installed() {
  const folder = await temporaryFolder();
  const server = await smtpServer({ delayMs: 15 });
  const data = join(folder, 'data');
  const env = {
    DATA_DIR: data,
    SMTP_URL: server.url,
    MAIL_FROM: 'papers@example.org',
    SMTP_CONNECTIONS: String(CONNECTIONS),
  };
  await mkdir(data);
  const paper = { title: 'A diffusion model', abstract: 'We propose it. It works.', date: '2026-08-20' };
  const readers = Array.from({ length: READERS }, (_, at) => ({ email: `reader${at}@example.org` }));
  await writeFile(join(folder, 'papers.jsonl'), JSON.stringify(paper));
  await writeFile(join(folder, 'readers.json'), JSON.stringify(readers));
  for (const args of [
    ['subscribers', 'import', join(folder, 'readers.json')],
    ['publish', '--from', join(folder, 'papers.jsonl')],
  ])
    expect((await paperround(args, { env })).status).toBe(0);
  return { env, server, database: join(data, 'paperround.db') };
}

/** What a killed process held is let go at once, not in 15 minutes; returns how many that were. */
function endLeases(path: string): number {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  try {
    const past = "update delivery set lease_until = '2000-01-01T00:00:00.000Z' where state = 'sending'";
    return Number(database.prepare(past).run().changes);
  } finally {
    database.close();
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5));
}

/** One life of an edition: senders are killed until one comes through. Returns what the mail server saw. */
async function life(random: () => number) {
  const { env, server, database } = await installed();
  const kills = 2;
  let open = 0;
  for (let kill = 0; kill < kills; kill++) {
    const sender = start(['send', '--yes'], { env });
    // After some of the mails that are left, and at any point of the next.
    const mark = server.accepted.length + Math.floor(random() * (READERS / kills - 8));
    await until(() => server.accepted.length >= mark);
    await new Promise(resolve => setTimeout(resolve, random() * 60));
    sender.kill('SIGKILL');
    await sender.ended;
    const held = endLeases(database);
    expect(held).toBeLessThanOrEqual(CONNECTIONS);
    open += held;
  }
  const last = await paperround(['send', '--yes', '--json'], { env });
  const doubts = await attempts(database);
  const listed = documentOf<{ deliveries: { email: string; state: string; messageId: string }[] }>(
    await paperround(['deliveries', 'list', '--json'], { env }),
  );
  return { server, last, open, doubts, kills, deliveries: listed.deliveries };
}

/** Who was listed as unknown at some time. */
async function attempts(path: string): Promise<Set<string>> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database
      .prepare(
        "select address from attempt join delivery on delivery.id = delivery_id where outcome = 'unknown'",
      )
      .all() as { address: string }[];
    return new Set(rows.map(({ address }) => address));
  } finally {
    database.close();
  }
}

describe('a sender that is killed at any instant', () => {
  it(
    'reaches every reader exactly once, but for what was in flight',
    async () => {
      const random = seeded(SEED);
      const sum = { kills: 0, messages: 0, unknown: 0, doubled: 0, lost: 0 };
      for (let round = 0; round < ROUNDS; round++) {
        const { server, last, open, doubts, kills, deliveries } = await life(random);
        expect(last.status, last.stderr).toBe(0);
        expect(deliveries).toHaveLength(READERS);
        expect(deliveries.filter(({ state }) => state !== 'sent')).toEqual([]);
        expect(doubts.size).toBeLessThanOrEqual(open);
        for (const { email, messageId } of deliveries) {
          const copies = server.accepted.filter(({ to }) => to === email);
          const bytes = new Set(copies.map(copy => copy.bytes.toString('latin1')));
          expect(copies.length, `${email} in round ${round}, seed ${SEED}`).toBeGreaterThanOrEqual(1);
          if (copies.length > 1) expect(doubts).toContain(email);
          expect(copies.length).toBeLessThanOrEqual(1 + kills);
          expect(bytes.size).toBe(1);
          expect([...bytes][0]).toContain(messageId);
          if (copies.length > 1) sum.doubled++;
          if (copies.length === 0) sum.lost++;
        }
        sum.kills += kills;
        sum.unknown += open;
        sum.messages += READERS;
      }
      process.stdout.write(
        `chaos: kill -9: ${ROUNDS} rounds, seed ${SEED}: ${sum.messages} messages, ${sum.kills} kills, ${sum.lost} lost, ${sum.unknown} unknown (at most ${sum.kills * CONNECTIONS}), ${sum.doubled} of them arrived twice, with one Message-ID\n`,
      );
    },
    60_000 + ROUNDS * 20_000,
  );
});
