/**
 * Everything in a table that PostgreSQL searches with: indexes, and the indexes behind primary and
 * unique keys, in one form. Keys are compared as PostgreSQL prints them.
 */
import { isIndex, isPrimaryKey, isUnique } from '../kinds/guards.ts';
import type { IndexKey } from '../kinds/index/object.ts';
import type { Address } from '../model/address.ts';
import { partsOf, type SchemaObject, type State } from '../model/object.ts';
import { quoteName } from '../sql/quote.ts';

export interface IndexShape {
  readonly id: Address;
  readonly form: 'index' | 'constraint';
  readonly method: string;
  readonly unique: boolean;
  /** Each with its collation, operator class and order. */
  readonly keys: readonly string[];
  /** What each key is on: a column as SQL, or an expression. */
  readonly on: readonly string[];
  readonly include: readonly string[];
  readonly where?: string;
}

export function indexShapes(table: Address, state: State): readonly IndexShape[] {
  return partsOf(state, table).flatMap((part) => shapeOf(part) ?? []);
}

function shapeOf(object: SchemaObject): IndexShape | undefined {
  if (isPrimaryKey(object) || isUnique(object)) {
    const { columns, include } = object.attributes;
    const on = columns.map(quoteName);
    return {
      id: object.id,
      form: 'constraint',
      method: 'btree',
      unique: true,
      keys: on.map((text) => `${text}   ascending last`),
      on,
      include,
    };
  }
  if (!isIndex(object)) return undefined;
  const { method, unique, keys, include, where } = object.attributes;
  return {
    id: object.id,
    form: 'index',
    method,
    unique,
    keys: keys.map(keyOf),
    on: keys.map(({ text }) => text),
    include,
    ...(where === undefined ? {} : { where }),
  };
}

function keyOf({ text, collation, operatorClass, order, nulls }: IndexKey): string {
  return `${text} ${collation ?? ''} ${operatorClass ?? ''} ${order} ${nulls}`;
}

/**
 * Whether equality on the columns can be looked up: they lead the keys, in any order, and the index
 * leaves out no row that the lookup could mean. `IS NOT NULL` follows from the equality itself.
 */
export function servesEquality(shape: IndexShape, columns: readonly string[]): boolean {
  const wanted = columns.map(quoteName);
  const leading = new Set(shape.on.slice(0, wanted.length));
  const searchable = shape.method === 'btree' || (shape.method === 'hash' && wanted.length === 1);
  const whole = shape.where === undefined || wanted.some((name) => shape.where === `(${name} IS NOT NULL)`);
  return searchable && whole && leading.size === wanted.length && wanted.every((name) => leading.has(name));
}

/** Whether the keys of an index are the beginning of another's, which holds all that it holds. */
export function isPrefix(shape: IndexShape, other: IndexShape): boolean {
  if (shape.form === 'constraint' || shape.unique || shape.method !== 'btree' || other.method !== 'btree') return false;
  // A partial index is smaller by the rows that it leaves out, so a whole one does not replace it.
  const serves = other.where === shape.where;
  const covers = shape.include.every((name) => other.include.includes(name));
  return serves && covers && shape.keys.length < other.keys.length && shape.keys.every((key, position) => other.keys[position] === key);
}
