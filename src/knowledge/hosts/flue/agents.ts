import { inFolder, type Project } from '../../../project/project.ts';

/** An agent's module, and which of its agents to name where it has several. */
export interface Agent {
  path: string;
  name: string | null;
}

const limits = { folders: 40, files: 200 };

/**
 * An agent that `flue run` can be tried with at 2.x: a module of the source root that begins with the directive `'use
 * agent'`, those in `agents/` first; null where none is seen among the nearest files.
 */
export function inspectAgent(project: Project, sourceRoot: string): Agent | null {
  let files = 0;
  for (const path of modulesBelow(project, [inFolder(sourceRoot, 'agents'), sourceRoot])) {
    if (++files > limits.files) return null;
    const agent = agentIn(path, project.read(path) ?? '');
    if (agent) return agent;
  }
  return null;
}

/** The modules of some folders and those below them, each folder once, the nearest first; no declarations, no tests. */
function* modulesBelow(project: Project, tops: readonly string[]): Generator<string> {
  const folders = [...tops];
  for (let i = 0; i < folders.length && i < limits.folders; i += 1) {
    const folder = folders[i]!;
    const entries = project.list(folder).toSorted((one, other) => (one.name < other.name ? -1 : 1));
    for (const { name, kind } of entries) {
      const path = inFolder(folder, name);
      if (kind === 'folder' && !/^(?:\.|node_modules$|dist$|output$)/.test(name) && !folders.includes(path))
        folders.push(path);
      if (kind === 'file' && /(?<!\.d|\.test|\.spec)\.m?[jt]s$/.test(name)) yield path;
    }
  }
}

/** The directive stands before all code. */
const directive = /^\uFEFF?(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(['"])use (?!agent\1)[\w ]+\1;?)*(['"])use agent\2/;

function agentIn(path: string, text: string): Agent | null {
  if (!directive.test(text)) return null;
  const names = [...text.matchAll(/^export\s+(?:async\s+)?(?:function|const)\s+(\w+)/gm)].map((match) => match[1]!);
  return { path, name: names.length > 1 ? names[0]! : null };
}
