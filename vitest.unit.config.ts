import { defineConfig } from 'vitest/config';
import whole from './vitest.config.ts';

/** `npm run test:unit`: the folders whose tests need no server, no other program and no build. */
const rooms = ['blueprints', 'choose', 'code', 'commands', 'edit', 'knowledge', 'output', 'plan', 'project', 'verify'];

export default defineConfig({
  ...whole,
  test: {
    ...whole.test,
    include: ['test/architecture.test.ts', ...rooms.map((room) => `test/${room}/**/*.test.ts`)],
    // Each of these starts a program: Biome, mkfifo and Node, the built bin.
    exclude: ['test/edit/format.test.ts', 'test/project/compiler.test.ts', 'test/verify/hostile.test.ts'],
  },
});
