import { type Line, readDotenv } from '../edit/dotenv.ts';
import { isKeyed } from '../edit/dotenv-place.ts';
import type { DocVariable, EnvDoc, Found } from '../types.ts';
import type { Project } from './project.ts';

const template =
  /^(?:\.?env(?:[._-][\w-]+)*[._-](?:example|sample|template|tpl|dist)(?:[._-][\w-]+)*|\.?(?:example|sample)\.env)$/i;

/** A whole segment that says the file feeds a deployment or a container: never edited. */
const deployment = /(?:^|[._-])(?:prod|production|deploy|docker|ci|staging|preview)(?=[._-]|$)/i;

/** Folders of a package that may hold its env template. */
const places = ['', 'env/', 'config/'];

/**
 * The files in which the project documents its variables: the `.env.example` family, of the package itself or else of the
 * nearest folder up to the workspace root. A file that must not be edited is listed with the reason.
 */
export function inspectDocs(project: Project, workspace: Found<string> | null): EnvDoc[] {
  const limit = workspace ? project.upward.indexOf(workspace.value) : 0;
  for (const folder of project.upward.slice(0, limit + 1)) {
    const found = places.flatMap((place) => docsIn(project, folder === '.' ? place : `${folder}/${place}`));
    if (found.length > 0) return found;
  }
  return [];
}

function docsIn(project: Project, prefix: string): EnvDoc[] {
  const folder = prefix === '' ? '.' : prefix.replace(/\/$/, '');
  if (prefix !== '' && !project.isFolder(folder)) return [];
  return project
    .list(folder)
    .filter(({ name, kind }) => kind !== 'folder' && template.test(name) && !deployment.test(name))
    .map(({ name, kind }) => inspectDotenv(project, `${prefix}${name}`, kind))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function inspectDotenv(project: Project, path: string, kind: string): EnvDoc {
  const doc: EnvDoc = { path, kind: 'dotenv', variables: [], because: 'an env template by its name', skipped: null };
  if (kind !== 'file') return { ...doc, skipped: kind === 'symlink' ? 'it is a symlink' : 'it is not a regular file' };
  if (!project.isText(path)) return { ...doc, skipped: 'it is not valid UTF-8' };
  const lines = readDotenv(project.read(path) ?? '');
  if ('refused' in lines) return { ...doc, skipped: lines.refused };
  return { ...doc, variables: variablesIn(lines) };
}

function variablesIn(lines: readonly Line[]): DocVariable[] {
  return lines.filter(isKeyed).map((line) => ({
    name: line.key,
    live: line.kind === 'assign',
    scheme: /^([a-z][\w+.-]*):\/\//i.exec(line.value)?.[1] ?? null,
  }));
}
