/**
 * The word for a table, with the rules that the editor can check: keys and indexes name columns of
 * the table, and every primary and unique key contains the partition key. A broken rule shows as a
 * missing property named after it.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { namedColumns } from './column.ts';
import type { BoundColumn, ColumnMap, ColumnName, ColumnsInput, ColumnsOf, Suppress } from './column.ts';
import type { KeyInput } from './keys.ts';
import type { PartitionInput, StorageInput } from './partitions.ts';
import type { NotForColumns, NotOfGrant, PolicyInput, TableGrantInput } from './privileges.ts';
import type { DeferralInput, ForeignKeyBehaviour } from './references.ts';
import type { Sql } from './sql.ts';
import type { NewRow } from './row.ts';
import type { TriggersInput } from './triggers.ts';
import type { RowsInput } from './workload.ts';
import type { Group, SchemaDeclaration } from './words.ts';

/** A rule that does not hold: no value has this property, so the message is the property's name. */
export type BrokenRule<Message extends string> = { readonly [Property in Message]: never };

type KeyRule<What extends string, Key, Partition> = [Partition] extends [string]
  ? [Key] extends [readonly string[]]
    ? [Exclude<Partition, Key[number]>] extends [never]
      ? unknown
      : BrokenRule<`schemac: the ${What} must contain the partition key column "${Exclude<Partition, Key[number]>}"`>
    : unknown
  : unknown;

/** The rule that the keys of an index are columns of the table. */
type KnownColumns<Name extends string, On> = [UnknownColumn<Name, On extends readonly unknown[] ? On[number] : On>] extends [
  infer Unknown extends string,
]
  ? [Unknown] extends [never]
    ? unknown
    : BrokenRule<`schemac: the table has no column "${Unknown}"`>
  : unknown;
type UnknownColumn<Name extends string, Key> = Key extends string
  ? Exclude<Key, Name>
  : Key extends { readonly of: infer Of }
    ? Exclude<Extract<Of, string>, Name>
    : never;

/** The rules that a grant has no other properties, and that columns are given only what columns can have. */
type GrantRule<Grant> = [NotOfGrant<Grant>] extends [never]
  ? [NotForColumns<Grant>] extends [never]
    ? unknown
    : BrokenRule<`schemac: the privilege "${NotForColumns<Grant>}" cannot be given on columns`>
  : BrokenRule<`schemac: a grant has no property "${NotOfGrant<Grant>}"`>;

/** What any constraint or index may say. */
export interface Notes {
  readonly doc?: string;
  readonly renamedFrom?: string;
  readonly suppress?: Suppress;
}

/** What is keyed by its name, or listed without names, which then follow PostgreSQL's convention. */
export type NamedOrListed<Item> = { readonly [name: string]: Item } | readonly Item[];

