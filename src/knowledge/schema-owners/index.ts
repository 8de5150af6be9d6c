import type { Manifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';

const ormConfig = /(?:^|\/)(?:drizzle[\w.-]*|knexfile|ormconfig|mikro-orm[\w.-]*)\.[mc]?[jt]s$/;

/** Config files of tools that may own a database, which are looked at before any limit. */
export const ownerFiles = /^(?:drizzle[\w.-]*\.[mc]?[jt]s|prisma\.config\.[mc]?[jt]s|[\w-]+\.prisma)$/;

/** A tool that owns the database behind a file's variables and drops or reshapes tables it does not know. */
export function ownerOf(project: Project, path: string, text: string, manifest: Manifest): string | null {
  if (path.endsWith('.prisma') || /(?:^|\/)prisma\.config\.[mc]?[jt]s$/.test(path)) return 'prisma';
  if (synchronizes(text, manifest)) return 'typeorm synchronize';
  if (/['"]@payloadcms\/db-(?:vercel-)?postgres['"]/.test(text) && !/\bpush\s*:\s*false\b/.test(text)) return 'payload';
  const drizzle = ormConfig.test(path) && /(?:^|\/)drizzle/.test(path);
  if (!(drizzle || /['"]drizzle-kit['"]/.test(text)) || !/dialect|driver|dbCredentials/.test(text)) return null;
  return pushes(project, path, text, manifest) ? 'drizzle-kit push' : 'drizzle-kit migrations';
}

/** TypeORM's options, in whichever file they are put together: anything but a plain `false` may be true somewhere. */
function synchronizes(text: string, { dependencies, devDependencies }: Manifest): boolean {
  const imported = /['"](?:@nestjs\/)?typeorm['"]/.test(text);
  const options = 'typeorm' in { ...dependencies, ...devDependencies } && /\btype\s*:\s*['"]\w+['"]/.test(text);
  return (imported || options) && /\b(?:synchronize|dropSchema)\s*(?::\s*(?!false\b)|[,}])/.test(text);
}

/** A script that pushes, or no committed migrations: then the schema is pushed. */
function pushes(project: Project, path: string, text: string, manifest: Manifest): boolean {
  const scripts = Object.values(manifest.scripts ?? {}).join('\n');
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
  const out = /\bout\s*:\s*['"](?:\.\/)?([^'"]+)['"]/.exec(text)?.[1]?.replace(/\/$/, '') ?? 'drizzle';
  const committed = [folder, '.'].some((base) =>
    project.list(inFolder(base, out)).some(({ name }) => name === 'meta' || name.endsWith('.sql')),
  );
  return /drizzle-kit\s+push/.test(scripts) || !committed;
}
