/**
 * Asks every kind for its pieces: from the registry's end to its beginning, and what is part of another
 * one before it, so that the literal of an owner finds all that others put into it. Knows no kind.
 */
import type { Address } from '../model/address.ts';
import { compareText, withOwners, type SchemaObject, type State } from '../model/object.ts';
import { declaredNode, type DeclaredNode } from '../model/source.ts';
import { conventionalName } from '../load/names.ts';
import type { AuthorContext, DeclarationPiece, FieldPiece, OpaquePiece, Piece } from '../kinds/author.ts';
import { kindOf, kindRank } from '../kinds/registry.ts';
import { qualifiedName } from '../sql/quote.ts';
import { interpolation } from './interpolate.ts';

export interface Pieces {
  readonly declarations: readonly DeclarationPiece[];
  readonly opaque: readonly OpaquePiece[];
  /** Objects that are never written, by the reason. */
  readonly nothing: ReadonlyMap<Address, string>;
  /** What each object is written as. */
  readonly written: ReadonlyMap<Address, readonly Piece[]>;
}

export function piecesOf(state: State, externals: ReadonlySet<Address>): Pieces {
  const declarations: DeclarationPiece[] = [];
  const opaque: OpaquePiece[] = [];
  const nothing = new Map<Address, string>();
  const fields = new Map<Address, FieldPiece[]>();
  const written = new Map<Address, readonly Piece[]>();
  const context = contextOf(state, externals, (id) => fields.get(id) ?? []);
  const left = new Set<Address>();
  for (const object of inAuthoringOrder(state)) {
    const { author } = kindOf(object);
    if (author.writes === 'nothing') nothing.set(object.id, author.because);
    else if (author.writes === 'member') continue;
    else if (author.writes === 'opaque') opaque.push({ piece: 'opaque', object: object.id, because: author.because });
    else {
      const pieces = author.author(object, context);
      written.set(object.id, pieces);
      for (const piece of pieces) {
        if (piece.piece === 'declaration') declarations.push(piece);
        else if (piece.piece === 'opaque') opaque.push(piece);
        else pushTo(fields, piece.into, piece);
      }
    }
  }
  for (const { object } of opaque) left.add(object);
  return {
    declarations: declarations.reverse(),
    // What goes with another one that is left opaque is made by that one's SQL.
    opaque: opaque
      .filter(
        ({ object }) =>
          !withOwners(object, state)
            .slice(1)
            .some((owner) => left.has(owner)),
      )
      .reverse(),
    nothing,
    written,
  };
}

function pushTo(fields: Map<Address, FieldPiece[]>, into: Address, piece: FieldPiece): void {
  const given = fields.get(into);
  if (given === undefined) fields.set(into, [piece]);
  else given.unshift(piece);
}

/** Last kind first; within a kind what is deeper first, and else from the end, since pieces are put in front. */
function inAuthoringOrder(state: State): readonly SchemaObject[] {
  const depth = new Map<Address, number>();
  for (const object of state.values()) depth.set(object.id, withOwners(object.id, state).length);
  const place = new Map([...state.keys()].map((id, index) => [id, index]));
  const at = ({ id }: SchemaObject): number => place.get(id) ?? 0;
  return [...state.values()].sort(
    (left, right) =>
      kindRank(right.kind) - kindRank(left.kind) ||
      (depth.get(right.id) ?? 0) - (depth.get(left.id) ?? 0) ||
      at(right) - at(left) ||
      compareText(right.id, left.id),
  );
}

function contextOf(state: State, externals: ReadonlySet<Address>, fields: AuthorContext['fields']): AuthorContext {
  const types = new Map<string, Address>();
  const members = new Map<string, DeclaredNode>();
  for (const object of state.values()) {
    const { author } = kindOf(object);
    if (author.writes === 'type') types.set(qualifiedName(object.path), object.id);
    if (author.writes === 'member') members.set(qualifiedName(object.path), author.of(object));
  }
  const typeNode = (text: string): DeclaredNode | undefined => {
    const id = types.get(text);
    return id === undefined ? members.get(text) : declaredNode(id);
  };
  return {
    state,
    fields,
    typeCalled: (text) => types.get(text),
    typeNode,
    sql: interpolation(state),
    computedName: conventionalName,
    isExternal: (id) => externals.has(id),
  };
}
