/**
 * The embedded engine as the compiler uses it: what it answers, what it refuses, what it isolates.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { embeddedExtensions, openEngine } from '../../compiler/engine/open.ts';
import { errorOf, removeFolder, temporaryFolder } from './support.ts';

const cacheFolder = temporaryFolder();
let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ cacheFolder });
});
afterAll(async () => {
  await engine.close();
  removeFolder(cacheFolder);
});

test('says which PostgreSQL it is', async () => {
  expect(engine.identity.name).toMatch(/^PGlite \d+\.\d+\.\d+ \(PostgreSQL 18\.\d+\)$/);
  expect(engine.identity.major).toBe(18);
});

test('every value is the text that PostgreSQL prints', async () => {
  const sql = `SELECT true AS yes, NULL::int AS nothing, '{"a": [1, null]}'::jsonb AS json, ARRAY['a','b c',NULL] AS list,
    1.50::numeric AS exact, 0.1::float8 + 0.2 AS double, 9007199254740993 AS big, '\\x00ff'::bytea AS bytes, '' AS empty, 'é€😀' AS text,
    timestamptz '2026-01-02 03:04:05.678+02' AS moment, date '2026-01-02' AS day, interval '1 month 2 hours' AS span, (1, 'x') AS record`;
  expect(await engine.query(sql)).toEqual([
    {
      yes: 't',
      nothing: null,
      json: '{"a": [1, null]}',
      list: '{a,"b c",NULL}',
      exact: '1.50',
      double: '0.30000000000000004',
      big: '9007199254740993',
      bytes: '\\x00ff',
      empty: '',
      text: 'é€😀',
      moment: '2026-01-02 01:04:05.678+00',
      day: '2026-01-02',
      span: '1 mon 02:00:00',
      record: '(1,x)',
    },
  ]);
});

test('rows of several megabytes arrive whole', async () => {
  const rows = await engine.query(`SELECT repeat('é', 3000000) AS large, n::text FROM generate_series(1, 2) n`);
  expect(rows.map((row) => [row['large']?.length, row['n']])).toEqual([
    [3000000, '1'],
    [3000000, '2'],
  ]);
  expect(rows[1]?.['large']).toBe('é'.repeat(3000000));
});

test('an error carries code, position in characters, detail and hint', async () => {
  const syntax = await errorOf(engine.query("SELECT 'é€😀' FRM x y"));
  expect([syntax.code, syntax.position]).toEqual(['42601', 18]);
  await engine.execute('CREATE TABLE unique_ones (id int PRIMARY KEY); INSERT INTO unique_ones VALUES (7)');
  const duplicate = await errorOf(engine.execute('INSERT INTO unique_ones VALUES (7)'));
  expect([duplicate.code, duplicate.detail]).toEqual(['23505', 'Key (id)=(7) already exists.']);
  const operator = await errorOf(engine.query('SELECT 1 + ARRAY[1]'));
  expect([operator.code, operator.position, operator.hint]).toEqual(['42883', 10, expect.stringContaining('No operator matches')]);
});

test('statements sent together are one transaction, as in the simple query protocol', async () => {
  await errorOf(engine.execute('CREATE TABLE half (id int); SELECT 1 / 0'));
  expect(await engine.query("SELECT to_regclass('half') AS found")).toEqual([{ found: null }]);
});

test('a failed statement in a transaction leaves the engine usable after ROLLBACK', async () => {
  await engine.execute('BEGIN');
  await engine.execute('CREATE TABLE gone (id int)');
  expect((await errorOf(engine.query('SELECT no_such_column FROM gone'))).code).toBe('42703');
  expect((await errorOf(engine.query('SELECT 1'))).code).toBe('25P02');
  await engine.execute('ROLLBACK');
  expect(await engine.query("SELECT to_regclass('gone') AS found")).toEqual([{ found: null }]);
});

test('indexes build concurrently and a DO block commits', async () => {
  await engine.execute('CREATE TABLE numbers (n int)');
  await engine.execute('DO $$ BEGIN FOR i IN 1..3 LOOP INSERT INTO numbers VALUES (i); COMMIT; END LOOP; END $$');
  await engine.execute('CREATE INDEX CONCURRENTLY numbers_n ON numbers (n)');
  expect(
    await engine.query("SELECT count(*), (SELECT indisvalid FROM pg_index WHERE indexrelid = 'numbers_n'::regclass) AS valid FROM numbers"),
  ).toEqual([{ count: '3', valid: 't' }]);
});

test('a table far larger than the buffers keeps its rows', async () => {
  await engine.execute('CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 20) AS filling FROM generate_series(1, 50000) n');
  await engine.execute('CREATE INDEX ON wide (n); DELETE FROM wide WHERE n % 2 = 0');
  await engine.execute('VACUUM FULL wide');
  expect(
    await engine.query('SELECT count(*), sum(n), count(*) FILTER (WHERE filling = repeat(md5(n::text), 20)) AS intact FROM wide'),
  ).toEqual([{ count: '25000', sum: '625000000', intact: '25000' }]);
  await engine.execute('DROP TABLE wide');
});

test('two engines share nothing', async () => {
  const other = await openEngine({ cacheFolder });
  await engine.execute('CREATE TABLE only_here (id int)');
  await other.execute('CREATE TABLE only_there (id int)');
  const tables = "SELECT relname FROM pg_class WHERE relname LIKE 'only_%' AND relkind = 'r'";
  expect(await engine.query(tables)).toEqual([{ relname: 'only_here' }]);
  expect(await other.query(tables)).toEqual([{ relname: 'only_there' }]);
  await other.close();
  expect(await engine.query(tables)).toEqual([{ relname: 'only_here' }]);
});

test('says what it lacks', async () => {
  const lacking = ['compression lz4', 'collation de-x-icu', 'security-label', 'extension citext', 'extension postgis', 'method bloom'];
  expect(lacking.filter((capability) => engine.has(capability))).toEqual([]);
  const there = ['compression pglz', 'collation C', 'collation ucs_basic', 'extension plpgsql', 'method gin', 'method heap'];
  expect(there.filter((capability) => !engine.has(capability))).toEqual([]);
  expect((await errorOf(engine.execute('CREATE TABLE squeezed (t text COMPRESSION lz4)'))).code).toBe('0A000');
});

test('an extension that was asked for can be created, one that was not cannot', async () => {
  const other = await openEngine({ cacheFolder, extensions: ['citext', 'uuid-ossp', 'earthdistance', 'postgis'] });
  expect(['citext', 'uuid-ossp', 'earthdistance', 'postgis'].map((name) => other.has(`extension ${name}`))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  await other.execute('CREATE EXTENSION citext; CREATE EXTENSION "uuid-ossp"; CREATE EXTENSION earthdistance CASCADE');
  expect(await other.query("SELECT 'A'::citext = 'a'::citext AS same, length(uuid_generate_v4()::text), earth()::int")).toEqual([
    { same: 't', length: '36', earth: '6378168' },
  ]);
  await other.close();
  expect((await errorOf(engine.execute('CREATE EXTENSION citext'))).code).toBe('0A000');
});

test('every extension on the list can be created', async () => {
  const other = await openEngine({ cacheFolder, extensions: embeddedExtensions() });
  const failed: string[] = [];
  for (const name of embeddedExtensions()) {
    await other
      .execute(`CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE`)
      .catch((error: Error) => failed.push(`${name}: ${error.message}`));
  }
  expect(failed).toEqual([]);
  await other.close();
});

test('COPY FROM STDIN is refused and the session lives', async () => {
  expect((await errorOf(engine.execute('COPY unique_ones FROM STDIN'))).code).toBe('57014');
  expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
});

test('endless recursion is an error and the session lives', async () => {
  await engine.execute('CREATE FUNCTION endless(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN endless(n + 1); END $$');
  expect((await errorOf(engine.query('SELECT endless(1)'))).code).toBe('54001');
  expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
});

test('a statement that ends the server says so, and so does every later one', async () => {
  const other = await openEngine({ cacheFolder });
  expect((await errorOf(other.query(`SELECT ${'1 + '.repeat(20_000)} 1`))).code).toBe('54001');
  expect((await errorOf(other.query('SELECT 1'))).code).toBe('57P01');
  await other.close();
  expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
});

test('the exit code of the process stays what it was', async () => {
  const before = process.exitCode;
  process.exitCode = 3;
  const other = await openEngine({ cacheFolder });
  const opened = process.exitCode;
  await other.close();
  expect([opened, process.exitCode]).toEqual([3, 3]);
  process.exitCode = before;
});
