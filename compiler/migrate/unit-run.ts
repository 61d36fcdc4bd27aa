/**
 * What the three ways of running a unit share: what they are given, what they give back, and how a
 * step's statements are sent. Sends nothing by itself but those.
 */
import type { PostgresError } from '../engine/engine.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import type { FolderMigration } from './folder.ts';
import { work } from './session.ts';
import type { Session } from './session.ts';
import type { RecordedStep } from './state-schema.ts';
import type { Unit } from './unit.ts';

export interface UnitRun {
  readonly session: Session;
  readonly migration: FolderMigration;
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

/** How often a step is tried before the run gives up. */
export const attempts = 20;

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
  const rows = await work(run.session, step.sql, label(run, step));
  if (!step.gexec) return;
  for (const sql of rows.flat()) {
    if (sql === null) continue;
    progress.part = sql;
    await work(run.session, sql, label(run, step));
  }
  progress.part = undefined;
}

export function troubleOf({ step, part }: Progress, error: PostgresError): Trouble {
  return { step, error, ...(part === undefined ? {} : { part }) };
}
