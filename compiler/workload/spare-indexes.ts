/**
 * Which of the indexes that a query reads it can do without, because another one is nearly as good: tried
 * by planning again with the index hidden. Only indexes that another one begins like are tried.
 */
import type { PlanningEngine } from '../engine/engine.ts';
import type { PlannedIndex, PlannedRelation } from './catalog.ts';
import { explainCustom } from './explain.ts';
import { indexesOf, type Names } from './plan-tree.ts';
import type { PreparedQuery } from './prepare.ts';
import { factsOf, type PlanFacts } from './verdict.ts';

export interface SpareIndex {
  readonly index: PlannedIndex;
  /** What is read in its place. */
  readonly by: readonly PlannedIndex[];
}

export interface SpareRequest {
  readonly engine: PlanningEngine;
  readonly relations: readonly PlannedRelation[];
  readonly names: Names;
  readonly query: PreparedQuery;
  /** As it is planned with all indexes. */
  readonly facts: PlanFacts;
  readonly isWithin: (facts: PlanFacts) => boolean;
}

/** So much dearer a plan may be that another index is still as good. */
const asGood = 1.1;

export async function spareIndexes(request: SpareRequest): Promise<readonly SpareIndex[]> {
  const { relations, names, facts } = request;
  const read = indexesOf(facts.plan, names);
  const found: SpareIndex[] = [];
  for (const index of read) {
    const table = relations.find(({ indexes }) => indexes.includes(index));
    if (table === undefined || index.unique || !table.indexes.some((other) => beginsLike(other, index))) continue;
    const without = await planWithout(request, index);
    if (without.cost > facts.cost * asGood || !request.isWithin(without)) continue;
    const by = indexesOf(without.plan, names).filter((other) => table.indexes.includes(other) && beginsLike(other, index));
    if (by.length > 0) found.push({ index, by });
  }
  return found;
}

function beginsLike(other: PlannedIndex, index: PlannedIndex): boolean {
  const [first = 0] = index.columns;
  return other !== index && first !== 0 && other.columns[0] === first && other.method === 'btree' && index.method === 'btree';
}

/** An index that is not valid is not planned with (get_relation_info, plancat.c); nothing of it is touched. */
async function planWithout({ engine, relations, names, query }: SpareRequest, index: PlannedIndex): Promise<PlanFacts> {
  const parts = relations.flatMap(({ indexes }) => indexes).filter((each) => names.rootIndex(each) === index);
  const list = parts.map(({ oid }) => oid).join(', ');
  await engine.execute(`BEGIN; UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid IN (${list})`);
  try {
    return factsOf(await explainCustom(engine, query, names), names);
  } finally {
    await engine.execute('ROLLBACK');
  }
}
