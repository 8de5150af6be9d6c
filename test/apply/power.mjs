// Power cuts: a run is recorded call by call, and after each of them the disk is left as losing power would leave it. Then the next run has to find,
// or make, a tree that is whole.
import path from 'node:path';
import { linesOf } from './attacks.mjs';
import { Disk, randomFrom } from './disk.mjs';
import { difference, folderFor, place, putBack, run, stateOf } from './scenarios.mjs';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('./scenarios.mjs').Place} Place */
/** @typedef {import('./disk.mjs').Call} Call */
/** A recording: the disk before it, and the calls. @typedef {{ at: Place, home: string, origin: Disk, calls: Call[], before: Record<string, string>, after: Record<string, string> }} Recording */

/** Records a run from its beginning to its end. @param {Scenario} scenario @returns {Promise<Recording>} */
export async function record(scenario) {
  const at = await place(scenario);
  return recorded(at, (log) => run(at, { log }));
}

/** Records the run that puts back what one has left that was killed at a call. @param {Scenario} scenario @param {number} killed @returns {Promise<Recording>} */
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
  return { at, home, origin, calls: linesOf(log), before, after: stateOf(at.tree) };
}

/**
 * The power goes after that many calls. @param {Recording} recording @param {number} count @param {import('./disk.mjs').Loss} loss
 * @param {number} seed @returns {Promise<string | null>} what went wrong
 */
export async function cut({ at, home, origin, calls, before, after }, count, loss, seed) {
  origin.restart('ordered', Math.random);
  const disk = new Disk(home);
  for (const call of calls.slice(0, count)) disk.take(call);
  disk.restart(loss, randomFrom(seed));
  const next = await putBack(at);
  if (next.code !== 2) return `the next run exits ${next.code}: ${next.said}`;
  const now = stateOf(at.tree);
  if (difference(now, after).length === 0) return null;
  const over = count === calls.length ? 'it had ended, and its work is lost' : null;
  if (!over && difference(now, before).length === 0) return null;
  return (
    over ?? `neither before (${difference(now, before).join(', ')}) nor after (${difference(now, after).join(', ')})`
  );
}

/**
 * Every power cut of a recording, as functions: each of them writes over the place of the last. @param {Recording} recording @param {number} seeds
 * @returns {{ name: string, run: () => Promise<string | null> }[]}
 */
export function cuts(recording, seeds) {
  const losses = /** @type {const} */ (['strict', 'ordered', ...Array(seeds).fill('random')]);
  return recording.calls.flatMap((_, i) =>
    losses.map((loss, seed) => ({
      name: `after ${i + 1} of ${recording.calls.length}, ${loss} ${seed}`,
      run: () => cut(recording, i + 1, loss, i * 100 + seed),
    })),
  );
}
