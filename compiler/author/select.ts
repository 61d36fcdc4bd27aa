/**
 * Which objects of a database are pulled: those of the chosen schemas, and what they need of others. A
 * table of another schema is another team's for that reason, and of those comes what a reference, a
 * type and a diagram need; types and schemas come along whole. Nothing is lost in silence: see `left`.
 */
import { isColumn, isPrimaryKey, isSchema, isTable, isUnique } from '../kinds/guards.ts';
import type { Address } from '../model/address.ts';
import { stateOf, type SchemaObject, type State } from '../model/object.ts';

export interface Selection {
  readonly state: State;
  readonly externals: ReadonlySet<Address>;
  /** Objects of other schemas that nothing chosen needs. */
  readonly left: number;
}

export interface Chosen {
  /** Names of schemas; all of them where absent. */
  readonly schemas?: ReadonlySet<string>;
  /** Addresses of tables that are other teams'. */
  readonly externals: ReadonlySet<Address>;
}

export function select(state: State, { schemas, externals: given }: Chosen): Selection {
  const rootOf = rootsOf(state);
  const isChosen = (root: SchemaObject): boolean => schemas === undefined || livesIn(root, schemas);
  const externals = new Set(given);
  const roots = new Set([...state.values()].map(rootOf).filter(isChosen));
  const members = membersOf(state, rootOf);
  // A set is walked in the order in which it grows: what is needed by what is needed comes as well.
  for (const root of roots) {
    const isExternal = externals.has(root.id);
    for (const object of members.get(root.id) ?? []) {
      if (isExternal && !isOfExternal(object, state)) continue;
      for (const needed of object.dependsOn.flatMap((id) => state.get(id) ?? []).map(rootOf)) {
        if (roots.has(needed) || (isExternal && isSchema(needed))) continue;
        if (isTable(needed)) externals.add(needed.id);
        roots.add(needed);
      }
    }
  }
  const kept = [...state.values()].filter((object) => {
    const root = rootOf(object);
    return roots.has(root) && (!externals.has(root.id) || isOfExternal(object, state));
  });
  return { state: stateOf(kept), externals, left: [...state.values()].filter((object) => !roots.has(rootOf(object))).length };
}

function rootsOf(state: State): (object: SchemaObject) => SchemaObject {
  return (object) => {
    let root = object;
    for (let owner = object.partOf; owner !== undefined; owner = root.partOf) {
      const next = state.get(owner);
      if (next === undefined) return root;
      root = next;
    }
    return root;
  };
}

function membersOf(state: State, rootOf: (object: SchemaObject) => SchemaObject): ReadonlyMap<Address, readonly SchemaObject[]> {
  const members = new Map<Address, SchemaObject[]>();
  for (const object of state.values()) {
    const { id } = rootOf(object);
    const given = members.get(id);
    if (given === undefined) members.set(id, [object]);
    else given.push(object);
  }
  return members;
}

/** What has no schema, such as an extension, belongs to the database and so to every choice. */
function livesIn(object: SchemaObject, schemas: ReadonlySet<string>): boolean {
  return (object.path.length === 1 && !isSchema(object)) || schemas.has(object.path[0] ?? '');
}

/** The table, its columns and keys, and what is said of them. */
function isOfExternal(object: SchemaObject, state: State): boolean {
  if (isTable(object) || isColumn(object) || isPrimaryKey(object) || isUnique(object)) return true;
  const owner = state.get(object.partOf ?? '');
  return owner !== undefined && 'text' in object.attributes && isOfExternal(owner, state);
}
