import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { nameIn, withReferences } from '../../src/blueprints/template.ts';
import { everything } from '../every.ts';
import { root, scratch } from '../flue.ts';
import { compilers } from '../servers/package-managers.mjs';

/**
 * Every template as it is rendered for a project of that tsconfig, under the real compilers of three lines, the newest
 * written in Go.
 */
const installed = compilers();

const strictest = '@tsconfig/strictest/tsconfig.json';
const settings: [name: string, config: { extends?: string; compilerOptions: Record<string, unknown> }][] = [
  [
    'strictest, nodenext, isolated declarations, no types',
    {
      extends: strictest,
      compilerOptions: { module: 'nodenext', declaration: true, isolatedDeclarations: true, types: [] },
    },
  ],
  [
    'bundler, verbatim, erasable, types by default',
    {
      compilerOptions: {
        strict: true,
        module: 'esnext',
        moduleResolution: 'bundler',
        verbatimModuleSyntax: true,
        erasableSyntaxOnly: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
      },
    },
  ],
  ['strictest, CommonJS', { extends: strictest, compilerOptions: { module: 'commonjs' } }],
];

/** A project with every template in it. */
function projectOf([name, { extends: base, compilerOptions }]: (typeof settings)[number]): string {
  const folder = scratch('compilers');
  // What an application exports it annotates itself, so the templates for its clients are left to the other settings.
  const isolated = name.includes('isolated');
  const type = name.includes('CommonJS') ? 'commonjs' : 'module';
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, type }));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  for (const one of readdirSync(path.join(root, 'blueprints/database'))) {
    const at = path.join(root, 'blueprints/database', one);
    mkdirSync(path.join(folder, 'src', one), { recursive: true });
    for (const file of readdirSync(at).filter(
      (entry) => entry.endsWith('.ts') && !(isolated && entry.includes('-client')),
    )) {
      const template = readFileSync(path.join(at, file), 'utf8').replace(
        /from 'redis'/,
        file.includes('-4') ? "from 'redis-4'" : '$&',
      );
      const { variables } = JSON.parse(readFileSync(path.join(at, 'blueprint.json'), 'utf8'));
      const names = Object.fromEntries(variables.map((variable: { name: string }) => [variable.name, variable.name]));
      const text = base ? nameIn(template, names, (variable) => `process.env['${variable}']`) : template;
      writeFileSync(path.join(folder, 'src', one, file), withReferences(text, ['types="node"']));
    }
  }
  const standIns = path.join(root, 'test/stand-ins');
  const adapters = readdirSync(standIns).filter((entry) => !entry.includes('.'));
  const paths = {
    '@flue/runtime/node': [path.join(standIns, 'runtime-node.d.ts')],
    ...Object.fromEntries(adapters.map((entry) => [`@flue/${entry}`, [path.join(standIns, entry, 'index.d.ts')]])),
    '#clients/*': [path.join(folder, 'clients/*.ts')],
  };
  mkdirSync(path.join(folder, 'clients'));
  for (const file of readdirSync(path.join(root, 'test/clients'))) {
    const text = readFileSync(path.join(root, 'test/clients', file), 'utf8').replace(
      /process\.env\.(\w+)/g,
      "process.env['$1']",
    );
    const made = file === 'redis-4.ts' ? text.replace("'redis'", "'redis-4'") : text;
    writeFileSync(path.join(folder, 'clients', file), withReferences(`\n${made}`, ['types="node"']));
  }
  const config = {
    ...(base && { extends: path.join(installed, base) }),
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023'],
      outDir: 'out',
      skipLibCheck: true,
      paths,
      ...compilerOptions,
    },
    include: ['src'],
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  return folder;
}

// The older ones under the strictest settings only: each takes half a minute for the drivers' types. What 5 makes of
// the templates as they are is blueprints.test.ts.
const older = everything ? ['5', '6'] : [];
describe.each(settings)('%s', (...setting) => {
  const folder = projectOf(setting);
  test.each(setting[0] === settings[0]![0] ? [...older, '7'] : ['7'])(
    'TypeScript %s has nothing to say',
    { timeout: 240_000 },
    async (version) => {
      const tsc = path.join(installed, `typescript-${version}`, 'bin/tsc');
      const args = [
        tsc,
        '-p',
        'tsconfig.json',
        '--noEmit',
        '--isolatedDeclarations',
        String(setting[0].includes('isolated')),
      ];
      const checked = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error) => error);
      expect(checked.stdout).toBe('');
      expect(checked.stderr).toBe('');
    },
  );
});
