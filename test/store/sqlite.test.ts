// What goes wrong with a database file is told in words, and it is the cause that is told.
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';
import { transact } from '../../src/store/transact.ts';
import { temporaryFolder } from '../support/installation.ts';

async function opened(waitMs?: number) {
  const file = join(await temporaryFolder(), 'paperround.db');
  const db = openSqlite(file, waitMs);
  onTestFinished(() => db.destroy());
  await sql`create table t (x text)`.execute(db);
  return { db, file };
}

it('a file without room: the transaction is undone, and the reason is not hidden by its end', async () => {
  const { db } = await opened();
  await sql`pragma max_page_count = 10`.execute(db);
  const filled = transact(db, tx => sql`insert into t values (${'x'.repeat(100_000)})`.execute(tx));
  await expect(filled).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/has no room left on its disk/),
  });
  await transact(db, tx => sql`insert into t values ('small')`.execute(tx));
  expect((await sql`select x from t`.execute(db)).rows).toEqual([{ x: 'small' }]);
});

it('a file that another process holds is tried again, and at last it is said who is in the way', async () => {
  const { db, file } = await opened(1);
  const other = new DatabaseSync(file);
  onTestFinished(() => other.close());
  other.exec('begin immediate');
  const write = () => transact(db, tx => sql`insert into t values ('mine')`.execute(tx));
  await expect(write()).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/is locked by another process/),
  });
  other.exec('commit');
  await write();
  expect((await sql`select x from t`.execute(db)).rows).toEqual([{ x: 'mine' }]);
});

it('who waits for another process to write hears everything else meanwhile', async () => {
  const { db, file } = await opened(200);
  const other = new DatabaseSync(file);
  onTestFinished(() => other.close());
  other.exec('begin immediate');
  const write = transact(db, tx => sql`insert into t values ('mine')`.execute(tx));
  // A process that sleeps while it waits hears its timer once in each wait, of which there are six.
  let heard = 0;
  const timer = setInterval(() => {
    if (++heard === 20) other.exec('commit');
  }, 1);
  onTestFinished(() => clearInterval(timer));
  await write;
  expect((await sql`select x from t`.execute(db)).rows).toEqual([{ x: 'mine' }]);
});

it('a statement by itself waits as well, also after transactions', async () => {
  const { db, file } = await opened();
  await transact(db, tx => sql`insert into t values ('first')`.execute(tx));
  const holds = `const { DatabaseSync } = require('node:sqlite');
    const { parentPort, workerData } = require('node:worker_threads');
    const other = new DatabaseSync(workerData);
    other.exec('begin immediate');
    parentPort.postMessage('held');
    setTimeout(() => { other.exec('commit'); other.close(); }, 300);`;
  const holder = new Worker(holds, { eval: true, workerData: file });
  await once(holder, 'message');
  await sql`insert into t values ('second')`.execute(db);
  await once(holder, 'exit');
  expect((await sql`select x from t`.execute(db)).rows).toEqual([{ x: 'first' }, { x: 'second' }]);
});
