// Sending, with PostgreSQL as the store: the same sentences as on SQLite.
import { onPostgres } from '../../support/postgres.ts';

onPostgres();
await import('../../delivery/pace.test.ts');
await import('../../delivery/stop.test.ts');
await import('../../delivery/deadline.test.ts');
