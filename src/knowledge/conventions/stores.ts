import { isTracked } from '../../project/git.ts';
import type { Manifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { EnvDoc } from '../../types/facts.ts';

/** Tools that keep the values themselves, by their files and by what package.json's scripts run. They are never edited; the tool's own command sets a variable. */
const stores: [kind: string, names: RegExp | null, runs: RegExp | null, because: string, left: string][] = [
  [
    'doppler',
    /^\.?doppler\.ya?ml$/,
    /\bdoppler run\b/,
    'Doppler keeps the values',
    'set the variable there: `doppler secrets set <NAME>`',
  ],
  [
    'infisical',
    /^\.infisical\.json$/,
    /\binfisical run\b/,
    'Infisical keeps the values',
    'set the variable there: `infisical secrets set <NAME>=<value>`',
  ],
  ['sops', /^\.sops\.ya?ml$/, null, 'SOPS encrypts the values', 'set the variable with `sops <file>`'],
  ['dotenvx', /^\.env\.keys$/, null, 'dotenvx encrypts the values', 'set the variable with `dotenvx set <NAME>`'],
  ['dotenv-vault', /^\.env\.vault$/, null, 'dotenv-vault keeps the values', 'set the variable there'],
  ['env-defaults', /^\.env\.defaults$/, null, 'it holds live values', 'values are not written'],
  [
    'node-config',
    /^custom-environment-variables\.(?:json5?|ya?ml)$/,
    null,
    'node-config maps variables',
    '`db.ts` reads the variable itself',
  ],
  [
    '1password',
    null,
    /\bop run\b/,
    '1Password keeps the values',
    'point the variable at your vault where the others are',
  ],
];

/** Ways of reading variables that `db.ts` cannot be reached from, or that take no new key without their own code. */
const readers: [kind: string, packages: RegExp, using: RegExp, left: string][] = [
  [
    'nestjs',
    /^@nestjs\/config$/,
    /\bConfigModule\b/,
    'Nest checks it inside its container, which `db.ts` is outside of',
  ],
  [
    'class-validator',
    /^class-validator$/,
    /\bvalidateSync\b[\s\S]*\bprocess\.env\b|plainToInstance\(/,
    'its checked class is out of reach of `db.ts`',
  ],
  ['convict', /^convict$/, /\bconvict\s*\(/, 'convict hands out its own names; `db.ts` reads the variable itself'],
  [
    'effect',
    /^effect$/,
    /\bConfig\.(?:redacted|string|all|secret)\b/,
    'Effect reads it where it runs; `db.ts` reads the variable itself',
  ],
  [
    'fastify-env',
    /^(?:@fastify\/env|fastify-env|env-schema)$/,
    /@fastify\/env|fastify-env|env-schema/,
    'it is checked when the application starts; `db.ts` reads the variable itself',
  ],
  [
    'env-var',
    /^env-var$/,
    /\benv-var\b/,
    'it asks for each variable where it is used; `db.ts` reads the variable itself',
  ],
  [
    'adonis',
    /^@adonisjs\/core$/,
    /\bEnv\.create\(/,
    'Adonis checks it when it boots; `db.ts` reads the variable itself',
  ],
  ['nuxt', /^nuxt$/, /\bruntimeConfig\b/, "Nuxt's runtime config is out of reach of `db.ts`"],
  [
    'sveltekit',
    /^@sveltejs\/kit$/,
    /\$env\/(?:static|dynamic)\//,
    "SvelteKit's virtual modules are out of reach of `db.ts`",
  ],
];

/** Where values live or are checked in ways that are not edited, each with what to do about it. */
export function inspectStores(project: Project, manifest: Manifest, files: () => string[]): EnvDoc[] {
  const found: EnvDoc[] = [];
  for (const folder of new Set(['.', 'config', project.upward.at(-1)!])) {
    for (const { name } of project.list(folder)) {
      const store = stores.find(([, names]) => names?.test(name));
      if (store) found.push(reported(store[0], inFolder(folder, name), store[3], store[4]));
    }
  }
  const scripts = Object.values(manifest.scripts ?? {}).join('\n');
  for (const [kind, , runs, because, left] of stores) {
    if (runs?.test(scripts) && found.every((one) => one.kind !== kind))
      found.push(reported(kind, 'package.json', because, left));
  }
  const committed = project.list('.').find(({ name }) => /^\.env(?:\.local)?$/.test(name) && isTracked(project, name));
  if (committed)
    found.push(
      reported('values', committed.name, 'it is committed', 'it holds values, which are neither read nor written'),
    );
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  for (const [kind, packages, using, left] of readers) {
    const name = declared.find((one) => packages.test(one));
    const by = name && files().find((file) => using.test(project.read(file) ?? ''));
    if (by) found.push(reported(kind, by, `it reads the environment with \`${name}\``, left));
  }
  return found;
}

function reported(kind: string, path: string, because: string, left: string): EnvDoc {
  return { path, kind, variables: [], because, skipped: left };
}
