/**
 * SQL that writes down what the runner does: one statement each, so that it can ride in the
 * transaction of the step that it records. Makes SQL only.
 */
import { createHash } from 'node:crypto';
import { batchRowsSetting } from '../sql/batched-update.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { MigrationState, StepState } from './state-schema.ts';

export interface MigrationIdentity {
  readonly number: number;
  readonly name: string;
  readonly fileHash: string;
  readonly chainedHash: string;
}

/** By which a step, or one statement of an expand step, is known again. */
export function hashSql(sql: string): string {
  return createHash('sha256').update(sql, 'utf8').digest('hex');
}

/** A migration reaches a state; the first time makes its row. */
export function recordMigration(stateSchema: string, migration: MigrationIdentity, state: MigrationState): string {
  const finished = state === 'done' || state === 'baseline' ? 'pg_catalog.clock_timestamp()' : 'NULL';
  const values = [
    String(migration.number),
    quoteText(migration.name),
    quoteText(migration.fileHash),
    quoteText(migration.chainedHash),
    quoteText(state),
    finished,
  ];
  return `INSERT INTO ${quoteName(stateSchema)}.migration (number, name, file_hash, chained_hash, state, finished_at) VALUES (${values.join(', ')})
ON CONFLICT (number) DO UPDATE SET name = EXCLUDED.name, file_hash = EXCLUDED.file_hash, chained_hash = EXCLUDED.chained_hash, state = EXCLUDED.state, finished_at = EXCLUDED.finished_at`;
}

export interface StepRecord {
  readonly step: number;
  readonly sql: string;
  readonly state: StepState;
  readonly error?: string;
}

/** Steps of a migration reach a state. */
export function recordSteps(stateSchema: string, migration: number, steps: readonly StepRecord[]): string {
  return recordStepsIn(stepsOfMigration(stateSchema, migration), steps);
}

function recordStepsIn({ table, owner, number }: StepTable, steps: readonly StepRecord[]): string {
  const rows = steps.map((step) => {
    const finished = step.state === 'running' ? 'NULL' : 'pg_catalog.clock_timestamp()';
    const error = step.error === undefined ? 'NULL' : quoteText(step.error);
    return `(${String(number)}, ${String(step.step)}, ${quoteText(step.state)}, ${quoteText(hashSql(step.sql))}, ${finished}::timestamptz, ${error})`;
  });
  // A backfill that was written anew begins anew.
  const batch = 'CASE WHEN recorded.sql_hash = EXCLUDED.sql_hash THEN recorded.batch END';
  return `INSERT INTO ${table} AS recorded (${owner}, step, state, sql_hash, finished_at, error) VALUES ${rows.join(', ')}
ON CONFLICT (${owner}, step) DO UPDATE SET state = EXCLUDED.state, sql_hash = EXCLUDED.sql_hash, part = NULL, batch = ${batch}, finished_at = EXCLUDED.finished_at, error = EXCLUDED.error`;
}

/** How far a script has come, as SQL that writes it down: a migration's own, or that of an undo. */
export interface Journal {
  readonly reach: (state: StepState) => string;
  readonly steps: (steps: readonly StepRecord[]) => string;
  readonly part: (step: number, sql: string, state: 'running' | 'done') => string;
  readonly batch: (step: number, place: BatchPlace) => string;
}

export function migrationJournal(stateSchema: string, migration: MigrationIdentity): Journal {
  return {
    reach: (state) => recordMigration(stateSchema, migration, state),
    steps: (steps) => recordSteps(stateSchema, migration.number, steps),
    part: (step, sql, state) => recordPart(stepsOfMigration(stateSchema, migration.number), step, sql, state),
    batch: (step, place) => recordBatch(stepsOfMigration(stateSchema, migration.number), step, place),
  };
}

/** Where the steps of one script are written down. */
interface StepTable {
  readonly table: string;
  /** The column that says of which script a step is. */
  readonly owner: string;
  readonly number: number;
}

function stepsOfMigration(stateSchema: string, number: number): StepTable {
  return { table: `${quoteName(stateSchema)}.step`, owner: 'migration', number };
}

/** A statement of an expand step begins outside a transaction, or is done. */
function recordPart({ table, owner, number }: StepTable, step: number, sql: string, state: 'running' | 'done'): string {
  const hash = `${quoteText(hashSql(sql))}::text`;
  const change = state === 'running' ? `part = ${hash}` : `part = NULL, parts = parts || ${hash}`;
  return `UPDATE ${table} SET ${change} WHERE ${owner} = ${String(number)} AND step = ${String(step)}`;
}

/** What an undo is about: the migrations that it takes back, newest first, and the script that does it. */
export interface UndoBegun {
  readonly to: number;
  readonly names: readonly string[];
  readonly script: string;
}

/** An undo begins: from now on its migrations are neither applied nor pending. */
export function recordUndo(stateSchema: string, { to, names, script }: UndoBegun): string {
  const schema = quoteName(stateSchema);
  return `INSERT INTO ${schema}.undo (down_to, undone, script, state) VALUES (${String(to)}, ARRAY[${names.map(quoteText).join(', ')}]::text[], ${quoteText(script)}, 'running');
UPDATE ${schema}.migration SET state = 'undoing' WHERE number > ${String(to)}`;
}

/** An undo that is done has taken its migrations out of the history: they are pending again. */
export function undoJournal(stateSchema: string, { id, to }: { readonly id: number; readonly to: number }): Journal {
  const schema = quoteName(stateSchema);
  const steps: StepTable = { table: `${schema}.undo_step`, owner: 'undo', number: id };
  const finished = `;\nDELETE FROM ${schema}.migration WHERE number > ${String(to)}`;
  return {
    reach: (state) =>
      `UPDATE ${schema}.undo SET state = ${quoteText(state)}, finished_at = ${state === 'done' ? 'pg_catalog.clock_timestamp()' : 'NULL'} WHERE id = ${String(id)}${state === 'done' ? finished : ''}`,
    steps: (records) => recordStepsIn(steps, records),
    part: (step, sql, state) => recordPart(steps, step, sql, state),
    batch: (step, place) => recordBatch(steps, step, place),
  };
}

/** How far a backfill is: everything before the page of the part is done in this round. */
export interface BatchPlace {
  readonly round: number;
  /** The table, or the one of its partitions, by its quoted name. */
  readonly part: string;
  readonly page: number;
  /** How many rows were updated until then. */
  readonly rows: number;
}

/** A backfill reaches a place; the rows of the batch are counted by the block that ran it. */
function recordBatch({ table, owner, number }: StepTable, step: number, { round, part, page, rows }: BatchPlace): string {
  const counted = `${String(rows)} + pg_catalog.current_setting(${quoteText(batchRowsSetting)})::bigint`;
  const place = `pg_catalog.json_build_object('round', ${String(round)}, 'part', ${quoteText(part)}::text, 'page', ${String(page)}, 'rows', ${counted})`;
  return `UPDATE ${table} SET batch = ${place}::text WHERE ${owner} = ${String(number)} AND step = ${String(step)}`;
}

/** Reads what `recordBatch` wrote. */
export function placeOfBatch(batch: string | null | undefined): BatchPlace | undefined {
  return batch === null || batch === undefined ? undefined : (JSON.parse(batch) as BatchPlace);
}
