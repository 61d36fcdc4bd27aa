/**
 * The remaining objects that a schema declares: schemas, extensions, enums, domains, sequences,
 * views, and opaque objects for what there is no word for.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { namedColumns } from './column.ts';
import type { AnyColumn, BoundColumn, ColumnMap, ColumnsInput, ColumnsOf, DefaultInput, Suppress, ValueOf } from './column.ts';
import type { DeclaredType } from './column-words.ts';
import type { StorageInput } from './partitions.ts';
import type { Access, SchemaPrivilege, SequencePrivilege, TableGrantInput, TypePrivilege } from './privileges.ts';
import type { RowsInput } from './workload.ts';
import type { Sql } from './sql.ts';
import type { IndexInput, NamedOrListed, StatisticsInput } from './table.ts';
import type { TriggersInput } from './triggers.ts';

export interface SchemaDeclaration extends Declaration<'schema'> {
  readonly name: string;
  readonly definition: Access<SchemaPrivilege> & { readonly doc?: string; readonly renamedFrom?: string };
}
/** A schema other than `public`: `schema('archive', { doc: '…' })`. */
export function schema(name: string, definition: SchemaDeclaration['definition'] = {}): SchemaDeclaration {
  return declaration('schema', { name, definition }, schema);
}

export interface ExtensionDeclaration extends Declaration<'extension'> {
  readonly name: string;
  readonly definition: { readonly doc?: string; readonly schema?: string | SchemaDeclaration; readonly version?: string };
}
/** An extension: `extension('citext')`. */
export function extension(name: string, definition: ExtensionDeclaration['definition'] = {}): ExtensionDeclaration {
  return declaration('extension', { name, definition }, extension);
}

/** What enums, domains, sequences and views may say. */
interface CommonDefinition {
  readonly doc?: string;
  readonly schema?: string | SchemaDeclaration;
  readonly renamedFrom?: string;
  readonly suppress?: Suppress;
}

export interface EnumDefinition extends CommonDefinition, Access<TypePrivilege> {
  /** Values with a former spelling, `{ sent: 'done' }`: a rename, not a new value. */
  readonly renamedValues?: { readonly [value: string]: string };
}
export interface EnumDeclaration<Value extends string = string> extends DeclaredType<Value, 'enum'> {
  readonly values: readonly Value[];
  readonly definition: EnumDefinition;
}
/** An enumerated type, its values in order: `enumType('send_status', ['queued', 'sent'], { doc: '…' })`. */
export function enumType<const Value extends string>(
  name: string,
  values: readonly Value[],
  definition: EnumDefinition = {},
): EnumDeclaration<Value> {
  return declaration('enum', { name, values, definition }, enumType);
}

export interface DomainDefinition<Base extends AnyColumn = AnyColumn> extends CommonDefinition, Access<TypePrivilege> {
  /** A column word: `text()`, `varchar({ length: 320 })`. Its options are not used. */
  readonly type: Base;
  readonly nullable?: boolean;
  readonly collation?: string;
  readonly default?: DefaultInput;
  /** By name, on `VALUE`: `{ email_address_form: sql`VALUE LIKE '%@%'` }`. */
  readonly checks?: { readonly [name: string]: Sql } | readonly Sql[];
}
export interface DomainDeclaration<Value = unknown> extends DeclaredType<Value, 'domain'> {
  readonly definition: DomainDefinition;
}
/** A domain: a type with rules of its own. It is nullable unless `nullable: false`, since its columns say it. */
export function domain<Base extends AnyColumn>(name: string, definition: DomainDefinition<Base>): DomainDeclaration<ValueOf<Base>> {
  return declaration('domain', { name, definition }, domain);
}

export interface SequenceDefinition extends CommonDefinition, Access<SequencePrivilege> {
  /** `bigint` where absent. */
  readonly type?: 'smallint' | 'integer' | 'bigint';
  readonly start?: number | bigint;
  readonly increment?: number | bigint;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly cache?: number | bigint;
  readonly cycle?: boolean;
  /** `unlogged` needs PostgreSQL 15. */
  readonly persistence?: 'unlogged';
  /** The column that it is dropped with. */
  readonly ownedBy?: { readonly table: () => Declaration & { readonly name: string }; readonly column: string };
}
export interface SequenceDeclaration extends Declaration<'sequence'> {
  readonly name: string;
  readonly definition: SequenceDefinition;
}
/** A sequence of its own. What numbers a column is better an identity column. */
export function sequence(name: string, definition: SequenceDefinition = {}): SequenceDeclaration {
  return declaration('sequence', { name, definition }, sequence);
}

