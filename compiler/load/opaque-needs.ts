/**
 * What an opaque object depends on is the whole of it: the SQL may name any column, key, index or
 * partition of a table that its declaration names. So it needs all parts, which are known last.
 */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { dependencyList, partsOf, stateOf, type SchemaObject, type State } from '../model/object.ts';
import { isDeclaration, type Declaration } from '../dsl/declaration.ts';

/** Completes the opaque objects among those that were composed. */
export function completeOpaque(declarations: readonly Declaration[], objects: Map<Address, SchemaObject>): void {
  const ids = declarations.flatMap((each) =>
    isDeclaration(each, 'opaque') ? [address('opaque', (each as unknown as { name: string }).name)] : [],
  );
  if (ids.length === 0) return;
  const state = stateOf(objects.values());
  for (const id of ids) {
    const object = objects.get(id);
    if (object === undefined) continue;
    const needs = object.dependsOn.flatMap((needed) => [needed, ...allParts(needed, state)]);
    objects.set(id, { ...object, dependsOn: dependencyList(needs, id) });
  }
}

function allParts(id: Address, state: State): readonly Address[] {
  return partsOf(state, id).flatMap((part) => [part.id, ...allParts(part.id, state)]);
}
