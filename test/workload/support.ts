/** Schemas as texts, planned by the gate in an embedded engine of their own. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { PostgresError, type Engine, type EngineRow } from '../../compiler/engine/engine.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import type { QueryPlan, WorkloadValue } from '../../compiler/model/workload.ts';
import type { GateResult } from '../../compiler/workload/gate.ts';
import { planQueries, planRequest } from '../../compiler/workload/plan-queries.ts';
import type { PlanNode } from '../../compiler/workload/plan-tree.ts';
import { volumesOf } from '../../compiler/workload/volumes.ts';
import { loadText } from '../load/project.ts';

/** Plans everything in a database that is made from nothing. */
export async function gateOf(declared: DeclaredSchema): Promise<GateResult> {
  const engine = { cacheFolder: join(tmpdir(), 'schemac-test-cache'), extensions: [], from: 'nothing' } as const;
  const answer = await planQueries(planRequest(declared, volumesOf(declared), engine), Promise.resolve(undefined));
  if ('why' in answer) throw new Error(answer.why);
  return answer;
}

export async function gateOfText(text: string): Promise<GateResult> {
  const declared = await loadText(text);
  if (declared.diagnostics.length > 0) throw new Error(declared.diagnostics.map(({ message }) => message).join('\n'));
  return gateOf(declared);
}

/** A client of a server as an engine; values come as text, refusals as they do from any engine. */
export function engineOf(client: pg.Client, major = 18): Engine {
  const run = async (sql: string): Promise<readonly EngineRow[]> => {
    try {
      const answer: unknown = await client.query({ text: sql, types: { getTypeParser: () => (text: string) => text } });
      return ([answer].flat().at(-1) as { readonly rows: readonly EngineRow[] }).rows;
    } catch (error) {
      const { message, code = '', detail, hint } = error as { message: string; code?: string; detail?: string; hint?: string };
      throw new PostgresError(message, { code, detail, hint });
    }
  };
  return {
    identity: { name: `PostgreSQL ${major}`, major },
    has: () => true,
    query: run,
    execute: async (sql) => void (await run(sql)),
    keep: async () => undefined,
    close: async () => undefined,
  };
}

/** The nodes and indexes of a plan alone. */
export function planLinesWithoutFigures({ plan }: { readonly plan: readonly string[] }): readonly string[] {
  return plan.map((line) => line.replace(/ {2}cost .*/, ''));
}

type Samples = Readonly<Record<string, WorkloadValue | readonly WorkloadValue[]>>;

/** The plan that a server makes of a query for its samples; the session decides whether a custom one. */
export async function planOnServer(client: pg.Client, { text, parameters }: QueryPlan, samples: Samples): Promise<PlanNode> {
  const values = parameters.map(({ name }) => literal(samples[name]));
  await client.query(`PREPARE asked AS ${text}`);
  try {
    const answer = await client.query(`EXPLAIN (FORMAT JSON) EXECUTE asked${values.length === 0 ? '' : ` (${values.join(', ')})`}`);
    return (answer.rows[0] as { 'QUERY PLAN': [{ Plan: PlanNode }] })['QUERY PLAN'][0].Plan;
  } finally {
    await client.query('DEALLOCATE asked');
  }
}

function literal(value: WorkloadValue | readonly WorkloadValue[] | undefined): string {
  if (value === undefined || value === null) return 'NULL';
  return Array.isArray(value) ? `'{${value.join(',')}}'` : `'${String(value)}'`;
}

/** The planner as the gate has it: declared settings, a plan for the values, nothing compiled. */
export async function setPlanner(client: pg.Client, { project }: DeclaredSchema): Promise<void> {
  for (const [name, value] of Object.entries(project.planner))
    await client.query('SELECT set_config($1, $2, false)', [name, String(value)]);
  await client.query('SET jit = off; SET plan_cache_mode = force_custom_plan');
}

/** Rows of each relation as the server counts them. */
export async function rowsOnServer(client: pg.Client): Promise<(relation: { readonly oid: number }) => number> {
  const { rows } = await client.query<{ oid: string; rows: string }>(
    `SELECT oid::text, greatest(reltuples, 0)::bigint::text AS rows FROM pg_class WHERE relkind = 'r'`,
  );
  const counted = new Map(rows.map((row) => [Number(row.oid), Number(row.rows)]));
  return ({ oid }) => counted.get(oid) ?? 0;
}

/** What is read, and by which index; how rows are put together may differ where costs are a tie. */
export function pathsOf(lines: readonly string[]): string {
  return lines
    .filter((line) => / (Scan|Insert|Update|Delete)\b|^(Insert|Update|Delete|Index|Seq|Bitmap)/.test(line))
    .map((line) =>
      line
        .replace(/ {2}cost .*/, '')
        .replace(/ × \d+ partitions, each at most/, '')
        .trim(),
    )
    .sort()
    .filter((line, at, all) => line !== all[at - 1])
    .join('\n');
}
