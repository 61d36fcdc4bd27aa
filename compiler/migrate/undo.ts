/**
 * Takes migrations back on one database: what the database has is asked for a way back, the way is
 * written down, and then run step by step as a migration is. One that was stopped is finished as it
 * was written down, whatever the folder says by then.
 */
import { PostgresError } from '../engine/engine.ts';
import { DiagnosticError, fail } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { readMigration } from '../sql/migration-file.ts';
import { hashMigration, numberText } from '../sql/migrations-lock.ts';
import { readHistory } from './apply.ts';
import type { Connection } from './connection.ts';
import { proveFiles } from './folder.ts';
import type { FolderMigration } from './folder.ts';
import { historyProblems } from './history.ts';
import type { History } from './history.ts';
import { refuseUnprivileged } from './privileges.ts';
import { recordUndo, undoJournal } from './record.ts';
import type { Down, Run } from './run.ts';
import { remainingUnits, runScript } from './run-migration.ts';
import type { Selected } from './select.ts';
import { checkRoles } from './server-checks.ts';
import type { Server } from './server-checks.ts';
import type { Session } from './session.ts';
import { recordedDone, settleHalfDone } from './settle.ts';
import type { RecordedUndo } from './state-schema.ts';
import { undoName } from './undo-plan.ts';
import type { UndoPlan, UndoQuestion } from './undo-plan.ts';
import { unitText } from './unit.ts';
import { beginVerifying } from './verify.ts';
import type { Verifier } from './verify.ts';

/** What the database has beyond the number, oldest first. */
function beyond(history: History, to: number): readonly FolderMigration[] {
  return [...history.applied, ...history.halfDone]
    .map(({ migration }) => migration)
    .filter(({ number }) => number > to)
    .sort((left, right) => left.number - right.number);
}

/** What is to be taken back, newest first; throws where this history or this number does not allow it. */
function chooseUndone(run: Run, history: History, to: number): readonly string[] {
  const problems = historyProblems(history);
  if (problems.length > 0) throw new DiagnosticError(problems);
  const [begun] = history.halfDone;
  if (begun !== undefined && begun.migration.number <= to) {
    fail('undo-below', `${begun.migration.name} is half done here, and --down-to ${String(to)} keeps it`, {
      hint: `finish it: npx schemac migrate --to ${String(begun.migration.number)}; or take it back too, with a lower number`,
    });
  }
  if (history.applied.every(({ migration }) => migration.number < to) && to > 0 && history.applied.length + history.halfDone.length > 0) {
    fail('undo-below', `migration ${String(to)} is not applied on ${run.database}: there is nothing after it to take back`, {
      hint: 'npx schemac status says what is applied',
    });
  }
  const applied = history.applied.map(({ migration }) => migration);
  proveFiles(run.folder, [...applied, ...history.halfDone.map(({ migration }) => migration)]);
  return beyond(history, to)
    .map(({ name }) => name)
    .reverse();
}

function questionOf(history: History, to: number, major: number, done: ReadonlySet<number>): UndoQuestion {
  const applied = history.applied.map(({ migration }) => migration);
  const [half] = history.halfDone;
  return { applied, to, major, ...(half === undefined ? {} : { begun: { migration: half.migration, done } }) };
}

/** The script as the runner knows migrations. */
function selectedOf(name: string, script: string, earlier: Selected['earlier']): Selected {
  const file = `${name}.sql`;
  const migration: FolderMigration = {
    name,
    number: Number.parseInt(name, 10),
    read: () => script,
    fileHash: hashMigration(script),
    chainedHash: '',
    file,
  };
  return { migration, file: readMigration(script, file), earlier };
}

function lossProblems({ losses }: UndoPlan, { allow, to }: Down, severity: 'error' | 'warning'): readonly Diagnostic[] {
  return losses
    .filter(({ subject }) => !allow.includes(`data-loss:${subject}`))
    .map(({ subject, reason }) => ({
      code: 'data-loss',
      severity,
      subject,
      message: `taking it back would lose data: ${reason} (${subject})`,
      hint: `if you mean it: npx schemac migrate --down-to ${String(to)} --allow 'data-loss:${subject}'`,
    }));
}

/** Rows on which the undo would fail half-way, as far as they can be found in the time of a fast statement. */
async function rowProblems(connection: Connection, { asked }: UndoPlan, timeout: number): Promise<readonly Diagnostic[]> {
  const problems: Diagnostic[] = [];
  for (const { subject, reason, query, hint } of asked) {
    await connection.rows('BEGIN READ ONLY');
    try {
      await connection.rows(`SET LOCAL statement_timeout = '${String(timeout)}ms'`);
      const [row] = await connection.rows(`SELECT EXISTS (${query})`);
      if (row?.[0] === 't') problems.push({ code: 'undo-rows', severity: 'error', subject, message: `${subject}: ${reason}`, hint });
    } catch (error) {
      // The query may be about a name that the undo itself gives, or take too long: then the step will tell.
      if (!(error instanceof PostgresError)) throw error;
    } finally {
      await connection.rows('ROLLBACK');
    }
  }
  return problems;
}

