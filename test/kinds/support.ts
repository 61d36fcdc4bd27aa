/**
 * What the tests of kinds need: an engine of their own, a kind's introspection run against it, and
 * the statements of a kind run one after the other. A kind is tested alone: other kinds' objects are
 * made by plain SQL, and resolve to addresses by their names.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import type { AttributeRule, CatalogIdentity, CatalogRow, IntrospectionContext, Kind, PlanContext } from '../../compiler/kinds/contract.ts';
import { address, type Address } from '../../compiler/model/address.ts';
import { sameJson, stateOf, type SchemaObject } from '../../compiler/model/object.ts';
import type { Statement } from '../../compiler/model/statement.ts';
import { startServer, testMajors, type Major } from '../support/servers.ts';

const settings = `SET search_path = ''; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'`;

export type TestEngine = 'embedded' | Major;

/** The embedded engine, and each major of this run that it is not. */
export const testEngines: readonly TestEngine[] = ['embedded', ...testMajors.filter((major) => major !== 18)];

/** An engine for the tests of one block; a test that changes it cleans up. */
export function testEngine(which: TestEngine = 'embedded', extensions: readonly string[] = []): { readonly current: () => Engine } {
  let engine: Engine | undefined;
  beforeAll(async () => {
    const using = which === 'embedded' ? {} : { using: (await startServer(which)).url };
    engine = await openEngine({ ...using, cacheFolder: join(tmpdir(), 'schemac-test-cache'), extensions });
    await engine.execute(settings);
  });
  afterAll(async () => {
    await engine?.close();
  });
  return {
    current: () => {
      if (engine === undefined) throw new Error('the engine is there only while tests run');
      return engine;
    },
  };
}

/** Everything that resolves by name: relations, columns, schemas, types, functions. */
async function addresses(engine: Engine): Promise<ReadonlyMap<string, Address>> {
  const rows = await engine.query(`
    SELECT 'pg_class' AS catalog, c.oid::text AS oid, 0::text AS sub, n.nspname AS schema, c.relname AS name, NULL AS column,
      CASE WHEN c.relispartition THEN 'partition' WHEN c.relkind IN ('r', 'p') THEN 'table' WHEN c.relkind = 'v' THEN 'view'
        WHEN c.relkind = 'm' THEN 'materialized-view' WHEN c.relkind = 'S' THEN 'sequence' ELSE 'index' END AS kind
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^(pg_|information_schema)'
    UNION ALL
    SELECT 'pg_class', c.oid::text, a.attnum::text, n.nspname, c.relname, a.attname, 'column'
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE n.nspname !~ '^(pg_|information_schema)' AND c.relkind IN ('r', 'p') AND a.attnum > 0
    UNION ALL SELECT 'pg_namespace', n.oid::text, '0', n.nspname, NULL, NULL, 'schema' FROM pg_namespace n`);
  return new Map(
    rows.map((row) => {
      const path = [row['schema'], row['name'], row['column']].filter((part): part is string => typeof part === 'string');
      return [`${row['catalog']} ${row['oid']} ${row['sub']}`, address(row['kind'] ?? '', ...path)];
    }),
  );
}

/** Whether the engine has partition rules, as the introspector finds out. */
async function contextOf(engine: Engine): Promise<IntrospectionContext> {
  const known = await addresses(engine);
  const [rules] = await engine.query(`SELECT to_regclass('schemac.partition_rule') IS NOT NULL AS found`);
  const resolve = ({ catalog, oid, sub }: CatalogIdentity): Address | undefined => known.get(`${catalog} ${oid} ${sub ?? 0}`);
  return { major: engine.identity.major, hasPartitionRules: rules?.['found'] === 't', resolve, resolveOwn: resolve };
}

/** What a kind reads from the engine, sorted by id. */
export async function introspect<Object extends SchemaObject>(engine: Engine, kind: Kind<Object>): Promise<readonly Object[]> {
  const context = await contextOf(engine);
  const [row] = await engine.query(`SELECT json_agg(row) AS rows FROM (${kind.introspect.query(context)}) row`);
  const rows = JSON.parse(row?.['rows'] ?? '[]') as readonly CatalogRow[];
  const objects = rows.flatMap((each) => {
    const found = kind.introspect.read(each, context);
    return found === undefined ? [] : [{ dependsOn: [], ...found.object } as unknown as Object];
  });
  return objects.sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** Runs statements in order; the rows of an expand step are run too, as psql's \gexec does. */
export async function run(engine: Engine, statements: readonly Statement[]): Promise<void> {
  for (const { sql, step } of statements) {
    if (step !== 'expand') {
      await engine.execute(sql);
      continue;
    }
    for (const row of await engine.query(sql)) {
      for (const cell of Object.values(row)) if (cell !== null) await engine.execute(cell);
    }
  }
}

/** A plan's context: which objects it makes, over the states given. */
export function planContext(
  options: {
    readonly made?: readonly Address[];
    readonly before?: readonly SchemaObject[];
    readonly after?: readonly SchemaObject[];
    readonly major?: number;
  } = {},
): PlanContext {
  const made = new Set(options.made);
  return {
    major: options.major ?? 18,
    before: stateOf(options.before ?? []),
    after: stateOf(options.after ?? []),
    isNew: (id) => made.has(id),
    isDropped: () => false,
    annotation: () => ({}),
  };
}

/** An object with other attributes. */
export function withAttributes<Object extends SchemaObject>(object: Object, attributes: Partial<Object['attributes']>): Object {
  return { ...object, attributes: { ...object.attributes, ...attributes } };
}

/** What the kind does about every attribute in which two objects differ; a replacement is a drop and a create. */
export function alter<Object extends SchemaObject>(
  kind: Kind<Object>,
  before: Object,
  after: Object,
  others: readonly SchemaObject[] = [],
): readonly Statement[] {
  const context = planContext({ before: [before, ...others], after: [after, ...others] });
  const rules = kind.alter as { readonly [attribute: string]: AttributeRule<Object> };
  return Object.entries(rules).flatMap(([name, { statements }]) => {
    const value = ({ attributes }: Object): unknown => (attributes as { readonly [attribute: string]: unknown })[name];
    if (sameJson(value(before), value(after)) || statements === 'ignore') return [];
    return statements === 'replace' ? [...kind.drop(before, context), ...kind.create(after, context)] : statements(before, after, context);
  });
}
