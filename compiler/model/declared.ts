/**
 * What loading `schema/` gives: declared objects in the writer's own spelling, and beside them, by
 * address, what a database cannot hold. Plain data; made by load/, read by everything later.
 */
import type { Address } from './address.ts';
import type { SchemaObject } from './object.ts';
import type { Diagnostic, Place } from './diagnostic.ts';
import type { ColumnValues, PlannerSettings, QueryUse, Volume } from './workload.ts';
import type { HazardName } from './statement.ts';
import type { DeclaredQuery, Decision, OpenQuestion, Requirement, Review } from './document.ts';

/** What travels beside an object by its id (DESIGN §4): never in the database, joined after elaboration. */
export interface Annotation {
  readonly doc?: string;
  readonly place?: Place;
  readonly group?: string;
  readonly owner?: string;
  /** Why the column is personal data, in words. */
  readonly pii?: string;
  /** The address that the object had before; a rename, not a drop and an add. */
  readonly renamedFrom?: Address;
  /** Parts that are no objects of their own, as the labels of an enum, with what each was called before. */
  readonly renamedParts?: { readonly [now: string]: string };
  /** SQL expression that gives existing rows their value when the column is added or becomes NOT NULL. */
  readonly backfill?: string;
  /** SQL expression for `ALTER COLUMN … TYPE … USING`. */
  readonly using?: string;
  /** The object belongs to another team: compared as a subset, never created, altered or dropped. */
  readonly external?: boolean;
  /** Rows expected in production; a small table takes the plain form of a change. */
  readonly expectedRows?: number;
  /** How the rows grow, and the condition that they are in. */
  readonly volume?: Omit<Volume, 'rows'>;
  /** What a column's values are like. */
  readonly values?: ColumnValues;
  /** Lint codes that are silenced here, with the reason. */
  readonly suppress?: { readonly [code: string]: string };
}

/** A reference that PostgreSQL does not enforce: drawn dashed, checked by sampling. */
export interface SoftReference {
  readonly id: Address;
  readonly from: Address;
  readonly fromColumns: readonly string[];
  readonly to: Address;
  readonly toColumns: readonly string[];
  readonly doc?: string;
}

export interface Project {
  readonly title: string;
  readonly purpose: string;
  /** The major version that migrations are written for. */
  readonly postgres: number;
  readonly manages: 'declared' | { readonly schemas: readonly string[] };
  /** Whether docs become COMMENTs in the database, or stay in the documents. */
  readonly comments: 'database' | 'documents';
  readonly lint: { readonly [code: string]: 'off' | 'notice' | 'warning' | 'error' };
  readonly ignore: readonly { readonly address: string; readonly reason: string; readonly until?: string }[];
  /** Whether code that knows an old name goes on until the deploy, or the rename is one statement before it. */
  readonly renames: 'in place' | 'expand and contract';
  /** Settings of the production server that its planner goes by. */
  readonly planner: PlannerSettings;
  /** What no migration may do to large tables; absent where nothing is forbidden. */
  readonly policy?: MigrationPolicy;
}

/** A hazard that a policy can forbid, by its name in migration heads. */
export type PolicyRule = HazardName;

export interface MigrationPolicy {
  /** Tables of so many declared rows or more, and tables of which nobody said how many they have. */
  readonly overRows: number;
  readonly forbid: readonly PolicyRule[];
  readonly except: readonly PolicyException[];
  /** The last migration that was there before the policy, and is not judged by it. */
  readonly after?: string;
}

export interface PolicyException {
  /** The migration's name, with or without its number. */
  readonly migration: string;
  readonly rule: PolicyRule;
  /** The table. */
  readonly on: Address;
  readonly reason: string;
  readonly place?: Place;
}

/** A declared query with its use and its places, which are worked out when they are asked for. */
export interface PlacedQuery extends DeclaredQuery {
  readonly use: QueryUse;
  readonly place?: Place;
  /** Where the character at an offset of `sql` was written; a key of the declaration, such as `samples`. */
  readonly placeAt: (at: number | 'types' | 'samples' | 'budget') => Place | undefined;
}

/** A lookup table whose rows are declared: what must be known to read them from a database. */
export interface ReferenceTable {
  readonly table: Address;
  /** The columns that name a row. */
  readonly key: readonly string[];
  /** All columns that rows declare, the key among them. */
  readonly columns: readonly string[];
  /** The address that the table had before, and the names that columns had, for a database in which they are not renamed yet. */
  readonly formerly?: Address;
  readonly formerColumns: { readonly [column: string]: string };
}

export interface DeclaredSchema {
  readonly project: Project;
  /** In the order of declaration: files by path, then as written. */
  readonly objects: readonly SchemaObject[];
  readonly annotations: ReadonlyMap<Address, Annotation>;
  /** Tables whose rows are declared, be it none; absent where there is none. */
  readonly referenceTables?: readonly ReferenceTable[];
  readonly softReferences: readonly SoftReference[];
  readonly groups: readonly { readonly name: string; readonly doc?: string }[];
  readonly requirements: readonly Requirement[];
  readonly decisions: readonly Decision[];
  readonly openQuestions: readonly OpenQuestion[];
  readonly reviews: readonly Review[];
  readonly queries: readonly PlacedQuery[];
  readonly diagnostics: readonly Diagnostic[];
  /** Every file of the project that was read, sorted; absent where the loader cannot tell. */
  readonly sources?: readonly string[];
}
