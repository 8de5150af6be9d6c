import path from 'node:path';
import { declaration, type Manifest } from '../../../project/manifest.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import type { Facts, HostFacts, ProjectText } from '../../../types/facts.ts';
import { type Agent, inspectAgent } from './agents.ts';
import { missingCli } from './cli.ts';
import { dbEntries } from './layout.ts';
import type { FlueProject } from './project.ts';
import { fromVite } from './target.ts';

/** What only this host reads of its facts. */
interface FlueDetails {
  /** 2.x: the flue.config of the root, as far as it is one that can be edited. */
  config: ProjectText | null;
  /** Whether a flue.config of the root is there, edited or not. */
  configured: boolean;
  /** 2.x: whether the project is built by Vite, with the Flue plugin. */
  vite: boolean;
  /** 2.x: whether a Vite config names the db entry itself, which counts more than what flue.config says. */
  inlineEntry: boolean;
  /** Whether only configs that build for Node name the db entry: no other build finds it. */
  nodeOnly: boolean;
  /**
   * The folder in which Flue's build and dev server are started: that of the config which names the root, else the
   * root.
   */
  startedIn: string;
  /** An agent that can be tried. */
  agent: Agent | null;
  /** Whether `flue init` 2.x began the project: it writes a db entry, too. */
  fromInit: boolean;
  /** Whether the name that a db entry beside the application's would get is taken. */
  otherTaken: boolean;
  /** A module of the application that Flue would take for the db entry if its config named none. */
  besides: string | null;
  /**
   * Flue's own command line as it would be installed, where Flue is installed without it: then `npx flue` would start a
   * stranger's package of that name.
   */
  missingCli: string | null;
}

/** The details of facts that are this host's. */
export function detailsOf({ details }: Pick<Facts, 'details'>): FlueDetails {
  return details as FlueDetails;
}

/** What stands in the source root under a name of our own, where the application has a `db.ts` that is no db entry. */
export const otherName = 'flue-db';

/** Looks at what `FlueDetails` holds. */
export function inspectDetails(
  project: Project,
  manifest: Manifest,
  { root, flue: config, vite }: FlueProject,
  { line, sourceRoot, entry, place }: Pick<HostFacts, 'line' | 'sourceRoot' | 'entry' | 'place'>,
): FlueDetails {
  const inline = vite.filter((one) => one.config?.flue && one.config.flue.db !== 'absent');
  const at = (name: string) => inFolder(sourceRoot.value, name);
  const others = dbEntries.map((name) => name.replace(/^db/, otherName));
  const editable = config?.config && project.isText(config.path) && !project.outside(config.path);
  return {
    config: line === '2.x' && editable ? { path: config.path, text: config.text } : null,
    configured: config !== null,
    vite: vite.length > 0 || declaration(manifest, '@flue/vite') !== null,
    inlineEntry: inline.length > 0,
    nodeOnly: place.option && inline.length > 0 && inline.every((one) => fromVite(one, config).value === 'node'),
    startedIn: path.posix.dirname((line === '2.x' ? vite[0]?.path : config?.path) ?? inFolder(root.value, 'config')),
    agent: line === '2.x' ? inspectAgent(project, sourceRoot.value) : null,
    fromInit: entry?.value.marker ? beganByInit(project, root.value) : false,
    otherTaken: others.some((name) => project.has(at(name))),
    besides: place.option ? (dbEntries.map(at).find((file) => project.has(file)) ?? null) : null,
    missingCli: missingCli(project),
  };
}

/** Whether `flue init` 2.x has left its AGENTS.md, which speaks of Flue, and its .gitignore. */
function beganByInit(project: Project, root: string): boolean {
  const read = (name: string) => (project.read(inFolder(root, name)) ?? '').replaceAll('\r\n', '\n');
  return (
    /\bflue\b/i.test(read('AGENTS.md')) && `\n${read('.gitignore')}`.includes('\nnode_modules/\ndist/\n.env\ndata/\n')
  );
}
