import path from 'node:path';
import { declaration, readManifest } from './manifest.ts';
import { packageManagerOf } from './package-manager.ts';
import { openProject, type Project } from './project.ts';

/** The file of the project's own `flue` command, or, where `@flue/cli` is not installed, the line that installs it. */
export type Cli = { file: string } | { install: string };

/**
 * Flue's own command line as the project has it, looked for like Node does: in `node_modules`, from the package that `cwd` stands
 * in upward. Both lines name the binary `flue`. Raises `not-a-project` and `cannot-parse`.
 */
export function inspectCli(cwd: string): Cli {
  const project = openProject(cwd);
  for (const folder of project.upward) {
    const at = folder === '.' ? 'node_modules/@flue/cli' : `${folder}/node_modules/@flue/cli`;
    if (!project.isFolder(at)) continue;
    const bin: unknown = JSON.parse(project.read(`${at}/package.json`) ?? '{}').bin;
    const file = typeof bin === 'string' ? bin : (bin as { flue?: string } | undefined)?.flue;
    if (file) return { file: path.join(project.root, at, file) };
  }
  return { install: `${adding(project)} @flue/cli${versionBeside(project)}` };
}

/** How a development dependency is added here. */
function adding(project: Project): string {
  const name = packageManagerOf(project);
  return name === 'npm' ? 'npm install --save-dev' : `${name} add -D`;
}

/** The command line goes with the runtime: the same exact version, where package.json says one. */
function versionBeside(project: Project): string {
  const declared = declaration(readManifest(project, '.')!, '@flue/runtime')?.specifier ?? '';
  return /^\d+\.\d+\.\d+/.test(declared) ? `@${declared}` : '';
}
