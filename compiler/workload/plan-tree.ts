/**
 * A plan as EXPLAIN prints it, with partitions and their indexes taken back to the table and the index
 * that were declared: what a query reads and how, and the plan in lines for people.
 */
import { costText, counted } from '../model/figures.ts';
import { isMaterializedView, isTable } from '../kinds/guards.ts';
import type { SchemaObject } from '../model/object.ts';
import type { PlannedIndex, PlannedRelation } from './catalog.ts';
import { partitionTree } from './partition-tree.ts';

/** What EXPLAIN (FORMAT JSON) gives of a node; more is there than is named. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Plan Rows': number;
  readonly 'Startup Cost': number;
  readonly 'Total Cost': number;
  readonly 'Relation Name'?: string;
  readonly Schema?: string;
  readonly 'Index Name'?: string;
  readonly 'Join Type'?: string;
  readonly 'Subplan Name'?: string;
  readonly 'Scan Direction'?: string;
  readonly Strategy?: string;
  readonly Operation?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly 'Recheck Cond'?: string;
  readonly 'Hash Cond'?: string;
  readonly 'Merge Cond'?: string;
  readonly 'Join Filter'?: string;
  readonly 'Sort Key'?: readonly string[];
  readonly 'Subplans Removed'?: number;
  readonly 'Conflict Arbiter Indexes'?: readonly string[];
  readonly Plans?: readonly PlanNode[];
}

export interface Scan {
  readonly node: string;
  /** The relation that is read, a partition perhaps, and what was declared of it. */
  readonly leaf: PlannedRelation;
  readonly root: PlannedRelation;
  readonly index?: PlannedIndex;
}

/** Finds declared relations and indexes by the names in a plan. */
export interface Names {
  readonly relation: (node: PlanNode) => PlannedRelation | undefined;
  /** Whether two relations have one name, so that EXPLAIN must say the schemas. */
  readonly isAmbiguous: boolean;
  readonly root: (relation: PlannedRelation) => PlannedRelation;
  /** How many relations hold the rows of a declared table. */
  readonly leaves: (root: PlannedRelation) => number;
  readonly index: (name: string) => PlannedIndex | undefined;
  /** The index on the declared table that one on a partition is part of. */
  readonly rootIndex: (index: PlannedIndex) => PlannedIndex;
}

/** Names need their schemas where two declared tables have one name. */
export function namingOf(objects: readonly SchemaObject[]): 'plain' | 'qualified' {
  const names = objects.flatMap((object) => (isTable(object) || isMaterializedView(object) ? (object.path.at(-1) ?? []) : []));
  return new Set(names).size < names.length ? 'qualified' : 'plain';
}

export function namesOf(relations: readonly PlannedRelation[], naming: 'plain' | 'qualified'): Names {
  const indexes = relations.flatMap((relation) => relation.indexes);
  const indexByOid = new Map(indexes.map((index) => [index.oid, index]));
  const byName = new Map(relations.map((relation) => [relation.name, relation]));
  const bySchema = new Map(relations.map((relation) => [`${relation.schema} ${relation.name}`, relation]));
  const indexByName = new Map(indexes.map((index) => [index.name, index]));
  const { root, leaves } = partitionTree(relations);
  const rootIndex = (index: PlannedIndex): PlannedIndex => {
    const parent = index.parent === null ? undefined : indexByOid.get(index.parent);
    return parent === undefined ? index : rootIndex(parent);
  };
  return {
    relation: (node) => {
      const name = node['Relation Name'] ?? '';
      return node.Schema === undefined ? byName.get(name) : bySchema.get(`${node.Schema} ${name}`);
    },
    isAmbiguous: naming === 'qualified' || byName.size < relations.length,
    root,
    leaves: (of) => leaves(of).length,
    index: (name) => indexByName.get(name),
    rootIndex,
  };
}

export function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Every reading of a relation in the plan. */
export function scansOf(node: PlanNode, names: Names): readonly Scan[] {
  const below = (node.Plans ?? []).flatMap((each) => scansOf(each, names));
  const leaf = names.relation(node);
  if (leaf === undefined || !/ Scan$/.test(node['Node Type'])) return below;
  const inner = nodesOf(node).map((each) => each['Index Name']);
  const index = names.index(inner.find((name) => name !== undefined) ?? '');
  return [{ node: node['Node Type'], leaf, root: names.root(leaf), ...(index === undefined ? {} : { index }) }, ...below];
}

