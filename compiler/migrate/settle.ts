/**
 * Finds out how much of a half-done migration is in the database, before it is taken back: steps that
 * are done, and steps of which nothing is left. What is neither must be finished first.
 */
import { fail } from '../model/diagnostic.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import { builtIndex } from './derive-probe.ts';
import { parseMigration } from './folder.ts';
import type { HalfDone } from './history.ts';
import { messageOf } from './message.ts';
import { examine } from './run-bare.ts';
import type { Session } from './session.ts';
import type { RecordedStep } from './state-schema.ts';
import { unitsOf } from './unit.ts';
import type { Unit } from './unit.ts';

/** The steps that an earlier run recorded as done. */
export function recordedDone(steps: readonly RecordedStep[]): ReadonlySet<number> {
  return new Set(steps.filter(({ state }) => state === 'done').map(({ step }) => step));
}

/** Stopped half-way these leave nothing once they are mended, or rows that are as good as those before. */
function leavesNothing(step: MigrationStep): boolean {
  return step.step === 'backfill' || step.step === 'validate' || builtIndex(step.sql) !== undefined;
}

function refuse({ migration }: HalfDone, step: MigrationStep): never {
  return fail(
    'undo-step-begun',
    `step ${String(step.number)} of ${migration.name} (${step.purpose}) was begun and is not done; what it left cannot be told apart`,
    {
      place: { file: migration.file, line: step.line, column: 1 },
      hint: `finish the migration first: npx schemac migrate --to ${String(migration.number)}; then take it back`,
    },
  );
}

interface Begun {
  readonly unit: Unit;
  readonly step: MigrationStep;
  readonly recorded: RecordedStep;
}

/** Whether the step turns out to be done; an invalid index that it left is dropped. */
async function isDone(session: Session, half: HalfDone, { unit, step, recorded }: Begun): Promise<boolean> {
  if (unit.form === 'expand') return recorded.parts.length > 0 || recorded.part !== null ? refuse(half, step) : false;
  // What fails inside a transaction leaves nothing.
  if (unit.form === 'block' && recorded.state === 'failed') return false;
  await session.worker.rows(messageOf(['SET lock_timeout = 0', 'SET statement_timeout = 0']));
  try {
    if ((await examine({ session, migration: half.migration }, step, recorded)) === 'done') return true;
  } finally {
    await session.worker.rows('RESET ALL');
  }
  return leavesNothing(step) ? false : refuse(half, step);
}

/** The numbers of the steps that are in the database. Throws a `DiagnosticError` for one that is there in part. */
export async function settleHalfDone(session: Session, half: HalfDone): Promise<ReadonlySet<number>> {
  const units = unitsOf(parseMigration(half.migration), session.limits);
  const done = new Set(recordedDone(half.steps));
  for (const recorded of half.steps.filter(({ state }) => state !== 'done')) {
    const unit = units.find(({ steps }) => steps.some(({ number }) => number === recorded.step));
    const step = unit?.steps.find(({ number }) => number === recorded.step);
    if (unit !== undefined && step !== undefined && (await isDone(session, half, { unit, step, recorded }))) done.add(step.number);
  }
  return done;
}
