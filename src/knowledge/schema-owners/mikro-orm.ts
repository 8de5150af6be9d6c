import type { Owner } from '../../types/source.ts';
import { callsNamed, isOf } from './calls.ts';
import { baseName, configAt, configIn, hasPackage } from './config.ts';
import type { PackageView, SchemaOwner } from './index.ts';
import { pushedByScript } from './scripts.ts';

const tool = 'mikro-orm';
const packages = [
  'core',
  'postgresql',
  'mysql',
  'mariadb',
  'mongodb',
  'libsql',
  'sqlite',
  'better-sqlite',
  'nestjs',
  'cli',
].map((name) => `@mikro-orm/${name}`);
const programs = ['mikro-orm', 'mikro-orm-esm'];
const files = /^mikro-orm[\w.-]*\.(?:[mc]?[jt]s|json)$/;

/** MikroORM's schema generator drops every table that no entity stands for (6.4.5, measured). */
export const mikroOrm: SchemaOwner = {
  name: tool,
  title: 'MikroORM',
  effect: 'drops',
  packages,
  files,
  commands: programs.flatMap((one) =>
    ['update --run', 'update -r', 'fresh', 'drop'].map((verb) => `${one} schema:${verb}`),
  ),
  advice: (tables) => `\`schemaGenerator: { skipTables: [/^${tables.replace('*', '')}/] }\``,
  detect: (view) => {
    if (!hasPackage(view.manifest, packages)) return pushedByScript(view, mikroOrm);
    const updating = updates(view);
    const scripted = pushedByScript(view, mikroOrm);
    const configured = [...inFiles(view), ...inCalls(view)];
    const pushes = updating.length > 0 || scripted.length > 0;
    return configured.length > 0 ? configured.map((one) => ({ ...one, pushes })) : [...updating, ...scripted];
  },
};

function inFiles(view: PackageView): Owner[] {
  return view.files
    .filter((file) => files.test(baseName(file)))
    .flatMap((file) => {
      const config = configIn(view, file);
      const [type] = config?.held('type').literals ?? [];
      const engine = typeof type === 'string' ? view.engineOfDialect(type) : engineIn(view);
      return config ? [{ path: file, tool, engine, pushes: false, variables: config.variables() }] : [];
    });
}

/** `MikroORM.init({ … })` and what it is handed in Nest. */
function inCalls(view: PackageView): Owner[] {
  return callsNamed(view, ['init', 'initSync', 'forRoot']).flatMap(({ from, given, module }): Owner[] => {
    if (!isOf(from, packages) || !given[0]) return [];
    const variables = configAt(view, module, given[0]).variables();
    const engine = view.engineOf(from!) ?? engineIn(view);
    return variables.length > 0 ? [{ path: module.path, tool, engine, pushes: false, variables }] : [];
  });
}

/** The engine of the one driver that the package has. */
function engineIn({ manifest, engineOf }: PackageView): string | null {
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  const found = new Set(packages.filter((name) => name in all).flatMap((name) => engineOf(name) ?? []));
  return found.size === 1 ? [...found][0]! : null;
}

/** `orm.schema.updateSchema()`, and `update()` since version 7. */
function updates(view: PackageView): Owner[] {
  const sure = ['updateSchema', 'refreshDatabase', 'dropSchema'];
  return callsNamed(view, [...sure, 'update', 'drop']).flatMap(({ name, module, receiver }): Owner[] => {
    const own = sure.includes(name) || ['schema', 'getSchemaGenerator', 'generator'].includes(receiver);
    return own ? [{ path: module.path, tool, engine: engineIn(view), pushes: true, variables: [] }] : [];
  });
}
