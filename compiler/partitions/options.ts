/**
 * What a run of maintenance is asked for, and what it gives back. Data alone.
 */
import type { WhenBusy } from '../migrate/advisory-lock.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

export interface PartitionLimits {
  /** Milliseconds; how long one step may go on asking for its locks, each try for a fifth of a second. */
  readonly lockBudget: number;
  /** Milliseconds; how long a detachment may wait for the transactions that began before it. */
  readonly detachDeadline: number;
}

export const usualPartitionLimits: PartitionLimits = { lockBudget: 60_000, detachDeadline: 600_000 };

export interface PartitionOptions {
  /** Without it libpq's variables say which database. */
  readonly url?: string;
  readonly stateSchema?: string;
  /** The time to go by; the server's own where absent. */
  readonly at?: string;
  /** Qualified names of tables; all that have a rule where absent. */
  readonly tables?: readonly string[];
  readonly limits?: Partial<PartitionLimits>;
  /** `rule`: no more partitions are retired in a run than the rule allows, nor made than 1,000. */
  readonly caution?: 'rule' | 'none';
  /** Where partitions are written to whose rule asks for it; they are not dropped without. */
  readonly exportFolder?: string;
  /** What to do where another run is at work: wait for it where absent. */
  readonly whenBusy?: WhenBusy;
  readonly report?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export type Action = 'create' | 'finalize' | 'retire' | 'record' | 'move' | 'drop' | 'export' | 'analyze' | 'attach';

/** One thing to do to one partition. */
export interface PlannedStep {
  readonly table: string;
  readonly action: Action;
  readonly relation: string;
  /** Bounds as times in UTC; null for keys that are numbers, and where there is none. */
  readonly lower: string | null;
  readonly upper: string | null;
  readonly bound: string;
  readonly reason: string;
  /** `later`: beyond what one run does of this; a later run does it. */
  readonly when: 'now' | 'later';
  /** The log entry that began the retirement. */
  readonly entry?: string;
}

/** `done`; `left`: it could not be done now, another run tries again; `failed`: somebody must look at it. */
export type StepOutcome = 'done' | 'left' | 'failed';

export interface DoneStep extends PlannedStep {
  readonly outcome: StepOutcome;
}

export interface MaintenanceResult {
  readonly database: string;
  /** The time that was gone by. */
  readonly at?: string;
  readonly steps: readonly DoneStep[];
  readonly diagnostics: readonly Diagnostic[];
}
