import type { Owner } from '../../types/source.ts';
import { baseName, configIn } from './config.ts';
import type { PackageView, SchemaOwner } from './index.ts';
import { pushedByScript } from './scripts.ts';

const tool = 'prisma';
const config = /^prisma\.config\.[mc]?[jt]s$/;

/** To `prisma db push` and `prisma migrate dev` tables that are not of the schema are drift, and drift is reset. */
export const prisma: SchemaOwner = {
  name: tool,
  title: tool,
  effect: 'drops',
  packages: [tool, '@prisma/client'],
  sign: /^prisma(?:\.config\.|$)/,
  files: /^(?:prisma\.config\.[mc]?[jt]s|[\w-]+\.prisma)$/,
  language: /\.prisma$/,
  commands: ['prisma db push', 'prisma migrate dev', 'prisma migrate reset', 'zenstack db push', 'zen db push'],
  detect: (view) => {
    const found = view.files.flatMap((file) => {
      if (file.endsWith('.prisma')) return inSchema(view, file);
      return config.test(baseName(file)) ? inConfig(view, file) : [];
    });
    // prisma.config has the variable, and the schema the engine.
    const engine = found.find((one) => one.engine)?.engine ?? null;
    const known = found.map((one) => ({ ...one, engine: one.engine ?? engine }));
    return known.length > 0 ? known : pushedByScript(view, prisma);
  },
};

/** The blocks of a schema, one line each; comments and what is no assignment left out. */
function inSchema(view: PackageView, file: string): Owner[] {
  const source = blockOf(view.code.project.read(file) ?? '', 'datasource');
  const provider = /^"(.*)"$/.exec(source?.get('provider') ?? '')?.[1];
  const read = ['url', 'directUrl'].flatMap((key) => /^env\(\s*"(\w+)"\s*\)/.exec(source?.get(key) ?? '')?.[1] ?? []);
  return [
    { path: file, tool, engine: provider ? view.engineOfDialect(provider) : null, pushes: true, variables: read },
  ];
}

/** The assignments of the first block of a kind; null where there is none. */
function blockOf(text: string, kind: string): Map<string, string> | null {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/^\s*\/\/.*/, '').trim());
  const opens = lines.findIndex((line) => line.startsWith(`${kind} `) && line.endsWith('{'));
  if (opens < 0) return null;
  const found = new Map<string, string>();
  for (const line of lines.slice(opens + 1)) {
    if (line === '}') break;
    const at = line.indexOf('=');
    if (at > 0) found.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return found;
}

function inConfig(view: PackageView, file: string): Owner[] {
  const variables = configIn(view, file)?.variables() ?? [];
  return [{ path: file, tool, engine: null, pushes: true, variables }];
}
