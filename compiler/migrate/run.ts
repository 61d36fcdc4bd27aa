/** What a run is asked for, what it finds out while it goes on, and what it gives back. Data only. */
import type { WhenBusy } from './advisory-lock.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { FolderMigration } from './folder.ts';
import type { Limits } from './limits.ts';
import type { Mark } from './mark.ts';
import type { Promised } from './promised.ts';
import type { Selection } from './select.ts';
import type { PlanUndo } from './undo-plan.ts';
import type { Verify } from './verify.ts';

export type MigrateAction =
  | { readonly action: 'apply' }
  /** Shows the SQL that `apply` would run; changes nothing, takes no lock. */
  | { readonly action: 'dry-run' }
  /** Records migrations up to a number as applied, on a database that has them already. */
  | { readonly action: 'baseline'; readonly through: number }
  | Down
  | Mark;

/** Takes back every migration after a number, newest first. */
export interface Down {
  readonly action: 'down';
  readonly to: number;
  /** `dry-run` shows the SQL; changes nothing, takes no lock. */
  readonly how: 'apply' | 'dry-run';
  readonly plan: PlanUndo;
  /** `data-loss:ADDRESS`: what may be lost. */
  readonly allow: readonly string[];
}

export interface MigrateOptions extends Selection {
  /** The folder that holds `migrations/`. */
  readonly generated: string;
  /** Without it, libpq's environment variables and .pgpass say where to connect. */
  readonly url?: string;
  /** The schema of the runner's own tables; `schemac` by default. */
  readonly stateSchema?: string;
  readonly action?: MigrateAction;
  /** `accept`: a half-done migration may have another text, where the steps that ran are unchanged. */
  readonly amended?: 'refuse' | 'accept';
  /** How long a lock is asked for, and how long a statement may hold others up; see `usualLimits`. */
  readonly limits?: Partial<Limits>;
  /** Whether the database is compared with what the last run left; `ends` when absent. */
  readonly verify?: Verify;
  /** What the migrations were proven to lead to, asked for when all are applied. */
  readonly promised?: () => Promise<Promised | undefined>;
  /** `wait`, also when absent: for another runner on this database; `leave`: say so and go. */
  readonly whenBusy?: WhenBusy;
  /** Takes one line of progress. */
  readonly report?: (line: string) => void;
  /** Takes a line that stands until the next one comes, many times a second: how far a backfill is. Empty when it ends. */
  readonly tick?: (line: string) => void;
  /** Ends the run: the transaction under way is rolled back, a statement outside one is cancelled. */
  readonly signal?: AbortSignal;
}

export interface MigrateResult {
  /** `user@host:port/database`, never with a password. */
  readonly database: string;
  /** `18.4`; absent when the server could not be reached. */
  readonly server?: string;
  /** Names of the migrations that this run applied, or recorded. */
  readonly applied: readonly string[];
  /** Names of the migrations that this run took back, newest first. */
  readonly undone?: readonly string[];
  /** Names of those that are left. */
  readonly pending: readonly string[];
  /** For a dry run, the SQL line by line. */
  readonly sql: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What is found out and done while the run goes on; the result is made from it however it ends. */
export interface Progress {
  server: string | undefined;
  readonly applied: string[];
  undone: readonly string[];
  pending: readonly string[];
  /** The migrations that this run has sent and not heard the end of. */
  underWay: readonly string[];
  sql: readonly string[];
  warnings: readonly Diagnostic[];
}

export interface Run {
  readonly options: MigrateOptions;
  readonly folder: readonly FolderMigration[];
  readonly database: string;
  readonly stateSchema: string;
  readonly limits: Limits;
  readonly report: (line: string) => void;
  readonly tick: (line: string) => void;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}
