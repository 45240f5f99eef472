// The tests against real Postfix; test/interop/run starts them where it is there.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/interop/*.interop.ts'], testTimeout: 90_000, hookTimeout: 60_000, pool: 'forks' },
});
