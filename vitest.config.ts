// How the tests run: real files, databases and servers, so no shared state and generous time; two files at once.
import { defineConfig } from 'vitest/config';

/**
 * The test files whose installations run on PostgreSQL too. Left out: what touches no database; what reads the database
 * file itself (upgrades of old files, a damaged file, the schema); and what would show the same again at a high price
 * (pictures in a browser, the sources' wire formats, the demo, which always has a file).
 */
const ON_POSTGRES = [
  'test/delivery/**/*.test.ts',
  'test/editions/**/*.test.ts',
  'test/subscribers/**/*.test.ts',
  'test/themes/{refit,corrections,taxonomy}.test.ts',
  'test/papers/{collect,defects,identity,promises,search}.test.ts',
  'test/studio/**/{specimens,scene,audience,workbench}.test.ts',
  'test/web/**/*.test.ts',
  'test/{job,prune}.test.ts',
  'test/fleet/beats.test.ts',
  'test/e2e/{bounces,commands,deliveries,door,evidence,operations,preflight,preview,sources}.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    // They wait for servers and browsers more than for the processor.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ON_POSTGRES,
          // They hand messages over, and keep nothing.
          exclude: ['test/delivery/{mailer*,relay-url,header-audit,dkim}.test.ts'],
          globalSetup: ['test/support/one-postgres.ts'],
          setupFiles: ['test/support/on-postgres.ts'],
        },
      },
    ],
  },
});