/** What one index of a table may be for it. */
interface IndexRolesInput {
  /** CLUSTER orders the table by it. */
  readonly clustered?: true;
  /** Logical replication tells rows apart by it; it is unique, over NOT NULL columns. */
  readonly replicaIdentity?: true;
}
interface KeyBehaviour extends Notes, IndexRolesInput {
  readonly include?: readonly string[];
  readonly deferral?: DeferralInput;
  readonly storageParameters?: StorageInput;
  /** Of the index; the database's own where absent. */
  readonly tablespace?: string;
  /** Whether the last column is a range that must not overlap for equal others, PostgreSQL 18 and later. */
  readonly withoutOverlaps?: true;
}
export interface PrimaryKeyInput<Key = readonly string[]> extends KeyBehaviour {
  readonly columns: Key;
  readonly name?: string;
}
export interface UniqueInput<Key = readonly string[]> extends KeyBehaviour {
  readonly columns: Key;
  /** PostgreSQL 15 and later. */
  readonly nullsNotDistinct?: boolean;
}
export interface CheckInput extends Notes {
  readonly expression: Sql;
  readonly noInherit?: boolean;
  /** `false` for a check that is only noted, PostgreSQL 18 and later. */
  readonly enforced?: boolean;
}
export interface ExclusionInput<Name extends string = string> extends Notes, Pick<IndexRolesInput, 'clustered'> {
  readonly method?: string;
  /** Pairs of what is compared and the operator that must not be true for all of them at once. */
  readonly elements: readonly { readonly on: KeyInput<Name>; readonly with: string }[];
  readonly include?: readonly Name[];
  readonly where?: Sql;
  readonly deferral?: DeferralInput;
}
export interface IndexInput<Name extends string = string, On = unknown> extends Notes, IndexRolesInput {
  readonly on: KnownColumns<Name, NoInfer<On>> & (KeyInput<Name> | readonly KeyInput<Name>[]) & On;
  /** `btree` where absent. */
  readonly method?: 'btree' | 'hash' | 'gin' | 'gist' | 'spgist' | 'brin' | (string & {});
  readonly unique?: boolean;
  /** PostgreSQL 15 and later. */
  readonly nullsNotDistinct?: boolean;
  readonly include?: readonly Name[];
  readonly where?: Sql;
  readonly storageParameters?: StorageInput;
  /** The database's own where absent. */
  readonly tablespace?: string;
  /** Statistics targets of expressions by their place in `on`, counted from 1. */
  readonly statistics?: { readonly [place: number]: number };
}
export interface StatisticsInput<Name extends string = string> extends Notes {
  /** Two to eight columns and expressions, or one expression alone. */
  readonly on: readonly (Name | Sql)[];
  /** What is gathered of them together; all three where absent. */
  readonly kinds?: readonly ('dependencies' | 'mcv' | 'ndistinct')[];
  /** How much is gathered, 0 to 10000; the greatest of the columns' own where absent. */
  readonly target?: number;
}
export interface ForeignKeyInput<Name extends string = string> extends ForeignKeyBehaviour, Notes {
  readonly columns: readonly Name[];
  readonly references: 'self' | (() => AnyTable);
  readonly to: readonly string[];
  /** `ON DELETE SET NULL (columns)`, PostgreSQL 15 and later. */
  readonly onDeleteColumns?: readonly Name[];
  /** The last column is a period, which rows of the other table must cover together: PERIOD, PostgreSQL 18 and later. */
  readonly period?: true;
}
export interface SoftReferenceInput<Name extends string = string> {
  readonly columns: readonly Name[];
  readonly references: () => AnyTable;
  readonly to: readonly string[];
  readonly doc?: string;
}

/** A table in the words of its writer. `Columns`, `Primary`, `Uniques` and `Partition` are inferred. */
export interface TableDefinition<
  Columns extends ColumnsInput = ColumnsInput,
  Primary = readonly string[],
  Uniques = UniqueColumns,
  Partition = string,
  Name extends string = string,
  Indexes = IndexKeys,
  Grants = readonly TableGrantInput<Name>[],
> {
  readonly doc?: string;
  /** The schema, by name or declaration; `public` where absent. */
  readonly schema?: string | SchemaDeclaration;
  readonly columns: Columns;
  readonly primaryKey?: (Primary | PrimaryKeyInput<Primary>) & KeyRule<'primary key', NoInfer<Primary>, NoInfer<Partition>>;
  readonly uniques?: {
    readonly [Key in keyof Uniques]: UniqueInput<Uniques[Key] & readonly Name[]> &
      KeyRule<`unique key "${Key & string}"`, NoInfer<Uniques[Key]>, NoInfer<Partition>>;
  };
  readonly checks?: NamedOrListed<Sql | CheckInput>;
  readonly foreignKeys?: NamedOrListed<ForeignKeyInput<Name>>;
  readonly softReferences?: readonly SoftReferenceInput<Name>[];
  readonly exclusions?: NamedOrListed<ExclusionInput<Name>>;
  readonly indexes?: { readonly [Key in keyof Indexes]: IndexInput<Name, Indexes[Key]> };
  /** Extended statistics: what the planner cannot know of columns one by one. */
  readonly statistics?: NamedOrListed<StatisticsInput<Name>>;
  readonly triggers?: TriggersInput<Name>;
  readonly partitionBy?: PartitionInput<Partition & string>;
  /**
   * The rows of a small lookup table, all of them: migrations insert, update and delete rows so that the
   * table holds these. Columns that no row gives are left to the database.
   */
  readonly rows?: readonly NewRow<{ readonly columns: ColumnsOf<NoInfer<Columns>> & object }>[];
  /** The columns of a unique key that names the rows; the primary key where absent. */
  readonly rowsKey?: readonly Name[];
  readonly persistence?: 'permanent' | 'unlogged';
  readonly storageParameters?: StorageInput;
  /** Whether policies count; `forced` for the owner too. */
  readonly rowSecurity?: 'off' | 'on' | 'forced';
  /** Policies of row-level security, by name. */
  readonly policies?: { readonly [name: string]: PolicyInput };
  /** What roles may do with it. */
  readonly grants?: { readonly [Key in keyof Grants]: Grants[Key] & GrantRule<Grants[Key]> };
  /** The role that owns it in the database, where it is not the role that runs migrations. */
  readonly ownerRole?: string;
  /** The database's own where absent. */
  readonly tablespace?: string;
  /** `heap` where absent. */
  readonly accessMethod?: string;
  /** How logical replication tells rows apart: the primary key where absent. An index or a key can say `replicaIdentity: true` instead. */
  readonly replicaIdentity?: 'full' | 'nothing';
  /** The table belongs to another team: known for references, types and diagrams, never touched. */
  readonly external?: boolean;
  readonly group?: string | Group;
  /** The team that answers for the table. */
  readonly owner?: string;
  readonly renamedFrom?: string;
  /** Rows expected in production, all partitions together: what hazards, lint and the plan gate go by. */
  readonly expectedRows?: RowsInput;
  readonly suppress?: Suppress;
}

