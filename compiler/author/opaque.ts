/**
 * What the schema language cannot say, as an `opaque` declaration: the SQL that its kind makes and
 * drops it with, its comment and whatever else goes with it included.
 */
import type { Address } from '../model/address.ts';
import { partsOf, type SchemaObject, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { arrayNode, arrowNode, callNode, objectNode, sqlNode, valueNode } from '../model/source.ts';
import type { DeclarationPiece, OpaquePiece } from '../kinds/author.ts';
import type { PlanContext } from '../kinds/contract.ts';
import { shortened } from '../load/names.ts';
import { kindOf, kindRank } from '../kinds/registry.ts';

const nothing: State = new Map();

/** Everything counts as new and small: what is opaque runs in one transaction, where nothing can be built beside what is in use. */
function contextOf(state: State, major: number): PlanContext {
  return { major, before: nothing, after: state, isNew: () => true, isDropped: () => false, annotation: () => ({ expectedRows: 0 }) };
}

/** The name of the opaque object that stands for an object: its address, cut where that is too long for a name. */
export function opaqueName(id: Address): string {
  return shortened(id);
}

/** An object with all that is part of it, what needs nothing of the others first. */
export function withParts(id: Address, state: State): readonly SchemaObject[] {
  const object = state.get(id);
  if (object === undefined) return [];
  const parts = partsOf(state, id).flatMap((part) => withParts(part.id, state));
  return [object, ...parts].sort((left, right) => kindRank(left.kind) - kindRank(right.kind));
}

/** The SQL by which the kinds make objects of a state, those first that the others need. */
export function creationSql(objects: readonly SchemaObject[], state: State, major: number): string {
  const context = contextOf(state, major);
  return sqlOf(objects.flatMap((object) => kindOf(object).create(object, context)));
}

/** The SQL by which the kinds drop objects of a state, with all that goes with them. */
export function dropSql(objects: readonly SchemaObject[], state: State, major: number): string {
  const context = { ...contextOf(nothing, major), before: state, isNew: () => false, isDropped: () => true };
  return sqlOf(objects.flatMap((object) => kindOf(object).drop(object, context)));
}

function sqlOf(statements: readonly Statement[]): string {
  return statements.map(({ sql }) => sql).join(';\n');
}

export function opaqueDeclaration(
  { object: id }: OpaquePiece,
  state: State,
  major: number,
  declared: (id: Address) => Address | undefined,
): DeclarationPiece {
  const objects = withParts(id, state);
  const object = state.get(id) as SchemaObject;
  const own = new Set(objects.map((each) => each.id));
  const needs = new Set(objects.flatMap((each) => each.dependsOn).flatMap((each) => (own.has(each) ? [] : (declared(each) ?? []))));
  const owner = object.partOf === undefined ? undefined : declared(object.partOf);
  const literal = objectNode({
    create: sqlNode(creationSql(objects, state, major)),
    drop: sqlNode(dropSql([object], state, major)),
    dependsOn: needs.size === 0 ? undefined : arrayNode([...needs].map(arrowNode)),
  });
  return {
    piece: 'declaration',
    object: id,
    value: callNode('opaque', valueNode(opaqueName(id)), literal),
    name: object.path.at(-1) ?? '',
    noun: 'object',
    home: owner === undefined ? { file: 'opaque' } : { beside: owner },
  };
}
