import path from 'node:path';
import { openCode } from '../code/source-code.ts';
import { dependentsOf } from '../knowledge/package-managers/dependents.ts';
import { installNotes, namingFiles, packageManagers } from '../knowledge/package-managers/index.ts';
import { workspaceMembers } from '../knowledge/package-managers/workspaces.ts';
import { isSchema } from '../knowledge/schema-owners/index.ts';
import { literally } from '../pattern.ts';
import { dependencyLists, type Manifest, readManifest } from '../project/manifest.ts';
import { inFolder, type Project, wayTo } from '../project/project.ts';
import { type Hit, isTsconfig, searchTexts } from '../project/search.ts';
import type { Removal } from '../types/choice.ts';
import type { Facts, References } from '../types/facts.ts';

/** What is looked for, and the first place of each that was found. */
interface Quest {
  packages: Map<string, string>;
  variables: Map<string, string>;
  /** Files that may import the entry. */
  importing: string[];
  test(hit: Hit): void;
}

/**
 * What in the rest of the project refers to what a removal takes back: its code, tests, scripts and configs, other
 * packages of the workspace, and what is installed. Texts are searched for the names; the entry does not count, and env
 * docs not for variables. Reads only. `limit`: milliseconds for each search.
 */
export async function inspectReferences(
  project: Project,
  facts: Facts,
  removal: Removal,
  limit?: number,
): Promise<References> {
  const { entry, packages } = removal;
  const variables = Object.values(removal.names);
  const docs = facts.envDocs.map((doc) => doc.path);
  const provided = packages.filter((name) => isAbove(project, name));
  const quest = questFor(project, removal, docs, provided);
  const search = {
    words: [...packages, ...variables, stemOf(entry.path), '<reference types'],
    except: [entry.path, ...[entry.path, 'package.json'].map(project.real)],
    passing: namingFiles,
    installed: installNotes,
    ...(limit !== undefined && { limit }),
  };
  const own = searchTexts(project, { base: '.', ...search }, quest.test);
  // What comes back needs its packages.
  if (facts.former) quest.test({ file: facts.former.path, text: facts.former.text });
  const leftOf = { packages: own.left, variables: own.left };
  if (facts.workspace && docs.some((one) => one.startsWith('../'))) {
    const others = questFor(project, removal, docs, provided);
    const base = facts.workspace.value;
    const shared = searchTexts(project, { base, without: selfIn(project, base), ...search }, others.test);
    for (const [name, file] of others.variables) if (!quest.variables.has(name)) quest.variables.set(name, file);
    leftOf.variables ??= shared.left;
  }
  const text = project.read('package.json') ?? '';
  return {
    packages: packagesNeeded(project, packages, quest, leftOf.packages),
    catalogued: facts.catalogs ? await cataloguedBy(project, packages, facts.workspace?.value ?? '.') : {},
    variables: reasonsByName(variables, (name) => {
      const file = quest.variables.get(name) ?? (wordOf(name).test(text) ? 'package.json' : undefined);
      return file === undefined ? leftOf.variables : `\`${file}\` names it`;
    }),
    importers: await importersIn(project, quest.importing, entry.path, own.files),
  };
}

/**
 * Of the files that may import the entry those that do, by the name it has; what only may be an alias of it does not
 * count.
 */
async function importersIn(
  project: Project,
  importing: readonly string[],
  entry: string,
  files: string[],
): Promise<string[]> {
  const asked = importing.filter((file) => /\.(?:[mc]?[jt]sx?|vue|svelte|astro)$/.test(file));
  if (asked.length === 0) return [];
  const { importersOf } = await import('../code/importers.ts');
  const code = await openCode(project, { files, complete: true }, []);
  return [...importersOf(code, asked, entry)].flatMap(({ path: by, specifier, alias }) =>
    alias || /(?:^|\/)index(?:\.\w+)?$/.test(specifier) ? [] : [by],
  );
}

/** `provided`: types that are there without this package's own. */
function questFor(
  project: Project,
  { packages: wanted, names, entry }: Removal,
  docs: readonly string[],
  provided: readonly string[],
): Quest {
  const packages = new Map<string, string>();
  const variables = new Map<string, string>();
  const importing: string[] = [];
  const named = wanted.map((name) => ({ name, tests: testsFor(name, provided.includes(name)) }));
  const words = Object.values(names).map((name) => ({ name, word: wordOf(name) }));
  const imports = new RegExp(`(?:from|import|require)\\s*\\(?\\s*['"][^'"\\n]*${literally(stemOf(entry.path))}`);
  return {
    packages,
    variables,
    importing,
    test: (hit) => {
      const { file, text } = hit;
      for (const { name, tests } of named)
        noteFirst(packages, name, () => {
          const how = tests.find(({ finds }) => finds(hit))?.how;
          return how && !isOfMember(project, file, name) ? `\`${file}\` ${how}` : undefined;
        });
      for (const { name, word } of words)
        noteFirst(variables, name, () => (!docs.includes(file) && word.test(text) ? file : undefined));
      if (imports.test(text)) importing.push(file);
    },
  };
}

