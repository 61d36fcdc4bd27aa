/**
 * Runs a statement outside any transaction. Its record cannot ride along, so it is written down
 * before; when an earlier run was stopped in between, a probe tells what became of the statement.
 */
import { PostgresError } from '../engine/engine.ts';
import { fail } from '../model/diagnostic.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import { leadingWords } from '../sql/scan.ts';
import { deriveProbe } from './derive-probe.ts';
import { isLockFailure } from './failure.ts';
import { mend } from './mend.ts';
import { messageOf } from './message.ts';
import { Interrupted } from './pause.ts';
import { parseProbe, probeOutcome, probeQuery } from './probe.ts';
import type { Probe, ProbeOutcome } from './probe.ts';
import { work } from './session.ts';
import type { RecordedStep } from './state-schema.ts';
import { label, patience } from './unit-run.ts';
import type { StepRun, Trouble, UnitRun } from './unit-run.ts';

/** Statements that do the same again when they run again. */
const repeatable: ReadonlySet<string> = new Set(['vacuum', 'analyze', 'reindex', 'cluster', 'refresh', 'checkpoint']);

function probeOf(step: MigrationStep): Probe | undefined {
  return (step.probe === undefined ? undefined : parseProbe(step.probe)) ?? deriveProbe(step.sql);
}

function refuseUnknown(run: StepRun, step: MigrationStep): never {
  const which = `${String(run.migration.number)}.${String(step.number)}`;
  fail(
    'step-unknown',
    `step ${String(step.number)} of ${run.migration.name} (${step.purpose}) was interrupted, and it has no probe that tells whether it is done`,
    {
      place: { file: run.migration.file, line: step.line, column: 1 },
      hint: `look at the database; then run npx schemac migrate --mark-applied ${which} where it is done, or take away what it left and run npx schemac migrate --mark-failed ${which}`,
    },
  );
}

/** Finds out what became of the step, and mends what a stopped run left. */
export async function examine(run: StepRun, step: MigrationStep, earlier: RecordedStep | undefined): Promise<ProbeOutcome> {
  const mended = await mend(run, step, earlier === undefined ? 'first run' : 'resumed');
  if (mended === 'done') return 'done';
  const probe = probeOf(step);
  if (probe === undefined) {
    const repeats = step.step === 'backfill' || repeatable.has(leadingWords(step.sql, 1)[0] ?? '');
    if (earlier?.state === 'running' && !repeats && mended === undefined) refuseUnknown(run, step);
    return 'not-done';
  }
  // Where we have not begun, somebody else made what stands there: PostgreSQL's refusal shall tell it.
  return earlier === undefined ? 'not-done' : probeOutcome(probe, await run.session.worker.rows(probeQuery(probe)));
}

async function tryBare(run: UnitRun, step: MigrationStep, earlier: RecordedStep | undefined): Promise<void> {
  await run.session.worker.rows(messageOf(run.unit.before));
  if ((await examine(run, step, earlier)) === 'done') run.session.report(`${label(run, step)}: an earlier run has done it`);
  else await work(run.session, step.sql, () => label(run, step));
}

async function restore(run: UnitRun): Promise<void> {
  if (run.unit.after.length > 0) await run.session.worker.rows(messageOf(run.unit.after));
}

/** Runs the statement, or finds that it is done, and records it. */
export async function runBare(run: UnitRun): Promise<'done' | Trouble> {
  const [step] = run.unit.steps;
  if (step === undefined) return 'done';
  const earlier = run.earlier.get(step.number);
  const lock = patience(run.session.limits.lockBudget);
  for (;;) {
    // A running step stays so: what its first run left is known only when the probe has spoken.
    if (earlier?.state !== 'running') await run.session.worker.rows(run.recordRunning);
    try {
      await tryBare(run, step, earlier);
      await restore(run);
      await run.session.worker.rows(run.recordDone);
      return 'done';
    } catch (error) {
      if (!(error instanceof PostgresError) && !(error instanceof Interrupted)) throw error;
      await restore(run);
      if (error instanceof Interrupted) throw error;
      const trouble = { step, error };
      if (!isLockFailure(error) || (await lock.wait(run, trouble)) === 'spent') return trouble;
    }
  }
}
