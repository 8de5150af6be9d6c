import { isPlaceholder } from '../../edit/dotenv/form.ts';
import { isKeyed } from '../../edit/dotenv/place.ts';
import { type Line, readDotenv } from '../../edit/dotenv/read.ts';
import { reasonOf } from '../../project/door.ts';
import { isIgnored, isTracked } from '../../project/git.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { DocVariable, EnvDoc, Found } from '../../types/facts.ts';

const template =
  /^(?:\.?env(?:[._-][\w-]+)*[._-](?:example|sample|template|tpl|dist)(?:[._-][\w-]+)*|\.?(?:example|sample)\.env)$/i;

/** A whole segment that says the file feeds a deployment or a container: never edited. */
const deployment = /(?:^|[._-])(?:prod|production|deploy|docker|ci|staging|preview)(?=[._-]|$)/i;

/** Files of other languages whose names look like a template's. */
const foreign = /\.(?:[mc]?[jt]sx?|json[c5]?|ya?ml|toml|mdx?|enc|gpg|age|sh|py|rb|php|html?|xml|j2|erb|hbs)$/i;

/** Folders of a package that may hold its env template. */
const places = ['', 'env/', 'config/'];

/**
 * The files in which the project documents its variables: the `.env.example` family and varlock's schema, of the folder that its host works in (`from`) or
 * else of the nearest one above it, up to the workspace root; the README that lists variables and the turbo.json, by the same rule; AGENTS.md and CLAUDE.md, which
 * are edited only where nothing else is. A file that must not be edited is listed with the reason.
 */
export async function inspectDocs(project: Project, workspace: Found<string> | null, from: string): Promise<EnvDoc[]> {
  const limit = workspace ? project.upward.indexOf(workspace.value) : 0;
  const folders = [...foldersBetween(from), ...project.upward.slice(0, limit + 1)];
  const nearest = async (look: (folder: string) => Promise<EnvDoc[]>): Promise<EnvDoc[]> => {
    const passed: EnvDoc[] = [];
    for (const folder of folders) {
      const found = await look(folder);
      passed.push(...found);
      if (found.some(({ skipped }) => skipped !== feeds && skipped !== cloudflare)) break;
    }
    return passed;
  };
  const templates = await nearest((folder) => templatesIn(project, folder));
  const readme = await nearest((folder) => markdownIn(project, folder, /^readme\.(?:md|markdown)$/i, 'markdown'));
  const turbo = (await Promise.all(folders.map((folder) => turboIn(project, folder)))).flat();
  const agents = await nearest((folder) => markdownIn(project, folder, /^(?:AGENTS|CLAUDE)\.md$/, 'agents'));
  return [...templates, ...readme, ...turbo, ...agents];
}

