import { type Module, nodesIn, requiredBy, sourceOf } from '../code/module.ts';
import { openCode, type SourceCode } from '../code/source-code.ts';
import type { Project } from '../project/project.ts';

/** More modules than this are no db entry's. */
const most = 25;

/** The db entry as code, and the project's modules that it brings in, itself first; none where it does not parse. */
export async function modulesFrom(
  project: Project,
  entry: string,
): Promise<{ code: SourceCode; modules: readonly Module[] }> {
  const code = await openCode(project, { files: [], complete: true }, []);
  const paths = new Set([entry]);
  const modules: Module[] = [];
  // What is added on the way is looked at, too.
  for (const one of paths) {
    const module = modules.length < most ? code.module(one) : null;
    if (!module) continue;
    modules.push(module);
    for (const specifier of importSources(module)) {
      const next = code.leadTo(one, specifier);
      if (next !== null) paths.add(next);
    }
  }
  return { code, modules };
}

/** What the module brings in by value, be it late. */
export function importSources({ body }: Module): string[] {
  const stated = body.filter(({ type, importKind }) => type === 'ImportDeclaration' && importKind !== 'type');
  const passed = body.filter(({ type, exportKind }) => /^Export(?:All|Named)/.test(type) && exportKind !== 'type');
  const called = nodesIn(body).flatMap((node) => requiredBy(node) ?? []);
  return [...new Set([...stated, ...passed].map(sourceOf).concat(called))].filter((source) => source !== '');
}
