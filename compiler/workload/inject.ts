/**
 * Puts a modelled database into an engine that holds the same relations empty: lengths of files,
 * heights of btrees, and the rows of pg_class and pg_statistic that ANALYZE would have written.
 */
import type { PlanningEngine } from '../engine/engine.ts';
import { mostPages } from '../engine/pretended-files.ts';
import { qualifiedName, quoteText } from '../sql/quote.ts';
import { skinnyTree } from './btree-pages.ts';
import type { PlannedColumn, PlannedIndex } from './catalog.ts';
import {
  expressionColumn,
  modelIndex,
  type AttributeStatistics,
  type DatabaseModel,
  type ModelledRelation,
  type RelationLength,
} from './database-model.ts';
import type { Profile } from './profiles.ts';

/** The extension whose functions empty shared buffers; in a schema that no project has. */
export const evictionExtension = 'pg_buffercache';
export const evictionSchema = 'schemac_buffers';

/** Writes the model. Each call replaces what was pretended before; statistics that are `written` already stay. */
export async function inject(
  engine: PlanningEngine,
  model: DatabaseModel,
  profile: Profile,
  written?: DatabaseModel['attributes'],
): Promise<void> {
  const isWritten = model.attributes === written;
  await writeLengths(
    engine,
    model.relations.map(({ length }) => length),
  );
  if (!isWritten) await writeStatistics(engine, model.attributes);
  const shares = await predicateShares(engine, model);
  const indexes = model.relations.flatMap((relation) =>
    relation.relation.form === 'partitioned'
      ? []
      : relation.relation.indexes.map((index) => modelIndex(relation, index, shareOf(index, shares), profile.indexBloat)),
  );
  // A metapage in shared buffers would hide the one that is pretended on disk.
  await engine.execute(`CHECKPOINT; SELECT pg_catalog.count(*) FROM ${evictionSchema}.pg_buffercache_evict_all()`);
  await writeLengths(engine, indexes);
  if (!isWritten) await writeExpressionStatistics(engine, model);
}

/** Gives relations their lengths, in files and in pg_class. A btree whose height is not given keeps its first pages. */
export async function writeLengths(engine: PlanningEngine, modelled: readonly RelationLength[]): Promise<void> {
  const lengths = modelled.map((each) => ({
    ...each,
    pages: Math.min(each.pages, mostPages),
    allVisible: Math.min(each.allVisible, mostPages),
  }));
  for (const { file, pages, height } of lengths) {
    if (file === null) continue;
    if (height === undefined) engine.pretendPages(file, pages);
    else {
      const tree = skinnyTree(engine.firstPage(file), height);
      engine.pretendPages(file, Math.max(pages, tree.length / 8192), tree);
    }
  }
  if (lengths.length === 0) return;
  const rows = lengths.map(({ oid, pages, tuples, allVisible }) => `(${oid}, ${pages}, ${tuples}, ${allVisible})`);
  // Written at once: pg_restore_relation_stats, a call each, takes ten times as long.
  await engine.execute(`
    UPDATE pg_catalog.pg_class SET relpages = v.pages, reltuples = v.tuples, relallvisible = v.visible
    FROM (VALUES ${rows.join(', ')}) AS v(oid, pages, tuples, visible) WHERE pg_class.oid = v.oid::oid`);
}

/** The same statistics of the same column, as all but the keys of partitions have, are restored once and copied. */
async function writeStatistics(engine: PlanningEngine, attributes: readonly AttributeStatistics[]): Promise<void> {
  const first = new Map<string, AttributeStatistics>();
  const copies: string[] = [];
  for (const attribute of attributes) {
    const key = `${attribute.inherited ? attribute.relation : ''} ${attribute.number} ${attribute.column} ${argumentsOf(attribute)}`;
    const same = first.get(key);
    if (same === undefined) first.set(key, attribute);
    else copies.push(`(${same.relation}, ${attribute.relation}, ${attribute.number})`);
  }
  const restore = [...first.values()].map(
    (attribute) =>
      `SELECT pg_catalog.pg_restore_attribute_stats('schemaname', ${quoteText(attribute.schema)}, 'relname', ${quoteText(attribute.name)}, 'attname', ${quoteText(attribute.column)}, 'inherited', ${attribute.inherited}, ${argumentsOf(attribute)})`,
  );
  await engine.execute(['DELETE FROM pg_catalog.pg_statistic WHERE starelid >= 16384', ...restore].join(';\n'));
  if (copies.length === 0) return;
  const columns = (await engine.query(statisticColumns))[0]?.['columns'] ?? '';
  await engine.execute(`
    INSERT INTO pg_catalog.pg_statistic (starelid, ${columns})
    SELECT v.target, ${columns} FROM (VALUES ${copies.join(', ')}) AS v(source, target, number)
    JOIN pg_catalog.pg_statistic s ON s.starelid = v.source AND s.staattnum = v.number AND NOT s.stainherit`);
}

