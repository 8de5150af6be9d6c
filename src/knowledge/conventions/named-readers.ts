import { posix } from 'node:path';
import type { EnvDoc } from '../../types/env-docs.ts';
import { type Convention, conventionDefaults, declaresAny, type ProjectView, specifierPattern } from './convention.ts';
import { docOf } from './left-alone.ts';
import { importing } from './schema/candidates.ts';

/**
 * A library that reads variables in a way that the host's entry cannot reach, or that takes no new key without code of
 * its own.
 */
interface NamedReader {
  name: string;
  packages: readonly string[];
  /** What a module imports that reads variables so; by default the packages. */
  specifiers?: readonly string[];
  /** Which of their exports it takes; by default any. */
  imports?: readonly string[];
  /** A property that it has instead. */
  property?: string;
  /** Why nothing is written there. `entry`: the name of the file that the host opens the database in. */
  message(entry: string): string;
}

const readers: NamedReader[] = [
  {
    name: 'nestjs',
    packages: ['@nestjs/config'],
    imports: ['ConfigModule'],
    message: (entry) => `Nest checks it inside its container, which \`${entry}\` is outside of`,
  },
  {
    name: 'convict',
    packages: ['convict'],
    message: (entry) => `convict hands out its own names; \`${entry}\` reads the variable itself`,
  },
  {
    name: 'effect',
    packages: ['effect'],
    imports: ['Config'],
    message: (entry) => `Effect reads it where it runs; \`${entry}\` reads the variable itself`,
  },
  {
    name: 'fastify-env',
    packages: ['@fastify/env', 'fastify-env', 'env-schema'],
    message: (entry) => `it is checked when the application starts; \`${entry}\` reads the variable itself`,
  },
  {
    name: 'env-var',
    packages: ['env-var'],
    message: (entry) => `it asks for each variable where it is used; \`${entry}\` reads the variable itself`,
  },
  {
    name: 'adonis',
    packages: ['@adonisjs/core'],
    specifiers: ['@adonisjs/core/env', '@adonisjs/env'],
    message: (entry) => `Adonis checks it when it boots; \`${entry}\` reads the variable itself`,
  },
  {
    name: 'nuxt',
    packages: ['nuxt'],
    property: 'runtimeConfig',
    message: (entry) => `Nuxt's runtime config is out of reach of \`${entry}\``,
  },
  {
    name: 'sveltekit',
    packages: ['@sveltejs/kit'],
    specifiers: ['$env/static', '$env/dynamic'],
    message: (entry) => `SvelteKit's virtual modules are out of reach of \`${entry}\``,
  },
];

/** Libraries that read variables in ways of their own: named, never edited. */
export const namedReaders: readonly Convention[] = readers.map((reader) => ({
  ...conventionDefaults,
  name: reader.name,
  kind: 'named',
  packages: reader.packages,
  declare: null,
  find: async (view) => {
    if (!declaresAny(view, reader.packages)) return [];
    for (const file of filesThatMay(view, reader)) {
      if (await reads(view, file, reader)) return [reported(view, file, reader)];
    }
    return [];
  },
}));

function reported(
  { manifest, entry }: ProjectView,
  path: string,
  { name: kind, packages, message }: NamedReader,
): EnvDoc {
  const declared = packages.find(
    (one) => ({ ...manifest.devDependencies, ...manifest.dependencies })[one] !== undefined,
  );
  const because = `it reads the environment with \`${declared ?? packages[0]}\``;
  return docOf({ path, kind, variables: [], because }, '', {
    code: 'unreachable',
    message: message(posix.basename(entry)),
  });
}

/** The files whose texts name what is imported, or the property. */
function filesThatMay({ project, source }: ProjectView, reader: NamedReader): string[] {
  const { packages, specifiers = packages, property } = reader;
  const imports = importing(specifiers);
  return source().files.filter((file) => {
    const text = project.read(file) ?? '';
    return /\.[mc]?[jt]sx?$/.test(file) && (property ? text.includes(property) : imports.test(text));
  });
}

async function reads({ source }: ProjectView, file: string, reader: NamedReader): Promise<boolean> {
  const [code, { allNodes, importedNames, keyOf }] = await Promise.all([source().code(), import('./schema/syntax.ts')]);
  const module = code.module(file);
  if (!module) return false;
  const { packages, specifiers = packages, imports, property } = reader;
  if (property) return allNodes(module).some((node) => node.type === 'Property' && keyOf(node) === property);
  if (!imports) {
    const specifier = new RegExp(`^${specifierPattern(specifiers)}$`);
    return allNodes(module).some(({ type, value }) => type === 'Literal' && specifier.test(String(value)));
  }
  const names = [...importedNames(module, specifiers).values()];
  return names.some((name) => name === '*' || imports.includes(name));
}
