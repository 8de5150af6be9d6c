import { importedFrom } from '../../code/module.ts';
import { inFolder } from '../../project/project.ts';
import type { Owner } from '../../types/source.ts';
import { callsNamed, isOf } from './calls.ts';
import { baseName, configIn } from './config.ts';
import type { PackageView, SchemaOwner } from './index.ts';
import { scriptRunning } from './scripts.ts';

const tool = 'drizzle-kit';
const push = 'drizzle-kit push';
const files = /^drizzle[\w.-]*\.(?:[mc]?[jt]s|json[c5]?)$/;

/**
 * `drizzle-kit push` plans a drop for every table that its schema does not have, and drops empty ones without asking
 * (0.31.11, measured).
 */
export const drizzle: SchemaOwner = {
  name: tool,
  title: push,
  effect: 'drops',
  packages: [tool],
  sign: /^drizzle(?:\.config\.|$)/,
  files,
  commands: [push],
  advice: (tables) => `\`tablesFilter: ['!${tables}']\``,
  detect: (view) => {
    const found = [...configured(view), ...byCode(view)];
    return found.length > 0 ? found : byScript(view);
  },
};

function configured(view: PackageView): Owner[] {
  return view.files.flatMap((file): Owner[] => {
    const named = files.test(baseName(file));
    if (!named && !/['"`]drizzle-kit['"`]/.test(view.code.project.read(file) ?? '')) return [];
    const module = named ? null : view.code.module(file);
    if (module && importedFrom(module, /^drizzle-kit$/).size === 0) return [];
    const config = configIn(view, file);
    if (!config || !['dialect', 'driver', 'dbCredentials'].some((key) => config.has(key))) return [];
    const [dialect] = config.held('dialect').literals;
    const [out = 'drizzle'] = config.held('out').literals;
    return [
      {
        path: file,
        tool,
        engine: typeof dialect === 'string' ? view.engineOfDialect(dialect) : null,
        pushes: pushes(view, file, String(out)),
        variables: config.variables(),
      },
    ];
  });
}

/** A script that pushes, or no committed migrations: then the schema is pushed. */
function pushes({ code, folder, manifest }: PackageView, file: string, out: string): boolean {
  const inner = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
  const bare = out.replace(/^\.\//, '').replace(/\/$/, '');
  const committed = [inner, folder].some((base) =>
    code.project
      .list(base === '.' ? bare : `${base}/${bare}`)
      .some(
        ({ name, kind }) => name === 'meta' || name.endsWith('.sql') || (kind === 'folder' && /^\d{10,}_/.test(name)),
      ),
  );
  return scriptRunning(manifest, [push]) !== undefined || !committed;
}

/** `pushSchema()` of its API. */
function byCode(view: PackageView): Owner[] {
  const calls = callsNamed(view, ['pushSchema', 'pushMySQLSchema', 'pushSQLiteSchema', 'pushSingleStoreSchema']);
  return calls.flatMap(({ from, module, name }) =>
    isOf(from, [tool])
      ? [
          {
            path: module.path,
            tool,
            engine: name === 'pushSchema' ? view.engineOfDialect('postgresql') : null,
            pushes: true,
            variables: [],
          },
        ]
      : [],
  );
}

/** A script that pushes without a config that was found. */
function byScript({ manifest, folder, engineOfDialect }: PackageView): Owner[] {
  const script = scriptRunning(manifest, [push]);
  if (!script) return [];
  const dialect = /--dialect[= ](\w+)/.exec(script.line)?.[1];
  return [
    {
      path: inFolder(folder, 'package.json'),
      tool,
      engine: dialect ? engineOfDialect(dialect) : null,
      pushes: true,
      variables: [],
    },
  ];
}
