/**
 * Columns that refer to a column of a table and take their SQL type from it: enforced by a foreign
 * key (`references`, `self`) or not (`softReference`). The target is given as a function, so that
 * files may refer to each other in a circle.
 */
import { declaration } from './declaration.ts';
import type { Column, ColumnOptions, DefaultInput, GeneratedInput, InsertRule, Suppress, ValueOf } from './column.ts';
import type { AnyTable } from './table.ts';

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
export type DeferralInput = 'not deferrable' | 'deferrable' | 'initially deferred';

/** What a foreign key does, whether it stands on a column or on the table. */
export interface ForeignKeyBehaviour {
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly match?: 'simple' | 'full';
  readonly deferral?: DeferralInput;
}

/** The constraint behind a reference column: its own name, doc and former name. */
export interface ConstraintNotes {
  /** PostgreSQL's own convention where it is absent: `digests_user_id_fkey`. */
  readonly name?: string;
  readonly doc?: string;
  readonly renamedFrom?: string;
  readonly suppress?: Suppress;
}

export interface ReferenceBehaviour extends ForeignKeyBehaviour {
  readonly constraint?: ConstraintNotes;
}

/** The column names of a table. */
export type TableColumnName<Target extends AnyTable> = [keyof Target['columns']] extends [infer Names] ? Names & string : never;
/** The value of the referenced column; a self reference there holds what it points to in its turn. */
export type ReferencedValue<Target extends AnyTable, Name extends string> =
  ValueOf<Target['columns'][Name]> extends SelfValue<infer Own> ? ValueOf<Target['columns'][Own]> : ValueOf<Target['columns'][Name]>;

/**
 * A column with a foreign key: `references(() => users, 'id', { onDelete: 'cascade' })`. In a cycle
 * one side says its type: `references((): AnyTable => teams, 'id')`.
 */
export function references<
  Target extends AnyTable,
  const Name extends TableColumnName<Target>,
  Nullable extends boolean = false,
  Default extends DefaultInput | undefined = undefined,
  Generated extends GeneratedInput | undefined = undefined,
>(
  target: () => Target,
  column: Name,
  options: ColumnOptions<Nullable, Default, Generated> & ReferenceBehaviour = {},
): Column<ReferencedValue<Target, Name>, Nullable, InsertRule<Nullable, Default, Generated, undefined>> {
  return declaration('column', { type: { form: 'reference', target, column } as const, options }, references);
}

/** A column that refers to another table's without a constraint: drawn dashed, checked by sampling. */
export function softReference<
  Target extends AnyTable,
  const Name extends TableColumnName<Target>,
  Nullable extends boolean = false,
  Default extends DefaultInput | undefined = undefined,
  Generated extends GeneratedInput | undefined = undefined,
>(
  target: () => Target,
  column: Name,
  options: ColumnOptions<Nullable, Default, Generated> & { readonly reference?: { readonly doc?: string } } = {},
): Column<ReferencedValue<Target, Name>, Nullable, InsertRule<Nullable, Default, Generated, undefined>> {
  return declaration('column', { type: { form: 'soft reference', target, column } as const, options }, softReference);
}

declare const selfColumn: unique symbol;
/** Stands for the value of another column of the same table until the table is known. */
export interface SelfValue<Name extends string> {
  readonly [selfColumn]: Name;
}
/** The name of the column that a self reference points to. */
export type SelfName<Value> = Value extends SelfValue<infer Name> ? Name : never;

/** A column with a foreign key to a column of its own table: `self('id', { nullable: true })`. */
export function self<
  const Name extends string,
  Nullable extends boolean = false,
  Default extends DefaultInput | undefined = undefined,
  Generated extends GeneratedInput | undefined = undefined,
>(
  column: Name,
  options: ColumnOptions<Nullable, Default, Generated> & ReferenceBehaviour = {},
): Column<SelfValue<Name>, Nullable, InsertRule<Nullable, Default, Generated, undefined>> {
  return declaration('column', { type: { form: 'self', column } as const, options }, self);
}
