/**
 * Writes what ANALYZE would have written to pg_statistic of a modelled database, and of that only what is
 * not there already: a database that is kept holds what was written last.
 */
import { createHash } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { quoteText } from '../sql/quote.ts';
import type { PlannedIndex } from './catalog.ts';
import { expressionColumn, type AttributeStatistics, type DatabaseModel, type ModelledRelation } from './database-model.ts';

/** What stands for the statistics of each column that has some, by `keyOf`. */
export type WrittenStatistics = ReadonlyMap<string, string>;

/** A column of a relation; of a partitioned table, of all that is below it. */
const keyOf = ({ relation, number, inherited }: AttributeStatistics): string => `${relation} ${number} ${inherited}`;

/** Makes the statistics of the model's relations what the model says; gives what is written then. Those of other relations stay. */
export async function writeStatistics(engine: Engine, model: DatabaseModel, written: WrittenStatistics): Promise<WrittenStatistics> {
  const wanted = new Map([...model.attributes, ...model.relations.flatMap(expressionAttributes)].map((each) => [keyOf(each), each]));
  const texts = new Map([...wanted].map(([key, attribute]) => [key, argumentsOf(attribute)]));
  const digests = new Map([...texts].map(([key, text]) => [key, createHash('sha1').update(text).digest('base64')]));
  const ours = new Set(model.relations.flatMap(({ relation }) => [relation.oid, ...relation.indexes.map(({ oid }) => oid)]).map(String));
  const gone = [...written.keys()].filter((key) => !wanted.has(key) && ours.has(key.split(' ', 1)[0] ?? ''));
  const stale = [...wanted].filter(([key]) => written.get(key) !== digests.get(key));
  if (gone.length + stale.length > 0) {
    await remove(
      engine,
      [...gone, ...stale.map(([key]) => key)].filter((key) => written.has(key)),
    );
    await restore(
      engine,
      stale.map(([key, attribute]) => ({ attribute, text: texts.get(key) ?? '' })),
    );
  }
  return new Map([...[...written].filter(([key]) => !gone.includes(key)), ...digests]);
}

async function remove(engine: Engine, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const rows = keys.map((key) => `(${key.split(' ').join(', ')})`);
  await engine.execute(`DELETE FROM pg_catalog.pg_statistic s USING (VALUES ${rows.join(', ')}) AS v(relation, number, inherited)
    WHERE s.starelid = v.relation::oid AND s.staattnum = v.number AND s.stainherit = v.inherited`);
}

interface Restored {
  readonly attribute: AttributeStatistics;
  readonly text: string;
}

/** The same statistics of the same column, as all but the keys of partitions have, are restored once and copied. */
async function restore(engine: Engine, restored: readonly Restored[]): Promise<void> {
  const first = new Map<string, Restored>();
  const copies: string[] = [];
  for (const each of restored) {
    const { relation, number, column, inherited } = each.attribute;
    const key = `${inherited ? relation : ''} ${number} ${column} ${each.text}`;
    const same = first.get(key);
    if (same === undefined) first.set(key, each);
    else copies.push(`(${same.attribute.relation}, ${relation}, ${number})`);
  }
  await engine.execute([...first.values()].map(restoreStatement).join(';\n'));
  if (copies.length === 0) return;
  const columns = (await engine.query(statisticColumns))[0]?.['columns'] ?? '';
  await engine.execute(`
    INSERT INTO pg_catalog.pg_statistic (starelid, ${columns})
    SELECT v.target, ${columns} FROM (VALUES ${copies.join(', ')}) AS v(source, target, number)
    JOIN pg_catalog.pg_statistic s ON s.starelid = v.source AND s.staattnum = v.number AND NOT s.stainherit`);
}

function restoreStatement({ attribute: { schema, name, column, inherited }, text }: Restored): string {
  return `SELECT pg_catalog.pg_restore_attribute_stats('schemaname', ${quoteText(schema)}, 'relname', ${quoteText(name)}, 'attname', ${quoteText(column)}, 'inherited', ${inherited}, ${text})`;
}

const statisticColumns = `SELECT string_agg(attname, ', ' ORDER BY attnum) AS columns FROM pg_catalog.pg_attribute
  WHERE attrelid = 'pg_catalog.pg_statistic'::regclass AND attnum > 1 AND NOT attisdropped`;

/** What an expression in an index gives has statistics under the index's own name. */
function expressionAttributes({ relation, rows }: ModelledRelation): readonly AttributeStatistics[] {
  if (rows === 0 || relation.form === 'partitioned') return [];
  return relation.indexes.flatMap((index) => index.expressions.map((column) => expressionAttribute(index, column, rows)));
}

function expressionAttribute(index: PlannedIndex, column: PlannedIndex['expressions'][number], rows: number): AttributeStatistics {
  const statistics = expressionColumn(column);
  return {
    relation: index.oid,
    schema: index.schema,
    name: index.name,
    number: column.number,
    column: column.name,
    inherited: false,
    rows,
    statistics: { ...statistics, distinct: Math.min(statistics.distinct, rows) },
  };
}

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
