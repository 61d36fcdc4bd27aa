/**
 * Names that follow by themselves: a constraint or an index that is the same but for its name gets
 * the other name and is not made anew. Worked out on the objects alone; a table or a column is never
 * taken for a renamed one here, since that would be a guess about rows.
 */
import { kindOf } from '../kinds/registry.ts';
import type { Change } from '../model/change.ts';
import { pathText, type Address } from '../model/address.ts';
import { dependencyList, sameJson, stateOf, type SchemaObject, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';

export interface NamesFollowed {
  /** The first state under the names of the second. */
  readonly state: State;
  readonly statements: readonly Statement[];
}

/** `changes` are those between the two states. */
export function followNames(before: State, after: State, changes: readonly Change[]): NamesFollowed {
  const pairs = renamedPairs(after, changes);
  if (pairs.length === 0) return { state: before, statements: [] };
  const context = { major: 0, before, after, isNew: () => false, isDropped: () => false, annotation: () => ({}) };
  const statements = pairs.flatMap(([old, now]) => kindOf(now).rename?.(old, now, context) ?? []);
  return {
    state: renamed(before, new Map(pairs.map(([old, now]) => [old.id, now]))),
    statements: statements.map((step) => ({ ...step, atomic: 'rename' })),
  };
}

function renamedPairs(after: State, changes: readonly Change[]): readonly (readonly [SchemaObject, SchemaObject])[] {
  const follows = (object: SchemaObject): boolean => kindOf(object).namesFollow === true && kindOf(object).rename !== undefined;
  const gone = changes
    .flatMap((change) => (change.change === 'removed' ? [change.before] : []))
    .filter((object) => follows(object) && after.has(object.partOf ?? ''));
  const added = changes.flatMap((change) => (change.change === 'added' && follows(change.after) ? [change.after] : []));
  const isSame = (one: SchemaObject, other: SchemaObject): boolean =>
    one.kind === other.kind && one.partOf === other.partOf && sameJson(one.attributes, other.attributes);
  return gone.flatMap((old) => {
    const now = added.filter((object) => isSame(old, object));
    const rivals = gone.filter((object) => isSame(old, object));
    return now.length === 1 && rivals.length === 1 && now[0] !== undefined ? [[old, now[0]] as const] : [];
  });
}

/** New ids and paths for what is renamed, and for what is about it, as a comment; and who rests on it follows. */
function renamed(state: State, names: ReadonlyMap<Address, SchemaObject>): State {
  const idOf = (id: Address): Address => {
    const direct = names.get(id)?.id;
    if (direct !== undefined) return direct;
    const owner = state.get(state.get(id)?.partOf ?? '');
    const now = owner === undefined ? undefined : names.get(owner.id);
    return owner === undefined || now === undefined ? id : withPathOf(id, owner, now);
  };
  return stateOf(
    [...state.values()].map((object): SchemaObject => {
      const now = names.get(object.id);
      const id = idOf(object.id);
      const old = object.partOf === undefined ? undefined : state.get(object.partOf);
      const owner = old === undefined ? undefined : names.get(old.id);
      const dependsOn = object.dependsOn.some((needed) => idOf(needed) !== needed)
        ? dependencyList(object.dependsOn.map(idOf), id)
        : object.dependsOn;
      if (now === undefined && owner === undefined) return dependsOn === object.dependsOn ? object : { ...object, dependsOn };
      const remark =
        old === undefined || owner === undefined
          ? {}
          : { partOf: owner.id, path: owner.path, attributes: aboutRenamed(object, old, owner) };
      return { ...object, id, dependsOn, ...(now === undefined ? remark : { path: now.path }) };
    }),
  );
}

/** The address of what is about an object has that one's path: `comment index public.old`, `comment index-of public.t.old`. */
function withPathOf(id: Address, before: SchemaObject, after: SchemaObject): Address {
  const tail = ` ${pathText(before.path)}`;
  return id.endsWith(tail) ? `${id.slice(0, -tail.length)} ${pathText(after.path)}` : id;
}

/** A comment names its subject in an attribute. */
function aboutRenamed(object: SchemaObject, before: SchemaObject, after: SchemaObject): object {
  const isSubject = (value: unknown): value is Address => typeof value === 'string' && object.id.endsWith(` ${value}`);
  return Object.fromEntries(
    Object.entries(object.attributes).map(([name, value]) => [
      name,
      isSubject(value) ? withPathOf(value, before, after) : (value as unknown),
    ]),
  );
}
