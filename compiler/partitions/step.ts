/**
 * Runs one step in a transaction of its own, asking for its locks for a fifth of a second at a time: who
 * waits for a lock makes everybody wait who comes later (manual §13.3.1). Decides nothing.
 */
import { PostgresError } from '../engine/engine.ts';
import { isLockFailure } from '../migrate/failure.ts';
import { lockTimeout } from '../migrate/limits.ts';
import { backoff, pause } from '../migrate/pause.ts';
import type { Row } from '../migrate/connection.ts';
import { work } from '../migrate/session.ts';
import type { Maintenance } from './session.ts';

/** The locks did not come in the time that there was for them. */
export class LocksBusy extends Error {
  constructor(what: string, options: ErrorOptions) {
    super(what, options);
    this.name = 'LocksBusy';
  }
}

/** What may run inside the transaction: statements, the last one's rows come back. */
type Body = (ask: (sql: string) => Promise<readonly Row[]>) => Promise<readonly Row[]>;

async function attempt(maintenance: Maintenance, what: string, body: Body): Promise<readonly Row[]> {
  const { worker } = maintenance;
  await worker.rows(`BEGIN; SET LOCAL lock_timeout = '${String(lockTimeout)}ms'`);
  try {
    const rows = await body((sql) => work(maintenance, sql, () => what));
    await worker.rows('COMMIT');
    return rows;
  } catch (error) {
    if (error instanceof PostgresError || !(error instanceof Error && error.name === 'ConnectionLost')) await worker.rows('ROLLBACK');
    throw error;
  }
}

/**
 * Runs the statements in one transaction, again and again while their locks are held by others, at
 * intervals that are never the same twice. Throws a `PostgresError`, or `LocksBusy` when the budget is spent.
 * @param what names the step for whoever watches.
 */
export async function inTransaction(maintenance: Maintenance, what: string, body: Body): Promise<readonly Row[]> {
  const began = Date.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(maintenance, what, body);
    } catch (error) {
      if (!(error instanceof PostgresError) || !isLockFailure(error)) throw error;
      const left = began + maintenance.limits.lockBudget - Date.now();
      if (left <= 0) throw new LocksBusy(`${what}: ${error.message}`, { cause: error });
      if (tries === 1) maintenance.report(`${what}: ${error.message}; tried again for ${String(Math.round(left / 1000))} s`);
      await pause(Math.min(backoff(tries) / 2, left), maintenance.signal);
    }
  }
}