export interface ViewDefinition<Columns extends ColumnsInput = ColumnsInput> extends CommonDefinition {
  readonly query: Sql;
  /** For `Row` and documents; PostgreSQL takes names and types from the query. */
  readonly columns?: Columns;
  readonly securityBarrier?: boolean;
  /** PostgreSQL 15 and later. */
  readonly securityInvoker?: boolean;
  readonly checkOption?: 'local' | 'cascaded';
  /** What roles may do with it. */
  readonly grants?: readonly TableGrantInput[];
  /** The role that owns it in the database, where it is not the role that runs migrations. */
  readonly ownerRole?: string;
  /** INSTEAD OF triggers, and those for each statement. */
  readonly triggers?: TriggersInput;
  readonly group?: string | Group;
  readonly owner?: string;
}
export interface ViewDeclaration<Columns extends object = ColumnMap> extends Declaration<'view'> {
  readonly name: string;
  readonly columns: Columns;
  readonly columnList: readonly BoundColumn[];
  readonly definition: ViewDefinition;
}
/** A view: `view('active_users', { query: sql`SELECT … FROM ${users}`, doc: '…' })`. */
export function view<Columns extends ColumnsInput = ColumnMap>(
  name: string,
  definition: ViewDefinition<Columns>,
): ViewDeclaration<ColumnsOf<Columns> & object> {
  return declaration('view', { name, ...columnsOf(definition.columns), definition }, view) as never;
}

export interface MaterializedViewDefinition<Columns extends ColumnsInput = ColumnsInput> extends CommonDefinition {
  readonly query: Sql;
  readonly columns?: Columns;
  readonly indexes?: NamedOrListed<IndexInput>;
  readonly statistics?: NamedOrListed<StatisticsInput>;
  readonly storageParameters?: StorageInput;
  /** What roles may do with it. */
  readonly grants?: readonly TableGrantInput[];
  /** The role that owns it in the database, where it is not the role that runs migrations. */
  readonly ownerRole?: string;
  readonly group?: string | Group;
  readonly owner?: string;
  readonly expectedRows?: RowsInput;
}
export interface MaterializedViewDeclaration<Columns extends object = ColumnMap> extends Declaration<'materialized view'> {
  readonly name: string;
  readonly columns: Columns;
  readonly columnList: readonly BoundColumn[];
  readonly definition: MaterializedViewDefinition;
}
/** A materialized view; its indexes are declared with it. */
export function materializedView<Columns extends ColumnsInput = ColumnMap>(
  name: string,
  definition: MaterializedViewDefinition<Columns>,
): MaterializedViewDeclaration<ColumnsOf<Columns> & object> {
  return declaration('materialized view', { name, ...columnsOf(definition.columns), definition }, materializedView) as never;
}

function columnsOf(columns: ColumnsInput | undefined): { columns: ColumnMap; columnList: readonly BoundColumn[] } {
  const columnList = namedColumns(columns ?? {});
  return { columns: Object.freeze(Object.fromEntries(columnList.map((each) => [each.name, each]))), columnList };
}

export interface OpaqueDeclaration extends Declaration<'opaque'> {
  readonly name: string;
  readonly definition: {
    readonly doc?: string;
    readonly create: Sql;
    readonly drop: Sql;
    /** What it needs besides the names interpolated into its SQL. */
    readonly dependsOn?: readonly (Declaration | (() => Declaration))[];
    readonly suppress?: Suppress;
  };
}
/** An object that there is no word for, made and dropped by SQL that you write. */
export function opaque(name: string, definition: OpaqueDeclaration['definition']): OpaqueDeclaration {
  return declaration('opaque', { name, definition }, opaque);
}

export interface Group extends Declaration<'group'> {
  readonly name: string;
  readonly doc?: string;
}
/** A group of tables in documents and diagrams: `group('delivery', { doc: '…' })`. */
export function group(name: string, definition: { readonly doc?: string } = {}): Group {
  return declaration('group', { name, ...definition }, group);
}
