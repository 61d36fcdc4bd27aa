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
import { Interrupted } from './pause.ts';
import { refuseUnprivileged } from './privileges.ts';
import type { Run } from './run.ts';
import { runMigration } from './run-migration.ts';
import { nextBatch, runTogether } from './run-together.ts';
import type { Batch } from './run-together.ts';
import { selectMigrations } from './select.ts';
import type { Selected } from './select.ts';
import { checkRoles, checkTarget } from './server-checks.ts';
import type { Server } from './server-checks.ts';
import type { Session } from './session.ts';
import { readRecords } from './state-schema.ts';
import { beginVerifying } from './verify.ts';
import type { Verifier } from './verify.ts';

/** Refuses a history that does not fit; a database that is merely ahead of the folder is only told. */
export function admit(run: Run, history: History): void {
  const problems = historyProblems(history);
  const isPlain = history.undo === undefined && history.partly === undefined;
  const idle = isPlain && history.pending.length === 0 && history.halfDone.length === 0 && history.edited.length === 0;
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

function finish(run: Run, names: readonly string[]): void {
  const finished = new Set(names);
  run.progress.applied.push(...names);
  run.progress.pending = run.progress.pending.filter((pending) => !finished.has(pending));
  run.progress.underWay = [];
}

/** What was under way when a connection broke may turn out to be done. */
export function finishWhatWasUnderWay(run: Run, isApplied: (name: string) => boolean): void {
  const done = run.progress.underWay.filter(isApplied);
  for (const name of done) run.report(`applied ${name}: the server had done it when the connection broke`);
  finish(run, done);
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
    if (verify === 'each') await applyEach(run, session, chosen, verifier);
    else {
      await verifier.compare();
      await applyInOrder(run, session, chosen);
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

async function applyEach(run: Run, session: Session, chosen: readonly Selected[], verifier: Verifier): Promise<void> {
  for (const [place, selected] of chosen.entries()) {
    if (place > 0) await verifier.remember();
    await verifier.compare();
    await applyOne(run, session, selected);
  }
}

/** Small ones together, the others one by one; the one that a batch stopped at is run alone. */
async function applyInOrder(run: Run, session: Session, chosen: readonly Selected[]): Promise<void> {
  const batchAt = (place: number): Batch | undefined => nextBatch(session, chosen.slice(place, place + 20));
  let next = batchAt(0);
  for (let place = 0; place < chosen.length;) {
    const batch = next;
    const sent = batch === undefined ? undefined : applyBatch(run, session, batch);
    // The next batch is put together while the server works on this one.
    if (batch !== undefined) next = batchAt(place + batch.selected.length);
    const { done, ended } = (await sent) ?? { done: 0, ended: 'whole' };
    place += done;
    if (ended === 'interrupted') throw new Interrupted();
    if (batch !== undefined && ended === 'whole') continue;
    const alone = chosen[place];
    if (alone !== undefined) await applyOne(run, session, alone);
    place += 1;
    next = batchAt(place);
  }
}

async function applyBatch(run: Run, session: Session, batch: Batch): ReturnType<typeof runTogether> {
  const names = batch.selected.map(({ migration }) => migration.name);
  run.report(`applying ${names[0] ?? ''} to ${names.at(-1) ?? ''}`);
  run.progress.underWay = names;
  const result = await runTogether(session, batch);
  for (const name of names.slice(0, result.done)) run.report(`applied ${name}`);
  finish(run, names.slice(0, result.done));
  return result;
}

async function applyOne(run: Run, session: Session, selected: Selected): Promise<void> {
  const { name } = selected.migration;
  run.report(`${selected.earlier.length > 0 ? 'resuming' : 'applying'} ${name}`);
  run.progress.underWay = [name];
  await runMigration(session, selected);
  run.report(`applied ${name}`);
  finish(run, [name]);
}
