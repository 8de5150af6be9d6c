import { Problem } from '../../../problem.ts';
import { declaration, type Manifest } from '../../../project/manifest.ts';
import type { Project } from '../../../project/project.ts';
import type { Facts } from '../../../types/facts.ts';
import type { Host } from '../index.ts';
import { configName, findConfig } from './config.ts';
import { detailsOf } from './details.ts';
import { pikkuEntry, revertEntry } from './entry.ts';
import { guide } from './guide.ts';
import { nextSteps } from './next.ts';
import { chooseServices, otherStore } from './offer.ts';
import { onCloudflare, whichTarget } from './target.ts';
import { loads, verification } from './verification.ts';
import { adapterVersion, corePackage } from './version.ts';

/** Pikku 0.12: its workflows, in Redis or Valkey. */
export const pikku: Host = {
  name: 'pikku',
  title: 'Pikku',
  entryFile: 'redis.ts',
  entryTitle: 'module of Redis services',
  withoutExpansion: "Node's own `--env-file`",
  prefix: 'PIKKU_',
  tables: 'pikku*',
  shelf: 'pikku',
  runtime: corePackage,
  // From 0.12.84 the core asks for 24, and ran on 20.20, 22.23 and 24.21.
  node: null,
  flags: ['--services'],
  guide,
  detect: (project, manifest) => {
    const declared = declaration(manifest, corePackage);
    const config = declared && findConfig(project);
    return config ? { value: 'pikku', because: `\`${config}\`, and \`${corePackage}\` in \`${declared.list}\`` } : null;
  },
  absent: notPikku,
  // It brings the readers of code, which only a project of this host needs.
  facts: async (project, known) => (await import('./project.ts')).inspectFacts(project, known),
  isOwnPackage: (name) => name.startsWith('@pikku/'),
  isAdapter: (name) => /^@pikku\/(?:redis|mongodb|pg|kysely[\w-]*)$/.test(name),
  isOwnCode: (facts, path) => {
    const { services, config } = detailsOf(facts);
    return path === services?.path || path.startsWith(`${config.outDir}/`);
  },
  refuses: (facts) => addon(facts) ?? onCloudflare(facts),
  question: (facts, request) => whichTarget(facts) ?? otherStore(facts, request),
  adapter: adapterVersion,
  services: chooseServices,
  checks: ({ adapter }, driver) => [
    { kind: 'exports', package: adapter, of: corePackage },
    { kind: 'lacks', package: adapter, word: 'leaseService' },
    { kind: 'shares', package: adapter, of: driver.package },
  ],
  // The module of services imports the entry by its name, so there is no other place than the one that is chosen.
  elsewhere: async () => null,
  entry: pikkuEntry,
  revert: revertEntry,
  verification,
  loads,
  nextSteps,
  stepsAfterRemoval: (facts) =>
    detailsOf(facts).stores.map(({ path, name }) => {
      return { kind: 'know', path, text: `\`${path}\` makes a \`${name}\`, which counts again` };
    }),
};

function addon(facts: Facts): Problem | null {
  const { config } = detailsOf(facts);
  if (!config.addon) return null;
  const why = `\`${config.path}\` says that this is an addon, whose services come from the application that uses it`;
  return new Problem('not-a-project', why, 'run it in that application');
}

/** What speaks of Pikku where the package is none of its projects. */
function notPikku(project: Project, manifest: Manifest, members: readonly string[]): Problem | null {
  const config = findConfig(project);
  const declared = declaration(manifest, corePackage);
  const old = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).find((one) =>
    one.startsWith('@vramework/'),
  );
  if (old && !declared) {
    const why = `\`${old}\` is Pikku as it was called before 0.6, which has no workflows`;
    return new Problem('not-a-project', why, `move to \`${corePackage}\` 0.12 first`);
  }
  const homes = members.filter((one) => project.read(`${one}/package.json`)?.includes(`"${corePackage}"`));
  if (config) {
    const hint =
      homes.length > 0
        ? `run it in the package that makes the services, ${homes.map((one) => `\`${one}\``).join(' or ')}, ` +
          'or name that folder with `--cwd`'
        : `run it in the package that makes the services and depends on \`${corePackage}\``;
    const why =
      `\`${config}\` is there, but \`package.json\` does not depend on \`${corePackage}\`, ` +
      'so this is not the package of a Pikku project';
    return new Problem('not-a-project', why, hint);
  }
  if (declared) {
    const why =
      `\`package.json\` depends on \`${corePackage}\`, but there is no \`${configName}\` here or above, ` +
      'so this is not a Pikku project';
    return new Problem(
      'not-a-project',
      why,
      `Pikku finds its config by that name alone; \`pikku.config.ts\` is not read`,
    );
  }
  return null;
}
