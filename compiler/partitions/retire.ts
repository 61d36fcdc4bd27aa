/**
 * Takes a partition off its table without making anybody wait: DETACH CONCURRENTLY, which no function
 * of the server can do (25001). It takes two transactions; what a stopped one leaves is finished by
 * FINALIZE (manual: ALTER TABLE).
 */
import { PostgresError } from '../engine/engine.ts';
import { work } from '../migrate/session.ts';
import { quoteText } from '../sql/quote.ts';
import type { PlannedStep } from './options.ts';
import type { Maintenance } from './session.ts';
import { inTransaction, LocksBusy } from './step.ts';

/** Beside a default partition DETACH CONCURRENTLY is refused (55000). */
async function hasDefault(maintenance: Maintenance, table: string): Promise<boolean> {
  const [row] = await maintenance.worker.rows(
    `SELECT partdefid <> 0 FROM pg_catalog.pg_partitioned_table WHERE partrelid = ${quoteText(table)}::regclass`,
  );
  return row?.[0] === 't';
}

/**
 * Runs a statement that must never be ended by a lock timeout, which would leave it half done (rule book,
 * finding 8), and that waits for every older transaction on the table. At the deadline it is cancelled.
 */
async function waiting(maintenance: Maintenance, sql: string, what: string): Promise<void> {
  const { worker, limits } = maintenance;
  await worker.rows(`SET lock_timeout = 0; SET statement_timeout = ${String(limits.detachDeadline)}`);
  try {
    await work(maintenance, sql, () => what);
  } catch (error) {
    // 57014: the deadline; a cancellation by somebody else comes to the same.
    if (error instanceof PostgresError && error.code === '57014')
      throw new LocksBusy(`${what}: older transactions on the table did not end in ${String(limits.detachDeadline / 1000)} s`, {
        cause: error,
      });
    throw error;
  } finally {
    if (!maintenance.signal.aborted) await worker.rows('SET statement_timeout = 0').catch(() => undefined);
  }
}

/** Marks the partition, detaches it, and notes that; each step may be the last, and the next run goes on. */
export async function retire(maintenance: Maintenance, step: PlannedStep): Promise<void> {
  const [table, relation, at] = [quoteText(step.table), quoteText(step.relation), `${quoteText(maintenance.at)}::timestamptz`];
  const what = `detaching ${step.relation}`;
  if (await hasDefault(maintenance, step.table)) {
    await inTransaction(maintenance, what, (ask) => ask(`SELECT schemac.partition_detach(${table}, ${relation}, ${at})`));
    return;
  }
  const [row] = await inTransaction(maintenance, what, (ask) => ask(`SELECT schemac.partition_begin_retire(${table}, ${relation}, ${at})`));
  await waiting(maintenance, `ALTER TABLE ${step.table} DETACH PARTITION ${step.relation} CONCURRENTLY`, what);
  await record(maintenance, row?.[0] ?? '0', step.relation);
}

/** Ends a detachment that was begun: its rows are out of the table's sight already. */
export async function finalize(maintenance: Maintenance, step: PlannedStep): Promise<void> {
  await waiting(
    maintenance,
    `ALTER TABLE ${step.table} DETACH PARTITION ${step.relation} FINALIZE`,
    `finishing the detachment of ${step.relation}`,
  );
}

/** Notes that a partition is detached; its grace begins. */
export async function record(maintenance: Maintenance, entry: string, relation: string): Promise<void> {
  await inTransaction(maintenance, `noting that ${relation} is detached`, (ask) =>
    ask(`SELECT schemac.partition_end_retire(${entry}, ${quoteText(maintenance.at)}::timestamptz)`),
  );
}
