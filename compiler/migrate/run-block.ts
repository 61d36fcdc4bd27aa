/**
 * Runs a unit that is one transaction, again and again until its locks come: a short wait for a lock
 * and another try leave room for the queries that would queue up behind a long one.
 */
import { PostgresError } from '../engine/engine.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import { isLockFailure } from './failure.ts';
import { failedStatement, fitsOneMessage, messageOf, placedError } from './message.ts';
import { Interrupted } from './pause.ts';
import { work } from './session.ts';
import { label, patience, runStatement, troubleOf } from './unit-run.ts';
import type { Progress, Trouble, UnitRun } from './unit-run.ts';

/** The server keeps its answers back until the message is done: which step waits is not known. */
function stepsLabel(run: UnitRun, first: MigrationStep): string {
  const last = run.unit.steps.at(-1) ?? first;
  return last === first ? label(run, first) : `${run.migration.name} steps ${String(first.number)} to ${String(last.number)}`;
}

/** The transaction in one message: its locks are held for no round trip. */
async function sendAtOnce(run: UnitRun, first: MigrationStep): Promise<Trouble | undefined> {
  const { session, unit } = run;
  const statements = [...unit.before, ...unit.steps.map(({ sql }) => sql), ...unit.after, run.recordDone, 'COMMIT'];
  const stepAt = (index: number): MigrationStep => unit.steps[Math.max(0, index - unit.before.length)] ?? unit.steps.at(-1) ?? first;
  try {
    await work(session, messageOf(statements), () => stepsLabel(run, first));
    return undefined;
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    const { index, position } = failedStatement(statements, error, session.worker.completed());
    // A deferred constraint speaks up at COMMIT; it is told as trouble of the last step.
    const isOwn = index >= unit.before.length && index < unit.before.length + unit.steps.length;
    return { step: stepAt(index), error: placedError(error, isOwn ? position : undefined) };
  }
}

/** The transaction message by message, where an answer says what comes next. */
async function sendOneByOne(run: UnitRun, first: MigrationStep): Promise<Trouble | undefined> {
  const { session, unit } = run;
  const progress: Progress = { step: first, part: undefined };
  const what = (): string => label(run, progress.step);
  try {
    await work(session, messageOf(unit.before), what);
    for (const step of unit.steps) {
      progress.step = step;
      await runStatement(run, progress);
    }
    await work(session, messageOf([...unit.after, run.recordDone, 'COMMIT']), what);
    return undefined;
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    return troubleOf(progress, error);
  }
}

async function tryBlock(run: UnitRun): Promise<Trouble | undefined> {
  const [first] = run.unit.steps;
  if (first === undefined) return undefined;
  const isOneMessage = fitsOneMessage(run.unit.before) && run.unit.steps.every((step) => !step.gexec);
  try {
    const trouble = await (isOneMessage ? sendAtOnce(run, first) : sendOneByOne(run, first));
    if (trouble !== undefined) await run.session.worker.rows('ROLLBACK');
    return trouble;
  } catch (error) {
    if (error instanceof Interrupted) await run.session.worker.rows('ROLLBACK');
    throw error;
  }
}

/**
 * Runs the transaction. `unfit`: its only statement refuses to run inside one (25001), which happens
 * to hand-written statements that nobody marked.
 */
export async function runBlock(run: UnitRun): Promise<'done' | 'unfit' | Trouble> {
  const lock = patience(run.session.limits.lockBudget);
  for (;;) {
    const trouble = await tryBlock(run);
    if (trouble === undefined) return 'done';
    if (trouble.error.code === '25001' && run.unit.lone) return 'unfit';
    if (!isLockFailure(trouble.error) || (await lock.wait(run, trouble)) === 'spent') return trouble;
  }
}
