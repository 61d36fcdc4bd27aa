/** A database filled as declared: keys that hold, references that meet, shares that are met, the same rows for the same seed. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { fillDatabase } from '../../compiler/workload/fill-database.ts';
import { volumesOf } from '../../compiler/workload/volumes.ts';
import { loadFiles } from '../load/project.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { engineOf } from './support.ts';

const text = `import { arrayOf, bigint, boolean, date, desc, enumType, integer, jsonb, literal, numeric, ofType, query, range, references, smallint, softReference, sql, table, text, timestamptz, uuid } from 'schemac';
export const grade = enumType('grade', ['a', 'b', 'c']);
export const states = table('states', { columns: { code: text(), label: text() }, primaryKey: ['code'], rows: [{ code: 'on', label: 'On' }, { code: 'off', label: 'Off' }] });
export const people = table('people', { columns: {
    id: bigint({ identity: 'always' }), mail: text({ values: { width: 24 } }), grade: ofType(grade, {}), state: references(() => states, 'code'),
    tags: arrayOf(text(), {}), balance: numeric({ values: { between: [0, 100] } }), twice: integer({ generated: sql\`length(mail) * 2\` }),
    born: date({ nullable: true, values: { nulls: 0.25, between: ['1950-01-01', '2000-12-31'] } }) },
  primaryKey: ['id'], uniques: { people_mail: { columns: ['mail'] } }, expectedRows: 3_000 });
export const parcels = table('parcels', { columns: {
    id: uuid({ values: { follows: 'sent_at' } }), person: references(() => people, 'id'), sent_at: timestamptz(), weight: smallint({ values: { between: [1, 50] } }),
    fragile: boolean({ values: { common: { true: 0.1, false: 0.9 } } }), body: jsonb({ values: { width: 300 } }), paid_at: timestamptz({ nullable: true, values: { nulls: 0.3, follows: 'sent_at' } }), paid_by: text({ nullable: true, values: { nulls: 0.3, distinct: 5, width: 6 } }) },
  primaryKey: ['id', 'sent_at'], expectedRows: 9_000, checks: { parcels_heavy: { expression: sql\`weight > 40 OR fragile\` } },
  indexes: { parcels_person: { on: ['person', desc('sent_at')] } },
  partitionBy: range('sent_at', { every: '1 month', premake: 1, retain: '2 months' }) });
export const visits = table('visits', { columns: { person: softReference(() => people, 'id'), parcel: softReference(() => parcels, 'id', { values: { correlation: 1 } }), day: date(), kind: text({ values: { common: { in: 0.8, out: 0.2 }, width: 3 } }) },
  primaryKey: ['person', 'day', 'kind'], expectedRows: 5_000, partitionBy: range('day', { every: '1 month', premake: 1, retain: '1 month' }) });
export const totals = table('totals', { columns: { day: date(), kind: text({ values: { common: { in: 0.5, out: 0.5 } } }), sum: integer() }, primaryKey: ['day', 'kind'], expectedRows: 700 });
export const asked = query('of_payer', { purpose: 'Asked.', sql: sql\`SELECT id FROM \${parcels} WHERE paid_by = :paid_by\`, samples: { paid_by: 'Ada' } });
`;

const digest = (table: string): string => `SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) AS digest FROM ${table} t`;

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  const clients: pg.Client[] = [];
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(async () => {
    for (const client of clients) await client.end();
    await server?.stop();
  });

  async function filled(source: string, seed: number): Promise<pg.Client> {
    const declared = await loadFiles({ 'schema/main.ts': source });
    expect(declared.diagnostics).toEqual([]);
    const client = new pg.Client({ connectionString: await server.createDatabase() });
    await client.connect();
    clients.push(client);
    await fillDatabase(engineOf(client, major), { declared, volumes: volumesOf(declared), seed, report: () => undefined });
    return client;
  }
  const rowOf = async (client: pg.Client, sql: string): Promise<unknown> => (await client.query(sql)).rows[0];

  it('has the rows, keys, references and shares that were declared', async () => {
    const client = await filled(text, 1);
    expect(
      await rowOf(
        client,
        'SELECT count(*)::int AS rows, count(DISTINCT state)::int AS states, count(DISTINCT grade)::int AS grades FROM people',
      ),
    ).toEqual({ rows: 3000, states: 2, grades: 3 });
    expect(await rowOf(client, 'SELECT count(*)::int AS rows, count(DISTINCT (day, kind))::int AS keys FROM totals')).toEqual({
      rows: 700,
      keys: 700,
    });
    expect(await rowOf(client, `SELECT count(*)::int AS rows, count(DISTINCT tableoid)::int AS partitions FROM parcels`)).toEqual({
      rows: 9000,
      partitions: 3,
    });
    expect(
      await rowOf(
        client,
        `SELECT max(abs(extract(epoch FROM sent_at) - ('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0)) < 1800 AS same FROM parcels`,
      ),
    ).toEqual({ same: true });
    expect(
      await rowOf(client, 'SELECT count(*)::int AS met FROM visits v JOIN parcels p ON p.id = v.parcel JOIN people o ON o.id = v.person'),
    ).toEqual({ met: 5000 });
    const shares = (await rowOf(
      client,
      `SELECT avg(fragile::int)::float AS fragile, avg((paid_at IS NULL)::int)::float AS unpaid, avg((paid_by = 'Ada')::int)::float AS ada, avg(pg_column_size(body))::float AS bytes,
      count(*) FILTER (WHERE (paid_at IS NULL) <> (paid_by IS NULL))::int AS alone FROM parcels`,
    )) as Record<string, number>;
    expect(shares['fragile']).toBeCloseTo(0.1, 1);
    expect(shares['unpaid']).toBeCloseTo(0.3, 1);
    expect(shares['ada']).toBeCloseTo(0.2, 1);
    expect(shares['bytes']).toBeGreaterThan(285);
    expect(shares['bytes']).toBeLessThan(315);
    // 3,000 rows a month that fall on 3,000 people leave 1 of e out.
    const met = (await rowOf(client, `SELECT count(DISTINCT (tableoid, person))::int / 3 AS people FROM parcels`)) as { people: number };
    expect(met.people / (3000 * (1 - Math.exp(-1)))).toBeCloseTo(1, 1);
    // Columns that are empty in the same share of the rows are empty together.
    expect(shares['alone']).toBe(0);
    expect(
      await rowOf(
        client,
        `SELECT avg((born IS NULL)::int)::float > 0.2 AS empty, min(born) >= '1950-01-01' AS low, max(born) <= '2000-12-31' AS high FROM people`,
      ),
    ).toEqual({ empty: true, low: true, high: true });
    // A check asks of what is written from now on.
    await expect(client.query('INSERT INTO parcels SELECT gen_random_uuid(), 1, now(), 1, false')).rejects.toThrow(
      /parcels_heavy|partition/,
    );
    expect(
      await rowOf(
        client,
        `SELECT count(*)::int AS indexes FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid WHERE c.relname = 'parcels' AND indisvalid`,
      ),
    ).toEqual({ indexes: 2 });
  });

  it('is the same for the same seed, and other for another', async () => {
    const digests = async (client: pg.Client): Promise<readonly unknown[]> => [
      await rowOf(client, digest('people')),
      await rowOf(client, digest('parcels')),
      await rowOf(client, digest('visits')),
    ];
    const [first, second, other] = [await filled(text, 7), await filled(text, 7), await filled(text, 8)];
    expect(await digests(second)).toEqual(await digests(first));
    expect(await digests(other)).not.toEqual(await digests(first));
  });

  it('says which values do not fit, and what to declare', async () => {
    const source = `import { smallint, table } from 'schemac';
export const grid = table('grid', { columns: { x: smallint({ values: { common: { 1: 1 } } }) }, primaryKey: ['x'], expectedRows: 50 });`;
    const failure: unknown = await filled(source, 1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DiagnosticError);
    expect((failure as DiagnosticError).diagnostics[0]).toMatchObject({ code: 'fill-failed' });
    expect((failure as DiagnosticError).diagnostics[0]?.hint).toContain('(x)=(1) is duplicated');
  });
});
