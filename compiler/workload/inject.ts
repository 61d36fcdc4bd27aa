/**
 * Pretends the lengths of a modelled database in an engine that holds the same relations empty: of files,
 * in pg_class, and heights of btrees. What columns hold is statistics.ts.
 */
import type { PlanningEngine } from '../engine/engine.ts';
import { mostPages } from '../engine/pretended-files.ts';
import { qualifiedName } from '../sql/quote.ts';
import { skinnyTree } from './btree-pages.ts';
import type { PlannedIndex } from './catalog.ts';
import { modelIndex, type DatabaseModel, type RelationLength } from './database-model.ts';
import type { Profile } from './profiles.ts';

/** The extension whose functions empty shared buffers; in a schema that no project has. */
export const evictionExtension = 'pg_buffercache';
export const evictionSchema = 'schemac_buffers';

/** Each call replaces what was pretended before. How much of a table a partial index holds is estimated by its statistics, which must be there. */
export async function inject(engine: PlanningEngine, model: DatabaseModel, profile: Profile): Promise<void> {
  await writeLengths(
    engine,
    model.relations.map(({ length }) => length),
  );
  const shares = await predicateShares(engine, model);
  const indexes = model.relations.flatMap((relation) =>
    relation.relation.form === 'partitioned'
      ? []
      : relation.relation.indexes.map((index) => modelIndex(relation, index, shareOf(index, shares), profile.indexBloat)),
  );
  // A metapage in shared buffers would hide the one that is pretended on disk.
  await engine.execute(`CHECKPOINT; SELECT pg_catalog.count(*) FROM ${evictionSchema}.pg_buffercache_evict_all()`);
  await writeLengths(engine, indexes);
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
