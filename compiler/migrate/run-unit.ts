/**
 * Runs one unit of a migration in the way that it asks for, and writes down how it ended.
 */
import { stepFailure } from './failure.ts';
import type { FolderMigration } from './folder.ts';
import { PostgresError } from '../engine/engine.ts';
import type { MigrationFile } from '../sql/migration-file.ts';
import { offendingRows } from './offending-rows.ts';
import { Interrupted } from './pause.ts';
import type { Journal } from './record.ts';
import { runBare } from './run-bare.ts';
import { runBatches } from './run-batches.ts';
import { runBlock } from './run-block.ts';
import { runExpand } from './run-expand.ts';
import type { Session } from './session.ts';
import type { RecordedStep, StepState } from './state-schema.ts';
import { asBare } from './unit.ts';
import type { Unit } from './unit.ts';
import type { Trouble, UnitRun } from './unit-run.ts';

export interface UnitOrder {
  readonly session: Session;
  readonly migration: FolderMigration;
  readonly file: MigrationFile;
  readonly journal: Journal;
  readonly unit: Unit;
  readonly earlier: ReadonlyMap<number, RecordedStep>;
  /** The state that the migration has when the unit is done. */
  readonly stateAfter: StepState;
}

function records({ journal, unit }: UnitOrder, state: StepState, step: StepState): string {
  const steps = unit.steps.map(({ number, sql }) => ({ step: number, sql, state: step }));
  return `${journal.reach(state)};\n${journal.steps(steps)}`;
}

function inTransaction(sql: string): string {
  return `BEGIN;\n${sql};\nCOMMIT`;
}

/** What cannot be written down, on a full disk for one, must not hide why. */
async function recordFailure(
  { session, journal }: UnitOrder,
  step: { readonly number: number; readonly sql: string },
  error: string,
): Promise<void> {
  const failed = [{ step: step.number, sql: step.sql, state: 'failed' as const, error }];
  const record = `${journal.reach('failed')};\n${journal.steps(failed)}`;
  try {
    await session.worker.rows(inTransaction(record));
  } catch (cause) {
    if (!(cause instanceof PostgresError)) throw cause;
    await session.worker.rows('ROLLBACK');
    session.report(`the failure could not be recorded: ${cause.message} [${cause.code}]`);
  }
}

function whatIsLeft({ form, steps }: Unit): string {
  if (form === 'bare') return 'It ran outside any transaction; what it left, the next run finds out and mends.';
  if (form === 'expand') return 'The statements that the step made before are done and will not run again.';
  if (form === 'batches') return 'What it did before is committed; the next run goes on behind it.';
  const [first, last] = [steps[0]?.number ?? 0, steps.at(-1)?.number ?? 0];
  return `Its transaction was rolled back: nothing of step${first === last ? ` ${String(first)}` : `s ${String(first)} to ${String(last)}`} is in the database.`;
}

async function run(order: UnitOrder): Promise<'done' | Trouble> {
  const { form } = order.unit;
  const inside: UnitRun = { ...order, recordRunning: '', recordDone: records(order, order.stateAfter, 'done') };
  const outside: UnitRun = {
    ...order,
    recordRunning: inTransaction(records(order, 'running', 'running')),
    recordDone: inTransaction(inside.recordDone),
  };
  if (form === 'expand') return runExpand(outside);
  if (form === 'bare') return runBare(outside);
  if (form === 'batches') return runBatches(outside);
  const outcome = await runBlock(inside);
  return outcome === 'unfit' ? runBare({ ...outside, unit: asBare(order.unit) }) : outcome;
}

/** Runs a unit to its end. Throws a `DiagnosticError` for the step that failed, `Interrupted`, or `ConnectionLost`. */
export async function runUnit(order: UnitOrder): Promise<void> {
  const { migration, unit } = order;
  let outcome: 'done' | Trouble;
  try {
    outcome = await run(order);
  } catch (error) {
    const [step] = unit.steps;
    // What was cancelled is known to have ended; what it left, the next run's probe finds.
    if (error instanceof Interrupted && unit.form !== 'block' && step !== undefined) await recordFailure(order, step, 'interrupted');
    throw error;
  }
  if (outcome === 'done') return;
  const { step, error, part } = outcome;
  const own = unit.steps.find(({ number }) => number === step.number) ?? step;
  await recordFailure(order, own, error.message);
  throw stepFailure(error, {
    rows: await offendingRows(order.session, { file: order.file, step: own, error }),
    name: migration.name,
    file: migration.file,
    step: own,
    left: whatIsLeft(unit),
    ...(part === undefined ? {} : { sql: part }),
  });
}
