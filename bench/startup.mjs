// What starting costs, as ratios to `node -e 0` measured in the same run. Prints; asserts nothing.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
const node = (...args) => execFileSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'ignore'] });
const addTo = (root) => {
  const copy = ['package.json', '.env.example'].map((name) => [
    path.join(root, name),
    path.join(root, `../${name}.kept`),
  ]);
  for (const [from, to] of copy) cpSync(from, to);
  const took = time(() => node(bin, 'add', 'database', 'postgres', '--no-install', '--cwd', root));
  for (const [from, to] of copy) cpSync(to, from);
  rmSync(path.join(root, 'src/db.ts'));
  return took;
};
const time = (run) => {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
};

const cases = {
  'node -e 0': () => time(() => node('-e', '0')),
  'flue --help': () => time(() => node(bin, '--help')),
  'flue list': () => time(() => node(bin, 'list')),
  'add --no-install --dry-run': () =>
    time(() => node(bin, 'add', 'database', 'postgres', '--no-install', '--dry-run', '--cwd', small)),
  'add --no-install': () => addTo(small),
  'add --no-install, 50,000 files': () => addTo(large),
};
const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let i = 0; i < rounds; i += 1) for (const [name, run] of Object.entries(cases)) times[name].push(run());

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const floor = median(times['node -e 0']);
for (const [name, list] of Object.entries(times)) {
  console.log(`${name.padEnd(34)} ${(median(list) / floor).toFixed(2)}x   ${median(list).toFixed(0)} ms`);
}
console.log(
  `50,000 files against few              ${(median(times['add --no-install, 50,000 files']) / median(times['add --no-install'])).toFixed(2)}x`,
);
rmSync(scratch, { recursive: true });
