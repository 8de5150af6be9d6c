import path from 'node:path';
import type { ExportedDeclarations, FileSystemHost, Type } from 'ts-morph';
import { inFolder, type Project, slashed } from '../project/project.ts';
import type { SourceCode } from './source-code.ts';

/**
 * What an export is by its type, as `<package>#<name>`, with `async` in front where it is a promise of it: the one
 * question that syntax cannot answer, as for what a container resolves or a generic function gives. Null where the type
 * is no package's, or its declarations are not installed. Costs the loading of a compiler and half a second for the
 * types, so it is asked last.
 */
export async function typedExport(code: SourceCode, file: string, name: string): Promise<{ by: string } | null> {
  const { Project: Compiler, ts } = await import('ts-morph');
  // The compiler's paths have `/` on every system.
  const root = slashed(code.project.root);
  const tsconfig = code.project.has('tsconfig.json') ? inFolder(root, 'tsconfig.json') : undefined;
  try {
    const compiler = new Compiler({
      fileSystem: fileSystemOf(code.project, root),
      ...(tsconfig && { tsConfigFilePath: tsconfig }),
      skipAddingFilesFromTsConfig: true,
      compilerOptions: {
        allowJs: true,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        allowImportingTsExtensions: true,
        noEmit: true,
      },
    });
    const source = compiler.addSourceFileAtPath(path.posix.join(root, file));
    const declared = source.getExportedDeclarations().get(name)?.[0];
    return declared ? ofType(declared.getType(), declared) : null;
  } catch {
    // A config or a module that the compiler does not take: then there is no type to be told.
    return null;
  }
}

function ofType(type: Type, declared: ExportedDeclarations): { by: string } | null {
  const promised = type.getSymbol()?.getName() === 'Promise' ? type.getTypeArguments()[0] : undefined;
  const symbol = (promised ?? type).getSymbol() ?? (promised ?? type).getAliasSymbol();
  const declaration = symbol?.getDeclarations()[0];
  const from = declaration && packageInPath(declaration.getSourceFile().getFilePath());
  if (!symbol || !from || declared.getSourceFile() === declaration.getSourceFile()) return null;
  return { by: `${promised ? 'async ' : ''}${from}#${symbol.getName()}` };
}

/** The package of a file in `node_modules`; of types that stand beside it (`@types/pg`), the one they are for. */
function packageInPath(file: string): string | null {
  const [, scope, name] = /.*\/node_modules\/(?:(@[^/]+)\/)?([^/]+)\//.exec(file) ?? [];
  if (!name || name === 'typescript') return null;
  if (scope !== '@types') return scope ? `${scope}/${name}` : name;
  return name.includes('__') ? `@${name.replace('__', '/')}` : name;
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
