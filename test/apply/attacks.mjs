// The attacks on a run of the program, one function each: what is done to it, and whether all is well afterwards.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { difference, place, putBack, run, scenarios, stateOf } from './scenarios.mjs';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('./scenarios.mjs').Place} Place */
/**
 * @typedef {{ before: Record<string, string>, after: Record<string, string>, calls: { n: number, name: string, args:
 * unknown[] }[] }} Undisturbed
 */

/** What a run does when nothing happens to it. @param {Scenario} scenario @returns {Promise<Undisturbed>} */
export async function undisturbed(scenario) {
  const at = await place(scenario);
  const before = stateOf(at.tree);
  const log = path.join(at.state, '../log');
  const { code, said } = await run(at, { log });
  if (code !== scenario.code) throw new Error(`undisturbed it exits ${code}: ${said}`);
  const after = stateOf(at.tree);
  const calls = linesOf(log).filter((line) => 'name' in line);
  rmSync(path.dirname(at.tree), { recursive: true });
  return { before, after, calls };
}

/** @param {string} file */
export function linesOf(file) {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/**
 * Kills a run at a call; then the next run has to leave the tree as it was before or as it is after, and nothing of
 * ours.
 * @param {Scenario} scenario
 * @param {Undisturbed} known
 * @param {object} orders
 * @returns {Promise<string | null>} what went wrong
 */
export async function kill(scenario, known, orders) {
  const at = await place(scenario);
  const killed = await run(at, orders);
  const wrong = killed.code === null ? await isWhole(at, known) : `it was not killed: ${killed.code} ${killed.said}`;
  rmSync(path.dirname(at.tree), { recursive: true });
  return wrong;
}

/**
 * The calls of the run that puts back what a killed one has left, killed at that call.
 * @param {Scenario} scenario
 * @param {number} killed
 */
export async function recoveryCalls(scenario, killed) {
  const at = await place(scenario);
  await run(at, { kill: killed });
  const log = path.join(at.state, '../log');
  await putBack(at, { log });
  const calls = linesOf(log).filter((line) => 'name' in line);
  rmSync(path.dirname(at.tree), { recursive: true });
  return calls;
}

/**
 * Kills a run, then the run that puts back what that has left, and lets a third one do it.
 * @param {Scenario} scenario @param {Undisturbed} known @param {number} killed @param {object} orders
 */
export async function killRecovery(scenario, known, killed, orders) {
  const at = await place(scenario);
  await run(at, { kill: killed });
  const second = await putBack(at, orders);
  const wrong = second.code === null ? await isWhole(at, known) : `it was not killed: ${second.code} ${second.said}`;
  rmSync(path.dirname(at.tree), { recursive: true });
  return wrong;
}

/**
 * @param {Place} at
 * @param {Undisturbed} known
 * @param {string} [said] what names a folder that could not be taken away
 */
async function isWhole(at, { before, after }, said = '') {
  const next = await putBack(at);
  if (next.code !== 2) return `the next run exits ${next.code}: ${next.said}`;
  const now = stateOf(at.tree);
  const left = Object.keys(stateOf(at.state)).filter((name) => name !== 'flue' && !said.includes(name));
  if (left.length > 0) return `the user's own folder keeps ${left.join(', ')}`;
  if (difference(now, before).length === 0 || difference(now, after).length === 0) return null;
  return `neither before (${difference(now, before).join(', ')}) nor after (${difference(now, after).join(', ')})`;
}

/**
 * Lets a call fail, or every one from it on. The exit code has to be true, and the next run has to find, or make, a
 * tree that is whole.
 * @param {Scenario} scenario @param {Undisturbed} known @param {object} orders
 * @returns {Promise<{ wrong: string | null, code: number | null }>}
 */
export async function fail(scenario, known, orders) {
  const at = await place(scenario);
  const { code, said } = await run(at, orders);
  const now = stateOf(at.tree);
  const visible = (/** @type {string[]} */ names) => names.filter((name) => !/(^|\/)\.flue-add(\/|$)/.test(name));
  const isBefore = visible(difference(now, known.before)).length === 0;
  const isAfter = visible(difference(now, known.after)).length === 0;
  const honest = { 0: isAfter, 3: isBefore, 4: isBefore, 6: true }[Number(code)] ?? false;
  const changed = visible(difference(now, known.before)).join(', ');
  const wrong = honest
    ? await isWhole(at, known, said)
    : `exit ${code}, and changed is: ${changed || 'nothing'}. ${said}`;
  rmSync(path.dirname(at.tree), { recursive: true });
  return { wrong, code };
}

const codes = ['ENOSPC', 'EIO', 'EROFS', 'EACCES'];
/** What a call fails with: in turn one of them, or each. */
const failures = { one: (/** @type {number} */ n) => [codes[n % codes.length]], each: () => codes };

/**
 * Every attack of a kind on a scenario, as functions that give what went wrong. `which`: how many of the ways to fail
 * are tried on a call.
 */
export const kinds = {
  /** SIGKILL before every call. @param {Scenario} scenario @param {Undisturbed} known */
  kill: async (scenario, known) => known.calls.map(({ n }) => attackOf(n, () => kill(scenario, known, { kill: n }))),

  /** SIGKILL in the middle of every write. @param {Scenario} scenario @param {Undisturbed} known */
  tear: async (scenario, known) =>
    writesIn(known.calls).map(({ n }) => attackOf(n, () => kill(scenario, known, { tear: n }))),

  /**
   * SIGKILL before every call of the run that puts back what was killed when it had done the most.
   * @param {Scenario} scenario
   * @param {Undisturbed} known
   */
  'kill the recovery': async (scenario, known) => {
    const last = lastBeforeEnd(known);
    const calls = await recoveryCalls(scenario, last);
    return calls.map(({ n }) => attackOf(n, () => killRecovery(scenario, known, last, { kill: n })));
  },

  /** One call fails. @param {Scenario} scenario @param {Undisturbed} known @param {'one' | 'each'} [which] */
  fail: async (scenario, known, which = 'each') => [
    ...known.calls.flatMap(({ n }) =>
      failures[which](n).map((code) =>
        attackOf(`${n} ${code}`, async () => (await fail(scenario, known, { fail: n, code })).wrong),
      ),
    ),
    ...writesIn(known.calls).map(({ n }) =>
      attackOf(`${n} short`, async () => (await fail(scenario, known, { short: n })).wrong),
    ),
  ],

  /** From a call on all fail. @param {Scenario} scenario @param {Undisturbed} known @param {'one' | 'each'} [which] */
  'fail for good': async (scenario, known, which = 'each') =>
    known.calls.flatMap(({ n }) =>
      failures[which](n).map((code) =>
        attackOf(`${n} ${code}`, async () => (await fail(scenario, known, { failFrom: n, code })).wrong),
      ),
    ),
};

/** @param {string | number} name @param {() => Promise<string | null>} run */
function attackOf(name, run) {
  return { name: String(name), run };
}

/** @param {Undisturbed['calls']} calls */
function writesIn(calls) {
  return calls.filter(({ name }) => name === 'writeSync');
}

/** The call that ends the journal, after which nothing is put back. @param {Undisturbed} known */
function lastBeforeEnd({ calls }) {
  return calls.find(({ name, args }) => name === 'renameSync' && String(args[1]).endsWith('done.json'))?.n ?? 1;
}

/**
 * Does attacks, some at a time.
 * @param {{ name: string, run: () => Promise<string | null> }[]} attacks
 * @param {number} [workers]
 * @returns {Promise<string[]>} what went wrong
 */
export async function all(attacks, workers = 2) {
  const queue = [...attacks];
  /** @type {string[]} */
  const wrong = [];
  const worker = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      const problem = await one.run();
      if (problem) wrong.push(`${one.name}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return wrong;
}

export { scenarios };
