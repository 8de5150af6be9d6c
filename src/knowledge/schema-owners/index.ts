import type { SourceCode } from '../../code/source-code.ts';
import type { Manifest } from '../../project/manifest.ts';
import type { Owner } from '../../types/source.ts';
import { drizzle } from './drizzle.ts';
import { keystone } from './keystone.ts';
import { knex } from './knex.ts';
import { mikroOrm } from './mikro-orm.ts';
import { payload } from './payload.ts';
import { prisma } from './prisma.ts';
import { programs } from './programs.ts';
import { sails } from './sails.ts';
import { sequelize } from './sequelize.ts';
import { strapi } from './strapi.ts';
import { typeorm } from './typeorm.ts';

/** A package of the project, as a tool is looked for in it. */
export interface PackageView {
  code: SourceCode;
  /** `.`, or the folder of another package of the repository. */
  folder: string;
  manifest: Manifest;
  /** Its own code where that is read, and in any case the files that any owner names as its configuration. */
  files: readonly string[];
  isName(text: string): boolean;
  /** The programs of package managers, which start scripts and other programs. */
  managers: readonly string[];
  /** The engine that a dialect, or a specifier of a package, names; of an unknown dialect the dialect itself. */
  engineOfDialect(dialect: string): string;
  engineOf(specifier: string): string | null;
  /** Whether a text is what some builder calls an engine. */
  isDialect(text: unknown): text is string;
}

/** A tool that manages the schema of a database, and may make the database equal to its model. */
export interface SchemaOwner {
  /** As `Owner.tool`. */
  name: string;
  /** What it is called where it changes a database. */
  title: string;
  /** What becomes of tables that are not of its model, when it pushes. */
  effect: 'drops' | 'changes';
  /** Its npm packages. */
  packages: readonly string[];
  /** What stands in a package that it is configured in: a file or a folder, by its name. */
  sign?: RegExp;
  /** The names of its configuration files, in whatever format. */
  files?: RegExp;
  /** The files of its own language: what they quote is an engine, and no package of that name. */
  language?: RegExp;
  /** Command lines that make a database equal to its model: the program, and words that follow it in this order. */
  commands: readonly string[];
  detect(view: PackageView): Owner[];
  /** How it is kept from tables whose names are of a pattern (`flue_*`), where it has a setting for that. */
  advice?(tables: string): string;
}

/** The tools that are known. In order: the first speaks for a database that several manage. */
export const schemaOwners: readonly SchemaOwner[] = [
  drizzle,
  prisma,
  typeorm,
  mikroOrm,
  payload,
  sequelize,
  strapi,
  keystone,
  sails,
  ...programs,
  knex,
];

/** Whether a file or folder of that name is the sign that such a tool is configured. */
export function isSignOfOwner(name: string): boolean {
  return schemaOwners.some(({ sign }) => sign?.test(name));
}

/** Whether a file is in the language of such a tool, in which no package is named. */
export function isSchema(file: string): boolean {
  return schemaOwners.some(({ language }) => language?.test(file));
}

/** The tool of that name; undefined for one that is known only by what it does. */
export function ownerNamed(tool: string): SchemaOwner | undefined {
  return schemaOwners.find(({ name }) => name === tool);
}
