/**
 * Texts that mean the same are equal however a server prints them, and what only looks the same is
 * not: two databases that differ in spelling, and the notice where no engine can tell.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSpelledText } from '../../compiler/sources/spelled-text.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer, testMajors, type TestServer } from '../support/servers.ts';
import { databaseWith, diff } from './support.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(newestMajor);
});
afterAll(() => server.stop());

/** A second database with the constraint as the first one prints it, which reads otherwise once more. */
async function restored(table: string, url: string): Promise<string> {
  const definition = await withClient(url, async (client) => {
    const { rows } = await client.query<{ text: string }>(
      `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'states'`,
    );
    return rows[0]?.text ?? '';
  });
  return databaseWith(server, `${table}; ALTER TABLE t ADD CONSTRAINT states ${definition}`);
}

describe('a check that was dumped and restored', () => {
  it('is no difference', async () => {
    const table = 'CREATE TABLE t (state varchar(9))';
    const url = await databaseWith(server, `${table}; ALTER TABLE t ADD CONSTRAINT states CHECK (state IN ('a', 'b'))`);
    const again = await restored(table, url);
    const texts = await Promise.all(
      [url, again].map((one) =>
        withClient(
          one,
          async (client) =>
            (await client.query(`SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'states'`)).rows,
        ),
      ),
    );
    expect(texts[0]).not.toEqual(texts[1]);
    expect(await diff(url, again)).toMatchObject({ exitCode: 0, diagnostics: [] });
  });

  it('is renamed where only its name is another, whatever the spelling', async () => {
    const table = 'CREATE TABLE t (state varchar(9))';
    const url = await databaseWith(server, `${table}; ALTER TABLE t ADD CONSTRAINT states CHECK (state IN ('a', 'b'))`);
    const again = await restored(table, url);
    await withClient(again, (client) => client.query('ALTER TABLE t RENAME CONSTRAINT states TO others'));
    expect((await diff(url, again, { format: 'summary' })).lines).toEqual(['Rename check states of public.t to others.']);
  });

  it('is compared as text with a notice where the engine lacks what it needs, and told on a server that has it', async () => {
    const table = 'CREATE TABLE t (state varchar(9))';
    const check = `ALTER TABLE t ADD CONSTRAINT states CHECK (state COLLATE "de-x-icu" IN ('a', 'b'))`;
    const url = await databaseWith(server, `${table}; ${check}`);
    const again = await restored(table, url);
    const embedded = await diff(url, again, { format: 'summary' });
    expect(embedded.lines).toEqual(['Changes check public.t.states (expression).']);
    expect(embedded.diagnostics).toMatchObject([{ code: 'compared-as-text', severity: 'notice', subject: 'check public.t.states' }]);
    expect(await diff(url, again, { engine: server.url })).toMatchObject({ exitCode: 0, diagnostics: [] });
  });

  it('is a difference where it means something else', async () => {
    const [a, b] = await Promise.all(
      [`state IN ('a', 'b')`, `state IN ('a', 'c')`].map((check) =>
        databaseWith(server, `CREATE TABLE t (state varchar(9), CONSTRAINT states CHECK (${check}))`),
      ),
    );
    expect((await diff(a ?? '', b ?? '', { format: 'summary' })).lines).toEqual(['Changes check public.t.states (expression).']);
  });
});

describe.runIf(testMajors.length > 1)('two majors', () => {
  it('print views, defaults, generated columns and index predicates in their own ways', async () => {
    const schema = `CREATE TABLE t (id integer PRIMARY KEY, state varchar(9) DEFAULT 'a', at timestamptz DEFAULT CURRENT_TIMESTAMP,
        upper text GENERATED ALWAYS AS (upper(state::text)) STORED, CHECK (state IN ('a', 'b') AND at > timestamptz '2020-01-01'));
      CREATE INDEX t_a ON t (lower(state)) WHERE state IN ('a', 'b');
      CREATE VIEW v AS SELECT t.id, o.state, count(*) OVER (PARTITION BY o.state ORDER BY t.id) AS n FROM t JOIN t o USING (id) WHERE EXTRACT(year FROM t.at) > 2020;
      CREATE MATERIALIZED VIEW m AS SELECT x.state FROM (SELECT state FROM t UNION SELECT 'c') x ORDER BY 1;`;
    const oldest = await startServer(testMajors[0] ?? 14);
    try {
      const [old, now] = [await databaseWith(oldest, schema), await databaseWith(server, schema)];
      expect(await diff(old, now, { format: 'summary' })).toMatchObject({ exitCode: 0, lines: ['no difference'] });
      expect(await diff(now, old, { format: 'summary' })).toMatchObject({ exitCode: 0, lines: ['no difference'] });
    } finally {
      await oldest.stop();
    }
  });
});

describe('differences that may be of spelling alone', () => {
  it.each([
    ['((a > 0))', '(a > 0)', true],
    ['SELECT a\n   FROM t', 'SELECT t.a\n   FROM t', true],
    [[{ expression: 'lower(a)' }], [{ expression: 'lower((a)::text)' }], true],
    ['integer', 'bigint', false],
    ['numeric(12,2)', 'numeric(10,2)', false],
    ['character varying(40)[]', 'text[]', false],
    ['lz4', 'pglz', false],
    ['app-owner', 'postgres', false],
    [true, false, false],
    [{ form: 'stored', expression: '(a)' }, undefined, false],
    [['a', 'b'], ['a'], false],
  ])('%j and %j: %s', (left, right, expected) => {
    expect(isSpelledText(left, right)).toBe(expected);
  });
});
