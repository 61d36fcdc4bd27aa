/** Runs the transactions of a plan as psql would, without the proof and the runner. */
import type { Engine } from '../../compiler/engine/engine.ts';
import type { Transaction } from '../../compiler/model/statement.ts';
import { runStep } from '../../compiler/prove/run.ts';

/** A statement that fails takes its transaction back, and the error says which it was. */
export async function runTransactions(engine: Pick<Engine, 'execute' | 'query'>, transactions: readonly Transaction[]): Promise<void> {
  for (const { block, statements } of transactions) {
    if (block) await engine.execute('BEGIN');
    for (const step of statements) {
      await runStep(engine, step).catch(async (error: unknown) => {
        if (block) await engine.execute('ROLLBACK');
        throw new Error(`${String(error)}\nin: ${step.sql}`, { cause: error });
      });
    }
    if (block) await engine.execute('COMMIT');
  }
}
