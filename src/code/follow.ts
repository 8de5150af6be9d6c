import path from 'node:path';
import type { ExportedDeclarations, FileSystemHost, SourceFile } from 'ts-morph';
import { inFolder, type Project, slashed } from '../project/project.ts';

/** Where a name is declared. */
export interface Followed {
  path: string;
  name: string;
}

/**
 * Follows a name that `file` imports from `specifier` to the module of this project that declares it: through relative paths, the aliases of
 * tsconfig.json and re-exports. Null where it leads out of the project or nowhere. Costs the loading of a compiler.
 */
export async function followExport(
  project: Project,
  file: string,
  specifier: string,
  name: string,
): Promise<Followed | null> {
  const from = await open(project, file);
  const declared = from
    .getImportDeclaration(specifier)
    ?.getModuleSpecifierSourceFile()
    ?.getExportedDeclarations()
    .get(name)?.[0];
  return declared ? placeOf(project, declared, name) : null;
}

/** Follows a name that `file` exports, though another module declares it. The same limits and costs. */
export async function followReexport(project: Project, file: string, name: string): Promise<Followed | null> {
  const declared = (await open(project, file)).getExportedDeclarations().get(name)?.[0];
  return declared ? placeOf(project, declared, name) : null;
}

function placeOf(project: Project, declared: ExportedDeclarations, name: string): Followed | null {
  const relative = path.posix.relative(slashed(project.root), declared.getSourceFile().getFilePath());
  const own =
    'getName' in declared ? (declared.getName as () => string | undefined)() : name === 'default' ? name : null;
  return relative.includes('node_modules') || !own ? null : { path: relative, name: own };
}

async function open(project: Project, file: string): Promise<SourceFile> {
  const { Project: Compiler, ts } = await import('ts-morph');
  // The compiler's paths have `/` on every system.
  const root = slashed(project.root);
  const tsconfig = project.has('tsconfig.json') ? inFolder(root, 'tsconfig.json') : undefined;
  const compiler = new Compiler({
    fileSystem: fileSystemOf(project, root),
    ...(tsconfig && { tsConfigFilePath: tsconfig }),
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      allowJs: true,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
  });
  return compiler.addSourceFileAtPath(path.posix.join(root, file));
}

/** The project's own reader as the compiler's disk: it sees what we see, and writes nothing. */
function fileSystemOf(project: Project, root: string): FileSystemHost {
  const inside = (absolute: string) => path.posix.relative(root, absolute) || '.';
  const refuse = (): never => {
    throw new Error('the compiler was asked to write');
  };
  const read = (absolute: string): string => {
    const text = project.read(inside(absolute));
    if (text === null) throw Object.assign(new Error(`no such file: ${absolute}`), { code: 'ENOENT' });
    return text;
  };
  const isFile = (absolute: string) => project.has(inside(absolute)) && !project.isFolder(inside(absolute));
  return {
    isCaseSensitive: () => true,
    delete: refuse,
    deleteSync: refuse,
    writeFile: refuse,
    writeFileSync: refuse,
    mkdir: refuse,
    mkdirSync: refuse,
    move: refuse,
    moveSync: refuse,
    copy: refuse,
    copySync: refuse,
    readDirSync: (folder) =>
      project.list(inside(folder)).map(({ name, kind }) => ({
        name: path.posix.join(folder, name),
        isFile: kind === 'file',
        isDirectory: kind === 'folder',
        isSymlink: kind === 'symlink',
      })),
    readFile: async (file) => read(file),
    readFileSync: read,
    fileExists: async (file) => isFile(file),
    fileExistsSync: isFile,
    directoryExists: async (folder) => project.isFolder(inside(folder)),
    directoryExistsSync: (folder) => project.isFolder(inside(folder)),
    realpathSync: (absolute) => absolute,
    getCurrentDirectory: () => root,
    glob: async () => [],
    globSync: () => [],
  };
}
