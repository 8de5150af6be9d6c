import path from 'node:path';
import type { Choice, Removal } from '../../../types/choice.ts';
import type { Facts } from '../../../types/facts.ts';
import type { Step } from '../../../types/plan.ts';
import { detailsOf } from './details.ts';

/** What a person does to see it work, for their line of Flue and by their own scripts, and what breaks elsewhere. */
export function nextSteps(facts: Facts, choice: Choice): Step[] {
  return [
    ...(facts.line === 'beta' ? betaSteps(facts, choice) : twoSteps(facts, choice)),
    ...otherBuilds(facts, choice),
  ];
}

/** What is left of Flue's after a removal. */
export function stepsAfterRemoval({ packages }: Facts, removal: Removal, isAdapter: (name: string) => boolean): Step[] {
  const others = packages.filter(({ name, list }) => isAdapter(name) && list && !removal.packages.includes(name));
  return others.map(({ name }) => ({
    kind: 'know',
    path: 'package.json',
    text: `\`${name}\` is still in \`package.json\`, from a database before this one`,
  }));
}

function betaSteps(facts: Facts, choice: Choice): Step[] {
  const { exec, run } = choice.packageManager.value;
  const { starts, envFile } = facts;
  const { startedIn } = detailsOf(facts);
  const loads = `, which loads \`${envFile.value}\``;
  const own = inFolder(startedIn, `${exec} flue dev${envFlag(facts, startedIn)}`);
  const developed = starts.develop
    ? runStep('develop', `${run} ${starts.develop}`, loads)
    : flueStep(facts, runStep('develop', own, loads));
  const served = buildAndServe(facts, choice, inFolder(startedIn, `${exec} flue build`));
  const built = starts.build ? served : flueStep(facts, served);
  return built.text === developed.text ? [developed] : [developed, built];
}

function twoSteps(facts: Facts, choice: Choice): Step[] {
  const { exec, run } = choice.packageManager.value;
  const { starts, envFile } = facts;
  const { agent, vite, startedIn, inlineEntry } = detailsOf(facts);
  const loads = `, which loads \`${envFile.value}\``;
  const extension = facts.language.value === 'typescript' ? 'ts' : 'js';
  const module =
    agent?.path ?? `${facts.sourceRoot.value === '.' ? '' : `${facts.sourceRoot.value}/`}agents/<name>.${extension}`;
  const named = agent?.name ? ` --name ${agent.name}` : '';
  const root = facts.hostRoot.value;
  const words = `${path.posix.relative(root, module)}${named} -m hi --id first${envFlag(facts, root)}`;
  const tried = runStep('try it', inFolder(root, `${exec} flue run ${words}`), loads);
  const attempt = inlineEntry ? unread : flueStep(facts, tried);
  const served = vite ? [buildAndServe(facts, choice, inFolder(startedIn, `${exec} vite build`))] : [];
  if (!starts.develop) return [attempt, ...served];
  return [runStep('develop', `${run} ${starts.develop}`, loads), ...served, attempt];
}

const unread: Step = {
  kind: 'know',
  text: '`flue run` does not read the Vite config, and so it does not find the db entry that is named there',
};

/** A step that Flue's own command line takes; where that is not there, what to do first. */
function flueStep(facts: Facts, step: Step): Step {
  const { missingCli } = detailsOf(facts);
  if (!missingCli) return step;
  const text = `\`flue\` is not here to try it with: add \`${missingCli}\` to the development dependencies first`;
  return { kind: 'know', path: 'package.json', text };
}

function runStep(what: string, command: string, rest: string): Step {
  return { kind: 'run', command, text: `${what}: \`${command}\`${rest}` };
}

/** The build and the server, by the project's own scripts where it has them. */
function buildAndServe({ starts, hostRoot, envFile }: Facts, choice: Choice, ownBuild: string): Step {
  const { run } = choice.packageManager.value;
  const server = hostRoot.value === '.' ? 'dist/server.mjs' : `${hostRoot.value}/dist/server.mjs`;
  const build = starts.build ? `${run} ${starts.build}` : ownBuild;
  const serve = starts.serve ? `${run} ${starts.serve}` : `node --env-file=${envFile.value} ${server}`;
  return { kind: 'run', command: `${build} && ${serve}`, text: `build and start: \`${build}\`, then \`${serve}\`` };
}

/** A command of that folder, as typed in the package folder. */
function inFolder(folder: string, command: string): string {
  return folder === '.' ? command : `cd ${folder} && ${command}`;
}

/**
 * The flag by which Flue's own command loads the file that the project's scripts load, seen from the folder that the
 * command runs in.
 */
function envFlag({ envFile }: Facts, folder: string): string {
  const file = path.posix.relative(folder, envFile.value);
  return /^\.env$/.test(file) ? '' : ` --env ${file}`;
}

/**
 * One warning where something else is built that a db entry now breaks: Flue refuses one on Cloudflare, wherever it
 * finds it. What only a config for Node names is not found there.
 */
function otherBuilds(facts: Facts, { entry }: Choice): Step[] {
  const other = facts.target.builds.find(({ value }) => value !== 'node');
  if (!other || detailsOf(facts).nodeOnly) return [];
  const when =
    other.value === 'cloudflare'
      ? `${other.because} builds for Cloudflare, and that build fails from now on`
      : `wherever ${other.because} comes out as Cloudflare, the build fails from now on`;
  const how =
    facts.line === 'beta'
      ? 'keep it out of the source root there'
      : 'name it by `db` in the config for Node alone, under another name than `db.ts`';
  return [
    {
      kind: 'know',
      path: entry.path,
      text: `${when}, as Flue takes no \`${path.posix.basename(entry.path)}\` there: ${how}`,
    },
  ];
}
