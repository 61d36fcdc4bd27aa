/**
 * Which changes of a column's type are made by an exchange: those that would write every row or build
 * every index again while nobody can use the table, where PostgreSQL lets another column take its place.
 */
import type { Address } from '../../model/address.ts';
import { partsOf, type SchemaObject, type State } from '../../model/object.ts';
import { constraintName } from '../../sql/names.ts';
import type { ExchangeRule, PlanContext } from '../contract.ts';
import { mayName } from '../stand-ins.ts';
import { isPartitioned, isSmall, tableOf } from '../statements.ts';
import { checksValues } from './create.ts';
import type { Column } from './object.ts';
import { rewritesHeap } from './type-change.ts';

/** A name that no column of the table has or will have. */
export function freeName(column: Column, suffix: string, context: PlanContext): string {
  const table = tableOf(column);
  const taken = new Set([context.before, context.after].flatMap((state) => partsOf(state, table).map(({ path }) => path[2])));
  let name = constraintName(column.path[2] ?? '', [], suffix);
  while (taken.has(name)) name = constraintName(name, [], suffix);
  return name;
}

/** Indexes on the column, those of keys among them. */
export function indexesOn(column: Column, context: PlanContext): readonly SchemaObject[] {
  const isIndex = ({ attributes }: SchemaObject): boolean => 'method' in attributes || 'include' in attributes;
  return partsOf(context.before, tableOf(column)).filter((object) => isIndex(object) && object.dependsOn.includes(column.id));
}

/** What goes along with a change of type; any other attribute that changes is a change of the old column. */
const along = new Set(['type', 'collation', 'identity', 'storage', 'compression', 'statistics', 'options']);

/** PostgreSQL lets no column of a partition key go (42P16), and a column of a parent is one of its heirs too. */
export function isBoundIn(column: Column, states: readonly State[]): boolean {
  const table = tableOf(column);
  return states.some((state) => {
    const { partitionBy, inherits = [] } = (state.get(table)?.attributes ?? {}) as {
      readonly partitionBy?: string;
      readonly inherits?: readonly Address[];
    };
    const isKey = partitionBy !== undefined && mayName(partitionBy, column.path[2] ?? '');
    return isKey || inherits.length > 0 || hasHeirs(table, state.values());
  });
}

/** A table that becomes partitioned is made anew itself. */
function isPartitionedIn(column: Column, state: State): boolean {
  return 'partitionBy' in (state.get(tableOf(column))?.attributes ?? {});
}

function hasHeirs(table: Address, objects: Iterable<SchemaObject>): boolean {
  for (const { attributes } of objects) {
    const { inherits } = attributes as { readonly inherits?: readonly Address[] };
    if (inherits?.includes(table) === true) return true;
  }
  return false;
}

function isComputedFrom(column: Column, { before }: PlanContext): boolean {
  return partsOf(before, tableOf(column)).some(({ attributes, dependsOn }) => 'generated' in attributes && dependsOn.includes(column.id));
}

/** PostgreSQL refuses every UPDATE of a table whose publication filters by what is no replica identity (42P10), so also a backfill. */
function filtersRows(column: Column, { before }: PlanContext): boolean {
  return [...before.values()].some(
    ({ kind, attributes, dependsOn }) => kind === 'publication-table' && 'where' in attributes && dependsOn.includes(column.id),
  );
}

export const exchangeRule: ExchangeRule<Column> = {
  wanted: (before, after, context) => {
    const [was, is] = [before.attributes.type, after.attributes.type];
    if (was === is || context.isNew(tableOf(after)) || isSmall(tableOf(after), context)) return false;
    return rewritesHeap(was, is) || (isPartitioned(tableOf(after), context) && indexesOn(before, context).length > 0);
  },
  possible: (before, after, attributes, context) =>
    before.attributes.type !== after.attributes.type &&
    attributes.every((name) => along.has(name)) &&
    (before.attributes.identity === undefined) === (after.attributes.identity === undefined) &&
    before.attributes.generated === undefined &&
    before.attributes.notNull === undefined &&
    !checksValues(after, context) &&
    !isBoundIn(after, [context.before, context.after]) &&
    isPartitionedIn(after, context.before) === isPartitionedIn(after, context.after) &&
    !isComputedFrom(before, context) &&
    !filtersRows(before, context),
  standIn: (after, context) => freeName(after, 'new', context),
  rebuilds: ['default', 'grant'],
};