const statisticColumns = `SELECT string_agg(attname, ', ' ORDER BY attnum) AS columns FROM pg_catalog.pg_attribute
  WHERE attrelid = 'pg_catalog.pg_statistic'::regclass AND attnum > 1 AND NOT attisdropped`;

const list = (values: readonly string[]): string =>
  quoteText(`{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`);

const rounded = (value: number): string => String(Number(value.toPrecision(7)));

/** As pg_stats.n_distinct has it: the number, or minus the share of rows where it grows with them. */
function distinctOf({ rows, statistics }: AttributeStatistics): number {
  return statistics.distinct > rows * 0.1 ? -Math.min(1, statistics.distinct / rows) : Math.round(statistics.distinct);
}

function argumentsOf(attribute: AttributeStatistics): string {
  const { nulls, bytes, common, histogram, correlation } = attribute.statistics;
  const given = [
    `'null_frac', ${rounded(nulls)}::real, 'avg_width', ${Math.round(bytes)}::integer, 'n_distinct', ${rounded(distinctOf(attribute))}::real`,
  ];
  if (common.length > 0) {
    given.push(`'most_common_vals', ${list(common.map(([value]) => value))}::text`);
    given.push(`'most_common_freqs', ${quoteText(`{${common.map(([, share]) => rounded(share)).join(',')}}`)}::real[]`);
  }
  if (histogram.length > 1) given.push(`'histogram_bounds', ${list(histogram)}::text`);
  if (correlation !== undefined) given.push(`'correlation', ${rounded(correlation)}::real`);
  return given.join(', ');
}

/** The share of rows in each partial index, by the index on the root: what the planner estimates of its predicate. */
async function predicateShares(engine: PlanningEngine, { relations }: DatabaseModel): Promise<ReadonlyMap<number, number>> {
  const shares = new Map<number, number>();
  for (const { relation, rows } of relations) {
    for (const index of relation.indexes) {
      if (index.predicate === null || rows === 0 || relation.form === 'partitioned' || shares.has(keyOf(index))) continue;
      shares.set(keyOf(index), (await estimate(engine, relation.schema, relation.name, index.predicate)) / rows);
    }
  }
  return shares;
}

const keyOf = (index: PlannedIndex): number => index.parent ?? index.oid;

function shareOf(index: PlannedIndex, shares: ReadonlyMap<number, number>): number {
  return index.predicate === null ? 1 : Math.min(1, shares.get(keyOf(index)) ?? 0);
}

async function estimate(engine: PlanningEngine, schema: string, name: string, predicate: string): Promise<number> {
  const [row] = await engine.query(`EXPLAIN (FORMAT JSON) SELECT FROM ONLY ${qualifiedName([schema, name])} WHERE ${predicate}`);
  const [plan] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as readonly { readonly Plan: { readonly 'Plan Rows': number } }[];
  return plan?.Plan['Plan Rows'] ?? 0;
}

/** What an expression in an index gives has statistics under the index's own name. */
async function writeExpressionStatistics(engine: PlanningEngine, { relations }: DatabaseModel): Promise<void> {
  const restore = relations.flatMap(({ relation, rows }: ModelledRelation) =>
    rows === 0 || relation.form === 'partitioned'
      ? []
      : relation.indexes.flatMap((index) => index.expressions.map((column) => expressionStatistics(index, column, rows))),
  );
  if (restore.length > 0) await engine.execute(restore.join(';\n'));
}

function expressionStatistics(index: PlannedIndex, column: PlannedColumn, rows: number): string {
  const statistics = expressionColumn(column);
  const attribute = { relation: index.oid, schema: index.schema, name: index.name, number: column.number, column: column.name };
  const given = argumentsOf({
    ...attribute,
    inherited: false,
    rows,
    statistics: { ...statistics, distinct: Math.min(statistics.distinct, rows) },
  });
  return `SELECT pg_catalog.pg_restore_attribute_stats('schemaname', ${quoteText(index.schema)}, 'relname', ${quoteText(index.name)}, 'attname', ${quoteText(column.name)}, 'inherited', false, ${given})`;
}
