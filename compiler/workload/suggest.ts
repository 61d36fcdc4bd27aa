/**
 * Which index would keep a query within its budget: tried, not guessed. Indexes on columns that the
 * plan's conditions name are made on what the query reads, and nothing else, the query is planned again
 * with each, and they are dropped.
 */
import { PostgresError, type PlanningEngine } from '../engine/engine.ts';
import { costText } from '../model/figures.ts';
import { nameList, qualifiedName, quoteText } from '../sql/quote.ts';
import { unquotedWords } from '../sql/scan.ts';
import type { PlannedIndex, PlannedRelation } from './catalog.ts';
import type { RelationLength } from './database-model.ts';
import { explainQuery } from './explain.ts';
import { writeLengths } from './inject.ts';
import { nodesOf, planLines, type Names, type PlanNode } from './plan-tree.ts';
import type { PreparedQuery } from './prepare.ts';
import { factsOf, type PlanFacts, type RowsOf } from './verdict.ts';

export interface Suggestion {
  readonly table: string;
  readonly columns: readonly string[];
  readonly cost: string;
  /** The plan with the index. */
  readonly lines: readonly string[];
}

export interface SuggestRequest {
  readonly engine: PlanningEngine;
  readonly names: Names;
  readonly query: PreparedQuery;
  readonly isWithin: (facts: PlanFacts) => boolean;
  readonly worst: PlanFacts;
  readonly rowsOf: RowsOf;
  /** What is pretended of a relation. */
  readonly lengthOf: (relation: PlannedRelation) => RelationLength;
}

const prefix = 'schemac_tried_';

/** More take too long to try, and nobody would make an index on all of them. */
const most = { tables: 2, columns: 5, leaves: 40 };

/** The cheapest index within the budget; undefined where none of those tried is. */
export async function suggestIndex(request: SuggestRequest): Promise<Suggestion | undefined> {
  const { worst, rowsOf } = request;
  const tables = [...new Set(worst.scans.filter(({ leaf }) => rowsOf(leaf) > 0).map(({ root }) => root))];
  tables.sort((left, right) => rowsOf(right) - rowsOf(left));
  let best: { readonly suggestion: Suggestion; readonly cost: number } | undefined;
  for (const table of tables.slice(0, most.tables)) {
    const leaves = [...new Set(worst.scans.filter(({ root }) => root === table).map(({ leaf }) => leaf))];
    if (leaves.length > most.leaves) continue;
    for (const columns of candidates(table, worst.plan)) {
      const found = await tryIndex(request, table, leaves, columns);
      if (found === undefined || !request.isWithin(found.facts)) continue;
      // A longer index has to be worth it.
      if (best !== undefined && found.facts.cost >= best.cost * (columns.length > best.suggestion.columns.length ? 0.9 : 1)) continue;
      best = {
        cost: found.facts.cost,
        suggestion: { table: table.name, columns, cost: costText(found.facts.cost), lines: planLines(found.facts.plan, found.names, 1) },
      };
    }
  }
  return best?.suggestion;
}

/** Each column in the plan's conditions and orders, then each pair of them in both orders. */
function candidates(table: PlannedRelation, plan: PlanNode): readonly (readonly string[])[] {
  const conditions = nodesOf(plan).flatMap((node) => [
    node['Index Cond'],
    node['Recheck Cond'],
    node.Filter,
    node['Hash Cond'],
    node['Merge Cond'],
    node['Join Filter'],
    ...(node['Sort Key'] ?? []),
  ]);
  const words = unquotedWords(conditions.filter((text) => text !== undefined).join('\n'));
  const columns = table.columns.filter(({ name }) => words.has(name)).map(({ name }) => name);
  const few = columns.slice(0, most.columns);
  const pairs = few.flatMap((first) => few.flatMap((second) => (first === second ? [] : [[first, second]])));
  return [...few.map((name) => [name]), ...pairs];
}

async function tryIndex(
  request: SuggestRequest,
  table: PlannedRelation,
  leaves: readonly PlannedRelation[],
  columns: readonly string[],
): Promise<{ readonly facts: PlanFacts; readonly names: Names } | undefined> {
  const { engine, names, query } = request;
  const nameOf = (at: number): string => `${prefix}${at}`;
  const creates = leaves.map(
    (leaf, at) => `CREATE INDEX ${nameOf(at)} ON ${qualifiedName([leaf.schema, leaf.name])} (${nameList(columns)})`,
  );
  const lengths = leaves.map(request.lengthOf);
  // Making an index reads the table, and would read gigabytes of pretended pages.
  await writeLengths(
    engine,
    lengths.map((length) => ({ ...length, pages: 0, tuples: 0, allVisible: 0 })),
  );
  try {
    await engine.execute(creates.join(';\n'));
    await writeLengths(engine, [...lengths, ...(await triedLengths(engine, lengths))]);
    const tried = triedIndex(table, columns);
    const now: Names = { ...names, index: (name) => (name.startsWith(prefix) ? tried : names.index(name)) };
    const { custom } = await explainQuery(engine, query, now);
    return { facts: factsOf(custom, now), names: now };
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    // A column of a type that has no order cannot be in a btree.
    return undefined;
  } finally {
    await engine.execute(leaves.map((leaf, at) => `DROP INDEX IF EXISTS ${qualifiedName([leaf.schema, nameOf(at)])}`).join(';\n'));
    await writeLengths(engine, lengths);
  }
}

/** The indexes on the leaves as one, under the name that it would have. */
function triedIndex(table: PlannedRelation, columns: readonly string[]): PlannedIndex {
  return {
    oid: 0,
    schema: table.schema,
    name: `${table.name}_${columns.join('_')}_idx`,
    method: 'btree',
    unique: false,
    columns: [],
    keys: columns.length,
    predicate: null,
    fillfactor: null,
    pagesPerRange: null,
    expressions: [],
    file: null,
    parent: null,
  };
}

/** Some 40 bytes an entry; the height of so new an index stays 0, which makes it cheaper by less than half a page. */
async function triedLengths(engine: PlanningEngine, leaves: readonly RelationLength[]): Promise<readonly RelationLength[]> {
  const files = await engine.query(
    `SELECT relname AS name, oid::text, pg_catalog.pg_relation_filepath(oid) AS file FROM pg_catalog.pg_class WHERE starts_with(relname, ${quoteText(prefix)})`,
  );
  return files.map(({ name, oid, file }) => {
    const tuples = Math.max(0, leaves[Number(name?.slice(prefix.length))]?.tuples ?? 0);
    return { oid: Number(oid), file: file ?? null, pages: Math.ceil((tuples * 40) / 7300) + 1, tuples, allVisible: 0 };
  });
}
