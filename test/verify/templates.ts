import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { listBlueprints } from '../../src/blueprints/shelf.ts';
import type { Blueprint, Driver } from '../../src/types/blueprint.ts';
import { root } from '../flue.ts';
import type { Entry } from './template.ts';

/** Every template of the shelf, with every major of its driver that it is written for. */

/** One of them; `server`: which one it is held against. */
export interface Case extends Entry {
  name: string;
  variable: string;
  server: 'postgres' | 'mysql' | 'redis' | 'valkey' | 'documentdb' | 'file' | 'sqld';
}

/** By blueprint, and by template where that is held against another. */
const servers: Record<string, Case['server']> = {
  postgres: 'postgres',
  supabase: 'postgres',
  mysql: 'mysql',
  redis: 'redis',
  valkey: 'valkey',
  libsql: 'file',
  'libsql@1/libsql-client.ts': 'sqld',
  turso: 'sqld',
  sqlite: 'file',
  mongodb: 'documentdb',
};

/** All of them. A driver whose major is not installed is an error: it would be left out in silence. */
export function everyTemplate(): Case[] {
  return listBlueprints('database').flatMap((blueprint) =>
    blueprint.drivers.flatMap((driver) =>
      driver.majors.flatMap((major) => [
        caseOf(blueprint, driver, major, driver.file),
        ...(driver.client ? [caseOf(blueprint, driver, major, driver.client.file)] : []),
      ]),
    ),
  );
}

function caseOf({ name, version, variables }: Blueprint, driver: Driver, major: number, file: string): Case {
  const folder = `${name}@${version}`;
  const template = `${folder}/${file}`;
  const installed = driver.package === '@flue/runtime' ? driver.package : aliasOf(driver.package, major);
  const as = (text: string) => text.replaceAll(`'${driver.package}'`, `'${installed}'`);
  const shared = file === driver.client?.file;
  const variable = variables[0]?.name ?? '';
  return {
    name: `${name}: ${driver.package} ${major}${shared ? ' --client' : ''}`,
    template,
    variable,
    server: servers[template] ?? servers[name]!,
    change: as,
    // MongoDB's collections are dropped with the project's own driver.
    ...(installed === 'mongodb-7' && { driver: { name: driver.package, installed } }),
    ...(shared && { client: as(clientOf(template, variable)) }),
  };
}

/** The name under which that major is installed here: `redis`, or `redis-4`. */
function aliasOf(name: string, major: number): string {
  const found = [name, `${name}-${major}`, `${name.replace(/^@(\w+)\/.*/, '$1')}-${major}`].find((one) => {
    const manifest = path.join(root, 'node_modules', one, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version.startsWith(`${major}.`);
  });
  if (!found) throw new Error(`${name} ${major} is not installed`);
  return found;
}

/** The application's module for that template, with the blueprint's variable. */
function clientOf(template: string, variable: string): string {
  const text = readFileSync(path.join(root, 'blueprints/database', template), 'utf8');
  const name = /'#clients\/([\w-]+)'/.exec(text)![1];
  const client = readFileSync(path.join(root, `test/clients/${name}.ts`), 'utf8');
  // Rows as arrays are what its template refuses: a way of their own, held by test/live/clients.test.ts.
  return client.replace(/process\.env\.\w+/, `process.env.${variable}`).replace(', rowsAsArray: true', '');
}
