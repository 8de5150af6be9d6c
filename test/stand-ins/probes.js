import assert from 'node:assert/strict';

/**
 * @param {any} runner
 * @param {{ at: (n: number) => string, blob: string, bytes?: (list: number[]) => ArrayBuffer | Uint8Array }} dialect
 *
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
  assert.deepEqual(await insert(runner, 1), [], 'a statement without rows gives none');
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

/** What a Redis runner must do, each point with the mutant it catches. */
export async function probeRedis(runner) {
  const key = (name) => `flue:probe:${name}`;
  const text = (reply) => (reply instanceof Uint8Array ? Buffer.from(reply).toString() : reply);
  const texts = (reply) => reply.map(text);
  await runner.command('DEL', ['text', 'bytes', 'hash', 'list', 'half'].map(key));

  assert.equal(text(await runner.command('SET', [key('text'), 'one'])), 'OK');
  assert.equal(text(await runner.command('GET', [key('text')])), 'one');
  assert.equal(await runner.command('GET', [key('nothing')]), null, 'what is missing is null');
  assert.equal(Number(await runner.command('INCRBY', [key('list'), 41])), 41, 'numbers arrive as numbers');

  // Arguments or replies turned into text.
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  await runner.command('SET', [key('bytes'), bytes]);
  assert.deepEqual([...Buffer.from(await runner.command('GET', [key('bytes')]))], [...bytes], 'bytes come back equal');

  // A reply shape of the client's own.
  await runner.command('HSET', [key('hash'), 'a', '1', 'b', '2']);
  assert.deepEqual(
    texts(await runner.command('HGETALL', [key('hash')])),
    ['a', '1', 'b', '2'],
    'a hash is a flat list',
  );
  assert.deepEqual(await runner.command('HGETALL', [key('nothing')]), [], 'a missing hash is an empty list');
  assert.equal(await runner.command('HSETNX', [key('hash'), 'a', '9']), 0, 'HSETNX answers 0 or 1');

  // Keys and arguments swapped.
  const reply = await runner.eval('return {KEYS[1], ARGV[1], #ARGV, 7}', [key('text')], ['x', 2]);
  assert.deepEqual(
    [text(reply[0]), text(reply[1]), ...reply.slice(2)],
    [key('text'), 'x', 2, 7],
    'keys before arguments',
  );
  assert.equal(await runner.eval('return false', [], []), null);
  await assert.rejects(runner.eval('return redis.error_reply("no")', [], []), 'an error reply rejects');

  // Results dropped or out of order.
  const results = await runner.pipeline([
    { command: 'SET', args: [key('text'), 'two'] },
    { command: 'GET', args: [key('text')] },
    { command: 'GET', args: [key('bytes')] },
    { command: 'STRLEN', args: [key('text')] },
  ]);
  assert.equal(results.length, 4, 'one result per command');
  assert.deepEqual([text(results[0]), text(results[1]), results[3]], ['OK', 'two', 3], 'in order');
  assert.deepEqual([...Buffer.from(results[2])], [...bytes], 'bytes come back equal from a pipeline');

  // An error returned as a value.
  await assert.rejects(
    runner.pipeline([
      { command: 'SET', args: [key('half'), '1'] },
      { command: 'HGET', args: [key('half'), 'x'] },
    ]),
    'an error inside a pipeline rejects',
  );
  await assert.rejects(runner.command('HGET', [key('text'), 'x']), 'an error rejects');
}
