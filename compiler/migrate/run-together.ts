/**
 * Sends small migrations that follow each other in one message: each is a transaction of its own, with
 * its own record, and what was a round trip each is one for all. Whatever goes wrong is left to be run
 * again alone, where it is told and tried again.
 */
import { PostgresError } from '../engine/engine.ts';
import { fastSteps } from './limits.ts';
import { fitsOneMessage, messageOf } from './message.ts';
import { Interrupted } from './pause.ts';
import { recordMigration, recordSteps } from './record.ts';
import { remainingUnits } from './run-migration.ts';
import type { Selected } from './select.ts';
import { work } from './session.ts';
import type { Session } from './session.ts';

/** So many at most: progress is told, and a signal heard, in between. */
const most = 20;

/** The transaction of a migration that is one, and should be fast; `undefined` for every other. */
function transactionOf(session: Session, selected: Selected): readonly string[] | undefined {
  const { migration, file, earlier } = selected;
  const [unit, ...others] = earlier.length > 0 ? [] : remainingUnits(selected, session.limits);
  if (unit === undefined || others.length > 0 || unit.form !== 'block' || !fitsOneMessage(unit.before)) return undefined;
  const fast = fastSteps(file);
  if (!unit.steps.every((step) => fast.has(step) && !step.gexec)) return undefined;
  const steps = unit.steps.map(({ number, sql }) => ({ step: number, sql, state: 'done' as const }));
  return [
    ...unit.before,
    ...unit.steps.map(({ sql }) => sql),
    ...unit.after,
    recordMigration(session.stateSchema, migration, 'done'),
    recordSteps(session.stateSchema, migration.number, steps),
    'COMMIT',
  ];
}

/** Migrations to send together, and their transactions. */
export interface Batch {
  readonly selected: readonly Selected[];
  readonly transactions: readonly (readonly string[])[];
}

/** As many of the next migrations as go together; fewer than two are none. */
export function nextBatch(session: Session, waiting: readonly Selected[]): Batch | undefined {
  const transactions: (readonly string[])[] = [];
  for (const selected of waiting.slice(0, most)) {
    const transaction = transactionOf(session, selected);
    if (transaction === undefined) break;
    transactions.push(transaction);
  }
  return transactions.length < 2 ? undefined : { selected: waiting.slice(0, transactions.length), transactions };
}

/** How many transactions are whole when so many statements are. */
function wholeTransactions(transactions: Batch['transactions'], statements: number): number {
  let end = 0;
  const ends = transactions.map(({ length }) => (end += length));
  return ends.filter((last) => last <= statements).length;
}

/** Runs a batch; says how many migrations of it are done, and whether a signal ended it. */
export async function runTogether(
  session: Session,
  { selected, transactions }: Batch,
): Promise<{ readonly done: number; readonly ended: 'whole' | 'refused' | 'interrupted' }> {
  const [first, last] = [selected[0]?.migration.name ?? '', selected.at(-1)?.migration.name ?? ''];
  try {
    await work(session, messageOf(transactions.flat()), () => `${first} to ${last}`);
    return { done: selected.length, ended: 'whole' };
  } catch (error) {
    if (!(error instanceof PostgresError) && !(error instanceof Interrupted)) throw error;
    const done = wholeTransactions(transactions, session.worker.completed());
    await session.worker.rows('ROLLBACK');
    return { done, ended: error instanceof Interrupted ? 'interrupted' : 'refused' };
  }
}
