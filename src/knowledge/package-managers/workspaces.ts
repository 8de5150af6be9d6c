import path from 'node:path';
import { compileGlob, toolGlob } from '../../project/glob.ts';
import { inFolder, type Project, wayTo } from '../../project/project.ts';
import type { Found } from '../../types/facts.ts';
import { packageManagers, type WorkspacePatterns } from './index.ts';

/**
 * Whether this package is a member of a workspace above it: its root, and the nearest file that declares one without
 * naming this package.
 */
export interface Membership {
  root: Found<string> | null;
  outside: string | null;
}

/** Looks for the nearest folder above whose patterns name this package. Raises `cannot-parse`. */
export async function inspectWorkspace(project: Project): Promise<Membership> {
  let outside: string | null = null;
  for (const folder of project.upward.slice(1)) {
    const declared = await patternsIn(project, folder);
    if (!declared) continue;
    const member = wayTo(path.join(project.root, folder), project.root);
    if (matcherOf(declared.patterns)(member))
      return { root: { value: folder, because: `${declared.file} names ${member}` }, outside: null };
    outside ??= declared.file;
  }
  return { root: null, outside };
}

const limits = { folders: 5000 };

/**
 * The members of the workspace at `folder`, as paths from the package: folders with a package.json that its patterns
 * name.
 */
export async function workspaceMembers(project: Project, folder: string): Promise<string[]> {
  const declared = await patternsIn(project, folder);
  if (!declared) return [];
  const isMember = matcherOf(declared.patterns);
  const found = new Set<string>();
  for (const pattern of declared.patterns.filter((one) => !one.startsWith('!')))
    for (const one of foldersFor(project, folder, clean(pattern).split('/')))
      if (isMember(one) && project.has(inFolder(inFolder(folder, one), 'package.json'))) found.add(one);
  return [...found].map((one) => inFolder(folder, one));
}

/** Every folder that may match a pattern, by its parts; a name with signs in it is looked for in the folder's list. */
function foldersFor(project: Project, base: string, parts: readonly string[]): string[] {
  let open: string[] = [''];
  for (const part of parts) {
    if (part === '**') {
      for (const one of open) if (open.length < limits.folders) open.push(...foldersIn(project, base, one));
    } else if (/[*?[\]{}()\\]/.test(part)) {
      const matches = compileGlob(part, toolGlob);
      open = open
        .flatMap((one) => foldersIn(project, base, one))
        .filter((one) => matches(one.slice(one.lastIndexOf('/') + 1)));
    } else open = open.map((one) => below(one, part));
  }
  return open.slice(0, limits.folders);
}

/** The folders right below one, as paths from `base` as it is, which is `''` itself. */
function foldersIn(project: Project, base: string, folder: string): string[] {
  return project
    .list(inFolder(base, folder || '.').replace(/\/\.$/, ''))
    .filter(({ name, kind }) => kind === 'folder' && name !== 'node_modules' && !name.startsWith('.'))
    .map(({ name }) => below(folder, name));
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

async function patternsIn(project: Project, folder: string): Promise<WorkspacePatterns | null> {
  for (const manager of packageManagers) {
    const declared = await manager.workspace(project, folder);
    if (declared) return declared;
  }
  return null;
}

/** The last pattern that matches decides, and one with `!` takes out. */
function matcherOf(patterns: readonly string[]): (member: string) => boolean {
  const compiled = patterns.map((pattern) => ({
    takesOut: pattern.startsWith('!'),
    matches: compileGlob(clean(pattern.replace(/^!/, '')), toolGlob),
  }));
  const wanted = compiled.filter(({ takesOut }) => !takesOut);
  const unwanted = compiled.filter(({ takesOut }) => takesOut);
  return (member) => wanted.some((one) => one.matches(member)) && !unwanted.some((one) => one.matches(member));
}

function clean(pattern: string): string {
  return pattern.replace(/^\.?\/+/, '').replace(/\/+$/, '');
}
