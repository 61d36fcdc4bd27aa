/**
 * A table with rows that gets a partition rule, while an application goes on: what each statement
 * locks, what the application reads and writes before, between and during them, where the boundary is
 * drawn for each sort of key, and what is refused.
 */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import type { Statement } from '../../compiler/model/statement.ts';
import { runStep } from '../../compiler/prove/run.ts';
import { apply, loadText, planOnServer } from '../support/corpus.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';

const words = 'bigint, date, integer, materializedView, project, range, references, self, sql, table, text, timestamp, timestamptz, uuid';
const schema = (declarations: string): string =>
  `import { ${words} } from 'schemac';\nexport default project({ postgres: 14 });\n${declarations}\n`;
const events = (more: string, columns = 'id: bigint(), at: timestamptz(), name: text()'): string =>
  `export const events = table('events', { columns: { ${columns} }, ${more} });`;
const plain = events("primaryKey: ['id']");
const partitioned = events("primaryKey: ['id', 'at'], partitionBy: range('at', { every: '1 month' })");
const seed = `INSERT INTO events SELECT n, timestamptz '2025-06-01' + n * interval '1 day', 'old' FROM generate_series(1, 200) n`;

function stepText(step: Statement): string {
  const modes = step.locks.map(({ mode, relation }) => `${mode.replace('Lock', '')} on ${relation.slice(relation.lastIndexOf('.') + 1)}`);
  return [step.step, ...modes, ...(step.scans.length > 0 ? ['scan'] : []), ...(step.rewrites.length > 0 ? ['rewrite'] : [])].join(', ');
}

