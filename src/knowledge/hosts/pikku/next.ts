import type { Choice } from '../../../types/choice.ts';
import type { Facts } from '../../../types/facts.ts';
import type { Step } from '../../../types/plan.ts';
import { detailsOf } from './details.ts';
import { exported, spread } from './wiring.ts';

/** What a person does to see it work, and has to know: what Pikku generates, how it starts, and what was not edited. */
export function nextSteps(facts: Facts, choice: Choice): Step[] {
  const { exec, run } = choice.packageManager.value;
  const { starts } = facts;
  const start = starts.develop ?? starts.serve;
  const generate = starts.build ? `${run} ${starts.build}` : `${exec} pikku all`;
  return [
    ...byHand(facts),
    { kind: 'run', command: generate, text: `generate: \`${generate}\`` },
    ...(start ? [{ kind: 'run', command: `${run} ${start}`, text: `start: \`${run} ${start}\`` } as const] : []),
    ...unloaded(facts, choice),
    ...replaced(facts, choice),
    ...onWorkers(facts),
    ...inMemory(facts, choice),
  ];
}

/** The lines that are to be added, and where, in a form that is not edited. */
function byHand(facts: Facts): Step[] {
  const { left, services, specifier, wiredIn, commonJs } = detailsOf(facts);
  if (left === null || wiredIn !== null) return [];
  const where = services ? `\`${services.path}\`` : 'the module that makes the services';
  const last = 'as the last property of the object of services that its async function returns';
  const lines = commonJs
    ? `${last} \`...(await (await import('${specifier}')).${exported}())\``
    : `\`import { ${exported} } from '${specifier}'\`, and ${last} \`${spread}\``;
  const text = `add to ${where} ${lines}; it was left alone: ${left}`;
  return [{ kind: 'edit', ...(services && { path: services.path }), text }];
}

/** A script that starts the project with the environment as it is: only Pikku's own command line loads an env file. */
function unloaded(facts: Facts, { names }: Choice): Step[] {
  const { bare } = detailsOf(facts);
  if (bare === null || facts.envFile.script !== null) return [];
  const listed = Object.values(names).map(({ value }) => `\`${value}\``);
  if (listed.length === 0) return [];
  const text =
    `the script \`${bare}\` loads no env file, ` +
    `so ${listed.join(' and ')} must be set where it is started, or by \`--env-file=${facts.envFile.value}\``;
  return [{ kind: 'know', path: 'package.json', text }];
}

/** Other stores that the application makes, of which ours wins. */
function replaced(facts: Facts, { entry }: Choice): Step[] {
  return detailsOf(facts)
    .stores.filter(({ path }) => path !== entry.path)
    .map(({ path, name }) => {
      const text =
        `\`${path}\` makes a \`${name}\`, of which this takes the place: ` +
        'take it out, as it holds a connection; its runs stay where they are';
      return { kind: 'know', path, text };
    });
}

function onWorkers({ target }: Facts): Step[] {
  const workers = target.builds.find(({ value }) => value === 'cloudflare');
  if (!workers) return [];
  const text =
    `what ${workers.because} builds from these services fails from now on: ` +
    `a connection cannot outlive a request there, and ours wins over Pikku's Durable Object`;
  return [{ kind: 'know', text }];
}

/** The services that are in memory still, which Redis could keep. */
function inMemory(facts: Facts, { services }: Choice): Step[] {
  const written = detailsOf(facts).services?.text ?? '';
  if (!/new InMemorySessionStore\(/.test(written) || services?.value.includes('sessionStore')) return [];
  const text =
    '`sessionStore` is in memory; `--services sessionStore` keeps it in Redis, and logs out who is logged in';
  return [{ kind: 'know', text }];
}
