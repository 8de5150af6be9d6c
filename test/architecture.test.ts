import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Module, type Node, nameOf, nodesIn } from '../src/code/module.ts';
import { parseModule } from '../src/code/parse.ts';
import { commands } from '../src/commands/flags.ts';
import { conventions } from '../src/knowledge/conventions/index.ts';
import { root } from './flue.ts';
import { mayImport, roomOf, rooms } from './rooms.ts';

/** Is it still the same house? */
/** What only the named files may touch. */
const privileges: [what: string, pattern: RegExp, who: RegExp][] = [
  [
    'read the disk',
    /\b(readFileSync|readdirSync|readFile|readdir|opendir(Sync)?|openSync|readSync)\(/,
    /^(project\/door|blueprints\/shelf|apply\/|verify\/(child|throwaway|leftovers))/,
  ],
  [
    'write to the disk',
    /\b(writeFileSync|renameSync|rmSync|rmdirSync|mkdirSync|mkdtempSync|writeFile|unlinkSync|copyFileSync|linkSync)\(/,
    /^(apply|verify\/throwaway)\//,
  ],
  [
    'start a program',
    /\b(execa|spawn|spawnSync|execFile|execFileSync|execSync)\(|child_process/,
    /^(apply\/launch|commands\/forward|verify\/(run-child|throwaway))/,
  ],
  ['set the exit code', /process\.exitCode/, /^main\.ts/],
  ['leave by process.exit', /process\.exit\(/, /^verify\/(child\/main|throwaway\/guard)/],
  ['write to stdout', /process\.stdout|write\(1,/, /^(output\/(stdout|stream|diff)|verify\/(child|throwaway\/guard))/],
  // Remedies only see whether one is there.
  ['read a .env file', /['"`]\.env(\.local)?['"`]/, /^verify\/child\/remedies/],
  [
    'name a command by the name that @flue/cli has, too',
    /`flue (?:add|remove|verify|list|inspect)\b/,
    /^(commands\/(add|forward|help|inspect|list|remove|verify)|knowledge\/hosts\/flue\/handed-out)\./,
  ],
  ['load the prompts', /@clack\/prompts/, /^output\/ask/],
];

const loadedLate = [
  'execa',
  '@clack/prompts',
  'magicast',
  'yaml',
  'picomatch',
  'detect-package-manager',
  'ts-morph',
  'get-tsconfig',
  'prettier',
];
const unwelcome = /(^|\/)(utils?|helpers?|core|common|lib|manager|service|misc|shared)(\/|\.ts$)/;

const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: file.split(path.sep).join('/'), text: readFileSync(path.join(root, 'src', file), 'utf8') }));

const importsOf = (text: string) => [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);

describe.each(files)('src/$file', ({ file, text }) => {
  test('imports only from the rooms it may', () => {
    const strays = importsOf(text)
      .filter((name) => name.startsWith('.'))
      .filter((name) => !mayImport(file, path.posix.join(path.posix.dirname(file), name)));
    expect(strays).toEqual([]);
  });

  test('touches only what it may', () => {
    const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    const touched = privileges
      .filter(([, pattern, who]) => pattern.test(code) && !who.test(file))
      .map(([what]) => what);
    expect(touched).toEqual([]);
  });

  test('loads heavy libraries only when a run needs them', () => {
    const eager = [...text.matchAll(/^import (?!type\b).*from '([^']+)'/gm)].map((match) => match[1]!);
    expect(eager.filter((name) => loadedLate.includes(name))).toEqual([]);
  });

  test('has a name and a size of this house', () => {
    expect(file).toMatch(/^[a-z0-9/-]+\.ts$/);
    expect(file).not.toMatch(unwelcome);
    expect(text.split('\n').length).toBeLessThanOrEqual(250);
    expect(text).not.toMatch(/\bTODO\b|\bFIXME\b|^export default /m);
  });
});

/** What a module may keep beyond a call, and why. */
const states: Record<string, string[]> = {
  // A process of its own: the server that it guards, and whether it is ending that.
  'verify/throwaway/guard.ts': ['server', 'ending'],
};

describe('as syntax', () => {
  const modules = files.map(({ file, text }) => ({ file, module: parseModule(text, file)! }));

  test('no function takes more than four parameters: what travels together is a noun', () => {
    const long = modules.flatMap(({ file, module }) =>
      nodesIn(module.body)
        // What an interface says of somebody else's method is theirs.
        .filter(({ type }) => type !== 'TSMethodSignature')
        .filter((node) => [node.params, node.parameters].some((one) => Array.isArray(one) && one.length > 4))
        .map(({ start }) => `${file}:${module.text.slice(0, start).split('\n').length}`),
    );
    expect(long).toEqual([]);
  });

  test('no module keeps anything beyond a call: no variable, nothing empty that is filled later', () => {
    const isEmpty = (init: string) => /^(?:\[\]|\{\}|new (?:Weak)?(?:Map|Set)(?:<[^()]*>)?\(\))$/.test(init);
    const kept = modules.map(({ file, module }) => {
      const declared = module.body
        .map((node) => (node.type === 'ExportNamedDeclaration' ? (node.declaration as Node) : node))
        .filter((node) => node?.type === 'VariableDeclaration')
        .flatMap((node) => (node.declarations as Node[]).map(({ id, init }) => ({ kind: node.kind, id, init })));
      const names = declared
        .filter(({ kind, init }) => kind !== 'const' || isEmpty(textIn(module, init as Node | null)))
        .map(({ id }) => nameOf(id));
      return [file, names] as const;
    });
    expect(Object.fromEntries(kept.filter(([, names]) => names.length > 0))).toEqual(states);
  });
});

function textIn({ text }: Module, node: Node | null): string {
  return node ? text.slice(node.start, node.end) : '';
}

test('lines have at most 120 columns, but for those of tests that a text in quotes makes longer', () => {
  const long = ['src', 'bin', 'build', 'test'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[mc]?[jt]s$/.test(file))
      .flatMap((file) =>
        linesOf(path.join(folder, file)).map((line, at) => ({ at: `${folder}/${file}:${at + 1}`, line })),
      )
      .filter(({ line }) => line.length > 120 && !(folder === 'test' && !isComment(line) && /['"`/]/.test(line)))
      .map(({ at }) => at),
  );
  expect(long).toEqual([]);
});

const linesOf = (file: string) => readFileSync(path.join(root, file), 'utf8').split('\n');
const isComment = (line: string) => /^\s*(?:\/[*/]|\*)/.test(line);

test('every room is in the table', () => {
  expect([...new Set(files.map(({ file }) => roomOf(file)))].sort()).toEqual(Object.keys(rooms).sort());
});

const isReadOff = (line: string) => /^type \w+ = \(typeof /.test(line);

test('exported things say what they are', () => {
  const bare = files.flatMap(({ file, text }) =>
    [...text.matchAll(/(^.*)\nexport ((?:async )?(?:function|class|const|interface|type) (\w+).*)/gm)]
      // One comment for a group of constants, and for the type that is read off the constant above it.
      .filter(
        ([, above, line]) => !/\*\/\s*$/.test(above!) && !/^export const \w+.*;$/.test(above!) && !isReadOff(line!),
      )
      .map((match) => `${file}: ${match[3]}`),
  );
  expect(bare).toEqual([]);
});

test('the table of env conventions has a row for every convention', () => {
  const table = readFileSync(path.join(root, 'docs/env-conventions.md'), 'utf8');
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  const without = conventions.filter(({ name }) => !rows.some((row) => row.includes(`\`${name}\``)));
  expect(without.map(({ name }) => name)).toEqual([]);
});

test('docs/flags.md has every flag below the name of its command', () => {
  const page = (name: string) => readFileSync(path.join(root, 'docs', name), 'utf8');
  const sections = page('flags.md').split(/^## /m);
  const without = commands.flatMap(({ name, flags }) => {
    const text = sections.find((one) => one.split('\n')[0]!.split(', ').includes(name)) ?? '';
    // Those of `verify` stand on its own page.
    const whole = name === 'verify' ? text + page('verify.md') : text;
    return flags.filter((flag) => !new RegExp(`\`${flag.name}[\` ]`).test(whole)).map((flag) => `${name} ${flag.name}`);
  });
  expect(without).toEqual([]);
});

test('every fixture says first what it shows', () => {
  const folder = path.join(root, 'fixtures');
  const cases = readdirSync(folder).flatMap((theme) =>
    readdirSync(path.join(folder, theme)).map((name) => `${theme}/${name}`),
  );
  const silent = cases.filter((one) => !/^# \S.*\n/.test(readFileSync(path.join(folder, one, 'run'), 'utf8')));
  expect(silent).toEqual([]);
});

/**
 * What is known of a thing stands in its home and in the ordered list beside it. Who else names it, and why: a folder
 * ends in `/`. What is said in comments does not count.
 */
const homes: [thing: RegExp, home: RegExp, others: Record<string, string>][] = [
  [/pnpm/i, /^knowledge\/package-managers\/(?:pnpm|index)\.ts$/, {}],
  [
    /drizzle/i,
    /^knowledge\/schema-owners\/(?:drizzle|index)\.ts$/,
    {
      'knowledge/engines/': 'which engine a part of it speaks is known of the engine',
    },
  ],
  [/\bzod\b/i, /^knowledge\/conventions\/(?:zod|index)\.ts$/, {}],
  [/valibot/i, /^knowledge\/conventions\/(?:valibot|index)\.ts$/, {}],
  [
    /prettier/i,
    /^knowledge\/formatters\/(?:prettier|index)\.ts$/,
    {
      'edit/format.ts': 'the library that formats what is written',
    },
  ],
  [
    /@flue\//,
    /^knowledge\/hosts\/flue\//,
    {
      'verify/': 'it takes the place of the adapters of Flue, the one host whose runners are known',
      'knowledge/engines/verify/': 'what the adapter of an engine asks of its server',
    },
  ],
];

describe.each(homes)('what is known of %s', (thing, home, others) => {
  const knowing = files
    .filter(({ text }) => thing.test(text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')))
    .map(({ file }) => file);
  const isNamed = (file: string) =>
    Object.keys(others).some((one) => file === one || (one.endsWith('/') && file.startsWith(one)));

  test('stands in its home', () => {
    expect(knowing.filter((file) => home.test(file)).length).toBeGreaterThan(1);
    expect(knowing.filter((file) => !home.test(file) && !isNamed(file))).toEqual([]);
  });

  test('has no exception that is not needed', () => {
    const idle = Object.keys(others).filter((one) => !knowing.some((file) => file.startsWith(one)));
    expect(idle).toEqual([]);
  });
});

test('every file that AGENTS.md and CONTRIBUTING.md name is there, and of the walk every stage is passed', () => {
  const named = (page: string) =>
    [
      ...readFileSync(path.join(root, page), 'utf8').matchAll(
        /`((?:src|bin|test|build|schema|blueprints|docs)\/[\w@./-]+)`/g,
      ),
    ].map(([, file]) => file!);
  const [walk, all] = [named('AGENTS.md'), [...named('AGENTS.md'), ...named('CONTRIBUTING.md')]];
  expect(all.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  for (const stage of ['inspect', 'choose', 'plan', 'apply'])
    expect(walk.filter((file) => file.startsWith(`src/${stage}/`)).length).toBeGreaterThan(1);
});
