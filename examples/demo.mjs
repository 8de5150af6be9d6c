// The main job, on real parts: a sample Flue project gets Postgres from our command, is built by Flue, and keeps its state over a restart.
import { bootServer, runIn, sampleProject, talk } from '../test/servers/flue.mjs';
import { startPostgres } from '../test/servers/postgres.mjs';
import { startRegistry } from '../test/servers/registry.mjs';

const line = /** @type {'two' | 'beta'} */ (process.argv[2] ?? 'two');
const bin = `${import.meta.dirname}/../bin/flue.js`;

const step = (/** @type {string} */ text) => console.log(`\n\u001b[1m${text}\u001b[0m`);
const must = async (/** @type {ReturnType<typeof runIn>} */ running) => {
  const { code, output } = await running;
  if (code !== 0) throw new Error(output);
  return output;
};

step('A local registry with the stand-in for @flue/postgres, and an embedded Postgres');
const [registry, postgres] = await Promise.all([startRegistry(), startPostgres()]);
console.log(`${registry.url}\n${postgres.url}`);

const folder = sampleProject(line);
step(`A sample Flue project in ${folder}: npm install`);
await must(runIn(folder, 'npm', ['install', '--no-audit', '--no-fund'], registry.env));

step('flue add database postgres');
console.log(await must(runIn(folder, process.execPath, [bin, 'add', 'database', 'postgres'], registry.env)));

step(line === 'two' ? 'vite build' : 'flue build');
await must(runIn(folder, line === 'two' ? 'vite' : 'flue', ['build']));

const env = { DATABASE_URL: postgres.url };
for (const expected of ['turns=1', 'turns=2']) {
  step(`node dist/server.mjs, and a message to its agent; it should answer ${expected}`);
  const server = await bootServer(folder, env);
  const answer = await talk(line, server.base, 'demo', 'hello');
  await server.stop();
  console.log(answer);
  if (answer !== expected) throw new Error(`the agent answered ${answer}`);
}

step('The conversation was there after the restart: it came back from Postgres, through the generated db.ts');
await postgres.stop();
registry.close();
process.exit();
