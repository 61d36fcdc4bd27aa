/**
 * A PostgreSQL to work in: a scratch database that is ours alone, embedded or on a server. The rest
 * of the compiler sees this interface only; it never knows which one it has, but for its identity
 * and what it lacks.
 */
import type { StatementDescription } from './wire.ts';

/** Which PostgreSQL spelled something: recorded in the snapshot and in migration headers. */
export interface EngineIdentity {
  /** `PGlite 0.5.16 (PostgreSQL 18.6)`, or `PostgreSQL 15.18`. */
  readonly name: string;
  readonly major: number;
}

export interface Engine {
  readonly identity: EngineIdentity;
  /** Whether the engine can do it: `compression lz4`, `extension citext`, `collation de-x-icu`. */
  has(capability: string): boolean;
  /** Runs one statement and returns its rows; every value is text or null, as PostgreSQL prints it. */
  query(sql: string): Promise<readonly EngineRow[]>;
  /** Runs SQL text of any number of statements; returns nothing. Fails with a `PostgresError`. */
  execute(sql: string): Promise<void>;
  /** Keeps the present state under a key, for `openEngine({ state: key })` by a later process. */
  keep(key: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * An engine whose relations can be given lengths that they do not have, so that it plans as a loaded
 * server would (manual §14.1: the planner asks the file system how long a relation is).
 */
export interface PlanningEngine extends Engine {
  /** The first page of a relation's file; the path is pg_relation_filepath's. */
  firstPage(path: string): Uint8Array;
  /** Pretends that a relation has so many pages of 8 kB; `beginning` replaces its first ones. Nothing may be kept afterwards. */
  pretendPages(path: string, pages: number, beginning?: Uint8Array): void;
  /** What PREPARE has made of a statement. */
  describe(name: string): Promise<StatementDescription>;
}

export type EngineRow = { readonly [column: string]: string | null };

/** Names of a result's columns, each once: PostgreSQL calls two columns alike that are made by one function. */
export function columnNames(given: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return given.map((name, place) => {
    const own = seen.has(name) ? `${name} (column ${String(place + 1)})` : name;
    seen.add(own);
    return own;
  });
}

/** An error that PostgreSQL reported, whichever driver brought it. */
export class PostgresError extends Error {
  readonly code: string;
  /** Position of the error in the SQL text, counted from 1 in characters, where PostgreSQL gave one. */
  readonly position: number | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  constructor(
    message: string,
    fields: { code: string; position?: number | undefined; detail?: string | undefined; hint?: string | undefined },
  ) {
    super(message);
    this.name = 'PostgresError';
    this.code = fields.code;
    this.position = fields.position;
    this.detail = fields.detail;
    this.hint = fields.hint;
  }
}
