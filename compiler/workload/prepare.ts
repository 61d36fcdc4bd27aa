/**
 * Declared queries as PostgreSQL takes them: prepared, so that it resolves every name and type in them,
 * and described, so that both ends of a query are known. What it refuses comes back with its offset.
 */
import { PostgresError, type PlanningEngine } from '../engine/engine.ts';
import type { StatementDescription } from '../engine/wire.ts';
import type { QueryUse, TypedName, WorkloadValue } from '../model/workload.ts';
import { numberParameters } from '../sql/named-parameters.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { unquotedWords } from '../sql/scan.ts';
import { defaultSample, typescriptOf } from './types.ts';

/** A declared query without its places. */
export interface GateQuery {
  readonly name: string;
  readonly sql: string;
  readonly use: QueryUse;
}

export interface PreparedQuery {
  readonly query: GateQuery;
  /** The name under which PREPARE made it. */
  readonly statement: string;
  readonly text: string;
  readonly parameters: readonly TypedName[];
  readonly result: readonly TypedName[];
  /** `EXECUTE …` with the samples. */
  readonly execute: string;
}

export interface RefusedQuery {
  readonly query: GateQuery;
  readonly error: PostgresError;
  /** Where in the query's own text, or the key of its declaration. */
  readonly at: number | 'types' | 'samples';
}

export type Preparation = PreparedQuery | RefusedQuery;

export function isRefused(preparation: Preparation): preparation is RefusedQuery {
  return 'error' in preparation;
}

/** Prepares the queries in order; the statements stay prepared in the engine. */
export async function prepareQueries(engine: PlanningEngine, queries: readonly GateQuery[]): Promise<readonly Preparation[]> {
  const described: { readonly query: GateQuery; readonly statement: string; readonly description: StatementDescription }[] = [];
  const refused = new Map<GateQuery, RefusedQuery>();
  for (const [position, query] of queries.entries()) {
    const statement = `schemac_query_${position}`;
    const answer = await prepareOne(engine, query, statement);
    if ('error' in answer) refused.set(query, answer);
    else described.push({ query, statement, description: answer });
  }
  const types = await typeNames(engine, described);
  const prepared = new Map(described.map((each) => [each.query, preparedQuery(each, types)]));
  return queries.flatMap((query): Preparation | readonly Preparation[] => refused.get(query) ?? prepared.get(query) ?? []);
}

async function prepareOne(engine: PlanningEngine, query: GateQuery, statement: string): Promise<StatementDescription | RefusedQuery> {
  const numbered = numberParameters(query.sql);
  const types = numbered.names.map((name) => query.use.types[name] ?? 'unknown');
  const head = `PREPARE ${statement}${types.length === 0 ? '' : ` (${types.join(', ')})`} AS `;
  try {
    await engine.execute(head + numbered.text);
    return await engine.describe(statement);
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    const position = (error.position ?? head.length + 1) - 1 - head.length;
    return { query, error, at: position < 0 ? 'types' : numbered.originalOffset(position) };
  }
}

interface TypeFacts {
  readonly names: ReadonlyMap<number, string>;
  readonly labels: ReadonlyMap<number, readonly string[]>;
  /** Columns that hold no NULL, as `table attribute`. */
  readonly notNull: ReadonlySet<string>;
}

async function typeNames(engine: PlanningEngine, described: readonly { readonly description: StatementDescription }[]): Promise<TypeFacts> {
  const oids = new Set(described.flatMap(({ description }) => [...description.parameters, ...description.columns.map(({ type }) => type)]));
  const tables = new Set(described.flatMap(({ description }) => description.columns.map(({ table }) => table)));
  const array = (values: ReadonlySet<number>): string => `ARRAY[${[...values, 0].join(', ')}]::oid[]`;
  const [row] = await engine.query(`SELECT json_build_object(
    'types', (SELECT coalesce(json_agg(json_build_object('oid', t.oid::bigint, 'name', format_type(t.oid, NULL),
      'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))), '[]') FROM pg_type t WHERE t.oid = ANY (${array(oids)})),
    'columns', (SELECT coalesce(json_agg(a.attrelid::bigint || ' ' || a.attnum), '[]') FROM pg_attribute a WHERE a.attnotnull AND a.attrelid = ANY (${array(tables)})))::text AS facts`);
  const facts = JSON.parse(row?.['facts'] ?? '{}') as {
    readonly types: readonly { readonly oid: number; readonly name: string; readonly labels: readonly string[] | null }[];
    readonly columns: readonly string[];
  };
  return {
    names: new Map(facts.types.map(({ oid, name }) => [oid, name])),
    labels: new Map(facts.types.map(({ oid, labels }) => [oid, labels ?? []])),
    notNull: new Set(facts.columns),
  };
}

/** Words that can make a column NULL that never is in its table. */
const outerWords = ['left', 'right', 'full', 'rollup', 'cube', 'grouping'];

function preparedQuery(
  { query, statement, description }: { readonly query: GateQuery; readonly statement: string; readonly description: StatementDescription },
  facts: TypeFacts,
): PreparedQuery {
  const { text, names } = numberParameters(query.sql);
  const typed = (name: string, type: number, nullable: boolean): TypedName => {
    const sqlType = facts.names.get(type) ?? 'text';
    return { name, type: sqlType, typescript: typescriptOf(sqlType, facts.labels.get(type) ?? []), nullable };
  };
  const words = unquotedWords(query.sql);
  const isOuter = outerWords.some((word) => words.has(word));
  const parameters = names.map((name, at) => typed(name, description.parameters[at] ?? 0, query.use.samples[name] === null));
  const result = description.columns.map((column) =>
    typed(column.name, column.type, isOuter || !facts.notNull.has(`${column.table} ${column.attribute}`)),
  );
  const given = parameters.map(({ name, type }) => sampleSql(query.use.samples[name], type));
  return {
    query,
    statement,
    text,
    parameters,
    result,
    execute: `EXECUTE ${quoteName(statement)}${given.length === 0 ? '' : ` (${given.join(', ')})`}`,
  };
}

function sampleSql(sample: WorkloadValue | readonly WorkloadValue[] | undefined, type: string): string {
  if (sample === undefined) return defaultSample(type);
  if (sample === null) return 'NULL';
  if (typeof sample === 'object') {
    const elements = sample.map((each) => (each === null ? 'NULL' : `"${String(each).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`));
    return quoteText(`{${elements.join(',')}}`).trim();
  }
  return typeof sample === 'string' ? quoteText(sample).trim() : String(sample);
}
