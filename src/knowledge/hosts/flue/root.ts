import path from 'node:path';
import { Problem } from '../../../problem.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import type { Found } from '../../../types/facts.ts';

/**
 * One thing that says where Flue takes its project to be: a script's command, or a config file. Paths from the package
 * folder.
 */
export interface Site {
  /** null: it is computed. */
  root: string | null;
  because: string;
  /** The config that is loaded there, or null. */
  config: string | null;
}

/** The sites of one line of Flue. */
interface Sites {
  /** What the scripts and the configs of the package folder say. */
  said: Site[];
  /** What the configs in a folder say. */
  inFolder(folder: string): Promise<Site[]>;
}

/**
 * Flue's root among what was found: the one that is said; where several are, that in which this was run. Where nothing
 * is said and the package folder shows no sign of Flue, the only folder below that has its config. Raises
 * `cannot-parse` where the root is computed, and `needs-answer` where there are several.
 */
export async function rootAmong(project: Project, sites: Sites): Promise<Found<string>> {
  const standing = await standingIn(project, sites);
  if (standing) return standing;
  const { said } = sites;
  const unseen = said.find(({ root }) => root === null);
  if (unseen) throw computedRoot(unseen);
  const roots = oneOfEach(said.length > 0 ? said : await below(project, sites));
  if (roots.length > 1) throw several(roots);
  const [only] = roots;
  return only ? { value: only.root!, because: only.because } : { value: '.', because: 'the package' };
}

/**
 * The folder that this was run in, or one above it in the package: where it is one of those that are said, or has a
 * config of its own.
 */
async function standingIn(project: Project, sites: Sites): Promise<Found<string> | null> {
  const folders: string[] = [];
  for (let folder = project.start; folder !== '.'; folder = path.posix.dirname(folder)) folders.push(folder);
  for (const folder of folders) {
    const own = sites.said.find(({ root }) => root === folder) ?? (await sites.inFolder(folder))[0];
    if (own?.root === null) throw computedRoot(own);
    if (own) return { value: own.root!, because: own.because };
  }
  // Where that leaves it open, what is in the folder tells.
  const open = sites.said.some(({ root }) => root === null) || oneOfEach(sites.said).length !== 1;
  const found = open && folders.find((folder) => showsFlue(project, folder));
  return found ? { value: found, because: 'this was run there' } : null;
}

/** Whether a folder has what Flue looks for in its root. */
function showsFlue(project: Project, folder: string): boolean {
  return ['.flue', 'agents', 'workflows', 'src/agents', 'src/workflows'].some((name) =>
    project.isFolder(inFolder(folder, name)),
  );
}

const depth = 2;
const passedOver = /^(?:\.|node_modules$|dist$|build$|out$|coverage$|public$|vendor$)/;

/** The configs in the folders below, as far as they are this package's own. */
async function below(project: Project, sites: Sites): Promise<Site[]> {
  if (showsFlue(project, '.')) return [];
  const found: Site[] = [];
  let folders = ['.'];
  for (let level = 0; level < depth; level += 1) {
    folders = folders.flatMap((folder) =>
      project
        .list(folder)
        .filter(({ name, kind }) => kind === 'folder' && !passedOver.test(name))
        .map(({ name }) => inFolder(folder, name))
        .filter((one) => !project.has(inFolder(one, 'package.json'))),
    );
    for (const folder of folders) found.push(...(await sites.inFolder(folder)));
  }
  return found.filter(({ root }) => root !== null);
}

function oneOfEach(sites: readonly Site[]): Site[] {
  return sites.filter(({ root }, index) => sites.findIndex((one) => one.root === root) === index);
}

function computedRoot({ because }: Site): Problem {
  return new Problem(
    'cannot-parse',
    `${because} is computed, so it does not tell where the db entry belongs`,
    'write its value there literally, or run this in the folder that it comes to; ' +
      'nothing of the project is run to find out',
  );
}

function several(sites: readonly Site[]): Problem {
  const roots = sites.map(({ root, because: by }) => `\`${root}\` (${by})`).join(', ');
  const because = `Flue has more than one root here: ${roots}`;
  const answers = sites.map((site) => ({ value: site.root!, label: site.because }));
  const ask = 'In which folder is the Flue project that gets the database?';
  const hint = `run it there, or name the folder: ${answers.map(({ value }) => `\`--cwd ${value}\``).join(' or ')}`;
  return new Problem('needs-answer', because, hint, { flag: '--cwd', ask, answers, because });
}
