import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Two cores: the live tests start servers and would slow down whatever measures time beside them.
    maxWorkers: 2,
    reporters: ['default', './test/totals.ts'],
  },
});
