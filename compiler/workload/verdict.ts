/**
 * What a plan reads, and which words of a budget it breaks. A partition without rows is read for
 * nothing and counts as a partition only.
 */
import { costText, counted } from '../model/figures.ts';
import type { QueryBudget } from '../model/workload.ts';
import type { PlannedRelation } from './catalog.ts';
import { nodesOf, scansOf, type Names, type PlanNode, type Scan } from './plan-tree.ts';

export interface PlanFacts {
  readonly plan: PlanNode;
  readonly scans: readonly Scan[];
  readonly cost: number;
  /** Rows returned or changed. */
  readonly rows: number;
  /** Partitions that are read, by table. */
  readonly partitions: ReadonlyMap<PlannedRelation, number>;
  /** Tables of which every partition is read, since nothing tells which ones hold the rows. */
  readonly unpruned: readonly PlannedRelation[];
  readonly sorts: boolean;
}

export function factsOf(plan: PlanNode, names: Names): PlanFacts {
  const scans = scansOf(plan, names);
  const leaves = new Map<PlannedRelation, Set<PlannedRelation>>();
  for (const { leaf, root } of scans) {
    if (leaf !== root) leaves.set(root, (leaves.get(root) ?? new Set()).add(leaf));
  }
  return {
    plan,
    scans,
    cost: plan['Total Cost'],
    rows: rowsOf(plan),
    partitions: new Map([...leaves].map(([root, set]) => [root, set.size])),
    unpruned: [...leaves].flatMap(([root, set]) => (set.size > 1 && set.size === names.leaves(root) ? [root] : [])),
    sorts: nodesOf(plan).some((node) => /Sort$/.test(node['Node Type'])),
  };
}

/** ModifyTable returns no rows; what it changes comes from below. */
function rowsOf(plan: PlanNode): number {
  if (plan['Node Type'] !== 'ModifyTable') return plan['Plan Rows'];
  const sources = (plan.Plans ?? []).filter((node) => !(node['Subplan Name'] ?? '').startsWith('CTE'));
  return Math.max(plan['Plan Rows'], ...sources.map((node) => node['Plan Rows']));
}

/** How many rows a relation has in the model. */
export type RowsOf = (relation: PlannedRelation) => number;

/** The budget's words that the plan breaks, each as what the plan does. `quantities` are costs and rows. */
export function broken(facts: PlanFacts, budget: QueryBudget, rowsOf: RowsOf, words: 'all' | 'structure'): readonly string[] {
  return [...(words === 'all' ? brokenQuantities(facts, budget) : []), ...brokenStructure(facts, budget, rowsOf)];
}

function brokenQuantities(facts: PlanFacts, budget: QueryBudget): readonly string[] {
  const { maxCost = Infinity, maxRows = Infinity } = budget;
  return [
    ...(facts.cost > maxCost ? [`costs ${costText(facts.cost)}, at most ${costText(maxCost)} (maxCost)`] : []),
    ...(facts.rows > maxRows ? [`finds ${counted(facts.rows, 'row')}, at most ${counted(maxRows, 'row')} (maxRows)`] : []),
  ];
}

function brokenStructure(facts: PlanFacts, budget: QueryBudget, rowsOf: RowsOf): readonly string[] {
  const over = [...facts.partitions].filter(([, count]) => count > (budget.maxPartitions ?? Infinity));
  const whole = budget.noSeqScan === undefined ? [] : readWhole(facts, rowsOf, budget.noSeqScan === true ? 0 : budget.noSeqScan);
  const loose = facts.scans.filter(({ node, leaf }) => node !== 'Index Only Scan' && rowsOf(leaf) > 0);
  const looseNames = [...new Set(loose.map(({ root }) => root.name))];
  return [
    ...over.map(([root, count]) => `reads ${count} partitions of ${root.name}, at most ${budget.maxPartitions ?? 0} (maxPartitions)`),
    ...whole.map((root) => `reads ${root.name} whole (noSeqScan)`),
    ...(budget.noSort === true && facts.sorts ? ['sorts (noSort)'] : []),
    ...(budget.indexOnly === true && loose.length > 0 ? [`reads ${looseNames.join(', ')} itself and not an index alone (indexOnly)`] : []),
  ];
}

/** Tables of which something larger than `over` rows is read whole. */
export function readWhole(facts: PlanFacts, rowsOf: RowsOf, over: number): readonly PlannedRelation[] {
  const found = facts.scans.filter(({ node, leaf }) => node === 'Seq Scan' && rowsOf(leaf) > over);
  return [...new Set(found.map(({ root }) => root))];
}
