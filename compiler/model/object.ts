/**
 * What a database is to us: a flat list of immutable objects, each with an id, attributes and the
 * ids of what it depends on. Columns, constraints, indexes and comments are objects of their own.
 * Generic over kinds: no kind is named here, and nothing is imported but addresses.
 */
import type { Address } from './address.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One object of a schema. `Attributes` is plain JSON: two objects are equal when it is. */
export interface SchemaObject<Kind extends string = string, Attributes extends object = object> {
  readonly kind: Kind;
  readonly id: Address;
  /** The name, from the outside in: schema, relation, column. */
  readonly path: readonly string[];
  readonly attributes: Attributes;
  /** What must exist for this object to exist. Sorted, without itself. */
  readonly dependsOn: readonly Address[];
  /** The object that this one goes with when it is dropped: a column's table, a comment's subject. */
  readonly partOf?: Address;
  /** What the engine told about the object that is not part of its definition; never compared. */
  readonly facts?: { readonly [name: string]: Json };
}

/** A state of a schema: objects by id. */
export type State = ReadonlyMap<Address, SchemaObject>;

/** Builds a state; two objects with one id are a programmer's mistake. */
export function stateOf(objects: Iterable<SchemaObject>): State {
  const state = new Map<Address, SchemaObject>();
  for (const object of objects) {
    if (state.has(object.id)) throw new Error(`two objects have the id '${object.id}'; ids must be unique in a state`);
    state.set(object.id, object);
  }
  return state;
}

/**
 * An attribute as it was written, where it was declared, otherwise as PostgreSQL prints it. Statements
 * are made from what was written: PostgreSQL's own text is not always a fixed point (a check on a
 * varchar column reads differently after one round), and a reviewer knows the words.
 */
export function sourceOf<Attributes extends object, Name extends keyof Attributes & string>(
  object: SchemaObject<string, Attributes>,
  name: Name,
): Attributes[Name] {
  const source = object.facts?.['source'] as Partial<Attributes> | undefined;
  return source?.[name] ?? object.attributes[name];
}

/** Puts in how attributes were written where PostgreSQL spells them otherwise. */
export function withSource(object: SchemaObject, written: SchemaObject | undefined): SchemaObject {
  if (written === undefined) return object;
  const spelled = object.attributes as Readonly<Record<string, unknown>>;
  const source = Object.entries(written.attributes).filter(([name, value]) => value !== undefined && !sameJson(value, spelled[name]));
  if (source.length === 0) return object;
  return { ...object, facts: { ...object.facts, source: Object.fromEntries(source) } };
}

/** The same, taken from an object that knows how it was written. */
export function withSourceOf(object: SchemaObject, other: SchemaObject | undefined): SchemaObject {
  const source = other?.facts?.['source'];
  return source === undefined ? object : { ...object, facts: { ...object.facts, source } };
}

const partsOfStates = new WeakMap<State, Map<Address, SchemaObject[]>>();

/** The objects that go with another one: a table's columns and constraints, a column's default. */
export function partsOf(state: State, id: Address): readonly SchemaObject[] {
  let parts = partsOfStates.get(state);
  if (parts === undefined) {
    parts = new Map();
    for (const object of state.values()) {
      if (object.partOf === undefined) continue;
      const siblings = parts.get(object.partOf);
      if (siblings === undefined) parts.set(object.partOf, [object]);
      else siblings.push(object);
    }
    partsOfStates.set(state, parts);
  }
  return parts.get(id) ?? [];
}

/** The object that nothing owns: the table of a comment on a column of it. Owners are looked up in the first state that has them. */
export function rootOf(object: SchemaObject, ...states: readonly State[]): Address {
  let root = object;
  for (let owner = root.partOf; owner !== undefined; owner = root.partOf) {
    const id = owner;
    const next = states.find((state) => state.has(id))?.get(id);
    if (next === undefined) return id;
    root = next;
  }
  return root.id;
}

/** The address and those of its owners, nearest first: a default, its column, its table. */
export function withOwners(id: Address, state: State): readonly Address[] {
  const chain: Address[] = [];
  for (let next: Address | undefined = id; next !== undefined && !chain.includes(next); next = state.get(next)?.partOf) chain.push(next);
  return chain;
}

/** The value of an attribute; undefined where the object has none of that name. */
export function attributeOf(object: { readonly attributes: object }, name: string): unknown {
  return (object.attributes as Readonly<Record<string, unknown>>)[name];
}

/** What belongs to an object though no catalog says so: what the SQL of an opaque one made. */
export function ownedBy(object: SchemaObject): readonly Address[] {
  return (object.attributes as { readonly owns?: readonly Address[] }).owns ?? [];
}

/** Structural equality of JSON values; a missing key equals `undefined`. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, position) => sameJson(item, right[position]));
  }
  const [one, other] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>];
  for (const key in one) if (!sameJson(one[key], other[key])) return false;
  for (const key in other) if (other[key] !== undefined && one[key] === undefined) return false;
  return true;
}

/** Orders by code unit, the only order used in outputs: it does not depend on a locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Sorted, without repetitions and without `self`: the form in which `dependsOn` is kept. */
export function dependencyList(ids: Iterable<Address>, self?: Address): readonly Address[] {
  const set = new Set(ids);
  if (self !== undefined) set.delete(self);
  return [...set].sort(compareText);
}
