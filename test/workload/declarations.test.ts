/**
 * What is declared too tidily, against a server that is not: churn is caught by a profile, skew and bloat
 * are caught once they are declared, and what they do to a plan is what the server does.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import type { QueryPlan } from '../../compiler/model/workload.ts';
import { readRelations } from '../../compiler/workload/catalog.ts';
import { fillDatabase } from '../../compiler/workload/fill-database.ts';
import type { GateResult } from '../../compiler/workload/gate.ts';
import { namesOf, type Names, type PlanNode } from '../../compiler/workload/plan-tree.ts';
import { broken, factsOf, type RowsOf } from '../../compiler/workload/verdict.ts';
import { volumesOf } from '../../compiler/workload/volumes.ts';
import { loadText } from '../load/project.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { engineOf, gateOf, planOnServer, rowsOnServer, setPlanner } from './support.ts';

const schema = (rows: string, person: string): string => `
  export const visits = table('visits', { columns: { id: bigint(), person: integer({ values: ${person} }), score: integer({ values: { between: [1, 10_000], distinct: 10_000 } }), note: text({ values: { width: 60, distinct: 90_000 } }) },
    primaryKey: ['id'], expectedRows: ${rows}, indexes: { visits_person: { on: ['person'] }, visits_score: { on: ['score'] } } });
  const asked = (name, text, samples, budget) => query(name, { purpose: 'Asked.', sql: text, samples, budget });
  export const a = asked('of_person', sql\`SELECT note FROM \${visits} WHERE person = :person\`, { person: 7 }, { noSeqScan: true });
  export const b = asked('low_scores', sql\`SELECT count(*) FROM \${visits} WHERE score <= :most\`, { most: 5_000 }, { noSeqScan: true });
  export const c = asked('noted', sql\`SELECT id FROM \${visits} WHERE note = :note\`, { note: 'x' }, { });
`;
const tidy = schema('100_000', '{ between: [1, 20_000], distinct: 20_000 }');
const skewed = schema('100_000', '{ between: [1, 20_000], distinct: 20_000, common: { 7: 0.6 } }');
const bloated = schema('{ now: 100_000, bloat: 2 }', '{ between: [1, 20_000], distinct: 20_000, common: { 7: 0.6 } }');

const found = ({ findings }: GateResult): readonly string[] =>
  findings.map(({ query, message }) => `${query} ${/\((as declared|after churn|ten times the rows)/.exec(message)?.[1] ?? ''}`);

describe.runIf(testMajors.includes(18))('on PostgreSQL 18, the major of the embedded engine', () => {
  let server: TestServer;
  let client: pg.Client;
  let real: DeclaredSchema;
  let names: Names;
  let rowsOf: RowsOf;
  let plans: ReadonlyMap<string, QueryPlan>;

  beforeAll(async () => {
    real = await loadText(skewed);
    expect(real.diagnostics).toEqual([]);
    server = await startServer(18);
    client = new pg.Client({ connectionString: await server.createDatabase() });
    await client.connect();
    await fillDatabase(engineOf(client), {
      declared: real,
      volumes: volumesOf(real),
      seed: 1,
      report: () => undefined,
      statisticsTarget: 1000,
    });
    await setPlanner(client, real);
    await client.query('SET max_parallel_workers_per_gather = 0');
    rowsOf = await rowsOnServer(client);
    names = namesOf(await readRelations(engineOf(client)), 'plain');
    plans = new Map((await gateOf(real)).plans.map((plan) => [plan.query, plan]));
  }, 120_000);
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  async function onServer(query: string): Promise<PlanNode> {
    const plan = plans.get(query);
    if (plan === undefined) throw new Error(`${query} was not planned`);
    return planOnServer(client, plan, real.queries.find(({ name }) => name === query)?.use.samples ?? {});
  }
  const isWithin = async (query: string): Promise<boolean> =>
    broken(factsOf(await onServer(query), names), { noSeqScan: true }, rowsOf, 'all').length === 0;

  it('skew that nobody declared is not seen; declared, it is judged as the server plans it', async () => {
    expect(await isWithin('of_person')).toBe(false);
    expect(found(await gateOf(await loadText(tidy)))).not.toContain('of_person as declared');
    expect(found(await gateOf(real))).toContain('of_person as declared');
  }, 60_000);

  it('churn is caught by its profile, before it has happened', async () => {
    expect(await isWithin('low_scores')).toBe(true);
    expect(found(await gateOf(await loadText(tidy)))).toEqual(['low_scores after churn']);
    await client.query('UPDATE visits SET note = note; ANALYZE visits');
    expect(await isWithin('low_scores')).toBe(false);
  }, 60_000);

  it('bloat that was declared costs what it does on the server', async () => {
    await client.query('VACUUM ANALYZE visits');
    const truth = (await onServer('noted'))['Total Cost'];
    const costOf = async (text: string): Promise<number> =>
      (await gateOf(await loadText(text))).plans.find(({ query }) => query === 'noted')?.cost ?? 0;
    expect((await costOf(skewed)) / truth).toBeLessThan(0.75);
    expect(Math.abs((await costOf(bloated)) / truth - 1)).toBeLessThan(0.1);
  }, 60_000);
});
