/**
 * Runs declared queries against a database with data, several clients at a time, and says how long they
 * took. What writes is rolled back; times are of the statement alone. Connections come from the caller.
 */
import { PostgresError } from '../engine/engine.ts';
import type { TimedClient } from '../engine/timed-client.ts';
import type { PlacedQuery } from '../model/declared.ts';
import type { QueryMeasurement, QueryPlan, WorkloadValue } from '../model/workload.ts';
import { quoteText } from '../sql/quote.ts';
import { nodesOf, planLines, type Names, type PlanNode } from './plan-tree.ts';
import type { Volumes } from './volumes.ts';

export interface MeasureInput {
  readonly clients: readonly TimedClient[];
  readonly query: PlacedQuery;
  /** As the gate planned it at these volumes. */
  readonly plan: QueryPlan;
  readonly volumes: Volumes;
  readonly names: Names;
  readonly seconds: number;
}

/** Enough for a 99th percentile, and an end to what takes seconds. */
const fewestRuns = 5;
const warmRuns = 5;

/** Measures one query. Undefined figures never: a query that the server refuses throws its `PostgresError`. */
export async function measureQuery(input: MeasureInput): Promise<QueryMeasurement> {
  const { clients, query, plan, names, seconds } = input;
  const [first] = clients;
  if (first === undefined) throw new Error('there is no client to measure with');
  const ranges = keyRanges(plan, input.volumes);
  const explained = await explain(first, input, ranges);
  const until = performance.now() + seconds * 1000;
  const started = performance.now();
  const runs = await Promise.all(clients.map((client, at) => repeat(client, input, ranges, { until, seed: at + 1 })));
  const elapsed = (performance.now() - started) / 1000;
  const times = runs.flat().sort((left, right) => left - right);
  const percentile = (share: number): number => times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)] ?? 0;
  const lines = planLines(explained.plan, names);
  return {
    query: query.name,
    runs: times.length,
    perSecond: times.length / elapsed,
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
    buffers: explained.buffers,
    plan: lines,
    cost: explained.plan['Total Cost'],
    isAsPredicted: pathsOf(lines) === pathsOf(plan.plan),
  };
}

/** What is read by which index, whatever puts it together. */
function pathsOf(lines: readonly string[]): string {
  const scans = lines.filter((line) => /\bScan\b/.test(line)).map((line) => line.replace(/( × | {2}cost ).*/, '').trim());
  return [...new Set(scans)].sort().join('\n');
}

/** Parameters named like a key that rows refer to go through the keys; all others stay as their samples are. */
export function keyRanges(plan: QueryPlan, volumes: Volumes): ReadonlyMap<string, number> {
  return new Map(
    plan.parameters.flatMap(({ name, type }): readonly (readonly [string, number])[] => {
      if (!/^(smallint|integer|bigint)$/.test(type)) return [];
      const tables = plan.tables.flatMap((id) => volumes.get(id) ?? []);
      const target = tables.flatMap(({ references }) => (references[name] === undefined ? [] : [references[name]]))[0];
      const rows = target === undefined ? undefined : volumes.get(target)?.volume.rows;
      return rows === undefined ? [] : [[name, rows]];
    }),
  );
}

type QueryValue = WorkloadValue | readonly WorkloadValue[] | undefined;

function valuesOf({ query, plan }: MeasureInput, ranges: ReadonlyMap<string, number>, draw: () => number): readonly QueryValue[] {
  return plan.parameters.map(({ name }) => {
    const rows = ranges.get(name);
    return rows === undefined ? (query.use.samples[name] ?? null) : 1 + Math.floor(draw() * rows);
  });
}

/** The same numbers each time: what is measured should not depend on luck. */
function drawer(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export const isWriting = (sql: string): boolean => /\b(insert|update|delete|merge)\b/i.test(sql);

async function repeat(
  client: TimedClient,
  input: MeasureInput,
  ranges: ReadonlyMap<string, number>,
  { until, seed }: { readonly until: number; readonly seed: number },
): Promise<readonly number[]> {
  const draw = drawer(seed);
  const { name, sql } = input.query;
  const writes = isWriting(sql);
  const times: number[] = [];
  for (let run = -warmRuns; run < fewestRuns || performance.now() < until; run += 1) {
    // What takes long is warm after one run, and its percentiles are what they are.
    if (run < 0 && performance.now() > until) run = 0;
    const values = valuesOf(input, ranges, draw);
    if (writes) await client.run('BEGIN');
    try {
      const time = await client.time({ name, text: input.plan.text, values });
      if (run >= 0) times.push(time);
    } finally {
      if (writes) await client.run('ROLLBACK');
    }
    if (run >= 0 && performance.now() > until + 10_000) break;
  }
  return times;
}

interface Explained {
  readonly plan: PlanNode;
  /** Pages that were read, from memory or not. */
  readonly buffers: number;
}

async function explain(client: TimedClient, input: MeasureInput, ranges: ReadonlyMap<string, number>): Promise<Explained> {
  const values = valuesOf(input, ranges, drawer(7)).map(literal);
  const given = values.length === 0 ? '' : ` (${values.join(', ')})`;
  const { types } = input.query.use;
  const named = input.plan.parameters.map(({ name }) => types[name] ?? 'unknown');
  await client.run(`PREPARE measured${named.length === 0 ? '' : ` (${named.join(', ')})`} AS ${input.plan.text}`);
  await client.run('BEGIN');
  try {
    const [row] = await client.run(`EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT JSON) EXECUTE measured${given}`);
    const [answer] = (row?.['QUERY PLAN'] ?? []) as readonly { readonly Plan: PlanNode & { readonly [figure: string]: unknown } }[];
    if (answer === undefined) throw new Error('EXPLAIN gave no plan');
    const [root] = nodesOf(answer.Plan);
    const figure = (name: string): number => Number((root as unknown as { readonly [figure: string]: unknown })[name] ?? 0);
    return { plan: answer.Plan, buffers: figure('Shared Hit Blocks') + figure('Shared Read Blocks') };
  } finally {
    await client.run('ROLLBACK; DEALLOCATE measured');
  }
}

function literal(value: QueryValue): string {
  if (value === null || value === undefined) return 'NULL';
  const text = typeof value === 'object' ? `{${value.map((each) => JSON.stringify(each)).join(',')}}` : String(value);
  return quoteText(text).trim();
}

/** Why a server refuses a query, in words; anything else is thrown on. */
export function refusalOf(error: unknown): string {
  if (!(error instanceof PostgresError)) throw error;
  return `${error.message} [${error.code}]`;
}
