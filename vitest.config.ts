import { defineConfig } from 'vitest/config';
import LongFirst from './test/sequence.ts';

export default defineConfig({
  // What a template imports is the adapter; what the live tests want is the runner it is given.
  resolve: {
    alias: [
      {
        find: /^@flue\/(postgres|mysql|redis|mongodb|libsql)$/,
        replacement: `${import.meta.dirname}/test/live/adapters.ts`,
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/scratch.ts',
    setupFiles: ['test/own-folder.ts'],
    testTimeout: 30_000,
    // For two cores: a live test waits for servers, installs and time limits half of the time.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    // One line for each file; what a test prints is shown where it fails.
    silent: 'passed-only',
    // What a template says when its server goes: the mutants among them never close, and their servers are stopped at the end.
    onConsoleLog: (log) => !log.startsWith('[flue] '),
    slowTestThreshold: 60_000,
    reporters: ['default', './test/totals.ts'],
  },
});
