/**
 * Applies the migrations that are left to one database, in order, once everything that can be known
 * beforehand has been found out.
 */
import { DiagnosticError } from '../model/diagnostic.ts';
import type { Connection } from './connection.ts';
import { proveFiles } from './folder.ts';
import { acceptAmended, compareHistory, historyProblems } from './history.ts';
import type { History } from './history.ts';
import type { Promised } from './promised.ts';
import { refuseUnprivileged } from './privileges.ts';
import type { Run } from './run.ts';
import { runMigration } from './run-migration.ts';
import { selectMigrations } from './select.ts';
import type { Selected } from './select.ts';
import { checkRoles, checkTarget } from './server-checks.ts';
import type { Server } from './server-checks.ts';
import type { Session } from './session.ts';
import { readRecords } from './state-schema.ts';
import { beginVerifying } from './verify.ts';

/** Refuses a history that does not fit; a database that is merely ahead of the folder is only told. */
export function admit(run: Run, history: History): void {
  const problems = historyProblems(history);
  const idle = history.pending.length === 0 && history.halfDone.length === 0 && history.edited.length === 0;
  const last = run.folder.at(-1)?.number ?? 0;
  if (idle && history.unknown.every(({ number }) => number > last)) {
    run.progress.warnings = problems.map((problem) => ({ ...problem, severity: 'warning' }));
  } else if (problems.length > 0) {
    throw new DiagnosticError(problems);
  }
}

/** What the database recorded, against the folder. */
export async function readHistory(run: Run, connection: Connection): Promise<History> {
  const records = await readRecords(connection, run.stateSchema);
  const history = compareHistory(run.folder, records);
  return run.options.amended === 'accept' ? acceptAmended(history, records) : history;
}

/** The migrations to run, each proven to be what was compiled. */
export function choose(run: Run, history: History, server: Server): readonly Selected[] {
  proveFiles(run.folder, [...history.halfDone.map(({ migration }) => migration), ...history.pending]);
  const selected = selectMigrations(history, run.options);
  for (const { migration, file } of selected) checkTarget(server, file, migration.file);
  const waiting = [...history.halfDone.map(({ migration }) => migration), ...history.pending].sort(
    (left, right) => left.number - right.number,
  );
  run.progress.pending = waiting.map(({ name }) => name);
  return selected;
}

function finish(run: Run, name: string): void {
  run.progress.applied.push(name);
  run.progress.pending = run.progress.pending.filter((pending) => pending !== name);
  run.progress.underWay = undefined;
}

/** What was under way when a connection broke may turn out to be done. */
export function finishWhatWasUnderWay(run: Run, isApplied: (name: string) => boolean): void {
  const { underWay } = run.progress;
  if (underWay === undefined || !isApplied(underWay)) return;
  run.report(`applied ${underWay}: the server had done it when the connection broke`);
  finish(run, underWay);
}

/** Applies what is left. Throws a `DiagnosticError`, `Interrupted` or `ConnectionLost`. */
export async function apply(run: Run, session: Session): Promise<void> {
  const history = await readHistory(run, session.control);
  admit(run, history);
  finishWhatWasUnderWay(run, (name) => history.applied.some(({ migration }) => migration.name === name));
  const chosen = choose(run, history, session.server);
  for (const { migration, file } of chosen) await checkRoles(session.control, file, migration.file);
  await refuseUnprivileged(session.control, chosen, run.database);
  if (chosen.length > 0) await applyVerified(run, session, chosen);
}

async function applyVerified(run: Run, session: Session, chosen: readonly Selected[]): Promise<void> {
  const { verify = 'ends' } = run.options;
  const verifier = await beginVerifying(session, verify);
  try {
    for (const [place, selected] of chosen.entries()) {
      if (place > 0 && verify === 'each') await verifier.remember();
      if (place === 0 || verify === 'each') await verifier.compare();
      await applyOne(run, session, selected);
    }
  } catch (error) {
    // A step that failed left something known behind, or nothing; a broken connection or a signal ends it here.
    if (error instanceof DiagnosticError && error.diagnostics.some(({ code }) => code === 'step-failed')) await verifier.remember();
    throw error;
  }
  const promised = await promisedState(run);
  await verifier.remember();
  if (promised !== undefined) run.progress.warnings = [...run.progress.warnings, ...(await verifier.judge(promised))];
}

/** Where everything is applied, and what was promised is of the same last migration. */
async function promisedState(run: Run): Promise<Promised | undefined> {
  const promised = run.progress.pending.length === 0 ? await run.options.promised?.() : undefined;
  return promised?.head === run.folder.at(-1)?.chainedHash ? promised : undefined;
}

async function applyOne(run: Run, session: Session, selected: Selected): Promise<void> {
  const { name } = selected.migration;
  run.report(`${selected.earlier.length > 0 ? 'resuming' : 'applying'} ${name}`);
  run.progress.underWay = name;
  await runMigration(session, selected);
  run.report(`applied ${name}`);
  finish(run, name);
}
