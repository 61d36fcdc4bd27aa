/**
 * One batch of a backfill in one message: the block of the file for one range of pages, and the record
 * of how far it is now, in one transaction. Decides nothing.
 */
import { PostgresError } from '../engine/engine.ts';
import { batchRowsSetting, batchSetting } from '../sql/batched-update.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import { quoteText } from '../sql/quote.ts';
import { fitsOneMessage, messageOf, placedError } from './message.ts';
import { Interrupted } from './pause.ts';
import type { BatchPlace } from './record.ts';
import { work } from './session.ts';
import { batchTimeouts } from './unit.ts';
import { label } from './unit-run.ts';
import type { UnitRun } from './unit-run.ts';

/** A table that stores rows: the one that is filled, or one of its partitions. */
export interface Part {
  readonly oid: number;
  /** Quoted, with its schema. */
  readonly name: string;
  readonly pages: number;
}

export interface Batch {
  readonly part: Part;
  /** Pages: from the first to the one before the last. */
  readonly from: number;
  readonly until: number;
  /** Where the backfill is when the batch is done; its rows without those of the batch. */
  readonly place: BatchPlace;
}

function setting(name: string, value: string, scope: 'transaction' | 'session'): string {
  return `SELECT pg_catalog.set_config(${quoteText(name)}, ${quoteText(value)}, ${String(scope === 'transaction')})`;
}

/** What the transaction of a batch holds beside the settings of the file. */
function transactionOf({ session, journal, unit }: UnitRun, step: MigrationStep, { part, from, until, place }: Batch): readonly string[] {
  // What is recorded is recorded as the role that connected.
  const roles = unit.after.filter((sql) => sql !== 'RESET ALL');
  return [
    ...batchTimeouts(session.limits),
    setting(batchSetting, [part.oid, from, until].join(' '), 'transaction'),
    // A partition that was dropped meanwhile has no rows.
    setting(batchRowsSetting, '0', 'session'),
    step.sql,
    ...roles,
    journal.batch(step.number, place),
    'COMMIT',
    `SELECT pg_catalog.current_setting(${quoteText(batchRowsSetting)})`,
  ];
}

/** Runs the batch; an error of PostgreSQL is given back, and nothing of the batch is in the database then. */
export async function sendBatch(run: UnitRun, step: MigrationStep, batch: Batch): Promise<{ readonly rows: number } | PostgresError> {
  const { session, unit } = run;
  const what = (): string => label(run, step);
  const isOneMessage = fitsOneMessage(unit.before);
  const statements = transactionOf(run, step, batch);
  try {
    if (!isOneMessage) await work(session, messageOf(unit.before), what);
    const [row] = await work(session, messageOf(['BEGIN', ...(isOneMessage ? unit.before : []), ...statements]), what);
    return { rows: Number(row?.[0]) };
  } catch (error) {
    if (!(error instanceof PostgresError) && !(error instanceof Interrupted)) throw error;
    await session.worker.rows('ROLLBACK');
    if (error instanceof Interrupted) throw error;
    // Positions are those of the message, and the block's own statements have none in the file.
    return placedError(error, undefined);
  }
}
