import type { SchemaOwner } from './index.ts';
import { pushedByScript } from './scripts.ts';

/**
 * Programs that are known by their command lines alone: each makes a database equal to a file of definitions, or
 * empties it.
 */
const known: Pick<SchemaOwner, 'name' | 'title' | 'effect' | 'commands' | 'packages'>[] = [
  {
    name: 'atlas',
    title: 'atlas schema apply',
    effect: 'drops',
    commands: ['atlas schema apply', 'atlas schema clean'],
    packages: [],
  },
  { name: 'skeema', title: 'skeema push', effect: 'drops', commands: ['skeema push'], packages: [] },
  {
    name: 'sqldef',
    title: 'sqldef',
    effect: 'drops',
    commands: ['psqldef', 'mysqldef', 'sqlite3def', 'mssqldef'],
    packages: [],
  },
  { name: 'migra', title: 'migra', effect: 'drops', commands: ['migra', 'pgmigra'], packages: [] },
  { name: 'pgschema', title: 'pgschema apply', effect: 'drops', commands: ['pgschema apply'], packages: [] },
  {
    name: 'supabase',
    title: 'supabase db reset',
    effect: 'drops',
    commands: ['supabase db reset'],
    packages: ['supabase'],
  },
  {
    name: 'directus',
    title: 'directus schema apply',
    effect: 'drops',
    commands: ['directus schema apply'],
    packages: ['directus'],
  },
  {
    name: 'graphile-migrate',
    title: 'graphile-migrate reset',
    effect: 'drops',
    commands: ['graphile-migrate reset'],
    packages: ['graphile-migrate'],
  },
  { name: 'flyway', title: 'flyway clean', effect: 'drops', commands: ['flyway clean'], packages: ['node-flywaydb'] },
  {
    name: 'liquibase',
    title: 'liquibase drop-all',
    effect: 'drops',
    commands: ['liquibase drop-all', 'liquibase dropAll'],
    packages: ['liquibase'],
  },
  {
    name: 'adonis',
    title: 'Lucid',
    effect: 'drops',
    commands: ['ace migration:fresh', 'ace db:wipe'],
    packages: ['@adonisjs/lucid'],
  },
  {
    name: 'loopback',
    title: 'LoopBack',
    effect: 'changes',
    commands: ['migrate --rebuild'],
    packages: ['@loopback/repository'],
  },
];

/** Programs that are known by their command lines alone, each as a tool that owns a schema. */
export const programs: readonly SchemaOwner[] = known.map((one) => ({
  ...one,
  detect: (view) => pushedByScript(view, one),
}));
