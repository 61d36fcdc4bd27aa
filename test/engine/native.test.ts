/**
 * The engine on a real server: the same answers as the embedded one gives, and nothing left behind.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine, openState } from '../../compiler/engine/open.ts';
import { connect, type ServerConnection } from '../../compiler/engine/server-connection.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { errorOf, removeFolder, temporaryFolder } from './support.ts';

describe.each(testMajors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let admin: ServerConnection;
  beforeAll(async () => {
    server = await startServer(major);
    admin = await connect(server.url);
  });
  afterAll(async () => {
    await admin.end();
    await server.stop();
  });

  const request = (): { using: string; cacheFolder: string } => ({ using: server.url, cacheFolder: '/nowhere' });
  const scratches = async (): Promise<readonly (string | null | undefined)[]> =>
    (await admin.run("SELECT datname FROM pg_database WHERE datname LIKE 'schemac\\_scratch\\_%' ORDER BY 1")).map((row) => row['datname']);

  test('columns that PostgreSQL calls alike are all in the answer, in their order', async () => {
    const cacheFolder = temporaryFolder();
    for (const engine of [await openEngine(request()), await openEngine({ cacheFolder })]) {
      const [row] = await engine.query(`SELECT format('one') , NULL, format('two'), 3 AS "2"`);
      expect(row).toEqual({ format: 'one', '?column?': null, 'format (column 3)': 'two', '2': '3' });
      await engine.close();
    }
    removeFolder(cacheFolder);
  });

  test('works in a database of its own and drops it', async () => {
    const before = await scratches();
    const engine = await openEngine(request());
    expect(engine.identity).toEqual({ name: expect.stringMatching(new RegExp(`^PostgreSQL ${major}\\.\\d+$`)), major });
    const [own] = await engine.query(
      'SELECT current_database() AS name, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()',
    );
    expect(own).toEqual({ name: expect.stringMatching(/^schemac_scratch_\d{10}_[0-9a-f]{12}$/), encoding: 'UTF8' });
    expect(await scratches()).toEqual([...before, own?.['name']].sort());
    await engine.execute('CREATE TABLE t (id int); INSERT INTO t VALUES (1)');
    expect(await engine.query('SELECT id, true AS yes, NULL AS nothing, 1.50 AS exact FROM t')).toEqual([
      { id: '1', yes: 't', nothing: null, exact: '1.50' },
    ]);
    await engine.close();
    expect(await scratches()).toEqual(before);
  });

  test('a failed statement in a transaction leaves it usable, the error carries its place', async () => {
    const engine = await openEngine(request());
    await engine.execute('BEGIN');
    const error = await errorOf(engine.query("SELECT 'é€😀' FRM x y"));
    expect([error.code, error.position]).toEqual(['42601', 18]);
    await engine.execute('ROLLBACK');
    expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
    await engine.execute('CREATE TABLE t (id int)');
    await engine.execute('CREATE INDEX CONCURRENTLY t_id ON t (id)');
    await engine.close();
  });

  test('sweeps old scratch databases that nobody uses, and nothing else', async () => {
    const day = 86_400;
    const now = Math.floor(Date.now() / 1000);
    const old = `schemac_scratch_${now - 2 * day}_00000000000a`;
    const used = `schemac_scratch_${now - 2 * day}_00000000000b`;
    const young = `schemac_scratch_${now - day / 2}_00000000000c`;
    const lookalike = `schemac_scratch_${now - 2 * day}_mine`;
    const urls: string[] = [];
    for (const name of [old, used, young, lookalike]) urls.push(await server.createDatabase(name));
    const user = await connect(urls[1] ?? '');
    const engine = await openEngine(request());
    const left = await scratches();
    expect([old, used, young, lookalike].map((name) => left.includes(name))).toEqual([false, true, true, true]);
    await engine.close();
    await user.end();
  });

  test('keeps no state', async () => {
    const engine = await openEngine(request());
    await engine.keep('key');
    expect(await openState(request(), 'key')).toBe(undefined);
    await engine.close();
  });

  test('a password is in no message', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'hunter2';
    wrong.username = 'nobody_of_that_name';
    const messages: string[] = [];
    for (const using of [wrong.href, 'postgres://me:hunter2@127.0.0.1:1/x', 'postgres://me:hunter2@:not a url']) {
      await openEngine({ using, cacheFolder: '/nowhere' }).then(
        () => messages.push('opened'),
        (error: unknown) => messages.push(`${String(error)} ${JSON.stringify(error)} ${(error as Error).stack ?? ''}`),
      );
    }
    expect(messages).toHaveLength(3);
    expect(messages.filter((message) => message.includes('hunter2') || message === 'opened')).toEqual([]);
  });
});

test('an engine that is neither is refused', async () => {
  await expect(openEngine({ using: 'mysql://root:hunter2@localhost', cacheFolder: '/nowhere' })).rejects.toThrow(
    /^an engine is "embedded" or a postgres:\/\/ URL$/,
  );
});
