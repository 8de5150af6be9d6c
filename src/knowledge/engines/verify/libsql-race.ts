import { setTimeout as pause } from 'node:timers/promises';
import { NotChecked } from './engine.ts';
import { type Dialect, type SqlContext, statements } from './sql.ts';

/** How long a transaction stays open between its read and its write, in ms: time for the other process to act. */
const heldOpen = 20;
/** How long a process waits before a round for the other one, which may be slower or have failed, in ms. */
const patienceOfRound = 1_000;
/** The rows by which the processes know of each other begin here: one each, with the round that it is at. */
const firstRacer = 1_000;

/**
 * Adds one to the number of row 1, `times` times, in step with another process that does the same: both wait for each
 * other first, and before every round, so that their transactions are open at the same time. Raises `NotChecked` where
 * the other one does not come within `patience` ms.
 */
export async function raceInStep(context: SqlContext, dialect: Dialect, times: number, patience: number) {
  const { runner, scratch } = context;
  const own = firstRacer + process.pid;
  const enters = (round: number) => runner.query(`UPDATE ${scratch.table} SET n = ${round} WHERE id = ${own}`);
  const other = async () => {
    const text = `SELECT n FROM ${scratch.table} WHERE id >= ${firstRacer} AND id <> ${own}`;
    const [row] = await runner.query(text);
    return row === undefined ? -1 : Number(row.n);
  };
  await runner.query(`INSERT INTO ${scratch.table} (id, n) VALUES (${own}, 0)`);
  const seconds = patience / 1000;
  if (!(await isReached(other, 0, patience))) throw new NotChecked(`no other process came within ${seconds} s`);
  const { count } = statements(context, dialect);
  try {
    for (let round = 1; round <= times; round += 1) {
      await enters(round);
      await isReached(other, round, patienceOfRound);
      await count(runner, () => pause(heldOpen));
    }
  } finally {
    // The other one then waits for nobody.
    await enters(times).catch(() => {});
  }
}

/** Waits until the other process is at that round; false where `patience` ms are over before. */
async function isReached(other: () => Promise<number>, round: number, patience: number): Promise<boolean> {
  const end = Date.now() + patience;
  while ((await other()) < round) {
    if (Date.now() > end) return false;
    await pause(2);
  }
  return true;
}
