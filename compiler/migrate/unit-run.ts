/**
 * What the three ways of running a unit share: what they are given, what they give back, how a
 * step's statements are sent, and how long a lock is asked for. Sends nothing by itself but those.
 */
import type { PostgresError } from '../engine/engine.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import type { FolderMigration } from './folder.ts';
import type { Journal } from './record.ts';
import { backoff, pause } from './pause.ts';
import { work } from './session.ts';
import type { Session } from './session.ts';
import type { RecordedStep } from './state-schema.ts';
import type { Unit } from './unit.ts';

/** On what, and for which migration. */
export interface StepRun {
  readonly session: Session;
  readonly migration: FolderMigration;
}

export interface UnitRun extends StepRun {
  readonly journal: Journal;
  readonly unit: Unit;
  /** What earlier runs recorded of its steps, by number. */
  readonly earlier: ReadonlyMap<number, RecordedStep>;
  /** SQL that records that a statement outside a transaction is about to run. */
  readonly recordRunning: string;
  /** SQL that records that the unit is done; in a block it is part of the transaction. */
  readonly recordDone: string;
}

/** PostgreSQL refused a statement. */
export interface Trouble {
  readonly step: MigrationStep;
  readonly error: PostgresError;
  /** The statement, where it is not the step's own text but was made by it. */
  readonly part?: string;
}

export function label(run: { readonly migration: FolderMigration }, step: MigrationStep): string {
  return `${run.migration.name} step ${String(step.number)}`;
}

/** Which statement is under way. */
export interface Progress {
  step: MigrationStep;
  part: string | undefined;
}

/** Runs a step's statement, or its query and then the statements in the cells of the result. */
export async function runStatement(run: UnitRun, progress: Progress): Promise<void> {
  const { step } = progress;
  const what = (): string => label(run, step);
  const rows = await work(run.session, step.sql, what);
  if (!step.gexec) return;
  for (const sql of rows.flat()) {
    if (sql === null) continue;
    progress.part = sql;
    await work(run.session, sql, what);
  }
  progress.part = undefined;
}

export function troubleOf({ step, part }: Progress, error: PostgresError): Trouble {
  return { step, error, ...(part === undefined ? {} : { part }) };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Asks for a lock again and again until the budget is spent. */
export interface Patience {
  /** Waits for the next try; `spent` where there is none. */
  readonly wait: (run: UnitRun, trouble: Trouble) => Promise<'again' | 'spent'>;
}

/** Begins to count the budget for the locks of one transaction. */
export function patience(budget: number): Patience {
  const began = Date.now();
  let tries = 1;
  return {
    wait: async (run, { step, error }) => {
      const left = began + budget - Date.now();
      if (left <= 0) return 'spent';
      const time = Math.min(backoff(tries), left);
      tries += 1;
      run.session.report(`${label(run, step)}: ${error.message}; try ${String(tries)} in ${seconds(time)}, gives up in ${seconds(left)}`);
      await pause(time, run.session.signal);
      return 'again';
    },
  };
}
