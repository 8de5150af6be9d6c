import { defineConfig } from 'vitest/config';
import whole from './vitest.config.ts';

/** `npm run test:unit`: the folders whose tests need no server, no other program and no build. */
const rooms = ['blueprints', 'choose', 'code', 'commands', 'edit', 'knowledge', 'output', 'plan', 'project', 'verify'];

export default defineConfig({
  ...whole,
  test: {
    ...whole.test,
    include: [
      'test/architecture.test.ts',
      'test/apply/{boundary,changed,failure,lock,time-limit}.test.ts',
      'test/mutants/*.test.ts',
      ...rooms.map((room) => `test/${room}/**/*.test.ts`),
    ],
    exclude: [
      // These start a program: Biome, git, Node, the built bin.
      'test/blueprints/released.test.ts',
      'test/edit/format.test.ts',
      'test/project/compiler.test.ts',
      'test/project/git*.test.ts',
      'test/verify/findings.test.ts',
      'test/verify/hostile.test.ts',
      // These take minutes: every template under three compiler settings; thousands of random texts through every editor.
      'test/blueprints/blueprints.test.ts',
      'test/edit/properties.test.ts',
    ],
  },
});