/** The columns of each unique key, by name or in a list. */
export type UniqueColumns = { readonly [name: string]: readonly string[] } | readonly (readonly string[])[];

/** What each index is on, by name or in a list. */
export type IndexKeys = { readonly [name: string]: unknown } | readonly unknown[];

/** The definition as the loader reads it. */
export type AnyTableDefinition = Omit<TableDefinition, 'primaryKey' | 'uniques' | 'indexes' | 'rows' | 'grants'> & {
  readonly rows?: readonly object[];
  readonly grants?: readonly TableGrantInput[];
  readonly primaryKey?: readonly string[] | PrimaryKeyInput;
  readonly uniques?: NamedOrListed<UniqueInput>;
  readonly indexes?: NamedOrListed<IndexInput>;
};

/** A table. `columns` is keyed by SQL name. */
export interface Table<Name extends string = string, Columns extends object = ColumnMap> extends Declaration<'table'> {
  readonly name: Name;
  readonly columns: Columns;
  /** The columns in the order of writing, which keys such as `2024` lose. */
  readonly columnList: readonly BoundColumn[];
  readonly definition: AnyTableDefinition;
}

/** Any table: what one side of a circle of references says of the other. */
export type AnyTable = Table<string, ColumnMap>;

/** Declares a table. */
export function table<
  const Name extends string,
  Columns extends ColumnsInput,
  const Primary extends readonly NoInfer<ColumnName<Columns>>[],
  const Uniques extends UniqueColumns,
  const Partition extends NoInfer<ColumnName<Columns>> | undefined = undefined,
  const Indexes extends IndexKeys = IndexKeys,
  const Grants extends readonly TableGrantInput<NoInfer<ColumnName<Columns>>>[] = readonly TableGrantInput<NoInfer<ColumnName<Columns>>>[],
>(
  name: Name,
  definition: TableDefinition<Columns, Primary, Uniques, Partition, NoInfer<ColumnName<Columns>>, Indexes, Grants>,
): Table<Name, ColumnsOf<Columns>> {
  return declareTable(name, definition as never, table) as never;
}

/** Declares another team's table: the same as `table` with `external: true`. */
export function externalTable<
  const Name extends string,
  Columns extends ColumnsInput,
  const Primary extends readonly NoInfer<ColumnName<Columns>>[],
  const Uniques extends UniqueColumns,
  const Indexes extends IndexKeys = IndexKeys,
>(
  name: Name,
  definition: Omit<
    TableDefinition<Columns, Primary, Uniques, undefined, NoInfer<ColumnName<Columns>>, Indexes>,
    'external' | 'partitionBy' | 'renamedFrom' | 'policies' | 'grants' | 'ownerRole'
  >,
): Table<Name, ColumnsOf<Columns>> {
  return declareTable(name, { ...(definition as object), external: true } as never, externalTable) as never;
}

function declareTable(name: string, definition: AnyTableDefinition, caller: (...parameters: never[]) => unknown): AnyTable {
  const columnList = namedColumns(definition.columns);
  const columns = Object.freeze(Object.fromEntries(columnList.map((each) => [each.name, each])));
  return declaration('table', { name, columns, columnList, definition }, caller);
}
