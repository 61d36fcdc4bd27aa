/**
 * Puts a few generated rows into tables, so that a migration is proven on data: whatever the types,
 * keys, checks, references and partitions ask for. What cannot be filled is reported with
 * PostgreSQL's own words, never an error. The same schema always gets the same rows.
 */
import { parseAddress, type Address } from '../model/address.ts';
import { nameList, quoteName, quoteText } from '../sql/quote.ts';
import type { Engine, PostgresError } from '../engine/engine.ts';
import { readSeedCatalog, type Condition, type Leaf, type SeedCatalog, type SeedTable } from './row-catalog.ts';
import { columnsIn } from './row-constants.ts';
import { guarded } from './row-guard.ts';
import { createLeaves } from './row-leaves.ts';
import { fillOrder } from './row-order.ts';
import { planRows, type Choice, type RowPlan, type Surroundings } from './row-plan.ts';
import type { RowSource } from './row-search.ts';

export { rowsOf, survivors, withoutRows, type NewValues, type Renames, type TableRows } from './row-survival.ts';

/** A condition that rows should meet too where they can: a check that the migration is about to add. */
export interface Wish {
  readonly table: Address;
  readonly expression: string;
}

export interface SeedResult {
  /** Tables that hold rows now, with how many; those that named ones refer to included. */
  readonly seeded: readonly { readonly table: Address; readonly rows: number }[];
  /** Named tables that hold none, with PostgreSQL's last word on it. */
  readonly unseeded: readonly { readonly table: Address; readonly reason: string }[];
  /** Leaves that were made because a partitioned table had fewer than two. */
  readonly leaves: readonly Address[];
}

const rowsPerTable = 3;
const attemptsPerRow = 40;
const leavesPerTable = 2;
/** Leaves that are looked at until two are found that take a row. */
const leavesTried = 8;

interface Progress extends Surroundings {
  readonly rowCounts: Map<string, number>;
  readonly waiting: Set<string>;
  readonly owed: Map<string, RowSource[]>;
  readonly reasons: Map<string, string>;
}

/**
 * Inserts three rows into each of the tables (addresses as `table public.digests`), or as many as
 * its constraints take, and at least one into every empty table that they refer to. The caller holds
 * no transaction: this opens one and commits it.
 */
export async function seedRows(
  engine: Engine,
  tables: readonly Address[],
  wishes: readonly Wish[] = [],
  withoutNewLeaves: ReadonlySet<Address> = new Set(),
): Promise<SeedResult> {
  const result = await seedOnce(engine, tables, wishes, 'allowed', withoutNewLeaves);
  return result ?? (await seedOnce(engine, tables, wishes, 'refused', withoutNewLeaves)) ?? { seeded: [], unseeded: [], leaves: [] };
}

