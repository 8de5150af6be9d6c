import assert from 'node:assert/strict';

/**
 * What a SQL runner must do, each point with the mutant it catches. `sql` speaks one dialect: `at(n)` is the n-th
 * placeholder, `blob` the type for bytes, `bytes` the form in which the adapter sends them.
 */
export async function probeSql(runner, { at, blob, bytes = (list) => Uint8Array.from(list) }) {
  const name = 'flue_probe';
  const rows = (found) => found.map(({ id }) => Number(id));
  await runner.query(`DROP TABLE IF EXISTS ${name}`);
  await runner.query(`CREATE TABLE ${name} (id INTEGER PRIMARY KEY, content ${blob}, big BIGINT)`);
  const insert = (to, id) => to.query(`INSERT INTO ${name} (id) VALUES (${at(1)})`, [id]);
  const all = async (from) => rows(await from.query(`SELECT id FROM ${name} ORDER BY id`));

  // The driver's result object instead of its rows.
  await insert(runner, 1);
  const found = await runner.query(`SELECT id FROM ${name} WHERE id = ${at(1)}`, [1]);
  assert.ok(Array.isArray(found), 'query gives an array');
  assert.equal(Object.getPrototypeOf(found), Array.prototype, 'query gives a plain array');
  assert.deepEqual(rows(found), [1]);

  // Parameters turned into text.
  const sent = [0, 255, 1];
  await runner.query(`UPDATE ${name} SET content = ${at(1)} WHERE id = ${at(2)}`, [bytes(sent), 1]);
  const [{ content }] = await runner.query(`SELECT content FROM ${name} WHERE id = 1`);
  assert.deepEqual([...new Uint8Array(content)], sent, 'bytes come back equal');
  const [{ big }] = await runner.query(`SELECT big FROM ${name} WHERE id = 1`);
  assert.equal(big, null, 'NULL is null');

  // The pool instead of the checked-out client; COMMIT on error; the error swallowed or replaced.
  const own = new Error('the callback says no');
  const thrown = await runner
    .transaction(async (tx) => {
      await insert(tx, 2);
      throw own;
    })
    .then(
      () => assert.fail('a throwing callback must reject'),
      (error) => error,
    );
  assert.equal(thrown, own, "the callback's very error is rethrown");
  assert.deepEqual(await all(runner), [1], 'a throwing callback leaves nothing behind');

  // A connection per statement; the result lost.
  const result = await runner.transaction(async (tx) => {
    await insert(tx, 3);
    return { seen: await all(tx) };
  });
  assert.deepEqual(result, { seen: [1, 3] }, 'a transaction reads its own writes and gives its result');
  assert.deepEqual(await all(runner), [1, 3], 'a transaction commits');

  // A failed statement that the callback swallows is lost work, not success (in engines that abort the transaction).
  await runner.query(`DROP TABLE ${name}`);
}
