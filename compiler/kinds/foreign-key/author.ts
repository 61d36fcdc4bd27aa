/**
 * A foreign key as source. On one column of the referenced column's own type it makes a reference of
 * the column, `references(() => users, 'id')`; every other is one of the table's `foreignKeys`.
 */
import { address, parseAddress, type Address } from '../../model/address.ts';
import { partsOf, type State } from '../../model/object.ts';
import { arrowNode, callNode, textsNode, valueNode, type SourceNode } from '../../model/source.ts';
import { field, item, leftOpaque, literalOf, type Author, type AuthorContext, type FieldPiece, type Piece } from '../author.ts';
import { flagNode, namesNode, unlessUsual } from '../column-source.ts';
import { isTablePart, tableOf } from '../statements.ts';
import type { ForeignKey } from './object.ts';

function columnOf(table: Address, name: string | undefined): Address {
  return address('column', ...(parseAddress(table)?.path ?? []), name ?? '');
}

function typeOf(state: State, column: Address): string | undefined {
  return (state.get(column)?.attributes as { readonly type?: string } | undefined)?.type;
}

const isForeignKey = (object: { readonly kind: string }): boolean => object.kind === 'foreign-key';

/** The column that a column would refer to: by the first key that is on it alone, of the same type. */
function referred(state: State, column: Address): { readonly by: ForeignKey; readonly to: Address } | undefined {
  const object = state.get(column);
  const table = object?.partOf;
  if (object === undefined || table === undefined || 'identity' in object.attributes) return undefined;
  const keys = partsOf(state, table).filter(isForeignKey) as readonly ForeignKey[];
  for (const by of keys) {
    const { columns, references, referencedColumns, onDeleteColumns, validated } = by.attributes;
    const to = columnOf(references, referencedColumns[0]);
    const isAlone = columns.length === 1 && columns[0] === object.path[2] && onDeleteColumns.length === 0 && validated;
    if (isAlone && typeOf(state, to) === typeOf(state, column)) return { by, to };
  }
  return undefined;
}

/** A reference takes its type from its target. In a circle of them the first column keeps a type of its own. */
function closesCircle(state: State, column: Address): boolean {
  const chain = [column];
  for (let next = referred(state, column)?.to; next !== undefined; next = referred(state, next)?.to) {
    if (next === column) return chain.every((each) => column <= each);
    if (chain.includes(next)) return false;
    chain.push(next);
  }
  return false;
}

function behaviour({ attributes }: ForeignKey): { readonly [field: string]: SourceNode | undefined } {
  return {
    onDelete: unlessUsual(attributes.onDelete, 'no action'),
    onUpdate: unlessUsual(attributes.onUpdate, 'no action'),
    match: unlessUsual(attributes.match, 'simple'),
    deferral: unlessUsual(attributes.deferral, 'not deferrable'),
  };
}

/** The pieces of a column that is a reference: the call, what the key does, and its own name and doc. */
function asReference(key: ForeignKey, column: Address, name: SourceNode | undefined, given: readonly FieldPiece[]): readonly Piece[] {
  const { references, referencedColumns } = key.attributes;
  const target = valueNode(referencedColumns[0] ?? '');
  const call = references === tableOf(key) ? callNode('self', target) : callNode('references', arrowNode(references), target);
  const constraint = literalOf({ name, doc: undefined }, given);
  const fields = Object.entries({ ...behaviour(key), constraint: constraint.entries.length === 0 ? undefined : constraint });
  return [
    field(column, 'reference', call),
    ...fields.flatMap(([each, value]) => (value === undefined ? [] : [field(column, each, value)])),
  ];
}

function asListed(key: ForeignKey, name: string, isComputed: boolean, context: AuthorContext): readonly Piece[] {
  const { columns, references, referencedColumns, onDeleteColumns } = key.attributes;
  const own = {
    columns: textsNode(columns),
    references: references === tableOf(key) ? valueNode('self') : arrowNode(references),
    to: textsNode(referencedColumns),
    doc: undefined,
    ...behaviour(key),
    onDeleteColumns: namesNode(onDeleteColumns),
    period: flagNode(key.attributes.period === true),
  };
  return [item(tableOf(key), 'foreignKeys', literalOf(own, context.fields(key.id)), { name, isComputed })];
}

export const foreignKeyAuthor: Author<ForeignKey> = {
  writes: 'field',
  author: (key, context) => {
    const { columns, references, validated } = key.attributes;
    if (!isTablePart(key)) return leftOpaque(key, 'it is on one partition alone');
    if (!validated) return leftOpaque(key, 'it is not validated');
    if (!context.state.has(references) || parseAddress(references)?.kind !== 'table')
      return leftOpaque(key, 'it refers to one partition alone');
    const [, table = '', name = ''] = key.path;
    const isComputed = name === context.computedName(table, columns, 'fkey');
    const column = columnOf(tableOf(key), columns[0]);
    if (referred(context.state, column)?.by.id !== key.id || closesCircle(context.state, column)) {
      return asListed(key, name, isComputed, context);
    }
    return asReference(key, column, isComputed ? undefined : valueNode(name), context.fields(key.id));
  },
};
