import { inFolder } from '../../project/project.ts';
import type { Owner } from '../../types/source.ts';
import { callsNamed, isOf } from './calls.ts';
import { configAt, configIn, hasPackage, mayBeOn } from './config.ts';
import type { PackageView, SchemaOwner } from './index.ts';
import { pushedByScript } from './scripts.ts';

const tool = 'sequelize';
const packages = [tool, 'sequelize-typescript', '@sequelize/core', '@nestjs/sequelize'];

/**
 * Sequelize alters or drops the tables of its models at `sync({ alter })` and `sync({ force })`, and all of them at
 * `drop()`.
 */
export const sequelize: SchemaOwner = {
  name: tool,
  title: 'Sequelize',
  effect: 'changes',
  packages: [...packages, 'sequelize-cli'],
  commands: ['sequelize db:drop', 'sequelize-cli db:drop'],
  detect: (view) =>
    hasPackage(view.manifest, packages) ? [...syncs(view), ...inFiles(view), ...pushedByScript(view, sequelize)] : [],
};

/** The engine of the one dialect that the code names. */
function engineIn(view: PackageView): string | null {
  const dialects = callsNamed(view, ['Sequelize', 'forRoot', 'forRootAsync'])
    .filter(({ from }) => isOf(from, packages))
    .flatMap(({ given, module }) => given.flatMap((one) => configAt(view, module, one).held('dialect').literals));
  const found = new Set(dialects.filter(view.isDialect).map(view.engineOfDialect));
  return found.size === 1 ? [...found][0]! : null;
}

function syncs(view: PackageView): Owner[] {
  return callsNamed(view, ['sync', 'drop', 'dropAllTables', 'forRoot']).flatMap(
    ({ from, name, given, module }): Owner[] => {
      if (from !== null && !isOf(from, packages)) return [];
      const config = given[0] ? configAt(view, module, given[0]) : null;
      const on = (...keys: string[]) => config?.has(keys.at(-1)!) === true && mayBeOn(config.held(...keys));
      const equal = name === 'forRoot' ? on('sync', 'alter') || on('sync', 'force') : on('alter') || on('force');
      // `sync()` alone makes what is missing; of what cannot be seen only its own options tell.
      const pushes = equal || (from !== null && name.startsWith('drop'));
      return pushes ? [{ path: module.path, tool, engine: engineIn(view), pushes: true, variables: [] }] : [];
    },
  );
}

/** `config/config.json` of its command line, which names the variables that it reads. */
function inFiles(view: PackageView): Owner[] {
  const files = ['config/config.json', 'config/database.json', 'src/config/config.json'];
  return files
    .map((file) => inFolder(view.folder, file))
    .filter((file) => view.code.project.has(file))
    .flatMap((file): Owner[] => {
      const variables = configIn(view, file)?.variables() ?? [];
      return variables.length > 0 ? [{ path: file, tool, engine: engineIn(view), pushes: false, variables }] : [];
    });
}
