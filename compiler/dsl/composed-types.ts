/**
 * The words for types made of other types: composite types and range types. Columns of them are
 * declared with `ofType`, and hold what node-postgres gives for types that it does not know: text.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { namedColumns } from './column.ts';
import type { AnyColumn, BoundColumn, ColumnsInput, Suppress } from './column.ts';
import type { DeclaredType } from './column-words.ts';
import type { Access, TypePrivilege } from './privileges.ts';
import type { Sql } from './sql.ts';
import type { SchemaDeclaration } from './words.ts';

interface TypeDefinition extends Access<TypePrivilege> {
  readonly doc?: string;
  readonly schema?: string | SchemaDeclaration;
  readonly renamedFrom?: string;
  readonly suppress?: Suppress;
}

export interface CompositeDefinition extends TypeDefinition {
  /** Column words by name, `{ street: text({ doc: '…' }) }`. An attribute may always be null and has no default. */
  readonly attributes: ColumnsInput;
}
export interface CompositeDeclaration extends DeclaredType<string, 'composite'> {
  readonly attributeList: readonly BoundColumn[];
  readonly definition: CompositeDefinition;
}
/** A composite type: `compositeType('address', { attributes: { street: text(), city: text() }, doc: '…' })`. */
export function compositeType(name: string, definition: CompositeDefinition): CompositeDeclaration {
  return declaration('composite', { name, attributeList: namedColumns(definition.attributes), definition }, compositeType);
}

export interface RangeDefinition extends TypeDefinition {
  /** A column word: `numeric()`, `ofType(money)`. Its options are not used. */
  readonly subtype: AnyColumn;
  /** A btree operator class of the subtype other than its default: `text_pattern_ops`. */
  readonly operatorClass?: string;
  readonly collation?: string;
  /** The distance of two values, for GiST: the name of a function of two values that gives double precision, sql`float8mi`. */
  readonly subtypeDiff?: Sql;
  /** The name of its multirange type; by PostgreSQL's convention where absent: `price_multirange` for `price_range`. */
  readonly multirange?: string;
}
/** The type of sets of ranges, which every range type has: `ofType(priceRange.multirange)`. */
export interface MultirangeDeclaration extends DeclaredType<string, 'multirange'> {
  readonly definition: RangeDefinition;
}
export interface RangeDeclaration extends DeclaredType<string, 'range type'> {
  readonly definition: RangeDefinition;
  readonly multirange: MultirangeDeclaration;
}
/** A range type with its multirange type: `rangeType('price_range', { subtype: numeric(), doc: '…' })`. */
export function rangeType(name: string, definition: RangeDefinition): RangeDeclaration {
  const fields = { name: definition.multirange ?? multirangeName(name), definition };
  const multirange: Declaration<'multirange'> & typeof fields = declaration('multirange', fields, rangeType);
  return declaration('range type', { name, definition, multirange }, rangeType);
}

/** PostgreSQL's convention (manual: CREATE TYPE): the first `range` in the name, or an end. */
function multirangeName(name: string): string {
  const at = name.indexOf('range');
  return at < 0 ? `${name}_multirange` : `${name.slice(0, at)}multirange${name.slice(at + 'range'.length)}`;
}
