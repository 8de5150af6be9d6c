import type { Source, VariableUse } from '../types.ts';
import type { Manifest } from './manifest.ts';
import type { Project } from './project.ts';

/** What a package, once imported, says about the server behind the variables of the same file. */
const engines: [engine: string, imported: RegExp][] = [
  [
    'postgres',
    /^(?:pg|postgres|pg-promise|slonik|@neondatabase\/serverless|@vercel\/postgres|@prisma\/adapter-pg|@mikro-orm\/postgresql|@keyv\/postgres|drizzle-orm\/(?:node-postgres|postgres-js|neon-\w+|vercel-postgres))$/,
  ],
  [
    'mysql',
    /^(?:mysql2?(?:\/promise)?|mariadb|@mikro-orm\/(?:mysql|mariadb)|@prisma\/adapter-mariadb|drizzle-orm\/mysql2)$/,
  ],
  ['mongodb', /^(?:mongodb|mongoose|agenda|@typegoose\/typegoose|@mikro-orm\/mongodb|@nestjs\/mongoose)$/],
  ['libsql', /^(?:@libsql\/client(?:\/\w+)?|@prisma\/adapter-libsql|drizzle-orm\/libsql(?:\/\w+)?)$/],
  ['sqlite', /^(?:better-sqlite3|sqlite3|drizzle-orm\/better-sqlite3)$/],
  [
    'redis',
    /^(?:redis|ioredis|iovalkey|@valkey\/valkey-glide|bullmq|bull|bee-queue|connect-redis|@keyv\/redis|@socket\.io\/redis-adapter|cache-manager-(?:io)?redis(?:-\w+)*)$/,
  ],
];

/** How the configuration of an ORM or query builder names its engine. */
const dialects =
  /\b(?:type|client|dialect|provider)\s*[:=]\s*['"](postgres(?:ql)?|pg|mysql2?|mariadb|mongodb|sqlite3?|better-sqlite3|turso)['"]/;
const configured =
  /^(?:typeorm|knex|sequelize(?:-typescript)?|@nestjs\/(?:typeorm|sequelize)|drizzle-kit|@mikro-orm\/core)$/;
const aliases: Record<string, string> = {
  postgresql: 'postgres',
  pg: 'postgres',
  mysql2: 'mysql',
  mariadb: 'mysql',
  sqlite3: 'sqlite',
  'better-sqlite3': 'sqlite',
  turso: 'libsql',
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
  /(?:\b(?:process\.env|import\.meta\.env|Bun\.env|\w*[eE]nv|ENV|config|settings))(?:!?\.|\?\.|\[\s*['"])([A-Z_][A-Z0-9_]*)\b|(?:\benv|\.get(?:OrThrow)?(?:<\w+>)?)\(\s*['"]([A-Z_][A-Z0-9_]*)['"]/g;

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
    const specifiers = [...text.matchAll(importing)].map((match) => match[2]!);
    const imported = specifiers.map(packageOf);
    for (const name of imported) imports[name] ??= path;
    const engine = engineOf(path, text, specifiers);
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
    const by =
      owner ??
      (composed(after)
        ? 'a composition'
        : switching
          ? 'a feature switch'
          : caches
            ? 'a cache'
            : (receiver(before) ?? 'the code'));
    return { name: (match[1] ?? match[2])!, path, by, engine };
  });
}

/** `?? \`postgres://${host}…\``, `|| buildUrl(…)`: where the variable is not set, the connection is put together from others. */
function composed(after: string): boolean {
  return /^!?\s*(?:\?\?|\|\|)\s*(?:\(?\s*`[^`]*\$\{|(?!require)\w*(?:url|uri|connection|dsn)\w*\s*\()/i.test(after);
}

function receiver(before: string): string | null {
  return (
    [...before.matchAll(/(?:new\s+)?\b(?!(?:if|while|switch|for|return)\b)([\w.]+)\s*\(/g)]
      .at(-1)?.[0]
      .replace(/\s*\($/, '') ?? null
  );
}

/** The one engine a file is about; null where it is about none or several. */
function engineOf(path: string, text: string, specifiers: string[]): string | null {
  const config =
    /(?:^|\/)(?:drizzle|knexfile|ormconfig|mikro-orm)[\w.-]*$|\.prisma$/.test(path) ||
    specifiers.some((name) => configured.test(name));
  const named = config ? dialects.exec(text)?.[1] : undefined;
  if (named) return aliases[named] ?? named;
  const found = new Set(specifiers.flatMap((name) => engines.find(([, imported]) => imported.test(name))?.[0] ?? []));
  return found.size === 1 ? [...found][0]! : null;
}

/** A tool that owns the database behind the variable and drops or reshapes tables it does not know. */
function ownerOf(path: string, text: string, manifest: Manifest): string | null {
  if (path.endsWith('.prisma') || /(?:^|\/)prisma\.config\.[mc]?[jt]s$/.test(path)) return 'prisma';
  if (/['"](?:@nestjs\/)?typeorm['"]/.test(text) && /\b(?:synchronize|dropSchema)\s*:\s*true\b/.test(text))
    return 'typeorm synchronize';
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
