/**
 * What a run holds while it works on one database: the connection that keeps the lock, the one that
 * works, and how to speak and to stop. Opens and closes; runs no migration.
 */
import { userInfo, hostname } from 'node:os';
import { acquireLock } from './advisory-lock.ts';
import type { WhenBusy } from './advisory-lock.ts';
import { watchBlockers } from './blockers.ts';
import { connect } from './connection.ts';
import type { Connection, Row } from './connection.ts';
import { PostgresError } from '../engine/engine.ts';
import type { Limits } from './limits.ts';
import { Interrupted, throwIfInterrupted } from './pause.ts';
import { checkServer, refusePooler } from './server-checks.ts';
import type { Server } from './server-checks.ts';
import { ensureStateSchema } from './state-schema.ts';

export interface SessionOptions {
  readonly url: string | undefined;
  /** How messages call the database. */
  readonly database: string;
  readonly stateSchema: string;
  readonly limits: Limits;
  /** What to do where another runner is at work. */
  readonly whenBusy: WhenBusy;
  readonly report: (line: string) => void;
  /** Takes a line that stands until the next one comes: how far a backfill is. */
  readonly tick: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Session extends SessionOptions {
  readonly server: Server;
  /** Keeps the lock, cancels, and looks who blocks whom. */
  readonly control: Connection;
  readonly worker: Connection;
  /** The server process of the worker. */
  readonly workerPid: number;
}

/** What a statement of ours needs round it: who cancels it, who names those that it waits for, and where that is told. */
export type Worker = Pick<Session, 'control' | 'worker' | 'workerPid' | 'report' | 'signal'>;

/** How our sessions call themselves in pg_stat_activity. */
export function applicationName(verb: string): string {
  // PostgreSQL cuts it at 63 bytes.
  return `schemac ${verb} ${userInfo().username}@${hostname()} ${String(process.pid)}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 63);
}

async function prepare(options: SessionOptions, control: Connection, worker: Connection): Promise<Session> {
  const server = await checkServer(control, options.database);
  const workerPid = await refusePooler(control, worker, options.database);
  // PostgreSQL 14 can end idle sessions (idle_session_timeout); the lock must outlast a long index build.
  if (server.major >= 14) await control.rows('SET idle_session_timeout = 0');
  await acquireLock(control, { ...options, purpose: 'run' });
  await acquireLock(worker, { ...options, purpose: 'work' });
  await ensureStateSchema(control, options.stateSchema);
  return { ...options, server, control, worker, workerPid };
}

/**
 * Opens a session, hands it to the action, and closes it whatever happens; both locks go with it.
 * @param glance looks first, on a connection that holds nothing; where it gives a result, that is all.
 */
export async function withSession<Result>(
  options: SessionOptions,
  glance: (control: Connection) => Promise<Result | undefined>,
  action: (session: Session) => Promise<Result>,
): Promise<Result> {
  const name = applicationName('migrate');
  const control = await connect({ url: options.url, applicationName: name });
  let worker: Connection | undefined;
  try {
    const seen = await glance(control);
    if (seen !== undefined) return seen;
    worker = await connect({ url: options.url, applicationName: name, onNotice: options.report });
    return await action(await prepare(options, control, worker));
  } finally {
    await worker?.close();
    await control.close();
  }
}

/**
 * Runs SQL on the worker. While it goes on, a signal cancels it in the server, and whoever blocks it
 * is named. Throws `Interrupted` when it was cancelled for the signal.
 * @param what says which step is under way, at the moment when somebody must be told.
 */
export async function work(session: Worker, sql: string, what: () => string): Promise<readonly Row[]> {
  throwIfInterrupted(session.signal);
  const cancel = (): void =>
    void session.control.rows(`SELECT pg_catalog.pg_cancel_backend(${String(session.workerPid)})`).catch(() => undefined);
  const watch = watchBlockers(session.control, session.workerPid, (blockers) => {
    for (const blocker of blockers) session.report(`${what()} waits for ${blocker}`);
  });
  session.signal.addEventListener('abort', cancel, { once: true });
  try {
    return await session.worker.rows(sql);
  } catch (error) {
    // 57014: canceling statement due to user request.
    if (session.signal.aborted && error instanceof PostgresError && error.code === '57014') throw new Interrupted();
    throw error;
  } finally {
    watch.stop();
    session.signal.removeEventListener('abort', cancel);
  }
}
