// The archive, with PostgreSQL as the store: the same sentences as on SQLite.
import { onPostgres } from '../../support/postgres.ts';

onPostgres();
await import('../../papers/search.test.ts');
