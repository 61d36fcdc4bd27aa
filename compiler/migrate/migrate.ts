/**
 * Applies migrations to one database: checks everything first, runs what is left in order, and
 * starts over from what the database recorded when the connection breaks. Prints nothing.
 */
import { DiagnosticError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { Busy } from './advisory-lock.ts';
import type { WhenBusy } from './advisory-lock.ts';
import { connect, ConnectionLost, databaseDiagnostics } from './connection.ts';
import type { Connection } from './connection.ts';
import { describeUrl } from './describe-url.ts';
import { proveFiles, readFolder } from './folder.ts';
import type { FolderMigration } from './folder.ts';
import { findCurrent } from './glance.ts';
import { acceptAmended, compareHistory, historyProblems } from './history.ts';
import type { History } from './history.ts';
import { usualLimits } from './limits.ts';
import type { Limits } from './limits.ts';
import { markStep, recordBaseline } from './mark.ts';
import type { Mark } from './mark.ts';
import { backoff, Interrupted, pause, throwIfInterrupted } from './pause.ts';
import { refuseUnprivileged } from './privileges.ts';
import { remainingUnits, runMigration } from './run-migration.ts';
import { findMigration, selectMigrations } from './select.ts';
import type { Selected, Selection } from './select.ts';
import { checkRoles, checkServer, checkTarget } from './server-checks.ts';
import type { Server } from './server-checks.ts';
import { withSession } from './session.ts';
import type { Session } from './session.ts';
import { readRecords } from './state-schema.ts';
import { unitText } from './unit.ts';

export type MigrateAction =
  | { readonly action: 'apply' }
  /** Shows the SQL that `apply` would run; changes nothing, takes no lock. */
  | { readonly action: 'dry-run' }
  /** Records migrations up to a number as applied, on a database that has them already. */
  | { readonly action: 'baseline'; readonly through: number }
  | Mark;

export interface MigrateOptions extends Selection {
  /** The folder that holds `migrations/`. */
  readonly generated: string;
  /** Without it, libpq's environment variables and .pgpass say where to connect. */
  readonly url?: string;
  /** The schema of the runner's own tables; `schemac` by default. */
  readonly stateSchema?: string;
  readonly action?: MigrateAction;
  /** `accept`: a half-done migration may have another text, where the steps that ran are unchanged. */
  readonly amended?: 'refuse' | 'accept';
  /** How long a lock is asked for, and how long a statement may hold others up; see `usualLimits`. */
  readonly limits?: Partial<Limits>;
  /** `wait`, also when absent: for another runner on this database; `leave`: say so and go. */
  readonly whenBusy?: WhenBusy;
  /** Takes one line of progress. */
  readonly report?: (line: string) => void;
  /** Ends the run: the transaction under way is rolled back, a statement outside one is cancelled. */
  readonly signal?: AbortSignal;
}

export interface MigrateResult {
  /** `user@host:port/database`, never with a password. */
  readonly database: string;
  /** `18.4`; absent when the server could not be reached. */
  readonly server?: string;
  /** Names of the migrations that this run applied, or recorded. */
  readonly applied: readonly string[];
  /** Names of those that are left. */
  readonly pending: readonly string[];
  /** For a dry run, the SQL line by line. */
  readonly sql: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What is found out and done while the run goes on; the result is made from it however it ends. */
interface Progress {
  server: string | undefined;
  readonly applied: string[];
  pending: readonly string[];
  /** The migration that this run has begun and not ended, as far as it knows. */
  underWay: string | undefined;
  sql: readonly string[];
  warnings: readonly Diagnostic[];
}

interface Run {
  readonly options: MigrateOptions;
  readonly folder: readonly FolderMigration[];
  readonly database: string;
  readonly stateSchema: string;
  readonly limits: Limits;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Refuses a history that does not fit; a database that is merely ahead of the folder is only told. */
function admit(run: Run, history: History): void {
  const problems = historyProblems(history);
  const idle = history.pending.length === 0 && history.halfDone.length === 0 && history.edited.length === 0;
  const last = run.folder.at(-1)?.number ?? 0;
  if (idle && history.unknown.every(({ number }) => number > last)) {
    run.progress.warnings = problems.map((problem) => ({ ...problem, severity: 'warning' }));
  } else if (problems.length > 0) {
    throw new DiagnosticError(problems);
  }
}

async function readHistory(run: Run, connection: Connection): Promise<History> {
  const records = await readRecords(connection, run.stateSchema);
  const history = compareHistory(run.folder, records);
  return run.options.amended === 'accept' ? acceptAmended(history, records) : history;
}

function choose(run: Run, history: History, server: Server): readonly Selected[] {
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
function finishWhatWasUnderWay(run: Run, isApplied: (name: string) => boolean): void {
  const { underWay } = run.progress;
  if (underWay === undefined || !isApplied(underWay)) return;
  run.report(`applied ${underWay}: the server had done it when the connection broke`);
  finish(run, underWay);
}

async function apply(run: Run, session: Session): Promise<void> {
  const history = await readHistory(run, session.control);
  admit(run, history);
  finishWhatWasUnderWay(run, (name) => history.applied.some(({ migration }) => migration.name === name));
  const chosen = choose(run, history, session.server);
  await refuseUnprivileged(session.control, chosen, run.database);
  for (const selected of chosen) {
    const { name } = selected.migration;
    await checkRoles(session.control, selected.file, selected.migration.file);
    run.report(`${selected.earlier.length > 0 ? 'resuming' : 'applying'} ${name}`);
    run.progress.underWay = name;
    await runMigration(session, selected);
    run.report(`applied ${name}`);
    finish(run, name);
  }
}

async function change(run: Run, session: Session, action: Exclude<MigrateAction, { readonly action: 'dry-run' }>): Promise<void> {
  run.progress.server = session.server.version;
  if (action.action === 'apply') return apply(run, session);
  const history = await readHistory(run, session.control);
  const changed =
    action.action === 'baseline'
      ? await recordBaseline(session, history, findMigration(run.folder, action.through, '--baseline'))
      : await markStep(session, history, action);
  run.progress.applied.push(...changed);
  run.progress.pending = history.pending.map(({ name }) => name).filter((name) => !changed.includes(name));
}

async function dryRun(run: Run): Promise<void> {
  const connection = await connect({ url: run.options.url, applicationName: 'schemac migrate --dry-run' });
  try {
    const server = await checkServer(connection, run.database);
    run.progress.server = server.version;
    const history = await readHistory(run, connection);
    admit(run, history);
    run.progress.sql = choose(run, history, server).flatMap((selected) => [
      `-- ${selected.migration.name}`,
      ...remainingUnits(selected, run.limits).flatMap((unit) => [...unitText(unit), '']),
    ]);
  } finally {
    await connection.close();
  }
}

/** Whether there is nothing to do, as far as one look can tell. */
async function isCurrent(run: Run, control: Connection): Promise<true | undefined> {
  const server = await findCurrent(control, run.folder, run);
  if (server === undefined) return undefined;
  run.progress.server = server.version;
  finishWhatWasUnderWay(run, () => true);
  run.progress.pending = [];
  return true;
}

/** How often a run connects again before it gives up. */
const connections = 10;

/** What was under way when the connection broke is found out from the database, never guessed. */
async function withReconnection(run: Run, action: Exclude<MigrateAction, { readonly action: 'dry-run' }>): Promise<void> {
  const { database, stateSchema, limits, report, signal } = run;
  const { url, whenBusy = 'wait' } = run.options;
  const glance = (control: Connection): Promise<true | undefined> =>
    action.action === 'apply' ? isCurrent(run, control) : Promise.resolve(undefined);
  for (let attempt = 1; ; attempt += 1) {
    throwIfInterrupted(signal);
    try {
      await withSession({ url, database, stateSchema, limits, whenBusy, report, signal }, glance, async (session) => {
        await change(run, session, action);
        return true;
      });
      return;
    } catch (error) {
      const lost = error instanceof ConnectionLost || (attempt > 1 && isUnreachable(error));
      if (!lost) throw error;
      if (attempt === connections) throw error instanceof ConnectionLost ? lostForGood(run, error) : error;
      report(`the connection to ${database} broke (${error.message}); connecting again to find out what was done`);
      await pause(backoff(attempt) / 2, signal);
    }
  }
}

function isUnreachable(error: unknown): error is DiagnosticError {
  return error instanceof DiagnosticError && error.diagnostics.some(({ code }) => code === 'connection');
}

function lostForGood(run: Run, error: ConnectionLost): DiagnosticError {
  const message = `the connection to ${run.database} broke ${String(connections)} times: ${error.message}`;
  return new DiagnosticError([
    {
      code: 'connection',
      severity: 'error',
      message,
      hint: 'run npx schemac migrate again when the server is well: it goes on where it stopped',
    },
  ]);
}

function interruption(run: Run): Diagnostic {
  const [next] = run.progress.pending;
  const where = next === undefined ? 'nothing was under way' : `${next} is not finished; a transaction that was under way was rolled back`;
  return {
    code: 'interrupted',
    severity: 'error',
    message: `stopped by a signal: ${where}`,
    hint: 'run npx schemac migrate again: it goes on where it stopped',
  };
}

function busy(run: Run, { message }: Busy): Diagnostic {
  return {
    code: 'runner-busy',
    severity: 'warning',
    message: `another runner is at work on ${run.database} in ${message}: left it alone`,
    hint: 'run npx schemac migrate again later, or without --if-busy leave to wait for it',
  };
}

async function perform(run: Run): Promise<readonly Diagnostic[]> {
  const action = run.options.action ?? { action: 'apply' };
  try {
    if (run.options.to !== undefined) findMigration(run.folder, run.options.to, '--to');
    await (action.action === 'dry-run' ? dryRun(run) : withReconnection(run, action));
    return run.progress.warnings;
  } catch (error) {
    if (error instanceof Interrupted) return [interruption(run)];
    if (error instanceof Busy) return [busy(run, error)];
    return databaseDiagnostics(error, run.database);
  }
}

/**
 * Brings a database to the state of the last migration. User mistakes and refusals of PostgreSQL come
 * back as diagnostics, beside what was done until then; running it again goes on from there.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const database = describeUrl(options.url);
  const progress: Progress = { server: undefined, applied: [], pending: [], underWay: undefined, sql: [], warnings: [] };
  const result = (diagnostics: readonly Diagnostic[]): MigrateResult => {
    const { server, applied, pending, sql } = progress;
    return { database, ...(server === undefined ? {} : { server }), applied, pending, sql, diagnostics };
  };
  let folder: readonly FolderMigration[];
  try {
    folder = await readFolder(options.generated);
  } catch (error) {
    if (error instanceof DiagnosticError) return result(error.diagnostics);
    throw error;
  }
  const { stateSchema = 'schemac', report = () => undefined, signal = new AbortController().signal } = options;
  const limits = { ...usualLimits, ...options.limits };
  return result(await perform({ options, folder, database, stateSchema, limits, report, signal, progress }));
}
