import { isPlaceholder } from '../../edit/dotenv/form.ts';
import { readDotenv } from '../../edit/dotenv/read.ts';
import { isTracked } from '../../project/git.ts';
import { type FolderEntry, inFolder, type Project } from '../../project/project.ts';
import { evidenceAt, evidenceIn } from './left-alone.ts';

/** A file that is a template of an env file by its name. */
export interface TemplateFile {
  path: string;
  name: string;
  kind: FolderEntry['kind'];
  /** Who fills it in: people, or a deployment, Cloudflare's tools or a test run, whose files are theirs. */
  feeds: 'people' | 'deployment' | 'cloudflare' | 'tests';
}

/** What a part of a name says where the file is a template: a word for a sample or for a mould. */
const templateWords = ['example', 'sample', 'template', 'tpl', 'tmpl', 'dist', 'default', 'stub', 'skeleton'];
const deploymentWords = [
  ...['prod', 'production', 'deploy', 'deployment', 'staging', 'preview', 'ci'],
  ...['docker', 'container', 'containers', 'podman', 'compose', 'swarm', 'helm', 'k8s', 'kubernetes'],
];
const testWords = ['test', 'tests', 'testing', 'e2e', 'spec'];

/** Files of other languages whose names look like a template's. */
const foreign = /\.(?:[mc]?[jt]sx?|json[c5]?|ya?ml|toml|mdx?|enc|gpg|age|sh|py|rb|php|html?|xml|j2|erb|hbs)$/i;

/** What editors, merges and programs that were cut off leave beside a file, and what this one keeps there. */
const leftover = /(?:~|\.(?:bak|backup|old|orig|rej|save|sw[a-p]|tmp|temp|flue-kept(?:-\d+)?))$/i;

/** Folders of a package that may hold its templates. */
const places = ['env', 'envs', 'config'];

/**
 * The templates of the nearest folder that has one for people; those of others in the folders that were passed are
 * among them.
 */
export function templateFiles(project: Project, folders: readonly string[]): TemplateFile[] {
  const passed: TemplateFile[] = [];
  for (const folder of folders) {
    const below = places.filter((place) =>
      project.list(folder).some((one) => one.name === place && one.kind === 'folder'),
    );
    const found = [folder, ...below.map((place) => inFolder(folder, place))].flatMap((at) => templatesAt(project, at));
    passed.push(...found.sort((a, b) => (a.path < b.path ? -1 : 1)));
    if (found.some(({ feeds }) => feeds === 'people')) break;
  }
  return passed;
}

function templatesAt(project: Project, folder: string): TemplateFile[] {
  return project.list(folder).flatMap(({ name, kind }) => {
    if (kind === 'folder' || !(isTemplateName(name) || isModeTemplate(project, folder, name))) return [];
    return [{ path: inFolder(folder, name), name, kind, feeds: feedsOf(name) }];
  });
}

/** What is alone before `.env` where the file is a template; `default.env` is as likely one of values in use. */
const leadingWords = templateWords.filter((word) => word !== 'default');

/**
 * `.env.example`, `env-sample`, `app.env.dist`, `my-app.env.example`, `.env.docker.example`, `example.env`,
 * `dotenv.example`; varlock's `.env.schema` and Cloudflare's `.dev.vars.example`.
 */
function isTemplateName(name: string): boolean {
  if (name === '.env.schema' || name.startsWith('.dev.vars.')) return true;
  if (!/^[\w.-]+$/.test(name) || foreign.test(name) || leftover.test(name)) return false;
  const parts = partsOf(name);
  const env = parts.findIndex((part) => part === 'env' || part === 'dotenv');
  if (env === parts.length - 1) return env === 1 && leadingWords.includes(parts[0]!);
  const leads = env === 0 || (env > 0 && /\.env[._-]/i.test(name));
  return leads && (name.endsWith('.in') || parts.slice(env + 1).some((part) => templateWords.includes(part)));
}

function partsOf(name: string): string[] {
  return name.toLowerCase().split(/[._-]/).filter(Boolean);
}

/** Whether a template is one of several variants by its name (`env-example-mysql`), rather than the one template. */
export function isVariant(path: string): boolean {
  const parts = partsOf(path.slice(path.lastIndexOf('/') + 1));
  return parts.some((part) => part !== 'env' && part !== 'dotenv' && !templateWords.includes(part));
}

function feedsOf(name: string): TemplateFile['feeds'] {
  if (name.startsWith('.dev.vars.')) return 'cloudflare';
  const parts = partsOf(name);
  if (parts.some((part) => deploymentWords.includes(part))) return 'deployment';
  return parts.some((part) => testWords.includes(part)) ? 'tests' : 'people';
}

/**
 * A tracked `.env.<mode>` is a template where the README has the reader copy it, or where what would be secrets are
 * placeholders.
 */
function isModeTemplate(project: Project, folder: string, name: string): boolean {
  if (!/^\.env\.[\w-]+$/.test(name) || /\.(?:local|vault|keys|defaults|schema)$/.test(name)) return false;
  const path = inFolder(folder, name);
  if (!isTracked(project, path)) return false;
  const readme = project.list(folder).find((entry) => /^readme\.(?:md|markdown)$/i.test(entry.name));
  const shown = readme && evidenceIn(project, inFolder(folder, readme.name), readme.kind);
  if (/\bcp (?:-\w+ )?(?:\.\/)?(\.env\.[\w-]+) (?:\.\/)?\.env\b/.exec(shown ?? '')?.[1] === name) return true;
  const lines = readDotenv(evidenceAt(project, path) ?? '');
  const assigned = 'refused' in lines ? [] : lines.filter((line) => line.kind === 'assign');
  const secrets = assigned.filter(({ key }) => /(?:KEY|SECRET|TOKEN|PASSWORD|PASS|DSN)$/.test(key));
  return secrets.length > 0 && secrets.every(({ value }) => isPlaceholder(value));
}
