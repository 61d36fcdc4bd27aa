/**
 * What a table has from its parents (manual §5.11): it is theirs, whether the child said it too or
 * not. A part that was the child's own becomes its parents' by INHERIT and its own again by NO
 * INHERIT, without being dropped or made. No kind is named here.
 */
import { address, parseAddress, type Address } from '../model/address.ts';
import type { SchemaObject, State } from '../model/object.ts';
import type { PlanContext } from './contract.ts';
import { tableOf } from './statements.ts';

function parentsOf(table: Address, state: State): readonly Address[] {
  return (state.get(table)?.attributes as { readonly inherits?: readonly Address[] } | undefined)?.inherits ?? [];
}

/** Whether a parent at any distance has a part of that kind and name. */
function hasFromParents(part: SchemaObject, table: Address, state: State): boolean {
  return parentsOf(table, state).some((parent) => {
    const theirs = address(part.kind, ...(parseAddress(parent)?.path ?? []), part.path[2] ?? '');
    return state.has(theirs) || hasFromParents(part, parent, state);
  });
}

/** Whether a part that is to be made is there already, from parents that the table leaves. */
export function wasInherited(part: SchemaObject, context: PlanContext): boolean {
  return hasFromParents(part, tableOf(part), context.before);
}

/** Whether a part that is to be dropped stays, as that of parents that the table joins. */
export function becomesInherited(part: SchemaObject, context: PlanContext): boolean {
  return hasFromParents(part, tableOf(part), context.after);
}
