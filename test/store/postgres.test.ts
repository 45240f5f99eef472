// PostgreSQL as the store: opening it, what it says when it cannot be opened.
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Db } from '../../src/store/schema.ts';
import { postgres } from '../support/postgres.ts';
import { wireTo } from '../support/wire.ts';

async function opened(url: string): Promise<Db> {
  const db = await openPostgres(url);
  onTestFinished(() => db.destroy());
  return db;
}

describe('a database server', () => {
  it('counts in numbers', async () => {
    const server = await postgres();
    const db = await opened(await server.database());
    const { n } = await db
      .selectFrom('paper')
      .select(({ fn }) => fn.countAll().as('n'))
      .executeTakeFirstOrThrow();
    expect(n).toBe(0);
  });

  it.each([
    ['a wrong password', (url: string) => url.replace('p%40ss', 'pass'), /does not accept the user name/],
    ['a database that is not there', (url: string) => url.replace(/test_\d+/, 'nowhere'), /nowhere/],
    ['nobody at the port', (url: string) => url.replace(/127.0.0.1:\d+/, '127.0.0.1:1'), /127.0.0.1:1/],
  ])('%s is told in words, without the password', async (_, change, words) => {
    const url = await (await postgres()).database();
    const refused = await openPostgres(change(url)).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'storage', message: expect.stringMatching(words) });
    expect(String(refused)).not.toMatch(/p@ss|p%40ss/);
  });

  it('that does not answer any more keeps nobody from leaving', async () => {
    const server = await postgres();
    const wire = await wireTo(server.port);
    const db = await openPostgres((await server.database()).replace(`:${server.port}`, `:${wire.port}`));
    wire.freeze();
    const asked = db.selectFrom('paper').select('id').execute();
    asked.catch(() => {});
    await db.destroy();
    expect(await Promise.race([asked, 'no answer'])).toBe('no answer');
  });
});
