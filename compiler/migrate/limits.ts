/**
 * How long things may last: a wait for a lock, all waits for one transaction's locks together, and a
 * statement that holds others up; and when a backfill makes way. Says which statement may take long. Pure.
 */
import type { MigrationFile, MigrationStep } from '../sql/migration-file.ts';
import { leadingWords } from '../sql/scan.ts';

export interface Limits {
  /** Milliseconds; how long a transaction may go on asking for its locks before the run gives up. */
  readonly lockBudget: number;
  /** Milliseconds for one statement that should be fast; 0 for no limit. */
  readonly statementTimeout: number;
  /** How many times as long as a batch took a backfill rests after it; 0 for no rest. */
  readonly throttle: number;
  /** Milliseconds; a backfill pauses while a replica is further behind; 0 for no limit. */
  readonly maxReplicationLag: number;
  /** Milliseconds; a backfill pauses while a transaction is older that keeps vacuum from what it leaves; 0 for no limit. */
  readonly maxTransactionAge: number;
}

export const usualLimits: Limits = {
  lockBudget: 300_000,
  statementTimeout: 5_000,
  throttle: 0.5,
  maxReplicationLag: 10_000,
  maxTransactionAge: 300_000,
};

/**
 * How long one try waits for a lock. Everybody who comes later queues up behind a waiting ALTER TABLE
 * (manual §13.3.1), so this is how long a try can hold up the application.
 */
export const lockTimeout = 200;

/** Words that begin statements on the definition of what is there. Those that read and write rows take as long as there are rows. */
const definitions: ReadonlySet<string> = new Set(['alter', 'create', 'drop', 'comment', 'grant', 'revoke', 'security', 'lock', 'rename']);

/** Makes something that nobody uses yet, and takes what its query or its script takes. */
const makesAlone =
  /^create\s+(or\s+replace\s+)?(extension|materialized|((global|local)\s+)?(temp|temporary)|unlogged)\b|\bas\s+(select|with|values|table)\b/i;

/** Numbers of the steps of which the head says that they rewrite a table or read every row. */
function slowSteps(file: Pick<MigrationFile, 'locks'>): ReadonlySet<number> {
  const slow = file.locks.filter((line) => line.includes('rewrites the table') || line.includes('reads every row'));
  return new Set(slow.map((line) => Number.parseInt(line, 10)));
}

/** The steps that must be over soon, since others wait while they run. */
export function fastSteps(file: Pick<MigrationFile, 'locks' | 'transactions'>): ReadonlySet<MigrationStep> {
  const slow = slowSteps(file);
  const isFast = (step: MigrationStep): boolean =>
    step.step === 'transactional' &&
    !slow.has(step.number) &&
    definitions.has(leadingWords(step.sql, 1)[0] ?? '') &&
    !makesAlone.test(step.sql);
  return new Set(file.transactions.flatMap(({ steps }) => steps).filter(isFast));
}
