import { keyOf, type Module, type Node } from '../../code/module.ts';
import { resolve } from '../../code/scope.ts';
import { inFolder } from '../../project/project.ts';
import type { Owner } from '../../types/source.ts';
import { callsNamed } from './calls.ts';
import { type PackageView, schemaOwners } from './index.ts';
import { programOf, runs, scriptsOf } from './scripts.ts';

/**
 * What a command line says that makes a database equal to a model, or empties it: a thing and what is done to it, in
 * one word or two.
 */
const verbs = /^(?:db|database|schema|orm)[:-](?:push|sync|update|apply|reset|fresh|drop|wipe|alter|synchronize)$/;
const things = /^(?:db|database|schema|orm)$/;
const deeds = /^(?:push|sync|apply|reset|fresh|drop|wipe|alter|synchronize)$/;

/** What starts scripts of the project, or is a shell's: what they run is seen elsewhere. */
const runners = new Set(
  [
    'turbo nx lerna wireit moon rush lage make just task concurrently wait-on echo rm sh bash',
    'docker docker-compose supabase heroku psql mysql createdb dropdb',
  ].flatMap((line) => line.split(' ')),
);

/** Methods and functions that make a database equal to a model by what they are called, on what a package brings. */
const methods = [
  'syncSchema',
  'synchronizeSchema',
  'updateSchema',
  'pushSchema',
  'applySchema',
  'automigrate',
  'migrateSchema',
];
/** Options of a call by which it changes tables that are there. */
const options = [
  'synchronize',
  'dropSchema',
  'alter',
  'autoSync',
  'syncSchema',
  'autoMigrate',
  'automigrate',
  'schemaSync',
];

/**
 * Tools that no file here knows, by what they do: a command line, a method or an option that makes a database equal to
 * a model.
 */
export function unknownOwners(view: PackageView): Owner[] {
  return [...byScript(view), ...byMethod(view)];
}

function byScript({ manifest, folder, managers }: PackageView): Owner[] {
  const script = scriptsOf(manifest).filter(
    (one) => !schemaOwners.some(({ commands }) => commands.some((line) => runs(one, line))),
  );
  return script.flatMap(({ commands }) =>
    commands().flatMap((words): Owner[] => {
      const found = programOf(words, managers);
      if (!found || managers.includes(found.program) || runners.has(found.program)) return [];
      const [first = '', second = ''] = found.words.filter((word) => !word.startsWith('-'));
      const known = schemaOwners.some(
        ({ name, packages }) => name === found.program || packages.includes(found.program),
      );
      if (known || !(verbs.test(first) || (things.test(first) && deeds.test(second)))) return [];
      return [
        { path: inFolder(folder, 'package.json'), tool: found.program, engine: null, pushes: true, variables: [] },
      ];
    }),
  );
}

function byMethod(view: PackageView): Owner[] {
  const packages = schemaOwners.flatMap((one) => one.packages);
  // `sync` is the name of much; with such an option it is of a schema.
  const worth = new RegExp(
    `\\b(?:${methods.join('|')})\\s*\\(|\\bsync\\s*\\([^()]{0,300}\\b(?:${options.join('|')})\\b`,
  );
  return callsNamed(view, [...methods, 'sync'], worth).flatMap(({ from, name, given, module }): Owner[] => {
    if (from === null || packages.some((one) => from === one || from.startsWith(`${one}/`))) return [];
    if (name === 'sync' && !given.some((one) => changes(module, one))) return [];
    return [{ path: module.path, tool: from, engine: view.engineOf(from), pushes: true, variables: [] }];
  });
}

/** Whether an argument is written out, and has an option by which tables are changed. */
function changes(module: Module, given: Node): boolean {
  const object = resolve(module, given);
  const properties = object?.type === 'ObjectExpression' ? (object.properties as Node[]) : [];
  return properties.some((one) => options.includes(keyOf(one)) && (one.value as Node | null)?.value !== false);
}
