/**
 * What this engine cannot hold is carried as it was declared (DESIGN §4): compression that it was not
 * built with, the text of opaque objects. `attribute: '*'` carries a whole object, or its end.
 */
import { parseAddress, type Address } from '../model/address.ts';
import { dependencyList, ownedBy, stateOf, type SchemaObject, type State } from '../model/object.ts';
import type { Carried } from '../model/statement.ts';

/**
 * The state with what was carried put in, and without what belongs to a carried object; later entries
 * win over earlier ones.
 */
export function withCarried(state: State, carried: readonly Carried[]): State {
  if (carried.length === 0) return state;
  const objects = new Map(state);
  for (const entry of carried) {
    const object = objects.get(entry.object);
    if (entry.attribute === '*') {
      if (entry.value === null) objects.delete(entry.object);
      else objects.set(entry.object, wholeObject(entry, object));
    } else if (object !== undefined) objects.set(entry.object, withAttribute(object, entry));
  }
  return withoutOwned(objects);
}

/** Says of any object of a state to which carried object it belongs: it is owned, or part of what is. */
export function belongsTo(state: State, carried: Iterable<SchemaObject>): (id: Address | undefined) => Address | undefined {
  const owners = new Map([...carried].flatMap((object) => ownedBy(object).map((id) => [id, object.id] as const)));
  const ownerOf = (id: Address | undefined): Address | undefined =>
    id === undefined ? undefined : (owners.get(id) ?? ownerOf(state.get(id)?.partOf));
  return ownerOf;
}

/**
 * What an object says that it owns is described by it; what is part of that goes with it, and who
 * rests on that rests on the object.
 */
export function withoutOwned(state: State): State {
  const carried = [...state.values()].filter((object) => ownedBy(object).length > 0);
  if (carried.length === 0) return state;
  const ownerOf = belongsTo(state, carried);
  const restingOnOwners = (object: SchemaObject): SchemaObject => {
    if (object.dependsOn.every((id) => ownerOf(id) === undefined)) return object;
    const needs = object.dependsOn.map((id) => ownerOf(id) ?? id);
    return { ...object, dependsOn: dependencyList(needs, object.id) };
  };
  return stateOf([...state.values()].filter(({ id }) => ownerOf(id) === undefined).map(restingOnOwners));
}

function withAttribute(object: SchemaObject, entry: Carried): SchemaObject {
  const attributes: Record<string, unknown> = { ...object.attributes };
  if (entry.value === null) delete attributes[entry.attribute];
  else attributes[entry.attribute] = entry.value;
  return { ...object, attributes };
}

function wholeObject(entry: Carried, object: SchemaObject | undefined): SchemaObject {
  const parsed = parseAddress(entry.object);
  if (parsed === undefined) throw new Error(`carried object '${entry.object}' has no valid address`);
  return { ...(object ?? { ...parsed, id: entry.object }), dependsOn: entry.dependsOn ?? [], attributes: entry.value as object };
}

/** Entries whose object is gone have nothing to say any more, should one of its name come again. */
export function stillCarried(state: State, carried: readonly Carried[]): readonly Carried[] {
  return carried.filter((entry) => entry.attribute === '*' || state.has(entry.object));
}
