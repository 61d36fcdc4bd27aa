/**
 * A column that has a new name while its old one stays in use until the deploy is over: a rename is not
 * done at once, so that both are there, the new one beside the old one (rule book C20).
 */
import type { Address } from '../model/address.ts';
import { partsOf, type SchemaObject } from '../model/object.ts';
import type { PlanContext } from './contract.ts';

/** The column that this one is the new name of, where both are there until the deploy is over. */
export function formerColumn(column: Address, { annotation, before, after }: PlanContext): SchemaObject | undefined {
  const from = annotation(column).renamedFrom;
  return from === undefined || before.has(column) || after.has(from) ? undefined : before.get(from);
}

/** The new name of a column, where both are there. */
export function laterColumn(column: SchemaObject, context: PlanContext): SchemaObject | undefined {
  if (column.partOf === undefined || context.after.has(column.id)) return undefined;
  return partsOf(context.after, column.partOf).find(({ id }) => formerColumn(id, context)?.id === column.id);
}
