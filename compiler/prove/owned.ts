/**
 * What the SQL of a carried object makes: nobody declared it, and no catalog says whose it is. The
 * schema is built once more, with a look at the engine before and after each such object. Knows no kind.
 */
import type { Engine } from '../engine/engine.ts';
import type { Address } from '../model/address.ts';
import { compareText } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { readState, runStep } from './run.ts';

/**
 * The addresses that each whole carried object made, by its own, without those that are declared. The
 * engine is empty and in a transaction, and holds the schema afterwards.
 */
export async function ownedObjects(
  engine: Engine,
  statements: readonly Statement[],
  declared: ReadonlySet<Address>,
): Promise<ReadonlyMap<Address, readonly Address[]>> {
  const carriers = new Set(statements.flatMap(({ carries }) => (carries?.attribute === '*' ? [carries.object] : [])));
  const owned = new Map<Address, readonly Address[]>();
  let known: ReadonlySet<Address> | undefined;
  for (const step of statements) {
    // What one of them leaves is what the next one finds, where nothing runs between them.
    known = carriers.has(step.subject) ? (known ?? (await present(engine))) : undefined;
    await runStep(engine, step);
    if (step.carries?.attribute !== '*') continue;
    const now = await present(engine);
    const made = [...now].filter((id) => known?.has(id) !== true && !declared.has(id));
    owned.set(step.subject, made.sort(compareText));
    known = now;
  }
  return owned;
}

/** Reading sets settings that the statements to come must not see. */
async function present(engine: Engine): Promise<ReadonlySet<Address>> {
  await engine.execute('SAVEPOINT schemac_owned');
  const state = await readState(engine, 'transaction');
  await engine.execute('ROLLBACK TO SAVEPOINT schemac_owned; RELEASE SAVEPOINT schemac_owned');
  return new Set(state.keys());
}
