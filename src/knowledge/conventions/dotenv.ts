import { insertIntoDotenv } from '../../edit/dotenv/insert.ts';
import { isKeyed } from '../../edit/dotenv/place.ts';
import { type Line, readDotenv } from '../../edit/dotenv/read.ts';
import type { DocVariable, EnvDoc, LeftAlone } from '../../types/env-docs.ts';
import { type Convention, conventionDefaults, type ProjectView } from './convention.ts';
import { docOf, evidenceIn, unfitFile } from './left-alone.ts';
import type { TemplateFile } from './template-files.ts';

/** `.env.example` and its kin: the templates that no other tool gives a meaning of its own. */
export const dotenv: Convention = {
  ...conventionDefaults,
  name: 'dotenv',
  kind: 'template',
  ranked: true,
  independentLines: true,
  find: (view, found) => {
    const taken = found.map(({ path }) => path);
    const files = view.templates().filter(({ path, name }) => name !== '.env.schema' && !taken.includes(path));
    return Promise.all(files.map((file) => templateDoc(view, file, { kind: 'dotenv', because: byName })));
  },
  declare: (text, variable) => insertIntoDotenv(text, variable),
};

const byName = 'an env template by its name';

const others: Record<Exclude<TemplateFile['feeds'], 'people'>, LeftAlone> = {
  deployment: { code: 'deployment', message: 'it feeds a deployment' },
  cloudflare: { code: 'cloudflare', message: "it is Cloudflare's, where a database is built in" },
  tests: { code: 'test', message: 'it feeds the tests' },
};

/** What a convention says of a template that it knows. */
interface TemplateKind {
  kind: string;
  because: string;
  /** Why its tool does not let a line be added, or null. */
  leftAlone?: LeftAlone | null;
  variables?: (lines: readonly Line[]) => DocVariable[];
}

/** A template as an env doc. What is left alone still says which variables there are, as far as it can be read. */
export async function templateDoc({ project }: ProjectView, file: TemplateFile, what: TemplateKind): Promise<EnvDoc> {
  const { path, kind: entry, feeds } = file;
  const { kind, because, leftAlone = null, variables = variablesIn } = what;
  const whose = feeds === 'people' ? leftAlone : others[feeds];
  const text = evidenceIn(project, path, entry);
  if (text === null)
    return docOf({ path, kind, variables: [], because }, '', whose ?? (await unfitFile(project, path, entry)));
  const read = readDotenv(text);
  const lines = 'refused' in read ? read.lines : read;
  const unread = 'refused' in read ? read.leftAlone : notDotenv(lines);
  const unfit = (await unfitFile(project, path, entry)) ?? unread ?? generatedBy(lines);
  return docOf({ path, kind, variables: variables(lines), because }, text, whose ?? unfit);
}

function notDotenv(lines: readonly Line[]): LeftAlone | null {
  const other = lines.some((line) => line.kind === 'junk') && !lines.some((line) => line.kind === 'assign');
  return other ? { code: 'unparsable', message: 'it is not a dotenv file' } : null;
}

/** A program writes it, as its head says: one that was only started by a program may be edited. */
function generatedBy(lines: readonly Line[]): LeftAlone | null {
  const first = lines.findIndex(isKeyed);
  const head = lines.slice(0, Math.max(first, 0)).filter(({ kind }) => kind === 'comment');
  const said = head.map(({ text }) => text).join('\n');
  const isGenerated =
    /\bgenerated\b/i.test(said) && /\b(?:do not|don['’]t) (?:edit|modify|change)|overwrit/i.test(said);
  return isGenerated ? { code: 'generated', message: 'it is generated' } : null;
}

/** The variables of a template, assigned or commented out, with what their samples say. */
export function variablesIn(lines: readonly Line[]): DocVariable[] {
  return lines.filter(isKeyed).map((line) => {
    const { key: name, value } = line;
    const scheme = /^(?:([a-z][\w+.-]*):\/\/|(file):)/i.exec(value);
    const parameters = parametersIn(value, line.kind === 'assign' && line.quote === "'");
    return {
      name,
      live: line.kind === 'assign',
      scheme: scheme?.[1] ?? scheme?.[2] ?? null,
      ...(parameters.length > 0 && { parameters }),
    };
  });
}

function parametersIn(value: string, literal: boolean): string[] {
  const named = [...value.matchAll(/[?&]([\w.-]+)=([\w.-]*)/g)].map(([, key, held]) =>
    key === 'sslrootcert' ? `${key}=${held}` : key!,
  );
  const expands = !literal && /\$(?:\{[A-Z_]\w*|[A-Z_]{2,})/.test(value);
  return [...named, ...(expands ? ['$'] : [])];
}