/** Every index that the plan reads, as it was declared, those that settle conflicts among them. */
export function indexesOf(node: PlanNode, names: Names): readonly PlannedIndex[] {
  const found = nodesOf(node).flatMap((each) => [each['Index Name'], ...(each['Conflict Arbiter Indexes'] ?? [])]);
  const indexes = found.flatMap((name) => (name === undefined ? [] : (names.index(name) ?? [])));
  return [...new Set(indexes.map(names.rootIndex))];
}

/** Every declared table that the plan reads or writes. */
export function tablesOf(node: PlanNode, names: Names): readonly PlannedRelation[] {
  return [
    ...new Set(
      nodesOf(node)
        .flatMap((each) => names.relation(each) ?? [])
        .map(names.root),
    ),
  ];
}

/** The plan in lines, indented; what is done alike to many partitions stands in one line. */
export function planLines(node: PlanNode, names: Names, depth = 0): readonly string[] {
  return linesOf({ node, count: 1 }, names, depth);
}

interface Folded {
  readonly node: PlanNode;
  /** How many nodes of this shape stand side by side. */
  readonly count: number;
}

function linesOf({ node, count }: Folded, names: Names, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  const figures = `cost ${costText(node['Total Cost'])}, ${counted(node['Plan Rows'], 'row')}`;
  const each = count > 1 ? ` × ${count} partitions, each at most` : '';
  const removed = (node['Subplans Removed'] ?? 0) === 0 ? '' : `, ${node['Subplans Removed'] ?? 0} pruned`;
  const conditions = [
    ...(node['Index Cond'] === undefined ? [] : [`${indent}    on ${node['Index Cond']}`]),
    ...(node.Filter === undefined ? [] : [`${indent}    filter ${node.Filter}`]),
  ];
  return [
    `${indent}${labelOf(node, names)}${each}  ${figures}${removed}`,
    ...conditions,
    ...folded(node.Plans ?? [], names).flatMap((child) => linesOf(child, names, depth + 1)),
  ];
}

/** The beginning of a plan that is long. */
export function shortened(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `  … and ${lines.length - most} lines more: npx schemac plans shows all`];
}

/** Neighbours of one shape become the costliest of them and a number. */
function folded(nodes: readonly PlanNode[], names: Names): readonly Folded[] {
  const result: { node: PlanNode; count: number; shape: string }[] = [];
  for (const node of nodes) {
    const shape = shapeOf(node, names);
    const last = result.at(-1);
    if (last?.shape === shape && typeof names.relation(node)?.parent === 'number') {
      last.count += 1;
      if (node['Total Cost'] > last.node['Total Cost']) last.node = node;
    } else result.push({ node, count: 1, shape });
  }
  return result;
}

/** Kinds of nodes with the declared names, without figures. */
export function shapeOf(node: PlanNode, names: Names): string {
  const children = (node.Plans ?? []).map((child) => shapeOf(child, names));
  return `${labelOf(node, names)}${children.length === 0 ? '' : `(${[...new Set(children)].join(', ')})`}`;
}

function labelOf(node: PlanNode, names: Names): string {
  const relation = names.relation(node);
  const index = names.index(node['Index Name'] ?? '');
  const kind = [
    node.Strategy !== undefined && node.Strategy !== 'Plain' ? `${node.Strategy} ` : '',
    node.Operation ?? node['Node Type'],
    node['Join Type'] === undefined || node['Join Type'] === 'Inner' ? '' : ` ${node['Join Type']} Join`,
    node['Scan Direction'] === 'Backward' ? ' Backward' : '',
  ].join('');
  const using = index === undefined ? '' : ` using ${names.rootIndex(index).name}`;
  const on = relation === undefined ? '' : ` on ${names.root(relation).name}`;
  const name = node['Subplan Name'] === undefined ? '' : `${node['Subplan Name']}: `;
  return `${name}${kind}${using}${on}`;
}
