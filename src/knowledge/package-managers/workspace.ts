import path from 'node:path';
import { Problem } from '../../problem.ts';
import { readManifest } from '../../project/manifest.ts';
import { inFolder, type Project, wayTo } from '../../project/project.ts';
import type { Found } from '../../types/facts.ts';

/** The workspace this package is a member of: the nearest folder above whose patterns name it. */
export async function inspectWorkspace(project: Project): Promise<Found<string> | null> {
  for (const folder of project.upward.slice(1)) {
    const declared = await patternsIn(project, folder);
    if (!declared) continue;
    const member = wayTo(path.join(project.root, folder), project.root);
    if (await matches(member, declared.patterns)) return { value: folder, because: `${declared.file} names ${member}` };
  }
  return null;
}

/** The members of the workspace at `folder`, as paths from the package. Looks one folder deep where a pattern ends in a star. */
export async function workspaceMembers(project: Project, folder: string): Promise<string[]> {
  const declared = await patternsIn(project, folder);
  return (declared?.patterns ?? []).flatMap((pattern) => {
    const [, parent, star] = /^(?:\.\/)?(.*?)(\/\*{1,2})?\/?$/.exec(pattern) ?? [];
    if (!parent || parent.includes('*') || parent.startsWith('!')) return [];
    if (!star) return [inFolder(folder, parent)];
    return project
      .list(inFolder(folder, parent))
      .flatMap(({ name, kind }) => (kind === 'folder' ? [inFolder(folder, `${parent}/${name}`)] : []));
  });
}

async function patternsIn(project: Project, folder: string): Promise<{ file: string; patterns: string[] } | null> {
  const file = inFolder(folder, 'pnpm-workspace.yaml');
  if (project.has(file)) {
    return { file, patterns: strings((await parseYaml(file, project.read(file) ?? ''))?.packages) };
  }
  const workspaces = readManifest(project, folder)?.workspaces;
  if (!workspaces) return null;
  return {
    file: inFolder(folder, 'package.json'),
    patterns: strings(Array.isArray(workspaces) ? workspaces : workspaces.packages),
  };
}

async function parseYaml(file: string, text: string): Promise<{ packages?: unknown } | null> {
  const { parse } = await import('yaml');
  try {
    return parse(text);
  } catch (error) {
    throw new Problem(
      'cannot-parse',
      `\`${file}\` is not valid YAML: ${(error as Error).message.split('\n')[0]}`,
      'mend the file first',
    );
  }
}

async function matches(member: string, patterns: string[]): Promise<boolean> {
  const { default: picomatch } = await import('picomatch');
  const clean = (pattern: string) => pattern.replace(/^\.\//, '').replace(/\/+$/, '');
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map(clean);
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => clean(pattern.slice(1)));
  return wanted.length > 0 && picomatch(wanted, { ignore: unwanted })(member);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