/** Takes back what was applied after a number, or finishes taking it back. */
export async function undo(run: Run, session: Session, action: Down): Promise<void> {
  const history = await readHistory(run, session.control);
  if (history.undo !== undefined) return resume(run, session, action, history.undo);
  const names = chooseUndone(run, history, action.to);
  if (names.length === 0) {
    // The connection may have broken when the server had done it all.
    run.progress.undone = run.progress.underWay;
    run.progress.underWay = [];
    return;
  }
  run.progress.pending = names;
  const verifier = await beginVerifying(session, run.options.verify ?? 'ends');
  await verifier.compare();
  const [half] = history.halfDone;
  const done = half === undefined ? new Set<number>() : await settleHalfDone(session, half);
  run.report(`planning the way back from ${names[0] ?? ''} to ${action.to === 0 ? 'an empty schema' : numberText(action.to)}`);
  const plan = await action.plan(questionOf(history, action.to, session.server.major, done));
  const selected = await admitPlan(run, session, action, plan);
  await session.worker.rows(recordUndo(session.stateSchema, { to: action.to, names, script: plan.script }));
  await takeBack({ run, session, verifier, selected, promised: plan.promised });
}

async function admitPlan(run: Run, session: Session, action: Down, plan: UndoPlan): Promise<Selected> {
  run.progress.warnings = plan.notices;
  const problems = [...lossProblems(plan, action, 'error'), ...(await rowProblems(session.control, plan, session.limits.statementTimeout))];
  if (problems.length > 0) throw new DiagnosticError([...problems, ...plan.notices]);
  const selected = selectedOf(plan.name, plan.script, []);
  await checkRoles(session.control, selected.file, selected.migration.file);
  await refuseUnprivileged(session.control, [selected], run.database);
  return selected;
}

interface Taking {
  readonly run: Run;
  readonly session: Session;
  readonly verifier: Verifier;
  readonly selected: Selected;
  readonly promised?: UndoPlan['promised'];
}

/** Runs the script that is written down, and compares the database with what it was proven to lead to. */
async function takeBack({ run, session, verifier, selected, promised }: Taking): Promise<void> {
  const { undo: begun } = await readHistory(run, session.control);
  if (begun === undefined) throw new Error('the undo that is to be run is not written down');
  run.report(`${selected.earlier.length > 0 ? 'going on with' : 'running'} ${selected.migration.name}`);
  run.progress.underWay = begun.names;
  try {
    await runScript(session, selected, undoJournal(session.stateSchema, begun));
  } catch (error) {
    if (error instanceof DiagnosticError && error.diagnostics.some(({ code }) => code === 'step-failed')) await verifier.remember();
    throw error;
  }
  for (const name of begun.names) run.report(`took back ${name}`);
  [run.progress.undone, run.progress.pending, run.progress.underWay] = [begun.names, [], []];
  await verifier.remember();
  if (promised !== undefined) run.progress.warnings = [...run.progress.warnings, ...(await verifier.judge(promised))];
}

async function resume(run: Run, session: Session, action: Down, begun: RecordedUndo): Promise<void> {
  if (begun.to !== action.to) {
    fail('undo-half-done', `an undo to ${String(begun.to)} that was begun on ${begun.startedAt} is half done on ${run.database}`, {
      hint: `finish it first: npx schemac migrate --down-to ${String(begun.to)}`,
    });
  }
  run.progress.pending = begun.names;
  const verifier = await beginVerifying(session, run.options.verify ?? 'ends');
  await verifier.compare();
  await takeBack({ run, session, verifier, selected: selectedOf(undoName(begun.script), begun.script, begun.steps) });
}

/** Shows the SQL that an undo would run, with what it would ask for as warnings. */
export async function showUndo(run: Run, connection: Connection, server: Server, action: Down): Promise<void> {
  const history = await readHistory(run, connection);
  const begun = history.undo;
  if (begun !== undefined && begun.to === action.to) {
    run.progress.pending = begun.names;
    return show(run, selectedOf(undoName(begun.script), begun.script, begun.steps));
  }
  const names = chooseUndone(run, history, action.to);
  if (names.length === 0) return;
  run.progress.pending = names;
  const [half] = history.halfDone;
  const plan = await action.plan(questionOf(history, action.to, server.major, recordedDone(half?.steps ?? [])));
  const rows = (await rowProblems(connection, plan, run.limits.statementTimeout)).map((problem) => ({
    ...problem,
    severity: 'warning' as const,
  }));
  run.progress.warnings = [...lossProblems(plan, action, 'warning'), ...rows, ...plan.notices];
  show(run, selectedOf(plan.name, plan.script, []));
}

function show(run: Run, selected: Selected): void {
  run.progress.sql = [
    `-- ${selected.migration.name}`,
    ...selected.file.summary.split('\n').map((line) => `-- ${line}`),
    ...remainingUnits(selected, run.limits).flatMap((unit) => [...unitText(unit), '']),
  ];
}
