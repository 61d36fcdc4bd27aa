/**
 * The type of a column declaration: what it holds (as node-postgres gives it), whether it may be
 * NULL, and whether a new row must, may or must not give it. The three are type parameters alone;
 * the data is the SQL type and the options as written.
 */
import type { Declaration } from './declaration.ts';
import type { Literal, Sql } from './sql.ts';
import type { ValuesInput } from './workload.ts';

declare const heldValue: unique symbol;
declare const heldNull: unique symbol;
declare const heldInsert: unique symbol;

/** Whether a new row must give the column, may leave it out, or must not give it. */
export type Insert = 'required' | 'optional' | 'never';

/** The SQL type as declared. */
export type ColumnType =
  | { readonly form: 'named'; readonly text: string }
  | { readonly form: 'declared'; readonly of: Declaration & { readonly name: string } }
  | { readonly form: 'array'; readonly of: ColumnType }
  | { readonly form: 'reference' | 'soft reference'; readonly target: () => Declaration; readonly column: string }
  | { readonly form: 'self'; readonly column: string }
  | { readonly form: 'row'; readonly of: Declaration | (() => Declaration) };

export interface IdentityOptions {
  readonly generation: 'always' | 'by default';
  readonly start?: number | bigint;
  readonly increment?: number | bigint;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly cache?: number | bigint;
  readonly cycle?: boolean;
}
export type IdentityInput = 'always' | 'by default' | IdentityOptions;

/** What a column is computed from; `stored` where only the expression is given. `virtual` needs PostgreSQL 18. */
export type GeneratedInput = Sql | { readonly expression: Sql; readonly form: 'stored' | 'virtual' };

/** A default is SQL or a value. A bare string is neither, since `'now()'` would be a constant. */
export type DefaultInput = Sql | Literal | number | bigint | boolean;

/** Lint codes that are silenced on what they stand on, with the reason. */
export type Suppress = { readonly [code: string]: string };

/** What every column may say, whatever its type. */
export interface ColumnNotes {
  readonly doc?: string;
  /** Why the column is personal data, in words. */
  readonly pii?: string;
  readonly renamedFrom?: string;
  /** Gives existing rows their value when the column is added or becomes NOT NULL. */
  readonly backfill?: Sql | Literal | number | bigint | boolean;
  /** For `ALTER COLUMN … TYPE … USING`. */
  readonly using?: Sql;
  readonly suppress?: Suppress;
  /** What the values are like in production, for the plan gate; what is left out follows from the type, the keys and the references. */
  readonly values?: ValuesInput;
}

export interface ColumnOptions<
  Nullable extends boolean = boolean,
  Default extends DefaultInput | undefined = DefaultInput | undefined,
  Generated extends GeneratedInput | undefined = GeneratedInput | undefined,
> extends ColumnNotes {
  /** NOT NULL is the rule; write `nullable: true` for the exception. */
  readonly nullable?: Nullable;
  readonly default?: Default;
  readonly generated?: Generated;
  /** A collation's name, qualified where it is not in pg_catalog: `C`, `de-x-icu`, `public.german`. */
  readonly collation?: string;
  readonly storage?: 'plain' | 'external' | 'extended' | 'main';
  readonly compression?: 'pglz' | 'lz4';
  /** How many values ANALYZE keeps, 0 to 10000; the server's default_statistics_target where absent. */
  readonly statistics?: number;
  /** What ANALYZE is told: `{ n_distinct: -0.5 }` (manual: ALTER TABLE, attribute_option). */
  readonly attributeOptions?: { readonly n_distinct?: number; readonly n_distinct_inherited?: number };
}

/** Options as the loader reads them. */
export interface AnyColumnOptions extends ColumnOptions {
  readonly identity?: IdentityInput;
  readonly onDelete?: unknown;
}

/** The data of a column. It has no type parameters, so that being in a table infers none. */
export interface AnyColumn extends Declaration<'column'> {
  readonly type: ColumnType;
  readonly options: AnyColumnOptions;
}

/** A column. `Value` is what node-postgres returns, without NULL. */
export interface Column<Value = unknown, Nullable extends boolean = boolean, Rule extends Insert = Insert> extends AnyColumn {
  readonly [heldValue]?: Value;
  readonly [heldNull]?: Nullable;
  readonly [heldInsert]?: Rule;
}

/** The value of a column without its NULL. */
export type ValueOf<Held> = Held extends { readonly [heldValue]?: infer Value } ? Value : never;
export type NullableOf<Held> = Held extends { readonly [heldNull]?: infer Nullable } ? Nullable : never;
export type InsertOf<Held> = Held extends { readonly [heldInsert]?: infer Rule } ? Rule : never;

/** The insert rule that options give. */
export type InsertRule<Nullable, Default, Generated, Identity> = [Generated] extends [undefined]
  ? [Identity] extends [undefined]
    ? [Default] extends [undefined]
      ? [Nullable] extends [true]
        ? 'optional'
        : 'required'
      : 'optional'
    : [Identity] extends ['by default' | { readonly generation: 'by default' }]
      ? 'optional'
      : 'never'
  : 'never';

/** Columns by name. */
export interface ColumnMap {
  readonly [name: string]: AnyColumn;
}

/** A column with a name that an object's key cannot hold or would put out of order, such as `2024`. */
export interface NamedColumn<Name extends string = string, Held extends AnyColumn = AnyColumn> extends Declaration<'named column'> {
  readonly name: Name;
  readonly column: Held;
}

/** What may be written as a table's columns. */
export type ColumnsInput = ColumnMap | readonly NamedColumn[];

/** The columns by name, however they were written. */
export type ColumnsOf<Columns> = Columns extends readonly NamedColumn[]
  ? { readonly [Each in Columns[number] as Each['name']]: Each['column'] }
  : Columns;

/** The names of the columns. Written so that messages list the names and not this type. */
export type ColumnName<Columns> = [keyof ColumnsOf<Columns>] extends [infer Names] ? Names & string : never;

/** A column that knows its name: what `${users.columns.email}` in SQL stands for. */
export interface BoundColumn extends AnyColumn {
  readonly name: string;
}

/** The columns in the order of writing, each with its name. A copy each, since one column may be in two tables. */
export function namedColumns(columns: ColumnsInput): readonly BoundColumn[] {
  const pairs: readonly (readonly [string, AnyColumn])[] = Array.isArray(columns)
    ? (columns as readonly NamedColumn[]).map((each) => [each.name, each.column])
    : Object.entries((columns ?? {}) as ColumnMap);
  return Object.freeze(pairs.map(([name, column]) => Object.freeze({ ...column, name })));
}
