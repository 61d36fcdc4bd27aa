/**
 * Runs SQL that somebody wrote by hand, statement by statement, on rows, and takes down what each
 * one did: locks, rewritten files, rows read and gone, objects before and after. It judges nothing.
 */
import type { Engine } from '../engine/engine.ts';
import { PostgresError } from '../engine/engine.ts';
import { address, type Address } from '../model/address.ts';
import type { State } from '../model/object.ts';
import { lockModes, type Lock } from '../model/statement.ts';
import type { MigrationFile, MigrationStep, MigrationTransaction } from '../sql/migration-file.ts';
import { guessStepKind } from '../sql/migration-step.ts';
import { measure, type Measured } from './measure.ts';
import { rowsOf, seedRows, type SeedResult, type TableRows } from './rows.ts';
import { dropLeaves, runStep, setProofClock } from './run.ts';

export interface Observed {
  readonly step: MigrationStep;
  readonly before: State;
  readonly after: State;
  readonly measured: Measured;
  /** Outside a transaction one session sees files that changed, and no locks. */
  readonly within: 'transaction' | 'no transaction';
  /** Tables that got an index. */
  readonly indexed: readonly Address[];
  /** New addresses of tables and columns that got another name, by the old ones. */
  readonly renamed: ReadonlyMap<Address, Address>;
  readonly rowsBefore: ReadonlyMap<Address, TableRows>;
  readonly rowsAfter: ReadonlyMap<Address, TableRows>;
}

export interface Observation {
  readonly steps: readonly Observed[];
  /** The state in the end, or up to where it failed. */
  readonly after: State;
  readonly failure?: { readonly step: MigrationStep; readonly error: PostgresError };
  readonly seeded: readonly Address[];
  readonly unseeded: SeedResult['unseeded'];
}

export interface ObserveRequest {
  readonly engine: Engine;
  readonly script: Pick<MigrationFile, 'transactions'>;
  /** Tables that get rows before. */
  readonly tables: readonly Address[];
  readonly existing: ReadonlySet<Address>;
  readonly read: (within: 'transaction' | 'no transaction') => Promise<State>;
}

interface Progress {
  readonly request: ObserveRequest;
  readonly steps: Observed[];
  state: State;
  existing: ReadonlySet<Address>;
  /** Tables with rows, under the names that they have now. */
  filled: readonly Address[];
}

export async function observe(request: ObserveRequest): Promise<Observation> {
  const { engine } = request;
  await setProofClock(engine);
  const none: SeedResult = { seeded: [], unseeded: [], leaves: [] };
  const { seeded, unseeded, leaves } = request.tables.length === 0 ? none : await seedRows(engine, request.tables);
  const filled = seeded.map(({ table }) => table);
  const progress: Progress = { request, steps: [], state: await request.read('no transaction'), existing: request.existing, filled };
  // A table of three rows is read from end to end whatever its indexes: only where none serves may it count as a scan.
  await engine.execute('SET search_path TO public; SET enable_seqscan TO off');
  let failure: Observation['failure'];
  for (const transaction of request.script.transactions) {
    failure = await runTransaction(transaction, progress);
    if (failure !== undefined) break;
  }
  await engine.execute('RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL');
  await setProofClock(engine);
  await dropLeaves(engine, leaves);
  return {
    steps: progress.steps,
    after: leaves.length === 0 ? progress.state : await request.read('no transaction'),
    seeded: filled,
    unseeded,
    ...(failure === undefined ? {} : { failure }),
  };
}

async function runTransaction(transaction: MigrationTransaction, progress: Progress): Promise<Observation['failure']> {
  const { engine } = progress.request;
  const [first] = transaction.steps;
  const opens = transaction.block || first?.step === 'transactional' || first?.step === 'validate';
  const settings = transaction.settings.map(({ sql }) => sql);
  let current = first;
  try {
    await engine.execute([...(transaction.block ? [transaction.begin ?? 'BEGIN'] : []), ...settings].join('; '));
    if (opens && !transaction.block) await engine.execute('BEGIN');
    for (const step of transaction.steps) {
      current = step;
      await runObserved(step, opens ? 'transaction' : 'no transaction', progress);
    }
    if (opens) await engine.execute('COMMIT');
    return undefined;
  } catch (error) {
    if (!(error instanceof PostgresError) || current === undefined) throw error;
    await engine.execute('ROLLBACK');
    return { step: current, error };
  }
}

