/** Keeps the engine of a proven migration for the next compile, without the rows that only the proof had. */
import { PostgresError, type Engine } from '../engine/engine.ts';
import { parseAddress, type Address } from '../model/address.ts';
import type { State } from '../model/object.ts';
import { otherRows } from '../prove/row-references.ts';
import { qualifiedName } from '../sql/quote.ts';

/** The next compile opens this state and does not replay. The rows of the proof must not be in it. */
export async function keepState(engine: Engine, head: string, filled: readonly Address[], state: State): Promise<void> {
  const deletes = filled.map((id) => `DELETE FROM ${qualifiedName(parseAddress(id)?.path ?? [])} WHERE ${otherRows(id, state)};`);
  try {
    // TRUNCATE would have to go on to every table that refers to one of them. As a replica no trigger fires.
    if (deletes.length > 0)
      await engine.execute(`SET session_replication_role TO replica; ${deletes.join(' ')} RESET session_replication_role`);
    await engine.keep(head);
  } catch (error) {
    // Without the state the next compile replays.
    if (!(error instanceof PostgresError)) throw error;
  }
}
