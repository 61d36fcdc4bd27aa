/**
 * Applies migrations to one database: checks everything first, runs what is left in order, and
 * starts over from what the database recorded when the connection breaks. Prints nothing.
 */
import { DiagnosticError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { Busy } from './advisory-lock.ts';
import { admit, apply, choose, finishWhatWasUnderWay, readHistory } from './apply.ts';
import { connect, ConnectionLost, databaseDiagnostics } from './connection.ts';
import type { Connection } from './connection.ts';
import { describeUrl } from './describe-url.ts';
import { readFolder } from './folder.ts';
import type { FolderMigration } from './folder.ts';
import { findCurrent } from './glance.ts';
import { usualLimits } from './limits.ts';
import { markStep, recordBaseline } from './mark.ts';
import { backoff, Interrupted, pause, throwIfInterrupted } from './pause.ts';
import type { MigrateAction, MigrateOptions, MigrateResult, Progress, Run } from './run.ts';
import { remainingUnits } from './run-migration.ts';
import { historyProblems } from './history.ts';
import { findMigration } from './select.ts';
import { checkServer } from './server-checks.ts';
import { withSession } from './session.ts';
import type { Session } from './session.ts';
import { unitText } from './unit.ts';

export type { MigrateAction, MigrateOptions, MigrateResult } from './run.ts';

async function change(run: Run, session: Session, action: Action): Promise<void> {
  run.progress.server = session.server.version;
  if (action.action === 'apply') return apply(run, session);
  if (action.action === 'down') return (await import('./undo.ts')).undo(run, session, action);
  const history = await readHistory(run, session.control);
  if (history.undo !== undefined) throw new DiagnosticError(historyProblems(history));
  const changed =
    action.action === 'baseline'
      ? await recordBaseline(session, history, findMigration(run.folder, action.through, '--baseline'))
      : await markStep(session, history, action);
  run.progress.applied.push(...changed);
  run.progress.pending = history.pending.map(({ name }) => name).filter((name) => !changed.includes(name));
}

type DryAction = Extract<MigrateAction, { readonly action: 'dry-run' | 'down' }>;
type Action = Exclude<MigrateAction, { readonly action: 'dry-run' }>;

function isDry(action: MigrateAction): action is DryAction {
  return action.action === 'dry-run' || (action.action === 'down' && action.how === 'dry-run');
}

async function dryRun(run: Run, action: DryAction): Promise<void> {
  const connection = await connect({ url: run.options.url, applicationName: 'schemac migrate --dry-run' });
  try {
    const server = await checkServer(connection, run.database);
    run.progress.server = server.version;
    if (action.action === 'down') return await (await import('./undo.ts')).showUndo(run, connection, server, action);
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
async function withReconnection(run: Run, action: Action): Promise<void> {
  const { database, stateSchema, limits, report, tick, signal } = run;
  const { url, whenBusy = 'wait' } = run.options;
  const glance = (control: Connection): Promise<true | undefined> =>
    action.action === 'apply' ? isCurrent(run, control) : Promise.resolve(undefined);
  for (let attempt = 1; ; attempt += 1) {
    throwIfInterrupted(signal);
    try {
      await withSession({ url, database, stateSchema, limits, whenBusy, report, tick, signal }, glance, async (session) => {
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
    if (action.action === 'down' && action.to !== 0) findMigration(run.folder, action.to, '--down-to');
    await (isDry(action) ? dryRun(run, action) : withReconnection(run, action));
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
  try {
    return await migrateFrom(await readFolder(options.generated), options);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { database: describeUrl(options.url), applied: [], pending: [], sql: [], diagnostics: error.diagnostics };
  }
}

/** The same with the folder's list read before: for many databases it is read once. */
export async function migrateFrom(folder: readonly FolderMigration[], options: MigrateOptions): Promise<MigrateResult> {
  const database = describeUrl(options.url);
  const progress: Progress = { server: undefined, applied: [], pending: [], undone: [], underWay: [], sql: [], warnings: [] };
  const { stateSchema = 'schemac', report = () => undefined, tick = () => undefined, signal = new AbortController().signal } = options;
  const limits = { ...usualLimits, ...options.limits };
  const diagnostics = await perform({ options, folder, database, stateSchema, limits, report, tick, signal, progress });
  const { server, applied, undone, pending, sql } = progress;
  const taken = options.action?.action === 'down' ? { undone } : {};
  return { database, ...(server === undefined ? {} : { server }), applied, ...taken, pending, sql, diagnostics };
}
