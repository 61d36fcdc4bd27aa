/**
 * The migrations are the truth: replaying them in an empty engine gives the state after the last
 * one. Tables of other teams are stubs made from each migration's own head, so that history stays
 * replayable when they change.
 */
import { PostgresError, type Engine } from '../engine/engine.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import type { Address } from '../model/address.ts';
import type { ReferenceTable } from '../model/declared.ts';
import type { State } from '../model/object.ts';
import type { Carried } from '../model/statement.ts';
import type { MigrationFile, MigrationStep, MigrationTransaction } from '../sql/migration-file.ts';
import { quoteText } from '../sql/quote.ts';
import { splitScript } from '../sql/script.ts';
import { stillCarried, withCarried } from './carried.ts';
import { provideRoles } from './roles.ts';
import { readState, runStep, setProofClock } from './run.ts';

export interface Replayed {
  readonly state: State;
  readonly carried: readonly Carried[];
  /** The tables of other teams that stubs were made of. */
  readonly externals: readonly Address[];
}

/**
 * Runs all migrations in order, and reads the rows of the tables that are lookup tables now; afterwards
 * the engine holds the state after the last one. `earlier` is what an earlier call on the engine gave,
 * where this one goes on from it.
 */
export async function replay(
  engine: Engine,
  migrations: readonly MigrationFile[],
  referenceTables: readonly ReferenceTable[] = [],
  earlier: Pick<Replayed, 'carried' | 'externals'> = { carried: [], externals: [] },
): Promise<Replayed> {
  await setProofClock(engine);
  let { carried } = earlier;
  const stubs = new Set<string>();
  const externals = new Set<Address>(earlier.externals);
  for (const migration of migrations) {
    await provideRoles(engine, migration.roles);
    for (const sql of stubStatementsOf(migration)) {
      const created = /^CREATE (?:UNLOGGED )?TABLE (\S+)/.exec(sql)?.[1];
      if (created !== undefined) externals.add(`table ${created}`);
      if (!stubs.has(sql)) await makeExternals(engine, sql, migration.name);
      stubs.add(sql);
    }
    for (const transaction of migration.transactions) await runTransaction(engine, migration, transaction);
    carried = [...carried, ...migration.carries];
    if (carried.some((entry) => entry.attribute !== '*')) carried = stillCarried(await readState(engine, 'no transaction'), carried);
  }
  const state = await readState(engine, 'no transaction', { tables: referenceTables });
  return { state: withCarried(state, carried), carried, externals: [...externals].sort() };
}

function stubStatementsOf(migration: MigrationFile): readonly string[] {
  return splitScript(migration.externals, migration.name).flatMap((item) => (item.item === 'statement' ? [item.sql] : []));
}

/** Codes of PostgreSQL for what is there already: table, column, object, schema, a second primary key. */
const alreadyThere = new Set(['42P07', '42701', '42710', '42P06', '42P16']);

/** Makes other teams' tables, each statement by itself: what an earlier list made is brought up to this one's columns. */
export async function makeExternals(engine: Engine, sql: string, file: string): Promise<void> {
  for (const item of splitScript(sql, file)) {
    if (item.item !== 'statement') continue;
    try {
      await engine.execute(item.sql);
    } catch (error) {
      if (!(error instanceof PostgresError) || !alreadyThere.has(error.code)) throw error;
      if (error.code === '42P07') await growStub(engine, item.sql);
    }
  }
}

/**
 * A stub that exists gets what a later list knows more of it: the list is built beside it in a
 * schema of its own, and columns that are missing are added with their types.
 */
async function growStub(engine: Engine, sql: string): Promise<void> {
  const created = /^CREATE (?:UNLOGGED )?TABLE (\S+)/.exec(sql)?.[1];
  if (created === undefined) return;
  await engine.execute(`CREATE SCHEMA schemac_stub; ${sql.replace(created, 'schemac_stub.stub')}`);
  const missing = await engine.query(`
    SELECT format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS %I %s', ${quoteText(created)}, attname, format_type(atttypid, atttypmod)) AS sql
    FROM pg_attribute WHERE attrelid = 'schemac_stub.stub'::regclass AND attnum > 0 ORDER BY attnum`);
  for (const row of missing) await engine.execute(row['sql'] ?? '');
  await engine.execute('DROP SCHEMA schemac_stub CASCADE');
}

async function runTransaction(engine: Engine, migration: MigrationFile, transaction: MigrationTransaction): Promise<void> {
  if (transaction.block) await engine.execute('BEGIN');
  for (const step of transaction.steps) {
    try {
      await runStep(engine, step);
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      if (transaction.block) await engine.execute('ROLLBACK');
      throw new DiagnosticError([replayFailure(migration, step, error)]);
    }
  }
  if (transaction.block) await engine.execute('COMMIT');
}

function replayFailure(migration: MigrationFile, step: MigrationStep, error: PostgresError): Diagnostic {
  return {
    code: 'replay-failed',
    severity: 'error',
    message: `step ${step.number} of ${migration.name} does not run on the state that the migrations before it make: ${error.message} (${error.code})`,
    place: { file: `generated/migrations/${migration.name}.sql`, line: step.line, column: 1 },
    hint: 'restore the file from version control; a migration is never edited by hand',
  };
}
