import { posix } from 'node:path';
import { Problem } from '../../../problem.ts';
import { inspectLanguage } from '../../../project/language.ts';
import { declaration } from '../../../project/manifest.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import { type Command, commandsOf } from '../../../project/scripts.ts';
import type { HostFacts } from '../../../types/facts.ts';
import { inspectStarts } from '../env-file.ts';
import type { Host, HostContext } from '../index.ts';
import { adapterVersion, unsupported } from './adapter.ts';
import { flueRun } from './commands.ts';
import { inspectDetails } from './details.ts';
import { elsewhere, flueEntry, revertEntry } from './entry.ts';
import { guide } from './guide.ts';
import { entryOption, inspectEntry, inspectPlace, inspectSourceRoot, isOwnCode } from './layout.ts';
import { nextSteps, stepsAfterRemoval } from './next.ts';
import { type FlueProject, inspectFlueProject } from './project.ts';
import { fromVite, inspectTarget, onCloudflare, whichTarget } from './target.ts';
import { loads, verification } from './verification.ts';
import { inspectVersion, notFlue, runtimePackage } from './version.ts';

/** Flue, from 1.0.0-beta to 2.x. */
export const flue: Host = {
  name: 'flue',
  title: 'Flue',
  entryFile: 'db.ts',
  entryTitle: 'db entry',
  withoutExpansion: '`flue run`',
  prefix: 'FLUE_',
  tables: 'flue_*',
  shelf: 'database',
  runtime: runtimePackage,
  node: [22, 19],
  flags: [],
  guide,
  detect: (_project, manifest) => {
    const declared = declaration(manifest, runtimePackage);
    return declared && { value: 'flue', because: `\`${runtimePackage}\` in \`${declared.list}\`` };
  },
  absent: notFlue,
  facts: inspectFacts,
  isOwnPackage: (name) => name.startsWith('@flue/'),
  isAdapter: (name) => /^@flue\/(?!runtime$|cli$|vite$|sdk$)/.test(name),
  isOwnCode: ({ sourceRoot }, path) => isOwnCode(sourceRoot.value, path),
  refuses: (facts) => onCloudflare(facts) ?? unsupported(facts),
  question: whichTarget,
  adapter: adapterVersion,
  services: (_facts, _blueprint, { services }) => {
    if (services === undefined) return null;
    throw new Problem(
      'bad-request',
      '`--services` is for hosts whose entry makes services: Flue keeps its whole state in one store',
      'leave it out',
    );
  },
  checks: () => [],
  elsewhere,
  entry: flueEntry,
  revert: revertEntry,
  verification,
  loads,
  nextSteps,
  stepsAfterRemoval: (facts, removal) => stepsAfterRemoval(facts, removal, flue.isAdapter),
};

async function inspectFacts(project: Project, known: HostContext): Promise<HostFacts> {
  const { manifest } = known;
  const commands = commandsOf(manifest, known.managers);
  const { version, line } = inspectVersion(project, known);
  const beta = line === 'beta' || line === 'old';
  const layout = await inspectFlueProject(project, commands, beta);
  const sourceRoot = inspectSourceRoot(project, layout.root);
  const { value: root } = sourceRoot;
  const folders = [root, '.', inFolder(root, 'agents'), inFolder(root, 'workflows')];
  const language = inspectLanguage(project, manifest, { root: layout.root.value, folders });
  const target = inspectTarget(project, commands, layout, beta);
  const option = beta ? null : entryOption(project, layout);
  const place = inspectPlace(project, sourceRoot, option, language.value);
  const entry = inspectEntry(project, place);
  return {
    host: { value: 'flue', because: `\`${runtimePackage}\` in \`${declaration(manifest, runtimePackage)!.list}\`` },
    version,
    line,
    hostRoot: layout.root,
    sourceRoot,
    target,
    language,
    entry,
    place,
    ...(await inspectStarts(project, known, startsOf(project, layout, beta))),
    details: inspectDetails(project, manifest, layout, { line, sourceRoot, entry, place }),
  };
}

/**
 * Which commands start Flue, and the env file that it loads by itself: beside its config at beta and for `flue run`, in
 * Vite's `envDir` else, where Vite loads `.env.local`, too.
 */
function startsOf(project: Project, { root, flue: config, vite }: FlueProject, beta: boolean) {
  const folder = root.value;
  const [first] = vite.map(({ config: one }) => one?.envDir ?? 'absent');
  const envDir = typeof first === 'object' ? first.literal : '.';
  const home = posix.normalize(beta && config ? posix.dirname(config.path) : posix.join(folder, envDir));
  const forNode = vite.filter((one) => fromVite(one, config).value !== 'cloudflare').map(({ path }) => path);
  const runs = (task: RegExp) => (command: Command) => {
    const run = flueRun(project, command);
    if (!run || !task.test(run.task)) return false;
    return beta ? run.program === 'flue' : run.program === 'vite' && forNode.includes(run.config ?? '');
  };
  return {
    own: { program: 'flue', flag: '--env', folder: beta ? home : folder },
    develops: runs(/^dev$/),
    builds: runs(/^build$/),
    serves: ({ words }: Command) => words.some((word) => /(?:^|\/)dist\/server\.mjs$/.test(word)),
    usual: posix.join(home, './.env'),
    loadsLocal: !beta,
  };
}
