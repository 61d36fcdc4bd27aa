/**
 * What emitters draw: a handful of closed node types, made by kinds from objects and by the project
 * from its requirements and decisions. An emitter (DBML, Mermaid, Markdown) knows these and no kind.
 */
import type { Address } from './address.ts';

/** A relation with its columns: a table, a view, or a table of another team. */
export interface TableNode {
  readonly node: 'table';
  readonly id: Address;
  readonly form: 'table' | 'view' | 'materialized view' | 'external table';
  readonly schema: string;
  readonly name: string;
  readonly doc?: string;
  readonly group?: string;
  readonly owner?: string;
  /** The partition rule in words: `RANGE (created_at), one partition a month, 13 months kept`. */
  readonly partition?: string;
  /** Whether policies count, where they do. */
  readonly rowSecurity?: 'on' | 'forced';
  /** A view's query, or nothing. */
  readonly definition?: string;
}

export interface ColumnNode {
  readonly node: 'column';
  readonly id: Address;
  readonly table: Address;
  readonly name: string;
  /** As PostgreSQL spells it: `timestamp with time zone`. */
  readonly type: string;
  readonly nullable: boolean;
  /** Default, identity or generation in words: `now()`, `identity`, `generated: lower(email)`. */
  readonly value?: string;
  readonly doc?: string;
  readonly pii?: string;
  /** The enum or domain that the type is, when it is one of ours. */
  readonly enumeration?: Address;
}

/** A primary key, unique or exclusion constraint, or an index. */
export interface KeyNode {
  readonly node: 'key';
  readonly id: Address;
  readonly table: Address;
  readonly name: string;
  readonly form: 'primary key' | 'unique' | 'exclusion' | 'index' | 'unique index';
  readonly method: string;
  /** What it is on, in order; an expression where `column` is absent. */
  readonly on: readonly { readonly column?: string; readonly text: string }[];
  readonly include: readonly string[];
  /** A partial index's predicate. */
  readonly where?: string;
  readonly doc?: string;
  /** The whole definition as PostgreSQL prints it. */
  readonly definition: string;
}

/** A reference between tables: a foreign key, or a soft one that only the declaration knows. */
export interface EdgeNode {
  readonly node: 'edge';
  readonly id: Address;
  readonly form: 'foreign key' | 'soft reference';
  readonly name: string;
  readonly from: Address;
  readonly fromColumns: readonly string[];
  readonly to: Address;
  readonly toColumns: readonly string[];
  /** Rows of `from` for one row of `to`. */
  readonly cardinality: 'one' | 'many';
  /** Whether a row of `from` may have no row of `to`. */
  readonly optional: boolean;
  readonly onDelete?: string;
  readonly onUpdate?: string;
  readonly doc?: string;
}

/** An enum with its values, a domain with its base type and checks, a composite with its attributes, a range with its subtype. */
export interface EnumerationNode {
  readonly node: 'enumeration';
  readonly id: Address;
  readonly form: 'enum' | 'domain' | 'composite' | 'range';
  readonly schema: string;
  readonly name: string;
  readonly values: readonly string[];
  readonly doc?: string;
}

/** A check, a sequence, an opaque object: whatever has a title and a definition. */
export interface NoteNode {
  readonly node: 'note';
  readonly id: Address;
  /** The table that it stands with, when it stands with one. */
  readonly table?: Address;
  readonly title: string;
  readonly name: string;
  readonly definition: string;
  readonly doc?: string;
  /** Notes of one topic stand together: who may do what, code that runs in the database. */
  readonly topic?: 'access' | 'routine';
  /** The definition in a line, where lists of notes have no room for it. */
  readonly summary?: string;
}

/** A declared row of a lookup table. */
export interface RowNode {
  readonly node: 'row';
  readonly id: Address;
  readonly table: Address;
  readonly values: { readonly [column: string]: string | null };
}

export type DocumentNode = TableNode | ColumnNode | KeyNode | EdgeNode | EnumerationNode | NoteNode | RowNode;

/** What a change did to a node, for the diagrams of a change report. */
export type ChangeMark = 'added' | 'changed' | 'removed' | 'unchanged';

/** A requirement of the schema, and what meets it. */
export interface Requirement {
  readonly name: string;
  readonly text: string;
  /** Addresses of objects, and names of queries as `query NAME`, that meet it. */
  readonly metBy: readonly string[];
}

export interface Decision {
  readonly name: string;
  /** The open question that it answers. */
  readonly question: string;
  readonly decision: string;
  readonly because: string;
  readonly alternatives: readonly string[];
  /** ISO date on which it was decided. */
  readonly decidedOn: string;
  readonly concerns: readonly string[];
}

export interface OpenQuestion {
  readonly name: string;
  readonly question: string;
  readonly owner: string;
  /** Whether the schema must not be released before it is answered. */
  readonly blocking: boolean;
  readonly concerns: readonly string[];
}

export interface Review {
  readonly reviewer: string;
  /** ISO date. */
  readonly on: string;
  readonly verdict: 'approved' | 'changes requested';
  /** What was looked at; a review is stale when one of them has changed since. */
  readonly concerns: readonly string[];
  readonly note?: string;
  /** Fingerprint of the concerned declarations at the time of the review. */
  readonly fingerprint?: string;
}

export interface DeclaredQuery {
  readonly name: string;
  readonly sql: string;
  readonly purpose: string;
}

/** Everything that the design document says, in the order of declaration. */
export interface DesignDocument {
  readonly title: string;
  readonly purpose: string;
  readonly nodes: readonly DocumentNode[];
  readonly groups: readonly { readonly name: string; readonly doc?: string }[];
  readonly requirements: readonly Requirement[];
  readonly decisions: readonly Decision[];
  readonly openQuestions: readonly OpenQuestion[];
  readonly reviews: readonly (Review & { readonly stale: boolean })[];
  readonly queries: readonly DeclaredQuery[];
  /** Retention per partitioned table, in words. */
  readonly retention: readonly { readonly table: Address; readonly text: string }[];
}
