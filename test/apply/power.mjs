// Kills and power cuts: a run is recorded call by call, and after each of them the disk is left as the one or the other
// would leave it. Then the next run has to find, or make, a tree that is whole.
import path from 'node:path';
import { linesOf } from './attacks.mjs';
import { Disk, randomFrom } from './disk.mjs';
import { difference, folderFor, place, putBack, run, stateOf } from './scenarios.mjs';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('./scenarios.mjs').Place} Place */
/** @typedef {import('./disk.mjs').Call} Call */
/**
 * A recording: the disk before it, and the calls.
 * @typedef {{ at: Place, origin: Disk, calls: Call[], before: Record<string, string>, after: Record<string, string> }}
 * Recording
 */

/** Records a run from its beginning to its end. @param {Scenario} scenario @returns {Promise<Recording>} */
export async function record(scenario) {
  const at = await place(scenario);
  return recorded(at, (log) => run(at, { log }));
}

/**
 * Records the run that puts back what one has left that was killed at a call.
 * @param {Scenario} scenario
 * @param {number} killed
 * @returns {Promise<Recording>}
 */
export async function recordRecovery(scenario, killed) {
  const at = await place(scenario);
  const before = stateOf(at.tree);
  await run(at, { kill: killed });
  return { ...(await recorded(at, (log) => putBack(at, { log }))), before };
}

/** @param {Place} at @param {(log: string) => Promise<unknown>} how @returns {Promise<Recording>} */
async function recorded(at, how) {
  const home = path.dirname(at.tree);
  const before = stateOf(at.tree);
  const origin = new Disk(home);
  const log = path.join(folderFor('log'), 'log');
  await how(log);
  return { at, origin, calls: linesOf(log), before, after: stateOf(at.tree) };
}

/**
 * Stops a recorded run after each of its calls, in every way that a disk can lose what was not flushed, and lets the
 * next run put back what is left.
 * @param {Recording} recording @param {readonly import('./disk.mjs').Loss[]} losses
 * @param {(at: Place) => Promise<string | null>} recover gives what went wrong
 * @returns {Promise<{ tried: number, wrong: string[] }>}
 */
export async function stopEverywhere({ at, origin, calls, before, after }, losses, recover) {
  /** @type {string[]} */
  const wrong = [];
  /** @type {(isOver: boolean) => string | null} */
  const lost = (isOver) => {
    const now = stateOf(at.tree);
    if (difference(now, after).length === 0) return null;
    if (isOver) return 'it had ended, and its work is lost';
    if (difference(now, before).length === 0) return null;
    return `neither before (${difference(now, before).join(', ')}) nor after (${difference(now, after).join(', ')})`;
  };
  // A token that outlives a power cut without its journal is an empty folder, which the next run in the project takes
  // away.
  /** @type {(loss: string) => string | null} */
  const kept = (loss) => {
    const names = Object.keys(stateOf(at.state)).filter((name) => name !== 'flue');
    return loss === 'nothing' && names.length > 0 ? `the user's own folder keeps ${names.join(', ')}` : null;
  };
  for (const [i, call] of calls.entries()) {
    origin.take(call);
    for (const [seed, loss] of losses.entries()) {
      origin.restart(loss, randomFrom(i * 100 + seed));
      const problem = (await recover(at)) ?? lost(i === calls.length - 1) ?? kept(loss);
      if (problem) wrong.push(`after ${i + 1} of ${calls.length}, ${loss} ${seed}: ${problem}`);
    }
  }
  return { tried: calls.length * losses.length, wrong };
}
