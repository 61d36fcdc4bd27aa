/**
 * What every kind of object must say of itself: how it is read from the catalogs, created, dropped
 * and altered (one rule for every attribute), and how it is described. The registry is the only list
 * of kinds; diff, plan, prove and emit work with this contract and know no kind.
 */
import type { Address } from '../model/address.ts';
import type { Annotation } from '../model/declared.ts';
import type { DocumentNode } from '../model/document.ts';
import type { SchemaObject, State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import type { Author } from './author.ts';

/** One row of a kind's catalog query, parsed from JSON. */
export type CatalogRow = { readonly [column: string]: unknown };

/** Where a row's object lives in the catalogs, so that pg_depend can be resolved. */
export interface CatalogIdentity {
  readonly catalog: string;
  readonly oid: number;
  /** A column's number; 0 or absent for a whole object. */
  readonly sub?: number;
}

/** An object as a kind's reader found it; dependencies from pg_depend are joined afterwards. */
export interface Introspected<Object extends SchemaObject = SchemaObject> {
  readonly object: Omit<Object, 'dependsOn'> & { readonly dependsOn?: readonly Address[] };
  /** Every catalog entry that stands for this object, the first one being its own. */
  readonly identities: readonly CatalogIdentity[];
}

export interface IntrospectionContext {
  /** The server's major version. */
  readonly major: number;
  /** Whether schemac.partition_rule exists, so that a query may name it. */
  readonly hasPartitionRules: boolean;
  /** The table in which pg_partman keeps what it manages, `partman.part_config`, where it is there and may be read. */
  readonly partman?: string;
  /** The address of what was read before under this catalog entry; kinds are read in the registry's order. */
  readonly resolve: (identity: CatalogIdentity) => Address | undefined;
  /** The same, only where the entry is the object itself and not what belongs to it, as a constraint's index. */
  readonly resolveOwn: (identity: CatalogIdentity) => Address | undefined;
}

/** Catalog entries, by a condition on them where a catalog holds several sorts. */
export interface CatalogEntries {
  readonly catalog: string;
  readonly where?: string;
}

export interface Introspection<Object extends SchemaObject = SchemaObject> {
  /**
   * A set-based query that gives one row an object; ran as `SELECT json_agg(row) FROM (query) row`.
   * It must leave out what belongs to an extension, system schemas and the schema `schemac`:
   * kinds/catalog.ts says it once for all.
   */
  readonly query: (context: IntrospectionContext) => string;
  /** What every object has an entry among; where no user has made one, the query is not asked. Absent where objects have none of their own. */
  readonly entries?: CatalogEntries;
  /** `undefined` where the row turns out to be no object of ours (a comment on something not modelled). */
  readonly read: (row: CatalogRow, context: IntrospectionContext) => Introspected<Object> | undefined;
}

/** What a kind may ask while it writes statements. */
export interface PlanContext {
  /** The major version that the statements are for. */
  readonly major: number;
  readonly before: State;
  readonly after: State;
  /** Whether this plan makes the object: what a plan creates is empty. */
  readonly isNew: (id: Address) => boolean;
  /** Whether this plan drops the object. */
  readonly isDropped: (id: Address) => boolean;
  readonly annotation: (id: Address) => Annotation;
  /**
   * `assumed`: between two databases nobody can write how rows get through a change (`using`,
   * `backfill`), so the usual way is taken and what rows may refuse is a hazard. Declared otherwise.
   */
  readonly rows?: 'assumed';
}

/** What one change of an attribute does to others, beyond what every change of it does. */
export interface Reshaping {
  /** As `rebuilds` of a rule. */
  readonly rebuilds: readonly string[];
  /** Kinds whose objects on this one are altered along, and in which attribute, though it reads the same. */
  readonly alters?: { readonly [kind: string]: string };
  /** The object is made anew under its name: what belongs to it, as a comment, is made again. */
  readonly remakes?: true;
  /** Old application code would not survive the change: it waits for the deploy, and all that it rebuilds with it. */
  readonly phase?: 'contract';
}

/** Columns that are made anew beside the ones in use, each with the name that it has until it takes the other's. */
export type StandIns = ReadonlyMap<Address, string>;

/** How an object gives its place to one that is made beside it while it serves. */
export interface Exchange {
  /** At leisure, while everybody reads and writes. */
  readonly beside: readonly Statement[];
  /** In one transaction with those of all that are exchanged together: what gives way, and what takes its place. */
  readonly leave: readonly Statement[];
  readonly take: readonly Statement[];
  /** Once no version of the application from before the deploy runs any more. */
  readonly afterwards?: readonly Statement[];
}

/** Whether a change is made by an exchange: it would stop the table otherwise. */
export interface ExchangeRule<Object extends SchemaObject> {
  /** Whether this very change needs one. */
  readonly wanted: (before: Object, after: Object, context: PlanContext) => boolean;
  /** Whether it could be made by one, as when another column that needs one refers to this one. */
  readonly possible: (before: Object, after: Object, attributes: readonly string[], context: PlanContext) => boolean;
  /** What the object is called until it takes the other's place: a name that is free. */
  readonly standIn: (after: Object, context: PlanContext) => string;
  /** As `rebuilds` of a rule, beside those: what hangs on the object itself, not on its name. */
  readonly rebuilds: readonly string[];
}

/**
 * What is at stake where a database is not as declared: rows and what may be in them, who may do what,
 * how fast it is, or words alone.
 */
export type Stake = 'data' | 'access' | 'speed' | 'words';

export interface AttributeRule<Object extends SchemaObject> {
  /**
   * `replace`: the object is dropped and made again (or goes through the kind's `replace`);
   * `ignore`: a difference means nothing by itself;
   * otherwise the statements that take the attribute from before to after.
   */
  readonly statements: 'replace' | 'ignore' | ((before: Object, after: Object, context: PlanContext) => readonly Statement[]);
  /** Whether this very change needs a replacement after all, though others of the attribute do not. */
  readonly replaces?: (before: Object, after: Object, context: Pick<PlanContext, 'major' | 'rows'>) => boolean;
  /** Kinds of which an object stays where a replacement takes all that rests on the object along: a sequence, which would begin anew. */
  readonly keeps?: readonly string[];
  /** What is at stake in this attribute, where it is less than in the whole object. */
  readonly stake?: Stake;
  /** Kinds whose objects on this one must be dropped before and made again after, though they did not change. */
  readonly rebuilds?: readonly string[];
  /** Whether the object is made anew beside the old one instead, and takes its place (the kind's `exchange`). */
  readonly exchange?: ExchangeRule<Object>;
  /** What this very change does to others, where not every change of the attribute does. */
  readonly reshapes?: (before: Object, after: Object) => Reshaping | undefined;
}

export type AttributeRules<Object extends SchemaObject> = {
  readonly [Attribute in keyof Required<Object['attributes']>]: AttributeRule<Object>;
};

export interface DescribeContext {
  readonly state: State;
  readonly annotation: (id: Address) => Annotation;
}

/** A name that stays in use beside a new one: the columns as they were named and as they are, in their order. */
export interface KeptName {
  readonly columns: readonly { readonly was: string; readonly is: string }[];
  readonly major: number;
}

export interface Kind<Object extends SchemaObject = SchemaObject> {
  readonly kind: Object['kind'];
  readonly introspect: Introspection<Object>;
  readonly create: (object: Object, context: PlanContext) => readonly Statement[];
  readonly drop: (object: Object, context: PlanContext) => readonly Statement[];
  readonly alter: AttributeRules<Object>;
  /** Replaces without a gap in what the object does; without it, a replacement is a drop and a create. */
  readonly replace?: (before: Object, after: Object, context: PlanContext) => readonly Statement[];
  /**
   * Makes the object anew beside itself: the one whose change asks for it, and what is on its columns,
   * for which before and after are the same. Undefined where there is no way.
   */
  readonly exchange?: (before: Object, after: Object, standIns: StandIns, context: PlanContext) => Exchange | undefined;
  /** Gives an object its new name; absent where a rename is a replacement. */
  readonly rename?: (before: Object, after: Object, context: PlanContext) => readonly Statement[];
  /** Whether it can be there under both names until the deploy is over, rather than be renamed at once: then it is made and dropped as any other. */
  readonly standsBeside?: (before: Object, after: Object, states: { readonly before: State; readonly after: State }) => boolean;
  /** Gives parts that are no objects new names, where the object has them under the former ones and not under these. */
  readonly renameParts?: (before: Object, formerly: { readonly [now: string]: string }, state: State) => readonly Statement[];
  /** Keeps the old name in use beside the new one, in the transaction of the rename; what it makes goes with the contract migration. */
  readonly keepOldName?: (before: Object, after: Object, kept: KeptName) => readonly Statement[];
  /** Whether an object that is the same but for its name is renamed without being told: constraints and indexes. */
  readonly namesFollow?: true;
  /** The object brings an index of its name, which no other relation of the schema may have: a key, an exclusion constraint. */
  readonly hasIndexOfItsName?: true;
  readonly describe: (object: Object, context: DescribeContext) => readonly DocumentNode[];
  /** How pull writes the object as TypeScript. */
  readonly author: Author<Object>;
  /** What is at stake when the object is missing, or is there undeclared; `data` where absent. */
  readonly stake?: (object: Object) => Stake;
  /** What holds rows that others put there: where nobody declared it, drift names it and never proposes to drop it. */
  readonly undeclared?: 'kept';
  /** The object stays when its owner is dropped, and must be dropped itself: a row of ours about a table. */
  readonly outlivesOwner?: true;
  /** What it rests on beside its owner reaches it through the owner: the type of a partition's column is a matter of its table. */
  readonly restsOnOwnerAlone?: true;
  /** Code of the schema's own runs when rows of the object's table change: it may change others, or refuse. */
  readonly fires?: true;
  /** A condition over the table's columns that the object asks of every row; generated rows of a proof meet it. */
  readonly condition?: (object: Object) => string | undefined;
  /** Conditions that rows of other tables meet where the object can go; generated rows of a proof meet them. */
  readonly release?: (object: Object, state: State) => readonly { readonly table: Address; readonly expression: string }[];
  /** Roles that the object names. Roles belong to the server, not to a schema: they must be there, and are never made by a migration. */
  readonly roles?: (object: Object) => readonly string[];
  /** Who may do what: left out where a reader asks for a schema without privileges. */
  readonly concerns?: 'privileges';
  /** What must be done about an object that a plan makes while this one holds: default privileges give what nobody declared. */
  readonly onCreation?: (own: Object, made: SchemaObject, context: PlanContext) => readonly Statement[];
  /** Its statements come before all others that they do not need: what is made afterwards is made otherwise, or uses it where no one can tell. */
  readonly comesFirst?: true;
  /** Capabilities without which an engine cannot make the object, in the words of `Engine.has`. */
  readonly requires?: (object: Object) => readonly string[];
  /**
   * What is left of an object beside a server of another major, where what it says is the default of
   * one of the two; undefined: nothing. `other` is the object of its id there.
   */
  readonly besideMajor?: (object: Object, other: Object | undefined, majors: readonly [own: number, other: number]) => Object | undefined;
}
