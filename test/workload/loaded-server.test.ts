/**
 * The plans of the embedded engine at declared volumes against those of a server that is really loaded:
 * the digest schema at 200,000 users, filled by generate_series as its values are declared, analysed.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';

import type { QueryPlan } from '../../compiler/model/workload.ts';
import { readRelations } from '../../compiler/workload/catalog.ts';
import { namesOf, planLines, type PlanNode } from '../../compiler/workload/plan-tree.ts';
import { changePlanDatabase, makePartitions, plannedObjects, preparePlanSession } from '../../compiler/workload/build-database.ts';
import { volumesOf, type Volumes } from '../../compiler/workload/volumes.ts';
import { setTimeout } from 'node:timers/promises';
import * as words from '../../compiler/dsl/index.ts';
import { loadFiles } from '../load/project.ts';
import { gateOf } from './support.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { engineOf } from './support.ts';

const schemaText = `
  export const users = table('users', { columns: { id: bigint(), email: text({ values: { width: 22 } }) }, primaryKey: ['id'], uniques: { users_email: { columns: ['email'] } }, expectedRows: 200_000 });
  export const preferences = table('preferences', {
    columns: { user_id: references(() => users, 'id'), enabled: boolean({ values: { common: { true: 0.9, false: 0.1 } } }),
      zone: text({ values: { distinct: 40, width: 7 } }), hour: smallint({ values: { between: [0, 23] } }) },
    primaryKey: ['user_id'], expectedRows: 200_000,
    indexes: { preferences_due: { on: ['zone', 'hour', 'user_id'], where: sql\`enabled\` } } });
  export const digests = table('digests', {
    columns: { id: bigint(), user_id: references(() => users, 'id'), created_at: timestamptz(), kind: text({ values: { common: { daily: 0.9, weekly: 0.1 }, width: 5 } }), subject: text({ values: { width: 30, distinct: 600_000 } }) },
    primaryKey: ['id', 'created_at'], expectedRows: 600_000,
    indexes: { digests_user: { on: ['user_id', desc('created_at')] } },
    partitionBy: range('created_at', { every: '1 month', premake: 1, retain: '2 months' }) });
  const q = (name, text, samples) => query(name, { purpose: 'Asked.', sql: text, samples });
  export const a = q('by_key', sql\`SELECT * FROM \${preferences} WHERE user_id = :id\`, { id: 4242 });
  export const b = q('by_email', sql\`SELECT id FROM \${users} WHERE email = :email\`, { email: 'user 004242 of the test' });
  export const c = q('due', sql\`SELECT user_id FROM \${preferences} WHERE enabled AND zone = :zone AND hour = :hour AND user_id > :after ORDER BY user_id LIMIT 100\`, { zone: 'zone 07', hour: 8, after: 0 });
  export const d = q('latest', sql\`SELECT id, created_at FROM \${digests} WHERE user_id = :id ORDER BY created_at DESC LIMIT 5\`, { id: 4242 });
  export const e = q('by_link', sql\`SELECT * FROM \${digests} WHERE id = :id AND created_at = :at\`, { id: 300000, at: '2025-12-16 00:00+00' });
  export const f = q('month_of_user', sql\`SELECT id FROM \${digests} WHERE user_id = :id AND created_at >= :first AND created_at < :last\`, { id: 4242, first: '2025-12-01 00:00+00', last: '2026-01-01 00:00+00' });
  export const g = q('by_subject', sql\`SELECT id FROM \${digests} WHERE subject = :subject\`, { subject: 'x' });
  export const h = q('kinds', sql\`SELECT kind, count(*) FROM \${digests} WHERE created_at >= :first GROUP BY kind\`, { first: '2026-01-01 00:00+00' });
  export const i = q('batch', sql\`SELECT * FROM \${preferences} WHERE user_id = ANY (:ids)\`, { ids: [5, 50, 500, 5000, 50000] });
  export const j = q('with_email', sql\`SELECT u.id, p.zone FROM \${users} u JOIN \${preferences} p ON p.user_id = u.id WHERE u.email = :email\`, { email: 'user 004242 of the test' });
  export const k = q('erase', sql\`DELETE FROM \${digests} WHERE user_id = :id\`, { id: 4242 });
  export const l = q('off', sql\`SELECT count(*) FROM \${preferences} WHERE NOT enabled\`, {});
  export const m = q('one_zone', sql\`SELECT count(*) FROM \${preferences} WHERE zone = :zone\`, { zone: 'zone 07' });
`;
/** Three months hold rows: 200,000 digests each. */
const fill = `
  INSERT INTO users SELECT n, 'user ' || lpad(n::text, 6, '0') || ' of the test' FROM generate_series(1, 200000) n;
  INSERT INTO preferences SELECT n, n % 10 <> 0, 'zone ' || lpad(n % 40 || '', 2, '0'), n / 40 % 24 FROM generate_series(1, 200000) n;
  INSERT INTO digests SELECT m * 200000 + n, 1 + (hashint8(m * 200000 + n) & 2147483647) % 200000,
    timestamptz '2025-11-01 00:00+00' + m * interval '1 month' + (n - 1) * (CASE m WHEN 0 THEN interval '30 days' ELSE interval '31 days' END) / 200000,
    CASE WHEN n % 10 = 0 THEN 'weekly' ELSE 'daily' END, lpad((hashint8(n * 31 + m) & 2147483647) || '', 30, '0')
  FROM generate_series(0, 2) m, generate_series(1, 200000) n`;

