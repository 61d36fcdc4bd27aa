/**
 * A state of a schema from anywhere, as everything later sees it: the objects, who spelled their
 * texts, and what is to be left alone. Types only; where a state comes from is the readers' business.
 */
import type { EngineIdentity } from '../engine/engine.ts';
import type { NotModelled } from '../introspect/account.ts';
import type { Address } from '../model/address.ts';
import type { DeclaredSchema, ReferenceTable } from '../model/declared.ts';
import type { State } from '../model/object.ts';
import type { Engines } from './engines.ts';

export type SourceKind = 'database' | 'schema' | 'migrations' | 'snapshot' | 'sql';

export interface Source {
  readonly source: SourceKind;
  /** As messages call it: a path, or `user@host:5432/database`; never with a password. */
  readonly name: string;
  readonly state: State;
  /** The PostgreSQL whose spelling the texts have. */
  readonly spelled: EngineIdentity;
  /** Tables of other teams: never created, altered or dropped. */
  readonly externals: ReadonlySet<Address>;
  /** Lookup tables whose rows are in the state; absent where the source cannot know of any. */
  readonly referenceTables?: readonly ReferenceTable[];
  /** What it holds and no object stands for; absent where a state is all that there is, as in a snapshot. */
  readonly notModelled?: readonly NotModelled[];
  /** Of a schema folder: what was declared. */
  readonly declared?: DeclaredSchema;
}

/** What a reader may use; who makes it closes the engines. */
export interface SourceContext {
  /** What relative paths are relative to. */
  readonly root: string;
  readonly loader: 'esbuild' | 'ts-node';
  readonly engines: Engines;
  /** Lookup tables that the source beside it knows of: their rows are read where nothing else says which they are. */
  readonly referenceTables?: readonly ReferenceTable[];
}