/** Whether a file belongs to a package below this one that declares the name for itself. */
function isOfMember(project: Project, file: string, name: string): boolean {
  for (let at = path.posix.dirname(file); at !== '.' && !at.startsWith('..'); at = path.posix.dirname(at)) {
    const manifest = readManifest(project, at);
    if (manifest) return declaredIn(manifest).includes(name);
  }
  return false;
}

/** Keeps what is said of a name, unless something is kept already: then it is not asked. */
function noteFirst(found: Map<string, string>, name: string, say: () => string | undefined): void {
  const said = found.has(name) ? undefined : say();
  if (said) found.set(name, said);
}

/** The ways in which a text may name a package; of types that are there anyway, only by their whole name. */
function testsFor(name: string, isProvided: boolean): { how: string; finds(hit: Hit): boolean }[] {
  const plain = literally(name);
  const quoted = new RegExp(`['"\`]${plain}(?:/[^'"\`]*)?['"\`]|\\\\"${plain}\\\\"`);
  const naming = [{ how: 'names it', finds: ({ file, text }: Hit) => !isSchema(file) && quoted.test(text) }];
  if (isProvided || !name.startsWith('@types/')) return naming;
  const types = literally(name.replace('@types/', ''));
  const listed = new RegExp(`"types"\\s*:\\s*\\[[^\\]]*"${types}"`);
  const referring = new RegExp(`<reference\\s+types=["']${types}["']`);
  return [
    ...naming,
    { how: 'lists it', finds: ({ file, text }) => isTsconfig(file) && listed.test(text) },
    { how: 'refers to it', finds: ({ text }) => referring.test(text) },
  ];
}

/**
 * Whether a package above declares it, whose `node_modules` are looked through for types, too. With PnP there are none.
 */
function isAbove(project: Project, name: string): boolean {
  return project.upward.slice(1).some((folder) => {
    const { dependencies, devDependencies } = readManifest(project, folder) ?? {};
    return name in { ...dependencies, ...devDependencies } && !project.has(inFolder(folder, '.pnp.cjs'));
  });
}

/** This package as a folder of its workspace. */
function selfIn(project: Project, workspace: string): string {
  return `${workspace}/${wayTo(path.resolve(project.root, workspace), project.root)}`;
}

/** The first file of the workspace, but for this package's own, that takes the version of a package from a catalog. */
async function cataloguedBy(
  project: Project,
  packages: readonly string[],
  workspace: string,
): Promise<Record<string, string>> {
  const folders = [workspace, ...(await workspaceMembers(project, workspace))];
  const others = folders.filter((one) => project.real(inFolder(one, 'package.json')) !== project.real('package.json'));
  const manifests = others.map((one) => ({
    file: inFolder(one, 'package.json'),
    text: JSON.stringify(readManifest(project, one)),
  }));
  return reasonsByName(packages, (name) => {
    const takes = new RegExp(`"${literally(name)}":"catalog:`);
    return manifests.find(({ text }) => takes.test(text))?.file ?? null;
  });
}

function packagesNeeded(
  project: Project,
  packages: readonly string[],
  quest: Quest,
  left: string | null,
): Record<string, string> {
  const manifest = readManifest(project, '.') ?? {};
  const dependents = dependentsOf(project, { going: packages, declared: declaredIn(manifest) });
  return reasonsByName(packages, (name) => {
    const reason = quest.packages.get(name) ?? reasonInManifest(name, manifest) ?? left;
    if (reason !== null) return reason;
    // Whoever wants types brings them, or is content without.
    return dependents[name] && !name.startsWith('@types/') ? `\`${dependents[name]}\` names it` : null;
  });
}

function declaredIn({ dependencies, devDependencies, optionalDependencies, peerDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies });
}

/** What only tells people of a package. */
const describing = ['name', 'description', 'keywords', 'author', 'contributors', 'homepage', 'repository', 'funding'];

/** Where a package.json names packages that nothing in it uses: there, in its lists, in settings of installs. */
const namingFields = new Set([
  ...describing,
  ...dependencyLists,
  ...packageManagers.flatMap(({ settingsFields }) => settingsFields),
]);

function reasonInManifest(name: string, manifest: Manifest): string | null {
  const { scripts, ...fields } = manifest;
  const word = new RegExp(`(?<![\\w@/-])${literally(name)}(?![\\w-])`);
  if (Object.values(scripts ?? {}).some((line) => word.test(String(line)))) return 'a script names it';
  const rest = Object.entries(fields).filter(([field]) => !namingFields.has(field));
  const isUsed = new RegExp(`"${literally(name)}["/]`).test(JSON.stringify(rest));
  // npm's way of saying "the version that stands above".
  const isReferredTo = JSON.stringify(manifest).includes(`"$${name}"`);
  return isUsed || isReferredTo ? '`package.json` names it elsewhere' : null;
}

function stemOf(file: string): string {
  return path.posix.basename(file).replace(/\.\w+$/, '');
}

function wordOf(name: string): RegExp {
  return new RegExp(`(?<!\\w)${name}(?!\\w)`);
}

function reasonsByName(names: readonly string[], reasonFor: (name: string) => string | null): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const reason = reasonFor(name);
      return reason ? [[name, reason]] : [];
    }),
  );
}
