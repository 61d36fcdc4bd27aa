/**
 * Runs one migration from where it stands to its end, unit by unit.
 */
import type { Limits } from './limits.ts';
import { runUnit } from './run-unit.ts';
import { migrationJournal } from './record.ts';
import type { Journal } from './record.ts';
import type { Selected } from './select.ts';
import { throwIfInterrupted } from './pause.ts';
import type { Session } from './session.ts';
import { unitsOf } from './unit.ts';
import type { Unit } from './unit.ts';

/** The units of which something is left to run. */
export function remainingUnits({ file, earlier }: Selected, limits: Limits): readonly Unit[] {
  const done = new Set(earlier.filter((step) => step.state === 'done').map((step) => step.step));
  return unitsOf(file, limits).filter((unit) => unit.steps.some((step) => !done.has(step.number)));
}

/** Applies what is left of a migration and records it. */
export function runMigration(session: Session, selected: Selected): Promise<void> {
  return runScript(session, selected, migrationJournal(session.stateSchema, selected.migration));
}

/** Runs what is left of a script, and writes down in its journal how far it has come. */
export async function runScript(session: Session, selected: Selected, journal: Journal): Promise<void> {
  const { migration, file, earlier } = selected;
  const units = remainingUnits(selected, session.limits);
  if (units.length === 0) await session.worker.rows(journal.reach('done'));
  const steps = new Map(earlier.map((step) => [step.step, step]));
  for (const [index, unit] of units.entries()) {
    throwIfInterrupted(session.signal);
    await runUnit({ session, migration, file, journal, unit, earlier: steps, stateAfter: index === units.length - 1 ? 'done' : 'running' });
  }
}