async function runObserved(step: MigrationStep, within: Observed['within'], progress: Progress): Promise<void> {
  const { engine } = progress.request;
  const before = progress.state;
  const rowsBefore = await rowsOf(engine, progress.filled);
  const [names, indexes] = [await namesByIdentity(engine), await tablesOfIndexes(engine)];
  const measured =
    step.gexec && within === 'no transaction'
      ? await runParts(engine, step, progress.existing)
      : await measure(engine, () => runStep(engine, { sql: step.sql, step: step.gexec ? 'expand' : step.step }), progress.existing);
  const renamed = renames(names, await namesByIdentity(engine));
  const indexed = [...(await tablesOfIndexes(engine))].flatMap(([oid, table]) => (indexes.has(oid) ? [] : [table]));
  const after = await readWithin(progress, within);
  const rows = await rowsOf(
    engine,
    progress.filled.map((id) => renamed.get(id) ?? id),
  );
  const rowsAfter = new Map(progress.filled.flatMap((id) => entry(id, rows.get(renamed.get(id) ?? id))));
  progress.steps.push({ step, before, after, measured, within, renamed, indexed: [...new Set(indexed)], rowsBefore, rowsAfter });
  progress.state = after;
  progress.existing = new Set([...progress.existing, ...[...renamed].flatMap(([from, to]) => (progress.existing.has(from) ? [to] : []))]);
  progress.filled = progress.filled.map((id) => renamed.get(id) ?? id).filter((id) => rows.has(id));
}

function entry(id: Address, rows: TableRows | undefined): readonly (readonly [Address, TableRows])[] {
  return rows === undefined ? [] : [[id, rows]];
}

/** Settings of the reader must not stay in the transaction of what is read. */
async function readWithin({ request }: Progress, within: Observed['within']): Promise<State> {
  if (within === 'no transaction') return request.read(within);
  await request.engine.execute('SAVEPOINT schemac_read');
  const state = await request.read(within);
  await request.engine.execute('ROLLBACK TO SAVEPOINT schemac_read; RELEASE SAVEPOINT schemac_read');
  return state;
}

/** Statements that a query makes run one after the other, each as it may. */
async function runParts(engine: Engine, step: MigrationStep, existing: ReadonlySet<Address>): Promise<Measured> {
  const parts: Measured[] = [];
  for (const row of await engine.query(step.sql)) {
    for (const cell of Object.values(row)) {
      if (cell === null) continue;
      const opens = guessStepKind(cell) === 'transactional';
      if (opens) await engine.execute('BEGIN');
      parts.push(await measure(engine, () => engine.execute(cell), existing));
      if (opens) await engine.execute('COMMIT');
    }
  }
  return together(parts);
}

function together(parts: readonly Measured[]): Measured {
  const locks = new Map<Address, Lock>();
  for (const lock of parts.flatMap((part) => part.locks)) {
    const known = locks.get(lock.relation);
    if (known === undefined || lockModes.indexOf(lock.mode) > lockModes.indexOf(known.mode)) locks.set(lock.relation, lock);
  }
  const all = (pick: (part: Measured) => readonly Address[]): readonly Address[] => [...new Set(parts.flatMap(pick))];
  return { locks: [...locks.values()], rewrites: all(({ rewrites }) => rewrites), scans: all(({ scans }) => scans) };
}

/** The addresses of tables and columns by what does not change with a name: oid, and number in the table. */
async function namesByIdentity(engine: Engine): Promise<ReadonlyMap<string, Address>> {
  const rows = await engine.query(`
    SELECT c.oid::text AS oid, a.attnum::text AS number, n.nspname AS schema, c.relname AS name, a.attname AS column
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'schemac'`);
  return new Map(
    rows.flatMap((row): [string, Address][] => {
      const path = [row['schema'] ?? '', row['name'] ?? ''];
      const table: [string, Address] = [row['oid'] ?? '', address('table', ...path)];
      return typeof row['column'] === 'string'
        ? [table, [`${row['oid'] ?? ''}.${row['number'] ?? ''}`, address('column', ...path, row['column'])]]
        : [table];
    }),
  );
}

/** The table of each index by the index's oid; of a partition's index the table at the top. */
async function tablesOfIndexes(engine: Engine): Promise<ReadonlyMap<string, Address>> {
  const rows = await engine.query(`
    SELECT i.indexrelid::text AS oid, n.nspname AS schema, c.relname AS name
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = coalesce(pg_partition_root(i.indrelid), i.indrelid)
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'schemac'`);
  return new Map(rows.map((row) => [row['oid'] ?? '', address('table', row['schema'] ?? '', row['name'] ?? '')]));
}

function renames(before: ReadonlyMap<string, Address>, after: ReadonlyMap<string, Address>): ReadonlyMap<Address, Address> {
  return new Map(
    [...before].flatMap(([identity, from]): [Address, Address][] => {
      const to = after.get(identity);
      return to === undefined || to === from ? [] : [[from, to]];
    }),
  );
}
