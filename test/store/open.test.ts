// Opening a database while another process is busy with it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';

/** Holds the write lock of a database without a log, for which SQLite lets nobody wait. */
const HOLDER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(workerData);
  database.exec('begin immediate');
  parentPort.postMessage('held');
  setTimeout(() => { database.exec('commit'); database.close(); }, 300);`;

it('a process that opens a new database while another one makes it waits for its turn', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-open-'));
  const path = join(folder, 'new.db');
  const holder = new Worker(HOLDER, { eval: true, workerData: path });
  await new Promise(held => holder.once('message', held));
  const db = openSqlite(path);
  await db.destroy();
  await holder.terminate();
  rmSync(folder, { recursive: true });
  expect(db).toBeDefined();
});
