/**
 * The successor of a table whose rows are moved: it is made beside the table, in a schema of our own,
 * with all that rows are checked by and found by, and takes the table's place once they are in it.
 * Which objects those are, and what they are called until then; no statement is made here.
 */
import { address, parseAddress, type Address } from '../model/address.ts';
import { partsOf, type Json, type SchemaObject, type State } from '../model/object.ts';
import { gridOf } from './first-partition.ts';
import { nextSchema } from './own-schemas.ts';

/** Kinds of what rows are checked by and found by. The rest, as triggers and privileges, is made when the tables are exchanged. */
const withRows: ReadonlySet<string> = new Set([
  ...['column', 'default', 'check', 'primary-key', 'unique', 'exclusion', 'index', 'foreign-key', 'partition'],
]);

/** The parts of a table and theirs: a column's default, a comment on it. */
export function allParts(table: Address, state: State): readonly SchemaObject[] {
  return partsOf(state, table).flatMap((part) => [part, ...allParts(part.id, state)]);
}

function keyOf(object: SchemaObject | undefined): string | undefined {
  return (object?.attributes as { readonly partitionBy?: string } | undefined)?.partitionBy;
}

/** Whether the table of before can be a partition as it is: the rule of its successor draws a boundary for it. */
export function isTakenIn(before: SchemaObject, after: State): boolean {
  return keyOf(before) === undefined && gridOf(before.id, after) !== undefined;
}

/** Tables that are partitioned otherwise afterwards, and not taken in as they are. */
export function movedTables(before: State, after: State): readonly SchemaObject[] {
  return [...after.values()].filter((object) => {
    const was = object.kind === 'table' ? before.get(object.id) : undefined;
    return was !== undefined && keyOf(was) !== keyOf(object) && !isTakenIn(was, after);
  });
}

/** The table and its parts that are made beside. */
export function besideOf(table: Address, state: State): readonly SchemaObject[] {
  const own = state.get(table);
  return [...(own === undefined ? [] : [own]), ...allParts(table, state).filter(({ kind }) => withRows.has(kind))];
}

export function nextId(id: Address): Address {
  const { kind, path } = parseAddress(id) ?? { kind: '', path: [] };
  return address(kind, nextSchema, ...path.slice(1));
}

/** The object as it is called until it takes its place; `beside` are all that go with it. */
export function successorOf(object: SchemaObject, beside: ReadonlySet<Address>): SchemaObject {
  const renamed = (value: Json): Json => {
    if (typeof value === 'string') return beside.has(value) ? nextId(value) : value;
    if (Array.isArray(value)) return (value as readonly Json[]).map(renamed);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, renamed(inner)]));
  };
  const { facts, partOf } = object;
  // Row security would keep our own copying out where it is forced.
  const attributes = object.kind === 'table' ? { ...object.attributes, rowSecurity: 'off' } : object.attributes;
  return {
    ...object,
    id: nextId(object.id),
    path: [nextSchema, ...object.path.slice(1)],
    attributes: renamed(attributes as Json) as object,
    dependsOn: object.dependsOn.map((id) => (beside.has(id) ? nextId(id) : id)),
    ...(partOf === undefined ? {} : { partOf: beside.has(partOf) ? nextId(partOf) : partOf }),
    ...(facts === undefined ? {} : { facts: renamed(facts) as NonNullable<SchemaObject['facts']> }),
  };
}
