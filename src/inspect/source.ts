import type { Source, VariableUse } from '../types.ts';
import type { Manifest } from './manifest.ts';
import type { Project } from './project.ts';

/** What a package, once imported, says about the server behind the variables of the same file. */
const engines: Record<string, string> = {
  pg: 'postgres',
  postgres: 'postgres',
  '@neondatabase/serverless': 'postgres',
  '@vercel/postgres': 'postgres',
  mysql2: 'mysql',
  mysql: 'mysql',
  mariadb: 'mysql',
  mongodb: 'mongodb',
  mongoose: 'mongodb',
  '@libsql/client': 'libsql',
  'better-sqlite3': 'sqlite',
  redis: 'redis',
  ioredis: 'redis',
  iovalkey: 'redis',
  '@valkey/valkey-glide': 'redis',
  bullmq: 'redis',
};

/** Clients that keep what may be thrown away: a server of theirs is likely to evict. */
const caching =
  /^(?:cache-manager|keyv|@keyv\/|node-cache|connect-redis|rate-limiter|@fastify\/rate-limit|express-rate-limit)/;

const limits = { files: 400, folders: 200 };
const passed = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'coverage',
  'vendor',
  'public',
  'fixtures',
  '__fixtures__',
]);
const code = /\.(?:[mc]?[jt]sx?|prisma)$/;
const importing = /(?:from|import|require)\s*\(?\s*(['"])([^'"\n.][^'"\n]*)\1/g;
const reading =
  /(?:process\.env|import\.meta\.env|Bun\.env)(?:\.|\?\.|\[\s*['"])([A-Z_][A-Z0-9_]*)|\benv\(\s*['"]([A-Z_][A-Z0-9_]*)['"]\s*\)/g;

/**
 * Looks through the package's own source, nearest folders first and never more than a few hundred files, for the packages
 * it imports and the variables it hands to them; the db `entry` is Flue's and does not count. Text search, no parse: what it finds is evidence with a path, for a rule to weigh.
 */
export function inspectSource(project: Project, manifest: Manifest, sourceRoot: string, entry?: string): Source {
  const imports: Record<string, string> = {};
  const uses: VariableUse[] = [];
  const owners: Source['owners'] = [];
  const { files, complete } = sourceFiles(project, sourceRoot);
  for (const path of files.filter((file) => file !== entry)) {
    const text = withoutComments(project.read(path) ?? '');
    const imported = [...text.matchAll(importing)].map((match) => packageOf(match[2]!));
    for (const name of imported) imports[name] ??= path;
    const engine = engineOf(path, text, imported);
    const owner = ownerOf(path, text, manifest);
    uses.push(...usesIn(path, text, imported, engine, owner));
    if (owner && owner !== 'drizzle-kit migrations') owners.push({ path, by: owner, engine });
  }
  const because = `${files.length} source files${complete ? '' : ', the nearest of more'}`;
  return { imports, uses, owners, because };
}

function usesIn(
  path: string,
  text: string,
  imported: string[],
  engine: string | null,
  owner: string | null,
): VariableUse[] {
  const caches = imported.some((name) => caching.test(name));
  return [...text.matchAll(reading)].map((match) => {
    const before = text.slice(Math.max(0, match.index - 80), match.index);
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 60);
    // `if (!process.env.X) throw …` demands the variable; it switches nothing.
    const demanding = /^\s*\)\s*\{?\s*(?:throw|process\.exit|console\.)/.test(after);
    const switching =
      (/(?:!!|Boolean\(|if \(!?|&&\s*!?)$/.test(before) && !demanding) ||
      /^\s*(?:\?(?![?.])|[!=]==? (?:undefined|null))/.test(after);
    const by = owner ?? (switching ? 'a feature switch' : caches ? 'a cache' : (receiver(before) ?? 'the code'));
    return { name: (match[1] ?? match[2])!, path, by, engine };
  });
}

function receiver(before: string): string | null {
  return (
    [...before.matchAll(/(?:new\s+)?\b(?!(?:if|while|switch|for|return)\b)([\w.]+)\s*\(/g)]
      .at(-1)?.[0]
      .replace(/\s*\($/, '') ?? null
  );
}

/** The one engine a file is about; null where it is about none or several. */
function engineOf(path: string, text: string, imported: string[]): string | null {
  if (path.endsWith('.prisma'))
    return same([/provider\s*=\s*"(postgresql|mysql|mongodb|sqlite)"/.exec(text)?.[1] ?? '']);
  const dialect = /drizzle\.config/.test(path) ? /dialect:\s*['"](\w+)['"]/.exec(text)?.[1] : undefined;
  if (dialect) return same([dialect]);
  return same(imported.map((name) => engines[name] ?? ''));
}

function same(names: string[]): string | null {
  const found = new Set(names.filter(Boolean).map((name) => (name === 'postgresql' ? 'postgres' : name)));
  return found.size === 1 ? [...found][0]! : null;
}

/** A tool that owns the database behind the variable and drops tables it does not know. */
function ownerOf(path: string, text: string, manifest: Manifest): string | null {
  if (path.endsWith('.prisma') || /(?:^|\/)prisma\.config\.[mc]?[jt]s$/.test(path)) return 'prisma';
  if (!/(?:^|\/)drizzle\.config\.[mc]?[jt]s$/.test(path) || !/dialect|driver|dbCredentials/.test(text)) return null;
  const scripts = Object.values(manifest.scripts ?? {}).join('\n');
  const pushes = /drizzle-kit\s+push/.test(scripts) || !/drizzle-kit\s+(?:generate|migrate)/.test(scripts);
  return pushes ? 'drizzle-kit push' : 'drizzle-kit migrations';
}

/** Comments are no evidence; a `//` inside a URL is none of them. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/.*$/gm, '');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The files of the package's own code, nearest folders first and no more than a few hundred. */
export function sourceFiles(project: Project, sourceRoot: string): { files: string[]; complete: boolean } {
  const files: string[] = [];
  const folders = [...new Set([sourceRoot, '.'])];
  for (let i = 0; i < folders.length; i += 1) {
    if (i >= limits.folders || files.length >= limits.files)
      return { files: files.slice(0, limits.files), complete: false };
    const folder = folders[i]!;
    for (const { name, kind } of project.list(folder)) {
      const path = folder === '.' ? name : `${folder}/${name}`;
      if (kind === 'file' && code.test(name) && !/\.d\.[mc]?ts$/.test(name)) files.push(path);
      if (kind === 'folder' && !name.startsWith('.') && !passed.has(name) && !folders.includes(path))
        folders.push(path);
    }
  }
  return { files, complete: true };
}