/** A folder of the package and those above it, without the package itself. */
function foldersBetween(from: string): string[] {
  const parts = from === '.' || from.startsWith('..') ? [] : from.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

const feeds = 'it feeds a deployment';
const cloudflare = "it is Cloudflare's, where a database is built in";

async function templatesIn(project: Project, folder: string): Promise<EnvDoc[]> {
  const found = places
    .map((place) => (folder === '.' ? place : `${folder}/${place}`))
    .flatMap((prefix) => {
      const at = prefix === '' ? '.' : prefix.replace(/\/$/, '');
      if (prefix !== '' && !project.isFolder(at)) return [];
      return project
        .list(at)
        .filter(
          ({ name, kind }) =>
            kind !== 'folder' &&
            ((template.test(name) && !foreign.test(name)) ||
              name === '.env.schema' ||
              isModeTemplate(project, at, name) ||
              name.startsWith('.dev.vars.')),
        )
        .map(({ name, kind }) => ({ path: `${prefix}${name}`, name, kind }));
    });
  const docs = await Promise.all(found.map(({ path, name, kind }) => inspectDotenv(project, path, name, kind)));
  return docs.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A tracked `.env.<mode>` is a template where the README has the reader copy it, or where what would be secrets are placeholders. */
function isModeTemplate(project: Project, folder: string, name: string): boolean {
  if (!/^\.env\.[\w-]+$/.test(name) || /\.(?:local|vault|keys|defaults|schema)$/.test(name)) return false;
  const path = inFolder(folder, name);
  if (!isTracked(project, path)) return false;
  if (project.refusal(path)) return false;
  const readme = project.list(folder).find((entry) => /^readme\.(?:md|markdown)$/i.test(entry.name));
  const shown = readme?.kind === 'file' ? inFolder(folder, readme.name) : null;
  const text = (shown && !project.refusal(shown) && project.read(shown)) || '';
  if (/\bcp (?:-\w+ )?(?:\.\/)?(\.env\.[\w-]+) (?:\.\/)?\.env\b/.exec(text)?.[1] === name) return true;
  const lines = readDotenv(project.read(path) ?? '');
  const assigned = 'refused' in lines ? [] : lines.filter((line) => line.kind === 'assign');
  const secrets = assigned.filter(({ key }) => /(?:KEY|SECRET|TOKEN|PASSWORD|PASS|DSN)$/.test(key));
  return secrets.length > 0 && secrets.every(({ value }) => isPlaceholder(value));
}

async function inspectDotenv(project: Project, path: string, name: string, kind: string): Promise<EnvDoc> {
  const schema = name === '.env.schema';
  const because = schema ? "varlock's schema" : 'an env template by its name';
  const doc: EnvDoc = { path, kind: schema ? 'env-schema' : 'dotenv', variables: [], because, skipped: null };
  if (name.startsWith('.dev.vars.')) return { ...doc, skipped: cloudflare };
  const unfit = await unfitness(project, path, kind);
  if (unfit) return { ...doc, skipped: deployment.test(name) ? feeds : unfit };
  const lines = readDotenv(project.read(path) ?? '');
  if ('refused' in lines) return { ...doc, skipped: deployment.test(name) ? feeds : lines.refused };
  const other = lines.some((line) => line.kind === 'junk') && !lines.some((line) => line.kind === 'assign');
  if (other) return { ...doc, skipped: 'it is not a dotenv file' };
  return { ...doc, variables: variablesIn(lines), skipped: deployment.test(name) ? feeds : null };
}

/** Why a file's bytes are not ours to edit, whatever it says; null where they are. */
async function unfitness(project: Project, path: string, kind: string): Promise<string | null> {
  if (kind !== 'file') return kind === 'symlink' ? 'it is a symlink' : 'it is not a regular file';
  const refusal = project.refusal(path);
  if (refusal) return reasonOf(refusal);
  if (!project.isText(path)) return 'it is not valid UTF-8';
  if (await isIgnored(project, path)) return 'git ignores it';
  return /^<{7}[ \t]/m.test(project.read(path) ?? '') ? 'it holds merge conflict markers' : null;
}

function variablesIn(lines: readonly Line[]): DocVariable[] {
  return lines.filter(isKeyed).map((line) => {
    const value = line.value;
    const named = [...value.matchAll(/[?&]([\w.-]+)=([\w.-]*)/g)].map(([, key, held]) =>
      key === 'sslrootcert' ? `${key}=${held}` : key!,
    );
    const expands = !(line.kind === 'assign' && line.quote === "'") && /\$(?:\{[A-Z_]\w*|[A-Z_]{2,})/.test(value);
    const parameters = [...named, ...(expands ? ['$'] : [])];
    const scheme = /^(?:([a-z][\w+.-]*):\/\/|(file):)/i.exec(value);
    return {
      name: line.key,
      live: line.kind === 'assign',
      scheme: scheme?.[1] ?? scheme?.[2] ?? null,
      ...(parameters.length > 0 && { parameters }),
    };
  });
}

/** Documents of that name in which variables are listed. A table or list needs a parser, which only a text that may hold one loads. */
async function markdownIn(project: Project, folder: string, names: RegExp, kind: string): Promise<EnvDoc[]> {
  const found: EnvDoc[] = [];
  for (const entry of project.list(folder).filter(({ name, kind: type }) => names.test(name) && type !== 'folder')) {
    const path = inFolder(folder, entry.name);
    const refusal = entry.kind === 'file' ? project.refusal(path) : null;
    if (refusal) found.push({ path, kind, variables: [], because: 'by its name', skipped: reasonOf(refusal) });
    if (refusal) continue;
    const text = entry.kind === 'file' ? (project.read(path) ?? '') : '';
    if (!/^[>\s]*(?:[-*+] |(?:export )?[A-Z][A-Z0-9_]*=)|\|/m.test(text) || !/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/.test(text))
      continue;
    // Parsing takes a millisecond for each kilobyte; nobody documents variables in half a megabyte.
    if (text.length > 500_000) continue;
    const { variableBlocks } = await import('../../edit/markdown/insert.ts');
    const names = [...new Set(variableBlocks(text).flatMap(({ variables }) => variables))];
    if (names.length === 0) continue;
    const variables = names.map((name) => ({ name, live: true, scheme: null }));
    const skipped = await unfitness(project, path, entry.kind);
    found.push({ path, kind, variables: skipped ? [] : variables, because: 'it lists the variables', skipped });
  }
  return found;
}

async function turboIn(project: Project, folder: string): Promise<EnvDoc[]> {
  const entry = project.list(folder).find(({ name }) => /^turbo\.jsonc?$/.test(name));
  if (!entry) return [];
  const path = inFolder(folder, entry.name);
  const unfit = await unfitness(project, path, entry.kind);
  const { turboLists } = await import('./turbo.ts');
  const lists = unfit ? null : turboLists(project.read(path) ?? '');
  if (lists?.length === 0) return [];
  const names = [...new Set((lists ?? []).flatMap(({ values }) => values))].filter((name) =>
    /^[A-Z_][A-Z0-9_]*$/.test(name),
  );
  const variables = names.map((name) => ({ name, live: true, scheme: null }));
  const skipped = unfit ?? (lists ? null : 'it does not parse');
  return [{ path, kind: 'turbo', variables, because: 'Turborepo passes on only the variables it lists', skipped }];
}
