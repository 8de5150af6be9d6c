// The main job on real parts: a sample Flue project gets Postgres from flue-db, is built by Flue, and keeps its state
// over a restart. `npm run demo -- [two|beta] [--keep]`. The pieces that it starts are those of the tests.
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bootServer, runIn, sampleProject, talk } from '../test/servers/flue.mjs';
import { startPostgres } from '../test/servers/postgres.mjs';
import { temporaryFolder } from '../test/servers/process.mjs';
import { startRegistry } from '../test/servers/registry.mjs';

const words = process.argv.slice(2);
const keep = words.includes('--keep');
const line = /** @type {'two' | 'beta'} */ (words.find((word) => !word.startsWith('--')) ?? 'two');
const root = path.join(import.meta.dirname, '..');
const bin = path.join(root, 'bin/flue-db.js');
const colours = process.stdout.isTTY && !process.env.NO_COLOR;

const paint = (/** @type {number} */ code, /** @type {string} */ text) =>
  colours ? `\u001b[${code}m${text}\u001b[0m` : text;
const say = (/** @type {string} */ text) => console.log(text);
let steps = 0;
const step = (/** @type {string} */ text) => {
  steps += 1;
  say(`\n${paint(1, `${steps}. ${text}`)}`);
};
const shown = (/** @type {string} */ text) => say(text.trim().replace(/^/gm, '   ').replace(/ +$/gm, ''));

/** Fails with all that was printed where it does not end with that code. @param {ReturnType<typeof runIn>} running */
const must = async (running, expected = 0) => {
  const result = await running;
  if (result.code !== expected) throw new Error(`exit ${result.code}, not ${expected}:\n${result.output}`);
  return result;
};
/**
 * Runs our command in a project and shows the command line.
 * @param {string} folder
 * @param {string} args
 * @param {number} [expected]
 */
const flueDb = (folder, args, expected) => {
  say(paint(32, `   $ flue-db ${args}`));
  return must(runIn(folder, process.execPath, [bin, ...args.split(' ')], registry.env), expected);
};

/** A diff with its colours. @param {string} text */
const diff = (text) =>
  shown(
    text.replace(/^[+-].*$/gm, (found) =>
      /^(?:\+\+\+|---)/.test(found) ? found : paint(found[0] === '+' ? 32 : 31, found),
    ),
  );

step('Start a Postgres server and a local npm registry on this machine');
const [registry, postgres] = await Promise.all([startRegistry(), startPostgres()]);
say(
  '   The registry passes everything on to yours, but for the @flue adapters: not every registry has them, so the demo',
);
say('   has stand-ins. They keep what they are given through the same functions of db.ts.');

step(`Copy the sample project of Flue ${line === 'two' ? '2.x' : '1.0.0-beta'}, and install it with npm`);
const folder = sampleProject(line, { keep });
cpSync(path.join(root, 'examples/shop/.env.example'), path.join(folder, '.env.example'));
say(`   ${folder}`);
await must(runIn(folder, 'npm', ['install', '--no-audit', '--no-fund'], registry.env));

step('Look first: what would change? Nothing is written yet');
diff((await flueDb(folder, 'add postgres --dry-run')).stdout);

step('Add it');
shown((await flueDb(folder, 'add postgres')).output);
const database = readFileSync(path.join(folder, 'src/db.ts'), 'utf8');
say(`   (src/db.ts is the file of the diff above, ${database.split('\n').length - 1} lines.)`);

step(`Build the project with Flue: ${line === 'two' ? 'vite build' : 'flue build'}`);
await must(runIn(folder, line === 'two' ? 'vite' : 'flue', ['build']));

const env = { DATABASE_URL: postgres.url };
for (const [expected, why] of [
  [
    'turns=1',
    'The agent answers with the number of messages that it remembers of this conversation: one, so "turns=1".',
  ],
  [
    'turns=2',
    'It is a new process. If it remembers the first message, it has that from Postgres, and answers "turns=2".',
  ],
]) {
  step(
    `${expected === 'turns=1' ? 'Start the server' : 'Stop the server, start it again'}, and send a message to its agent`,
  );
  say(`   ${why}`);
  const server = await bootServer(folder, env);
  const answer = await talk(line, server.base, 'demo', 'hello');
  await server.stop();
  say(`   The agent: ${paint(1, answer)}`);
  if (answer !== expected) throw new Error(`the agent answered ${answer}`);
}

step('A refusal: a project with two Postgres drivers, and nobody at the keyboard to choose one');
const other = temporaryFolder('refusal');
cpSync(path.join(root, 'fixtures/drivers/both/before'), other, { recursive: true });
shown((await flueDb(other, 'add postgres', 3)).output);
say('   Exit code 3: nothing was changed.');

step(keep ? 'How to take it out again (shown only, since the sample is kept)' : 'Take it out again');
if (keep) {
  const { output, stdout } = await flueDb(folder, 'remove --dry-run');
  // The plan alone: the diff is that of step 3, the other way round.
  shown(output.slice(stdout.length));
} else shown((await flueDb(folder, 'remove')).output);

await postgres.stop();
registry.close();
say(`\n${paint(1, 'It worked: the conversation was there after the restart, through the db.ts that flue-db wrote.')}`);
if (keep)
  say(
    `The sample is kept in ${folder}\nIts Postgres is not: set DATABASE_URL to one of yours, then: node dist/server.mjs`,
  );
process.exit();
