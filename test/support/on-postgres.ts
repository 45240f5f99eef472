// Every installation of a test file of the project `postgres` keeps its data there, each in a database of its own.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { TEMPLATE } from './postgres-server.ts';
import { storesAre } from './stores.ts';

const url = inject('postgresUrl');
const made: string[] = [];

async function sql(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

storesAre(async () => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await sql(`create database ${name} template ${TEMPLATE}`);
  made.push(name);
  return url.replace(/postgres$/, name);
});

afterAll(async () => {
  for (const name of made) await sql(`drop database if exists ${name} with (force)`);
});
