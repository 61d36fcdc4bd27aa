/**
 * Which columns hold values of a type, directly or through an array, a domain, a composite or a range
 * over it: what PostgreSQL looks for before it alters a type (find_composite_type_dependencies), so
 * that a change that it would refuse is refused before anything is applied.
 */
import { pathText, type Address } from '../model/address.ts';
import { partsOf, type SchemaObject, type State } from '../model/object.ts';

/** Types are what others rest on and are no relation: a domain, a composite, a range. */
const types: ReadonlySet<string> = new Set(['domain', 'composite', 'range']);

/** Columns of tables, and materialized views, that hold values of the type; sorted by address. */
export function holdersOf(type: Address, state: State): readonly SchemaObject[] {
  const over = new Set<Address>([type, ...partsOf(state, type).map((part) => part.id)]);
  const holders = new Map<Address, SchemaObject>();
  for (const id of over) {
    for (const object of state.values()) {
      if (!object.dependsOn.includes(id)) continue;
      if (object.kind === 'column' || object.kind === 'materialized-view') holders.set(object.id, object);
      else if (object.kind === 'attribute') over.add(object.partOf ?? object.id);
      else if (types.has(object.kind)) over.add(object.id);
    }
  }
  return [...holders.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** `column public.users.home and 2 more`: the first by name, for a message. */
export function namedHolders(holders: readonly SchemaObject[]): string {
  const names = holders.map((holder) => `${holder.kind.replaceAll('-', ' ')} ${pathText(holder.path)}`);
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
