import { importedFrom, keyOf, type Node } from '../../code/module.ts';
import { resolve } from '../../code/scope.ts';
import type { Owner } from '../../types/source.ts';
import { callsNamed, isOf, modulesWith, objectsWith } from './calls.ts';
import { baseName, configAt, configIn, hasPackage, mayBeOn } from './config.ts';
import type { PackageView, SchemaOwner } from './index.ts';
import { pushedByScript } from './scripts.ts';

const tool = 'typeorm';
const packages = [tool, '@nestjs/typeorm', '@vendure/core'];
/** Options that make the database equal to the entities at every start. */
const options = ['synchronize', 'dropSchema'];
const files = /^ormconfig\.(?:[mc]?[jt]s|json|ya?ml|env|xml)$/;

/** TypeORM: `synchronize` changes tables at every start, and `dropSchema` drops all of them. */
export const typeorm: SchemaOwner = {
  name: tool,
  title: 'TypeORM',
  effect: 'changes',
  packages,
  files,
  commands: [
    'typeorm schema:sync',
    'typeorm schema:drop',
    ...['typeorm-ts-node-commonjs', 'typeorm-ts-node-esm'].flatMap((program) => [
      `${program} schema:sync`,
      `${program} schema:drop`,
    ]),
  ],
  detect: (view) => [...inFiles(view), ...inCode(view), ...byMethod(view), ...pushedByScript(view, typeorm)],
};

/**
 * TypeORM's options, in whichever file they are put together: anything but a plain `false` may be true somewhere.
 * Without those, what names an engine beside a connection, in a file that hands it to TypeORM elsewhere.
 */
function inCode(view: PackageView): Owner[] {
  const declared = hasPackage(view.manifest, packages);
  const isWorth = (text: string) =>
    /\b(?:synchronize|dropSchema)\b/.test(text)
      ? declared || text.includes(tool)
      : declared && mayStandBeside.test(text) && !importing.test(text);
  return modulesWith(view, isWorth).flatMap((module) => {
    const imports = importedFrom(module, /^(?:@nestjs\/)?typeorm$/).size > 0;
    if (!imports && !declared) return [];
    return objectsWith(module, [...options, 'type']).flatMap(({ object, properties }): Owner[] => {
      const pushes = properties.some(
        (one) => options.includes(keyOf(one)) && resolve(module, one.value as Node)?.value !== false,
      );
      if (imports && !pushes) return [];
      const config = configAt(view, module, object);
      const [type] = config.held('type').literals;
      if (!imports && !view.isDialect(type)) return [];
      const variables = config.variables();
      if (!pushes && variables.length === 0) return [];
      const engine = typeof type === 'string' ? view.engineOfDialect(type) : null;
      return [{ path: module.path, tool, engine, pushes, variables }];
    });
  });
}

/** Options that are handed to TypeORM elsewhere name its entities, not only a path of them. */
const mayStandBeside = /\b(?:entities|autoLoadEntities)\b(?!\/)/;
const importing = /^(?:import\b[^'"]{0,500}|\}\s*)from\s*['"](?:@nestjs\/)?typeorm['"]/m;

/** The options by which it changes tables at every start, as code and as the environment have them. */
const switches = ['synchronize', 'dropSchema', 'TYPEORM_SYNCHRONIZE', 'TYPEORM_DROP_SCHEMA'].join('|');
const switchedOn = new RegExp(String.raw`^\s*(?:-\s+)?(?:${switches})\s*[:=]\s*["']?(?:true|yes|on|1|\$)`, 'im');

/** `ormconfig` in a format that is no code. */
function inFiles(view: PackageView): Owner[] {
  return view.files.flatMap((file): Owner[] => {
    const name = baseName(file);
    if (!files.test(name) || /\.[mc]?[jt]s$/.test(name)) return [];
    const text = view.code.project.read(file) ?? '';
    const config = name.endsWith('.json') ? configIn(view, file) : null;
    const on = config ? options.some((key) => mayBeOn(config.held(key))) : switchedOn.test(text);
    const type = config
      ? config.held('type').literals[0]
      : /^\s*(?:-\s+)?(?:type|TYPEORM_CONNECTION)\s*[:=]\s*["']?([\w-]+)/im.exec(text)?.[1];
    const engine = typeof type === 'string' ? view.engineOfDialect(type) : null;
    return [{ path: file, tool, engine, pushes: on, variables: config?.variables() ?? [] }];
  });
}

/** `dataSource.synchronize()`, `dataSource.dropDatabase()`. */
function byMethod(view: PackageView): Owner[] {
  return callsNamed(view, ['synchronize', 'dropDatabase']).flatMap(({ from, module }) =>
    isOf(from, packages) ? [{ path: module.path, tool, engine: null, pushes: true, variables: [] }] : [],
  );
}
