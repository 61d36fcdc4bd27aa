/**
 * Runs a unit that is one transaction, again and again until its locks come: a short wait for a lock
 * and another try leave room for the queries that would queue up behind a long one.
 */
import { PostgresError } from '../engine/engine.ts';
import { isLockFailure } from './failure.ts';
import { backoff, Interrupted, pause } from './pause.ts';
import { work } from './session.ts';
import { attempts, label, runStatement, troubleOf } from './unit-run.ts';
import type { Progress, Trouble, UnitRun } from './unit-run.ts';

async function tryBlock(run: UnitRun): Promise<Trouble | undefined> {
  const { session, unit } = run;
  const [first] = unit.steps;
  if (first === undefined) return undefined;
  const progress: Progress = { step: first, part: undefined };
  try {
    await work(session, unit.before.join(';\n'), label(run, first));
    for (const step of unit.steps) {
      progress.step = step;
      await runStatement(run, progress);
    }
    // A deferred constraint speaks up at COMMIT; it is told as trouble of the last step.
    await work(session, [...unit.after, run.recordDone, 'COMMIT'].join(';\n'), label(run, progress.step));
    return undefined;
  } catch (error) {
    if (!(error instanceof PostgresError) && !(error instanceof Interrupted)) throw error;
    await session.worker.rows('ROLLBACK');
    if (error instanceof Interrupted) throw error;
    return troubleOf(progress, error);
  }
}

/**
 * Runs the transaction. `unfit`: its only statement refuses to run inside one (25001), which happens
 * to hand-written statements that nobody marked.
 */
export async function runBlock(run: UnitRun): Promise<'done' | 'unfit' | Trouble> {
  for (let attempt = 1; ; attempt += 1) {
    const trouble = await tryBlock(run);
    if (trouble === undefined) return 'done';
    if (trouble.error.code === '25001' && run.unit.lone) return 'unfit';
    if (!isLockFailure(trouble.error) || attempt === attempts) return trouble;
    const wait = backoff(attempt);
    run.session.report(
      `${label(run, trouble.step)}: ${trouble.error.message}; try ${String(attempt + 1)} of ${String(attempts)} in ${String(Math.round(wait / 100) / 10)} s`,
    );
    await pause(wait, run.session.signal);
  }
}