describe.each(testMajors)('on PostgreSQL %i a table becomes partitioned', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  const planned = async (before: string, after: string, rows = seed): ReturnType<typeof planOnServer> => {
    const loaded = { before: await loadText(schema(before)), after: await loadText(schema(after)) };
    expect([...loaded.before.diagnostics, ...loaded.after.diagnostics].filter(({ severity }) => severity === 'error')).toEqual([]);
    return planOnServer(server, { ...loaded, seed: rows });
  };

  it('with one lock that readers wait for in the exchange, one for the boundary, and no row read in either (rule book P13)', async () => {
    const { engine, transition } = await planned(plain, partitioned);
    await engine.close();
    const about = transition.transactions.filter(({ statements }) => statements.some(({ locks }) => locks.length > 0));
    expect(about.map(({ statements }) => statements.filter(({ locks }) => locks.length > 0).map(stepText))).toEqual([
      ['concurrent, ShareUpdateExclusive on events, scan'],
      ['transactional, AccessExclusive on events'],
      ['validate, ShareUpdateExclusive on events, scan'],
      ['transactional, AccessExclusive on events', 'transactional, AccessExclusive on events'],
      ['transactional, ShareUpdateExclusive on events'],
    ]);
  });

  it('an application that reads and writes between every two transactions, and during them, loses nothing', async () => {
    const { engine, transition } = await planned(plain, partitioned);
    const [database] = await engine.query('SELECT current_database() AS name');
    const url = new URL(server.url);
    url.pathname = `/${database?.['name'] ?? ''}`;
    const client = new Client({ connectionString: url.href });
    await client.connect();
    const expected = new Map(
      (await client.query<{ id: string; name: string }>('SELECT id, name FROM events')).rows.map((row) => [row.id, row.name]),
    );
    let number = 1000;
    const application = async (): Promise<void> => {
      number += 2;
      await client.query(`INSERT INTO events VALUES ($1, '2026-01-14', 'new'), ($2, '2025-07-01', 'gone')`, [number, number + 1]);
      await client.query(`DELETE FROM events WHERE id = $1`, [number + 1]);
      const touched = 1 + (number % 199);
      await client.query(`UPDATE events SET name = 'touched' WHERE id = $1`, [touched]);
      expected.set(String(number), 'new');
      expected.set(String(touched), 'touched');
      const { rows } = await client.query<{ id: string; name: string }>('SELECT id, name FROM events');
      expect(new Map(rows.map((row) => [row.id, row.name]))).toEqual(expected);
    };
    let isOver = false;
    const going = (async () => {
      while (!isOver) await application();
    })();
    for (const { block, statements } of transition.transactions) {
      // The one connection of the application waits for at most what is locked.
      if (block) await engine.execute('BEGIN');
      for (const step of statements) await runStep(engine, step);
      if (block) await engine.execute('COMMIT');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    isOver = true;
    await going;
    await application();
    const parts = await engine.query(`SELECT tableoid::regclass::text AS part, count(*)::text AS rows FROM events GROUP BY 1 ORDER BY 1`);
    expect(parts).toEqual([{ part: 'events_p_before', rows: String(expected.size) }]);
    await client.end();
    await engine.close();
  });

  it.each([
    ['timestamptz', 'id: bigint(), at: timestamptz()', "'2025-06-01'", "every: '1 day'", "TO ('2026-01-23 00:00:00+00')"],
    [
      'timestamptz in a zone',
      'id: bigint(), at: timestamptz()',
      "'2025-06-01'",
      "every: '1 month', zone: 'Europe/Berlin'",
      "TO ('2026-02-28 23:00:00+00')",
    ],
    ['date', 'id: bigint(), at: date()', "'2025-06-01'", "every: '1 year'", "TO ('2028-01-01')"],
    ['timestamp', 'id: bigint(), at: timestamp()', "'2025-06-01'", "every: '1 week'", "TO ('2026-01-26 00:00:00')"],
    [
      'uuid',
      'id: bigint(), at: uuid()',
      "'0193d000-0000-7000-8000-000000000000'",
      "every: '1 month', key: 'uuidv7'",
      "TO ('019ca6b1-dc00-0000-0000-000000000000')",
    ],
    [
      'snowflake',
      'id: bigint(), at: bigint()',
      '10000000000',
      "every: '1 month', key: { epoch: '2020-01-01T00:00:00Z' }",
      "TO ('815735085465600000')",
    ],
    ['number', 'id: bigint(), at: bigint()', '1234', 'every: 100', "TO ('1400')"],
  ])('with the boundary drawn for a key that is a %s', async (_, columns, value, rule, bound) => {
    const before = events("primaryKey: ['id']", columns);
    const after = events(`primaryKey: ['id', 'at'], partitionBy: range('at', { ${rule} })`, columns);
    const { engine, transition } = await planned(before, after, `INSERT INTO events VALUES (1, ${value})`);
    await apply(engine, transition.transactions);
    const [part] = await engine.query(
      `SET TimeZone TO 'UTC'; SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relname = 'events_p_before'`,
    );
    expect(part?.['bound']).toContain(bound);
    await engine.close();
  });

  it('and rows beyond the boundary stop it before anything is exchanged', async () => {
    const { engine, transition } = await planned(plain, partitioned, `${seed}; INSERT INTO events VALUES (0, '9999-12-31', 'by mistake')`);
    await expect(apply(engine, transition.transactions)).rejects.toMatchObject({ code: '23514' });
    expect(await engine.query('SELECT count(*)::text AS rows FROM events')).toEqual([{ rows: '201' }]);
    await engine.execute(`DELETE FROM events WHERE id = 0`);
    const rest = transition.transactions.slice(transition.transactions.findIndex(({ statements }) => statements[0]?.step === 'validate'));
    await apply(engine, rest);
    expect(await engine.query('SELECT count(*)::text AS rows FROM events_p_before')).toEqual([{ rows: '200' }]);
    await engine.close();
  });

  it('an identity goes on where it was, and an owned sequence stays', async () => {
    const columns = "id: bigint({ identity: 'always' }), at: timestamptz(), name: text()";
    const before = events("primaryKey: ['id']", columns);
    const after = events("primaryKey: ['id', 'at'], partitionBy: range('at', { every: '1 month' })", columns);
    const { engine, transition } = await planned(
      before,
      after,
      `INSERT INTO events (at, name) SELECT '2025-06-01', 'x' FROM generate_series(1, 7)`,
    );
    await apply(engine, transition.transactions);
    expect(await engine.query(`INSERT INTO events (at, name) VALUES ('2026-01-15', 'y') RETURNING id::text`)).toEqual([{ id: '8' }]);
    await engine.close();
  });

  it.each([
    [
      'another change of the table',
      'partitioning-with-other-changes',
      plain,
      partitioned.replace('name: text()', 'name: text(), size: integer({ nullable: true })'),
    ],
    [
      'a column that was nullable',
      'partitioning-with-other-changes',
      plain.replace('at: timestamptz()', 'at: timestamptz({ nullable: true })'),
      partitioned,
    ],
    [
      'a materialized view',
      'partitioning-stands-in-the-way',
      ...([plain, partitioned].map(
        (text) => `${text} export const m = materializedView('m', { query: sql\`SELECT count(*) AS n FROM \${events}\` });`,
      ) as [string, string]),
    ],
    [
      'a key that is another one, under a rule',
      'partition-key-changed',
      partitioned,
      partitioned.replace("range('at', { every: '1 month' })", "range('id', { every: 1000 })"),
    ],
  ])('but not beside %s', async (_, code, before, after) => {
    const failure = await planned(before, after, '').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DiagnosticError);
    expect((failure as DiagnosticError).diagnostics.map((each) => each.code)).toEqual([code]);
  });
});
