import { Problem } from '../../../problem.ts';
import { dependencyLists, type Manifest } from '../../../project/manifest.ts';
import type { Question } from '../../../types/choice.ts';
import type { Build, Facts, HostFacts } from '../../../types/facts.ts';

/** Pikku's packages that run a project on Cloudflare, where a socket cannot outlive its request. */
const onWorkers = ['@pikku/cloudflare', '@pikku/deploy-cloudflare'];

/** Those that run it on Node, Bun, or in a function that Node runs. */
const onNode = new Set(
  [
    'express express-middleware express-standalone fastify fastify-plugin uws uws-handler ws',
    'node-http-server bun-server',
    'lambda aws-lambda azure-functions next queue-bullmq queue-pg-boss',
    'deploy-standalone deploy-lambda deploy-serverless deploy-azure',
  ].flatMap((line) => line.split(' ').map((name) => `@pikku/${name}`)),
);

/** What is built, by the packages of the whole repository: what one of them runs is made of the same services. */
export function inspectTarget(
  manifests: readonly (readonly [path: string, manifest: Manifest])[],
): HostFacts['target'] {
  const builds = manifests.flatMap(([path, manifest]) =>
    namesIn(manifest).flatMap((name): Build[] => {
      const because = `\`${name}\` in \`${path}\``;
      if (onWorkers.includes(name)) return [{ value: 'cloudflare', because }];
      return onNode.has(name) ? [{ value: 'node', because }] : [];
    }),
  );
  const [node, workers] = [builds.find((one) => one.value === 'node'), builds.find((one) => one.value !== 'node')];
  if (node && workers) return { value: null, because: `${node.because}, and ${workers.because}`, builds };
  if (workers) return { ...workers, builds };
  return { ...(node ?? { value: 'node', because: 'nothing of Cloudflare is there' }), builds };
}

function namesIn(manifest: Manifest): string[] {
  return [...new Set(dependencyLists.flatMap((list) => Object.keys(manifest[list] ?? {})))];
}

/** The refusal of a project that is built for Cloudflare, before any question, as no answer would help; else null. */
export function onCloudflare({ target }: Facts): Problem | null {
  if (target.value !== 'cloudflare') return null;
  return new Problem(
    'wrong-target',
    `this project is for Cloudflare (${target.because}), where a connection to Redis cannot outlive a request`,
    'Pikku keeps workflows in a Durable Object there, which its deployment brings: there is nothing to add',
  );
}

/** The question where both are built from the same services; null where it is known. */
export function whichTarget({ target }: Facts): Question | null {
  if (target.value !== null) return null;
  return {
    flag: '--target',
    ask: 'Which target are the services for?',
    answers: [
      { value: 'node', label: 'Node.js; what is built for Cloudflare from the same services fails from then on' },
      { value: 'cloudflare', label: 'Cloudflare, where Pikku brings a Durable Object: nothing is added' },
    ],
    because: target.because,
  };
}
