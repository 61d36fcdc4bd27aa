/**
 * Records what somebody says of a database, without running anything of it: that migrations are in it
 * already, or what became of a step that was interrupted.
 */
import { fail } from '../model/diagnostic.ts';
import { parseMigration } from './folder.ts';
import type { FolderMigration } from './folder.ts';
import type { History } from './history.ts';
import { ownSteps } from './own-steps.ts';
import { recordMigration, recordSteps } from './record.ts';
import type { Session } from './session.ts';

/** Says what became of an interrupted step. */
export interface Mark {
  readonly action: 'mark';
  readonly migration: number;
  readonly step: number;
  readonly as: 'done' | 'failed';
}

/**
 * Records every migration up to `last` as applied; gives the names of those that were not. What these
 * keep in schemac's own schema (partition rules) is made, since no database has that by itself.
 */
export async function recordBaseline(session: Session, history: History, last: FolderMigration): Promise<readonly string[]> {
  const begun = history.halfDone.find(({ migration }) => migration.number <= last.number);
  if (begun !== undefined) {
    fail('baseline-half-done', `${begun.migration.name} is half done here`, {
      hint: 'finish it with npx schemac migrate --to, then set the baseline',
    });
  }
  const marked = history.pending.filter(({ number }) => number <= last.number);
  const records = marked.map((migration) => recordMigration(session.stateSchema, migration, 'baseline'));
  const kept = marked.flatMap((migration) => ownSteps(parseMigration(migration)));
  if (records.length > 0) await session.worker.rows(['BEGIN', ...kept, ...records, 'COMMIT'].join(';\n'));
  return marked.map(({ name }) => name);
}

/** Records the end of a step of a half-done migration; gives the migration's name. */
export async function markStep(session: Session, history: History, mark: Mark): Promise<readonly string[]> {
  const which = `${String(mark.migration)}.${String(mark.step)}`;
  const begun = history.halfDone.find(({ migration }) => migration.number === mark.migration);
  const step =
    begun === undefined
      ? undefined
      : parseMigration(begun.migration)
          .transactions.flatMap(({ steps }) => steps)
          .find(({ number }) => number === mark.step);
  if (begun === undefined || step === undefined)
    return fail('mark-unknown', `${which} names no step of a half-done migration`, { hint: 'npx schemac status lists them' });
  if (!begun.steps.some((recorded) => recorded.step === mark.step))
    return fail('mark-unknown', `step ${which} has not begun`, { hint: 'npx schemac migrate will run it' });
  const record = { step: step.number, sql: step.sql, state: mark.as, ...(mark.as === 'failed' ? { error: 'marked as failed' } : {}) };
  await session.worker.rows(
    `BEGIN;\n${recordMigration(session.stateSchema, begun.migration, 'running')};\n${recordSteps(session.stateSchema, mark.migration, [record])};\nCOMMIT`,
  );
  return [`${begun.migration.name} step ${String(mark.step)}`];
}
