import type { Node } from '../../code/module.ts';
import { inFolder } from '../../project/project.ts';
import type { ProjectView } from './convention.ts';
import { evidenceAt } from './left-alone.ts';
import { schemaConvention } from './schema/definition.ts';
import type { WriteEntry } from './schema/entry.ts';

/** `interface ProcessEnv`, unless it is inferred from a schema, which is then the source. */
export const processEnv = schemaConvention({
  name: 'ProcessEnv',
  kind: 'types',
  packages: [],
  because: 'it declares the types of the variables',
  files: declarationFiles,
  schemasIn(module, { allNodes, nameOf, slot }) {
    const found = allNodes(module).find(
      ({ type, id }) => type === 'TSInterfaceDeclaration' && nameOf(id) === 'ProcessEnv',
    );
    if (!found || ((found.extends as Node[] | null) ?? []).length > 0) return [];
    return [{ at: found, groups: [[slot(module, found.body as Node, member)]] }];
  },
});

const member: WriteEntry = ({ neighbour: { text }, variable: { name } }) => ({
  lines: [`${/^readonly\s/.test(text) ? 'readonly ' : ''}${name}?: string`],
});

/** Where types are declared: the usual folders, and the modules that were read for their schemas. */
function declarationFiles({ project, sourceRoot, modules }: ProjectView): string[] {
  const below = (folder: string) =>
    ['.', 'types', '@types'].map((one) => (one === '.' ? folder : inFolder(folder, one)));
  const declared = [...new Set([...below('.'), 'typings', ...below(sourceRoot)])].flatMap((folder) =>
    project
      .list(folder)
      .filter(({ name, kind }) => kind === 'file' && /\.d\.[mc]?ts$/.test(name) && name !== 'worker-configuration.d.ts')
      .map(({ name }) => inFolder(folder, name))
      .filter((file) => !isVarlocks(evidenceAt(project, '.env.schema') ?? '', file)),
  );
  return [...declared, ...modules.keys()].filter((file) =>
    /interface\s+ProcessEnv\b/.test(evidenceAt(project, file) ?? ''),
  );
}

/** Whether varlock's schema says that it writes that file. */
function isVarlocks(schema: string, file: string): boolean {
  return schema.includes(`path=${file}`) || schema.includes(`path=./${file}`);
}
