/**
 * How single objects of a database are written in schema/: what to put into the literal of their owner,
 * or a declaration of their own. For whoever accepts what drift found; files are not made here.
 */
import type { Address } from '../model/address.ts';
import { parseAddress, pathText } from '../model/address.ts';
import { objectNode } from '../model/source.ts';
import type { State } from '../model/object.ts';
import type { Piece } from '../kinds/author.ts';
import { camelCase } from './names.ts';
import { piecesOf } from './pieces.ts';
import { printDeclaration, printValue, type Naming } from './print.ts';

/** Text for each object that the schema language has words for, by address. */
export function declaredAs(state: State, externals: ReadonlySet<Address>, ids: readonly Address[]): ReadonlyMap<Address, string> {
  if (ids.length === 0) return new Map();
  const { written } = piecesOf(state, externals);
  const texts = ids.flatMap((id): readonly (readonly [Address, string])[] => {
    const lines = (written.get(id) ?? []).flatMap(textOf);
    return lines.length === 0 ? [] : [[id, lines.join('\n')]];
  });
  return new Map(texts);
}

const naming: Naming = {
  identifier: (id) => {
    const { kind, path } = parseAddress(id) ?? { kind: '', path: [] };
    return camelCase(path.at(-1) ?? '', kind);
  },
  isCircular: () => false,
  isLater: () => false,
};

function textOf(piece: Piece): readonly string[] {
  if (piece.piece === 'opaque') return [];
  if (piece.piece === 'declaration') return [printDeclaration(camelCase(piece.name, piece.noun), piece.value, naming).trimEnd()];
  const owner = pathText(parseAddress(piece.into)?.path ?? []);
  const value = piece.item === undefined ? piece.value : objectNode({ [piece.item.name]: piece.value });
  return [`in ${owner}: ${piece.field}: ${printValue(value, naming)}`];
}
