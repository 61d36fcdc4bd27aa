/**
 * A statement is more than SQL: what it needs, makes and destroys, which locks it takes and on
 * what, what it loses, how it runs, how to tell that it is done, and one English line on what it is
 * for. Statements are data; the planner orders them, the prover measures them, the runner runs them.
 */
import type { Address } from './address.ts';
import type { Json } from './object.ts';

/** PostgreSQL's table-level lock modes, weakest first (manual §13.3.1). */
export const lockModes = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const;
export type LockMode = (typeof lockModes)[number];

export interface Lock {
  readonly mode: LockMode;
  readonly relation: Address;
}

/** What an application can do on a table while a lock of this mode is held (manual §13.3.1). */
export function blockedBy(mode: LockMode): 'nothing' | 'writes' | 'reads and writes' {
  if (mode === 'AccessExclusiveLock') return 'reads and writes';
  return mode === 'ShareLock' || mode === 'ShareRowExclusiveLock' || mode === 'ExclusiveLock' ? 'writes' : 'nothing';
}

/**
 * How a statement runs:
 * `transactional`: fast, inside a transaction, alone in it unless what it touches is new;
 * `concurrent`: outside any transaction, never with a lock timeout, resumable;
 * `validate`: a transaction of its own, scans but blocks no reads or writes;
 * `backfill`: commits batch by batch (a DO block at top level; the runner goes through it by itself where `batches` says of what);
 * `expand`: a query whose result rows are the statements to run (psql's `\gexec`).
 */
export type Step = 'transactional' | 'concurrent' | 'validate' | 'backfill' | 'expand';

export const hazardNames = [
  'data-loss',
  'irreversible',
  'blocks-reads',
  'blocks-writes',
  'locks-other-table',
  'rewrite',
  'long-scan',
  'index-build',
  'hidden-index-rebuild',
  'index-dropped',
  'data-dependent',
  'application-order',
  'backward-compatibility',
  'statistics-lost',
  'non-transactional',
  'replication',
  'authorization',
  'stale-results',
] as const;
export type HazardName = (typeof hazardNames)[number];

export interface Hazard {
  readonly hazard: HazardName;
  readonly subject: Address;
  /** One line: what can go wrong, and why. */
  readonly reason: string;
  /** For `data-dependent`: a query that finds the rows on which the statement would fail. */
  readonly query?: string;
}

/** How a folded clause is joined to the statement that takes it in. */
export interface FoldTarget {
  /** `list`: clauses in parentheses, one a line; `append`: clauses after the head, separated by spaces. */
  readonly style: 'list' | 'append';
  readonly head: string;
  readonly tail: string;
}

/** Says into which object's create this statement may go as a clause, when all that it needs precedes. */
export interface Fold {
  readonly into: Address;
  readonly clause: string;
  /** Position among the clauses: the column number, or past all columns for constraints. */
  readonly order: number;
}

/** A value that an engine may be unable to hold; carried as declared where it is (DESIGN §4). */
export interface Carried {
  readonly object: Address;
  readonly attribute: string;
  readonly value: Json;
  /** What a whole object needs, which no catalog can tell. */
  readonly dependsOn?: readonly Address[];
}

/** Objects that had better be there first, or go later, though PostgreSQL does not record that they are needed. */
export interface Preference {
  readonly objects: readonly Address[];
  /** What to do where that would be a circle; nothing, where the order is only the kinder one. */
  readonly otherwise?: Workaround;
  /** Set by the planner where the order could not be had. */
  readonly isUnheeded?: true;
}

/** Settings that stand round the statement, in its transaction. */
export interface Workaround {
  readonly before: { readonly sql: string; readonly purpose: string };
  readonly after: { readonly sql: string; readonly purpose: string };
  /** Says the same once everything is there, without the two: what elaboration runs to find mistakes. */
  readonly recheck: string;
}

export interface Statement {
  /** SQL text without its final semicolon. */
  readonly sql: string;
  /** One English line, shown in the migration, in change reports and by the runner. */
  readonly purpose: string;
  readonly subject: Address;
  readonly step: Step;
  readonly needs: readonly Address[];
  readonly makes: readonly Address[];
  readonly destroys: readonly Address[];
  readonly locks: readonly Lock[];
  readonly rewrites: readonly Address[];
  readonly scans: readonly Address[];
  readonly hazards: readonly Hazard[];
  /** Statements of one group share a transaction, since half of it would be wrong. */
  readonly atomic?: string;
  /** It prepares what its group does in one transaction, or clears away after it, and runs in another. */
  readonly apart?: true;
  readonly prefers?: Preference;
  readonly accepts?: FoldTarget;
  readonly fold?: Fold;
  /**
   * How the runner tells whether the statement is done: an assertion such as
   * `valid index public.digests_user_recent` or `absent column public.digests.body`.
   */
  readonly probe?: string;
  /** Of a backfill: the table that it goes through, where the runner may ask it for one batch after the other (sql/batched-update.ts). */
  readonly batches?: Address;
  /** The SQL that takes the statement back, where there is any. */
  readonly reverse?: string;
  /** What the application must have done before: `contract` statements run after the deploy. */
  readonly phase: Phase;
  /**
   * `the deploy`: it only serves the time between the two phases, while old and new code run side by
   * side. `nothing`, set by the planner: what follows runs before the deploy too, so it is left out.
   */
  readonly bridges?: 'the deploy' | 'nothing';
  readonly carries?: Carried;
  /** Nothing says who will use what it makes: it runs as soon as all that it needs is there. */
  readonly early?: true;
  /** It makes what belongs to no schema, as the partitions of a rule: no state shows whether it ran. */
  readonly unseen?: true;
  /** Columns that get other values by it, as a generated one by another expression; the proof does not compare them. */
  readonly recomputes?: readonly Address[];
  /** What every row of a table must meet, or the statement fails; generated rows of a proof meet it. */
  readonly asks?: readonly { readonly table: Address; readonly expression: string }[];
}

/** Asked of every row of a table where there must be none. */
export const noRow = 'false';

type StatementDraft = Pick<Statement, 'sql' | 'purpose' | 'subject'> & Partial<Statement>;

const nothing: readonly never[] = Object.freeze([]);

/** Fills in the defaults of a statement: transactional, expand phase, touching nothing else. */
export function statement(draft: StatementDraft): Statement {
  return {
    step: 'transactional',
    needs: nothing,
    makes: nothing,
    destroys: nothing,
    locks: nothing,
    rewrites: nothing,
    scans: nothing,
    hazards: nothing,
    phase: 'expand',
    ...draft,
  };
}

/** `expand`: before the application is deployed; `contract`: once no old version of it runs any more. */
export type Phase = 'expand' | 'contract';

/** Statements of one phase that run together: one transaction, or one statement outside any. */
export interface Transaction {
  readonly block: boolean;
  readonly statements: readonly Statement[];
  /** BEGIN with transaction modes, where somebody wrote some. */
  readonly begin?: string;
  /** SET and RESET that somebody wrote before the statements; they hold for the rest of the session. */
  readonly settings?: readonly string[];
}

export function phaseOf({ statements }: Transaction): Phase {
  return statements[0]?.phase ?? 'expand';
}
