import type { Value } from '../../../code/config.ts';
import { Problem } from '../../../problem.ts';
import type { Project } from '../../../project/project.ts';
import type { Command } from '../../../project/scripts.ts';
import type { Question } from '../../../types/choice.ts';
import type { Build, Facts, Found, HostFacts, Target } from '../../../types/facts.ts';
import { targetNamed } from './commands.ts';
import type { FlueConfig, ViteConfig } from './config.ts';
import type { FlueProject, Read } from './project.ts';

/**
 * The build target by Flue's own rule, from syntax alone. A literal decides; a computed one, a contradiction or (at
 * beta) silence leaves it open (null), for `--target` to answer. `wrangler.*` and the like never decide; they are
 * named. Raises `cannot-parse` for a flue.config that does not parse.
 */
export function inspectTarget(
  project: Project,
  commands: readonly Command[],
  flue: FlueProject,
  beta: boolean,
): HostFacts['target'] {
  if (flue.flue && !flue.flue.config)
    throw new Problem(
      'cannot-parse',
      `\`${flue.flue.path}\` does not parse`,
      'fix the file first; nothing was changed',
    );
  const said = beta ? atBeta(flue, commands) : atTwo(flue);
  const hints = project.list('.').filter(({ name }) => /^(wrangler\.|\.dev\.vars)/.test(name));
  if (said.value !== null || hints.length === 0) return said;
  const there = hints.map(({ name }) => `\`${name}\``).join(' and ');
  return { ...said, because: `${said.because}; ${there} is there, which decides nothing` };
}

function atBeta({ flue }: FlueProject, commands: readonly Command[]): HostFacts['target'] {
  const scripts = commands.flatMap((command): Build[] => {
    const value = targetNamed(command);
    return value === null ? [] : [{ value, because: `script \`${command.script}\`` }];
  });
  const said = scripts.map(({ value, because }) => `${because} says ${value}`).join(', ');
  const config = flue?.config?.target ?? 'absent';
  const builds = [...(flue ? buildsOf(flue) : []), ...scripts];
  const decide = (found: Found<Target | null>) => ({ ...found, builds });
  if (config === 'computed') return decide(undecided(`\`target\` in \`${flue!.path}\` is computed`));
  if (typeof config === 'object') {
    if (scripts.some(({ value }) => value !== config.literal))
      return decide(undecided(`\`${flue!.path}\` says ${config.literal}, but ${said}`));
    return decide(decided(config.literal, `\`target\` in \`${flue!.path}\``));
  }
  const values = new Set(scripts.map(({ value }) => value));
  if (values.size === 1) return decide(scripts[0]!);
  return decide(
    undecided(values.size > 1 ? said : 'neither a flue.config nor a script in `package.json` names a target'),
  );
}

function atTwo({ flue, vite }: FlueProject): HostFacts['target'] {
  if (vite.length === 0) {
    const value = flue ? fromLiteral(flue.path, flue.config!.target) : alone;
    return { ...value, builds: flue ? buildsOf(flue) : [value] };
  }
  const found = vite.map((one) => fromVite(one, flue));
  const builds = found.flatMap(({ value, because }, index) =>
    value === null ? eitherOf(vite[index]!, flue) : [{ value, because }],
  );
  const [first] = found;
  if (found.every(({ value }) => value === first!.value)) return { ...first!, builds };
  const said = found.map(({ value, because }) => `${because} says ${value ?? 'something computed'}`).join(', ');
  return { ...undecided(said), builds };
}

const alone: Found<Target> = { value: 'node', because: "Flue's default where no config says otherwise" };

/** The refusal of a project that is built for Cloudflare, before any question, as no answer would help; else null. */
export function onCloudflare({ target }: Facts): Problem | null {
  if (target.value !== 'cloudflare') return null;
  return new Problem(
    'wrong-target',
    `this project builds for Cloudflare (${target.because}), where a \`db.ts\` fails every build`,
    'Cloudflare agents use Durable Object SQLite, which is built in: there is nothing to add',
  );
}

/** The question where the target is open; null where it is known. */
export function whichTarget({ target }: Facts): Question | null {
  if (target.value !== null) return null;
  return {
    flag: '--target',
    ask: 'Which target does this project build for?',
    answers: [
      { value: 'node', label: 'Node.js' },
      { value: 'cloudflare', label: 'Cloudflare, where a `db.ts` fails every build' },
    ],
    because: target.because,
  };
}

/** The target that one Vite config builds for. */
export function fromVite({ path, config }: Read<ViteConfig>, flue: Read<FlueConfig> | null): Found<Target | null> {
  if (!config) return undecided(`\`${path}\` does not parse`);
  if (!config.flue) return undecided(`the Flue plugin in \`${path}\` is not a plain call`);
  if (config.flue.target !== 'absent') return fromLiteral(path, config.flue.target);
  if (flue?.config && flue.config.target !== 'absent') return fromLiteral(flue.path, flue.config.target);
  if (config.cloudflare) return { value: 'cloudflare', because: `the Cloudflare plugin in \`${path}\`` };
  return { value: 'node', because: `\`flue()\` in \`${path}\`, without a Cloudflare plugin` };
}

/** What a computed target may come to: each that is written out there, else it is not known. */
function eitherOf({ path, config }: Read<ViteConfig>, flue: Read<FlueConfig> | null): Build[] {
  const own = config?.flue && config.flue.target !== 'absent';
  if (!own && flue) return buildsOf(flue);
  const because = `\`target\` in \`${path}\``;
  const either = config?.flue?.either ?? [];
  return either.length > 0 ? either.map((value) => ({ value, because })) : [{ value: null, because }];
}

function buildsOf({ path, config }: Read<FlueConfig>): Build[] {
  const because = `\`target\` in \`${path}\``;
  const { target, either } = config!;
  if (target === 'absent') return [];
  if (target !== 'computed') return [decided(target.literal, because)];
  return either.length > 0 ? either.map((value) => ({ value, because })) : [{ value: null, because }];
}

function fromLiteral(path: string, target: Value): Found<Target | null> {
  if (target === 'computed') return undecided(`\`target\` in \`${path}\` is computed`);
  if (target === 'absent') return { value: 'node', because: `Flue's default, as \`${path}\` names none` };
  return decided(target.literal, `\`target\` in \`${path}\``);
}

function decided(literal: string, because: string): Found<Target | null> {
  if (literal === 'node' || literal === 'cloudflare') return { value: literal, because };
  return undecided(`${because} is \`${literal}\`, which Flue does not know`);
}

function undecided(because: string): Found<null> {
  return { value: null, because };
}