/** One transaction; undefined, with nothing done, where deferred references did not hold in the end. */
async function seedOnce(
  engine: Engine,
  tables: readonly Address[],
  wishes: readonly Wish[],
  deferral: Surroundings['deferral'],
  withoutNewLeaves: ReadonlySet<Address>,
): Promise<SeedResult | undefined> {
  await engine.execute('BEGIN; SET CONSTRAINTS ALL IMMEDIATE');
  try {
    const result = await seedTables(engine, tables, wishes, deferral, withoutNewLeaves);
    const settled = await guarded(engine, 'SET CONSTRAINTS ALL IMMEDIATE');
    await engine.execute(settled.outcome === 'done' ? 'COMMIT' : 'ROLLBACK');
    return settled.outcome === 'done' ? result : undefined;
  } catch (error) {
    // Whatever failed, the engine must not be left in a transaction; a lost connection has none.
    await engine.execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function seedTables(
  engine: Engine,
  tables: readonly Address[],
  wishes: readonly Wish[],
  deferral: Surroundings['deferral'],
  withoutNewLeaves: ReadonlySet<Address>,
): Promise<SeedResult> {
  const paths = tables.flatMap((id) =>
    parseAddress(id)?.path.slice(0, 2) === undefined ? [] : [parseAddress(id)?.path.slice(0, 2) ?? []],
  );
  const bare = await readSeedCatalog(engine, paths);
  const rowCounts = await countRows(engine, bare);
  const named = new Set(tables);
  const wanted = new Set([...bare.values()].filter(({ id, oid }) => named.has(id) || rowCounts.get(oid) === 0).map(({ oid }) => oid));
  const leaves = await createLeaves(
    engine,
    [...bare.values()].filter(({ id, oid }) => wanted.has(oid) && !withoutNewLeaves.has(id)).map(({ oid }) => oid),
  );
  const catalog = leaves.length === 0 ? bare : await readSeedCatalog(engine, paths);
  const progress: Progress = { catalog, rowCounts, waiting: new Set(wanted), deferral, owed: new Map(), wishes: [], reasons: new Map() };
  for (const table of fillOrder(catalog, wanted)) {
    progress.waiting.delete(table.oid);
    await fillTable(engine, table, { ...progress, wishes: wishesFor(table, wishes) });
  }
  // A trigger may let no row in and say nothing.
  const held = await countRows(engine, catalog);
  return { ...report(tables, catalog, { ...progress, rowCounts: held }), leaves };
}

function wishesFor(table: SeedTable, wishes: readonly Wish[]): readonly Condition[] {
  const names = table.columns.map(({ name }) => name);
  return wishes.filter((wish) => wish.table === table.id).map(({ expression }) => ({ expression, columns: columnsIn(expression, names) }));
}

function report(tables: readonly Address[], catalog: SeedCatalog, { rowCounts, reasons }: Progress): Omit<SeedResult, 'leaves'> {
  const byAddress = new Map([...catalog.values()].map((table) => [table.id, table] as const));
  const seeded = [...byAddress.values()]
    .map(({ id, oid }) => ({ table: id, rows: rowCounts.get(oid) ?? 0 }))
    .filter(({ rows }) => rows > 0);
  const full = new Set(seeded.map(({ table }) => table));
  const unseeded = tables.filter((id) => !full.has(id)).map((id) => ({ table: id, reason: reasonFor(byAddress.get(id), reasons) }));
  return { seeded, unseeded };
}

function reasonFor(table: SeedTable | undefined, reasons: Progress['reasons']): string {
  if (table === undefined) return 'there is no such table';
  return reasons.get(table.oid) ?? 'rows were accepted and are not there: a trigger or a rule keeps them out';
}

async function countRows(engine: Engine, catalog: SeedCatalog): Promise<Map<string, number>> {
  const queries = [...catalog.values()].map(({ oid, sql }) => `SELECT ${oid} AS oid, count(*) AS rows FROM ${sql}`);
  const rows = queries.length === 0 ? [] : await engine.query(queries.join(' UNION ALL '));
  return new Map(rows.map((row) => [row['oid'] ?? '', Number(row['rows'])]));
}

/** Fills one table; failures go into the reasons. */
async function fillTable(engine: Engine, table: SeedTable, progress: Progress): Promise<void> {
  let plans = await planLeaves(engine, table, progress);
  for (const { deferred } of plans) await defer(engine, table, deferred, progress);
  for (let row = 0; row < rowsPerTable; row += 1) {
    const plan = plans[row % Math.max(plans.length, 1)];
    const failure = plan === undefined ? 'it has no partition that could take a row' : await insertRow(engine, table, plan, row);
    if (failure !== undefined) {
      progress.reasons.set(table.oid, failure);
      continue;
    }
    progress.rowCounts.set(table.oid, (progress.rowCounts.get(table.oid) ?? 0) + 1);
    if (plan !== undefined) await advanceSequences(engine, table, plan);
    // Rows that refer to their own table have one to refer to now.
    if (row === 0 && table.references.some(({ target }) => target === table.oid)) plans = await planLeaves(engine, table, progress);
  }
}

/** Moves sequences past the values that were written out, so that neither a later row nor a backfill meets them. */
async function advanceSequences(engine: Engine, table: SeedTable, { choices }: RowPlan): Promise<void> {
  const written = new Set(choices.flatMap((choice) => choice.columns));
  for (const { name } of table.columns.filter((column) => (column.serial || column.identity) && written.has(column.name))) {
    await guarded(
      engine,
      `SELECT setval(pg_get_serial_sequence(${quoteText(table.sql)}, ${quoteText(name)}), max(${quoteName(name)})) FROM ${table.sql}`,
    );
  }
}

/** A plan for each of two leaves that can take a row; a doubtful one where there is no other. */
async function planLeaves(engine: Engine, table: SeedTable, progress: Progress): Promise<readonly RowPlan[]> {
  const good: RowPlan[] = [];
  const doubtful: RowPlan[] = [];
  for (const leaf of table.leaves.slice(0, leavesTried) as readonly Leaf[]) {
    const plan = await planRows(engine, table, leaf, progress);
    (plan.outlook === 'satisfied' ? good : doubtful).push(plan);
    if (good.length === leavesPerTable) break;
  }
  return good.length > 0 ? good : doubtful.slice(0, 1);
}

async function defer(engine: Engine, table: SeedTable, references: RowPlan['deferred'], progress: Progress): Promise<void> {
  for (const { constraint, target, columns, targetColumns } of references) {
    await engine.execute(`SET CONSTRAINTS ${constraint} DEFERRED`);
    const owed = progress.owed.get(target) ?? [];
    const source: RowSource = { source: 'rows', columns: targetColumns, table: table.sql, targetColumns: columns, mayBeNull: false };
    progress.owed.set(target, [...owed, source]);
  }
}

/** Inserts one row, other combinations after each failure; the last message where all failed. */
async function insertRow(engine: Engine, table: SeedTable, { choices }: RowPlan, row: number): Promise<string | undefined> {
  const empty = choices.find(({ tuples }) => tuples.length === 0);
  if (empty !== undefined) return `no value was found for ${nameList(empty.columns)}`;
  const tried = new Set<string>();
  let message: string | undefined;
  for (let attempt = 0; attempt < attemptsPerRow; attempt += 1) {
    const sql = insertStatement(table, choices, (choice, at) => (row + attempt + Math.floor((attempt * at) / 3)) % choice.tuples.length);
    if (tried.has(sql)) continue;
    tried.add(sql);
    const result = await guarded(engine, sql);
    if (result.outcome === 'done') return undefined;
    message = describe(result.error);
  }
  return message;
}

function describe(error: PostgresError): string {
  return error.detail === undefined ? error.message : `${error.message} (${error.detail})`;
}

function insertStatement(table: SeedTable, choices: readonly Choice[], pick: (choice: Choice, at: number) => number): string {
  if (choices.length === 0) return `INSERT INTO ${table.sql} DEFAULT VALUES`;
  const columns = choices.flatMap((choice) => choice.columns);
  const values = choices.flatMap((choice, at) => choice.tuples[pick(choice, at)] ?? []);
  return `INSERT INTO ${table.sql} (${nameList(columns)}) OVERRIDING SYSTEM VALUE VALUES (${values.join(', ')})`;
}
