/**
 * Runs a statement inside the open transaction so that its failure costs nothing but itself: a
 * savepoint round it, in one message. Errors of PostgreSQL come back as data, all others are thrown.
 */
import { PostgresError, type Engine, type EngineRow } from '../engine/engine.ts';

export type Guarded =
  { readonly outcome: 'done'; readonly rows: readonly EngineRow[] } | { readonly outcome: 'failed'; readonly error: PostgresError };

/** Runs SQL of any number of statements; after a failure the transaction is as it was before. */
export async function guarded(engine: Engine, sql: string): Promise<Guarded> {
  try {
    return { outcome: 'done', rows: await engine.query(`SAVEPOINT schemac_rows; ${sql}; RELEASE SAVEPOINT schemac_rows`) };
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    await engine.execute('ROLLBACK TO SAVEPOINT schemac_rows; RELEASE SAVEPOINT schemac_rows');
    return { outcome: 'failed', error };
  }
}
