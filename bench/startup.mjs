// What starting costs, as ratios to `node -e 0` measured in the same run. Prints; asserts nothing.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const rounds = Number(process.argv[2] ?? 25);
const bin = path.join(import.meta.dirname, '../bin/flue.js');
const scratch = mkdtempSync(path.join(tmpdir(), 'flue-bench-'));
// Node 20 spends 45 ms a process on reading these certificates, which has nothing to do with us.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

function project(name, files = 0) {
  const root = path.join(scratch, name);
  mkdirSync(path.join(root, 'src'), { recursive: true });
  mkdirSync(path.join(root, '.git'));
  writeFileSync(path.join(root, 'package.json'), '{\n  "dependencies": {\n    "@flue/runtime": "2.0.3"\n  }\n}\n');
  writeFileSync(path.join(root, 'package-lock.json'), '{}\n');
  writeFileSync(path.join(root, 'tsconfig.json'), '{}\n');
  writeFileSync(
    path.join(root, 'flue.config.ts'),
    "import { defineConfig } from '@flue/runtime/config';\n\nexport default defineConfig({ target: 'node' });\n",
  );
  writeFileSync(path.join(root, '.env.example'), '# Server\nPORT=3000\n\n# Model\nANTHROPIC_API_KEY=\n');
  for (let i = 0; i < files; i += 1) {
    const folder = path.join(root, i % 2 ? 'src' : 'data', `part-${Math.floor(i / 100)}`);
    if (i % 100 < 2) mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `file-${i}.ts`), `export const value${i} = ${i};\n`);
  }
  return root;
}

const small = project('small');
const large = project('large', 50_000);
const typed = project('typed');
writeFileSync(
  path.join(typed, 'src/env.ts'),
  "import { z } from 'zod';\n\nexport const env = z.object({\n  PORT: z.coerce.number(),\n}).parse(process.env);\n",
);
writeFileSync(
  path.join(typed, 'package.json'),
  '{\n  "dependencies": {\n    "@flue/runtime": "2.0.3",\n    "zod": "^4.0.0"\n  }\n}\n',
);
const node = (...args) => execFileSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'ignore'] });
const time = (run) => {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
};
const flue = (command, root) => node(bin, command, 'database', 'postgres', '--no-install', '--yes', '--cwd', root);
/** Both ways, so that the project is afterwards what it was: what adding took, and what removing did. */
const bothWays = (root) => ({ add: time(() => flue('add', root)), remove: time(() => flue('remove', root)) });

const cases = {
  'node -e 0': () => time(() => node('-e', '0')),
  'flue --help': () => time(() => node(bin, '--help')),
  'flue list': () => time(() => node(bin, 'list')),
  'add --no-install --dry-run': () =>
    time(() => node(bin, 'add', 'database', 'postgres', '--no-install', '--dry-run', '--cwd', small)),
  'add --no-install': () => {
    const { add, remove } = bothWays(small);
    times['remove --no-install']?.push(remove);
    return add;
  },
  'remove --no-install': () => undefined,
  'add --no-install, a typed module': () => bothWays(typed).add,
  'add --no-install, 50,000 files': () => bothWays(large).add,
};
const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let i = 0; i < rounds; i += 1)
  for (const [name, run] of Object.entries(cases)) {
    const took = run();
    if (took !== undefined) times[name].push(took);
  }

/** What we want of it, as a ratio to the floor. */
const goals = {
  'flue --help': 1.1,
  'add --no-install': 1.6,
  'add --no-install, a typed module': 2.5,
  'remove --no-install': 2,
};
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const floor = median(times['node -e 0']);
for (const [name, list] of Object.entries(times)) {
  const goal = goals[name] ? `   goal ${goals[name].toFixed(1)}x` : '';
  console.log(
    `${name.padEnd(34)} ${(median(list) / floor).toFixed(2)}x   ${median(list).toFixed(0).padStart(4)} ms${goal}`,
  );
}
const ratio = median(times['add --no-install, 50,000 files']) / median(times['add --no-install']);
console.log(`50,000 files against few           ${ratio.toFixed(2)}x`);
rmSync(scratch, { recursive: true });
