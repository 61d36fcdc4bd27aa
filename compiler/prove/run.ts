/**
 * Runs steps on an engine as psql would: statements as they are, and for `expand` (psql's \gexec)
 * each cell of the result. And reads the engine's objects in a transaction that leaves no trace.
 */
import type { Engine } from '../engine/engine.ts';
import { accountFor, type Account } from '../introspect/account.ts';
import { introspect, pinnedSettings, readObjects, type Read, type ReferenceRows } from '../introspect/introspect.ts';
import { parseAddress, type Address } from '../model/address.ts';
import { qualifiedName, quoteText } from '../sql/quote.ts';
import type { State } from '../model/object.ts';
import type { Step } from '../model/statement.ts';

/**
 * The clock of partition windows while proving: any fixed instant gives the same bytes on any day
 * (DESIGN §3).
 */
export const proofClock = '2026-01-15 00:00:00+00';

/** The same moment in milliseconds since 1970. */
export const proofMoment = Date.parse(proofClock.replace(' ', 'T').replace('+00', 'Z'));

export async function setProofClock(engine: Engine): Promise<void> {
  await engine.execute(`SET schemac.at = ${quoteText(proofClock)}; SET TimeZone TO 'UTC'; SET client_min_messages TO warning`);
}

export async function runStep(
  engine: Pick<Engine, 'execute' | 'query'>,
  step: { readonly sql: string; readonly step: Step },
): Promise<void> {
  if (step.step !== 'expand') return engine.execute(step.sql);
  for (const row of await engine.query(step.sql)) {
    for (const cell of Object.values(row)) if (cell !== null) await engine.execute(cell);
  }
}

/** Partitions that only a proof had are gone before its result is read. */
export async function dropLeaves(engine: Engine, leaves: readonly Address[]): Promise<void> {
  for (const leaf of leaves) await engine.execute(`DROP TABLE IF EXISTS ${qualifiedName(parseAddress(leaf)?.path ?? [])} CASCADE`);
}

/** Every object of the engine's database, the rows of lookup tables among them; `within` says whether the caller holds a transaction. */
export async function readState(engine: Engine, within: 'transaction' | 'no transaction', references?: ReferenceRows): Promise<State> {
  if (within === 'no transaction') return inTransaction(engine, () => readState(engine, 'transaction', references));
  await engine.execute(pinnedSettings.join(';\n'));
  return introspect(engine, engine.identity.major, references === undefined ? {} : { references });
}

/** The same in a transaction of its own, with what is in no object. */
export async function readAccount(engine: Engine, references: ReferenceRows): Promise<Account> {
  return inTransaction(engine, async () => {
    await engine.execute(pinnedSettings.join(';\n'));
    return accountFor(engine, engine.identity.major, references);
  });
}

/** The same without rows, with the way from a catalog entry to its object and back. */
export async function readEntries(engine: Engine): Promise<Read> {
  return inTransaction(engine, async () => {
    await engine.execute(pinnedSettings.join(';\n'));
    return readObjects(engine, engine.identity.major);
  });
}

async function inTransaction<Result>(engine: Engine, read: () => Promise<Result>): Promise<Result> {
  await engine.execute('BEGIN');
  try {
    return await read();
  } finally {
    await engine.execute('ROLLBACK');
  }
}