describe.runIf(testMajors.includes(18))('on PostgreSQL 18, the major of the embedded engine', () => {
  let server: TestServer;
  let client: pg.Client;
  let declared: DeclaredSchema;
  let predicted: ReadonlyMap<string, QueryPlan>;
  const real = new Map<string, { readonly lines: readonly string[]; readonly cost: number }>();

  beforeAll(async () => {
    declared = await loadFiles({ 'schema/main.ts': `import { ${Object.keys(words).join(', ')} } from 'schemac';\n${schemaText}` });
    expect(declared.diagnostics).toEqual([]);
    server = await startServer(18);
    client = new pg.Client({ connectionString: await server.createDatabase() });
    await client.connect();
    await loadServer(client, declared, volumesOf(declared));
    const { plans, findings } = await gateOf(declared);
    expect(findings).toEqual([]);
    predicted = new Map(plans.map((plan) => [plan.query, plan]));
    await readPlans(client, plans, declared, real);
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  const names = [...schemaText.matchAll(/q\('(\w+)', sql/g)].map((match) => match[1] ?? '');

  it('all queries are planned', () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
    expect([...predicted.keys()]).toEqual(names);
  });

  it.each(names)('%s: the same nodes and indexes, and a cost within 10 percent', (name) => {
    const [guess, truth] = [predicted.get(name), real.get(name)];
    expect(withoutFigures(guess?.plan ?? [])).toEqual(withoutFigures(truth?.lines ?? []));
    expect((guess?.cost ?? 0) / (truth?.cost ?? 1)).toBeGreaterThan(0.9);
    expect((guess?.cost ?? 0) / (truth?.cost ?? 1)).toBeLessThan(1.1);
  });
});

const withoutFigures = (lines: readonly string[]): readonly string[] => lines.map((line) => line.replace(/ {2}cost .*/, ''));

async function loadServer(client: pg.Client, declared: DeclaredSchema, volumes: Volumes): Promise<void> {
  const engine = engineOf(client);
  await preparePlanSession(engine);
  await changePlanDatabase(engine, [], plannedObjects(declared.objects));
  for (const volume of volumes.values()) if (volume.rule !== undefined) await makePartitions(engine, volume, volume.rule);
  // A worker that analyses at the same time would keep pages from being all-visible.
  const tables = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  for (const { name } of tables.rows) await client.query(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`);
  await client.query(fill);
  const filled = await client.query<{ name: string }>(`
    SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0`);
  // Rows that come in another order than an index leave its pages half full; volumes declare no bloat.
  for (const { name } of filled.rows) await client.query(`REINDEX TABLE ${name}`);
  // 300 rows are read for each unit of the target: all rows, so that no figure is left to the sample.
  await client.query('SET default_statistics_target = 1000');
  for (const { name } of filled.rows) await vacuumUntilAllVisible(client, name);
  // The partitions below were analysed; an empty one never is, and would be read as such.
  await client.query('ANALYZE ONLY digests');
  await client.query('SET max_parallel_workers_per_gather = 0; SET jit = off');
}

/**
 * A page counts as visible to all only when no snapshot is left that began before its rows: the server's
 * own workers hold such for a moment, so one VACUUM is not enough.
 */
async function vacuumUntilAllVisible(client: pg.Client, table: string): Promise<void> {
  for (let attempt = 1; attempt <= 60; attempt += 1) {
    await client.query(`VACUUM (ANALYZE, FREEZE) ${table}`);
    const answer = await client.query<{ whole: boolean }>(
      `SELECT relallvisible = relpages AS whole FROM pg_class WHERE oid = '${table}'::regclass`,
    );
    if (answer.rows[0]?.whole === true) return;
    await setTimeout(500);
  }
  throw new Error(`a snapshot older than the rows of ${table} stayed for 30 seconds`);
}

async function readPlans(
  client: pg.Client,
  plans: readonly QueryPlan[],
  declared: DeclaredSchema,
  into: Map<string, { readonly lines: readonly string[]; readonly cost: number }>,
): Promise<void> {
  const names = namesOf(await readRelations(engineOf(client)), 'plain');
  for (const plan of plans) {
    const samples: Readonly<Record<string, unknown>> = declared.queries.find(({ name }) => name === plan.query)?.use.samples ?? {};
    await client.query(`SET plan_cache_mode = force_custom_plan; PREPARE asked AS ${plan.text}`);
    const values = plan.parameters.map(({ name }) => literalOf(samples[name]));
    const answer = await client.query(`EXPLAIN (FORMAT JSON) EXECUTE asked${values.length === 0 ? '' : ` (${values.join(', ')})`}`);
    const [{ Plan }] = (answer.rows[0] as { 'QUERY PLAN': [{ Plan: PlanNode }] })['QUERY PLAN'];
    into.set(plan.query, { lines: planLines(Plan, names), cost: Plan['Total Cost'] });
    await client.query('DEALLOCATE asked');
  }
}

function literalOf(value: unknown): string {
  return Array.isArray(value) ? `'{${value.join(',')}}'` : `'${String(value)}'`;
}
