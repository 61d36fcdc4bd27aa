/**
 * Runs an expand step outside any transaction: its query, then each statement in the cells of the
 * result by itself. Each is recorded when it is done, so that a resumed run leaves it out.
 */
import { PostgresError } from '../engine/engine.ts';
import { guessStepKind } from '../sql/migration-step.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import { hashSql } from './record.ts';
import { runBare } from './run-bare.ts';
import { runBlock } from './run-block.ts';
import { work } from './session.ts';
import type { RecordedStep } from './state-schema.ts';
import { unitOfPart } from './unit.ts';
import { label } from './unit-run.ts';
import type { Trouble, UnitRun } from './unit-run.ts';

/** Takes away, of the statements that the query made, those that an earlier run recorded as done. */
export function remainingParts(cells: readonly (string | null)[], done: readonly string[]): readonly string[] {
  const left = [...done];
  return cells.filter((sql): sql is string => {
    if (sql === null) return false;
    const at = left.indexOf(hashSql(sql));
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}

async function makeParts(run: UnitRun, step: MigrationStep): Promise<readonly (string | null)[]> {
  const { session, unit } = run;
  try {
    for (const sql of unit.before) await session.worker.rows(sql);
    return (await work(session, step.sql, () => label(run, step))).flat();
  } finally {
    for (const sql of unit.after) await session.worker.rows(sql);
  }
}

async function runPart(run: UnitRun, step: MigrationStep, sql: string): Promise<'done' | Trouble> {
  const form = guessStepKind(sql) === 'transactional' ? 'block' : 'bare';
  const record = (state: 'running' | 'done'): string => run.journal.part(step.number, sql, state);
  const earlier = run.earlier.get(step.number);
  // The step began, but this statement of it only when its hash was written down.
  const begun = earlier?.part === hashSql(sql) ? new Map([[step.number, earlier]]) : new Map<number, RecordedStep>();
  const part: UnitRun = {
    ...run,
    unit: unitOfPart(step, run.unit, sql, form, run.session.limits),
    earlier: begun,
    recordRunning: record('running'),
    recordDone: record('done'),
  };
  const outcome = form === 'block' ? await runBlock(part) : await runBare(part);
  return outcome === 'unfit' ? runBare({ ...part, unit: unitOfPart(step, run.unit, sql, 'bare', run.session.limits) }) : outcome;
}

/** Runs the statements that are left, and records the step. */
export async function runExpand(run: UnitRun): Promise<'done' | Trouble> {
  const [step] = run.unit.steps;
  if (step === undefined) return 'done';
  const { session } = run;
  // A running step stays as it is: it says which of its statements was under way.
  if (run.earlier.get(step.number)?.state !== 'running') await session.worker.rows(run.recordRunning);
  try {
    const cells = await makeParts(run, step);
    for (const sql of remainingParts(cells, run.earlier.get(step.number)?.parts ?? [])) {
      const outcome = await runPart(run, step, sql);
      if (outcome !== 'done') return { step, error: outcome.error, part: sql };
    }
  } catch (error) {
    if (error instanceof PostgresError) return { step, error };
    throw error;
  }
  await session.worker.rows(run.recordDone);
  return 'done';
}
