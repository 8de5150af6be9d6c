import { withoutComments } from '../code/comments.ts';
import { usesIn } from '../code/uses.ts';
import { engineFor, enginesOf } from '../knowledge/engines/engines.ts';
import { ownerFiles, ownerOf } from '../knowledge/schema-owners/index.ts';
import { type Manifest, readManifest } from '../project/manifest.ts';
import { inFolder, type Project } from '../project/project.ts';
import { aside, type SourceFiles } from '../project/source-files.ts';
import type { Source, VariableUse } from '../types/facts.ts';

const importing = /(?:from|import|require)\s*\(?\s*(['"])([^'"\n.][^'"\n]*)\1/g;

/**
 * Looks through the package's own source, nearest folders first and never more than a few hundred files, for the packages
 * it imports and the variables it hands to them; the db `entry` is Flue's and does not count. Tools that may own a database are looked for in
 * the other members of a workspace too. Text search, no parse: what it finds is evidence with a path, for a rule to weigh.
 */
export function inspectSource(
  project: Project,
  manifest: Manifest,
  { files, complete }: SourceFiles,
  entry: string | undefined,
  members: readonly string[],
): Source {
  const imports: Record<string, string> = {};
  const uses: VariableUse[] = [];
  const owners: Source['owners'] = [];
  const look = (path: string, own: Manifest) => {
    const text = withoutComments(project.read(path) ?? '');
    const specifiers = [...text.matchAll(importing)].map((match) => match[2]!);
    const imported = specifiers.map(packageOf);
    const engines = enginesOf(path, text, specifiers);
    const owner = ownerOf(project, path, text, own);
    uses.push(...usesIn(path, text, imported, (name) => engineFor(name, engines), owner));
    if (owner && owner !== 'drizzle-kit migrations') owners.push({ path, by: owner, engine: engineFor('', engines) });
    return imported;
  };
  for (const path of files.filter((file) => file !== entry && !aside.test(file))) {
    for (const name of look(path, manifest)) imports[name] ??= path;
  }
  const others = members.map((folder) => ({ folder, manifest: readManifest(project, folder) ?? {} }));
  for (const other of others) for (const file of ownerFilesIn(project, other.folder)) look(file, other.manifest);
  for (const { folder, manifest: one } of [{ folder: '.', manifest }, ...others])
    owners.push(...pushedByScript(inFolder(folder, 'package.json'), one, owners));
  const because = `${files.length} source files${complete ? '' : ', the nearest of more'}`;
  return { imports, uses, owners: withProviders(owners), because, complete };
}

/** The files of a folder in which a tool says which database it owns. */
export function ownerFilesIn(project: Project, folder: string): string[] {
  return ['.', 'prisma', 'prisma/schema', 'prisma/models', 'db', 'src/db'].flatMap((below) => {
    const at = below === '.' ? folder : inFolder(folder, below);
    return project
      .list(at)
      .flatMap(({ name, kind }) => (kind === 'file' && ownerFiles.test(name) ? [inFolder(at, name)] : []));
  });
}

/** A script that pushes without a config that was found. */
function pushedByScript(path: string, { scripts = {} }: Manifest, owners: Source['owners']): Source['owners'] {
  const push = Object.values(scripts).find((line) => /drizzle-kit\s+push/.test(String(line)));
  if (!push || owners.some(({ by }) => by === 'drizzle-kit push')) return [];
  const dialect = /--dialect[= ](\w+)/.exec(push)?.[1];
  return [{ path, by: 'drizzle-kit push', engine: dialect === 'postgresql' ? 'postgres' : (dialect ?? null) }];
}

/** prisma.config has the variable and schema.prisma the engine. */
function withProviders(owners: Source['owners']): Source['owners'] {
  const provider = owners.find(({ by, engine }) => by === 'prisma' && engine)?.engine ?? null;
  return owners.map((one) => (one.by === 'prisma' && !one.engine ? { ...one, engine: provider } : one));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
