/**
 * A database filled as declared: everything built, rows made where they lie, set by set, and only then
 * keys and indexes, so that these come out as full as a fresh load leaves them. Same seed, same rows.
 */
import { diff } from '../diff/diff.ts';
import { PostgresError, type Engine } from '../engine/engine.ts';
import {
  isCheck,
  isExclusion,
  isForeignKey,
  isIndex,
  isMaterializedView,
  isPrimaryKey,
  isReferenceRow,
  isTrigger,
  isUnique,
} from '../kinds/guards.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import { fail } from '../model/diagnostic.ts';
import { counted } from '../model/figures.ts';
import { stateOf, type SchemaObject } from '../model/object.ts';
import { makePlan } from '../plan/plan.ts';
import { proofMoment, runStep } from '../prove/run.ts';
import { nameList, qualifiedName } from '../sql/quote.ts';
import { changePlanDatabase, makePartitions, plannedObjects, preparePlanSession } from './build-database.ts';
import { readRelations, type PlannedRelation } from './catalog.ts';
import { modelDatabase, type ModelledRelation } from './database-model.ts';
import { columnValues, type FilledTable } from './fill-table.ts';
import { filledTables } from './filled-tables.ts';
import { asDeclared } from './profiles.ts';
import type { Volumes } from './volumes.ts';

export interface FillRequest {
  readonly declared: DeclaredSchema;
  readonly volumes: Volumes;
  readonly seed: number;
  readonly report: (line: string) => void;
  /** Rows that are sampled for each unit of the target are 300 (manual §14.2); the server's own where absent. */
  readonly statisticsTarget?: number;
}

export interface Filled {
  readonly rows: number;
  /** Seconds that rows took, and keys and indexes after them, and vacuuming. */
  readonly seconds: { readonly rows: number; readonly indexes: number; readonly vacuum: number };
}

/** Rows of one statement: progress is seen, and what is undone after a failure is small. */
const batch = 500_000;

/**
 * Builds and fills an empty database. The last connection's session stays as it was set. Throws a
 * `DiagnosticError` with `fill-failed` where values that were made break a key or a condition.
 */
export async function fillDatabase(engine: Engine, request: FillRequest): Promise<Filled> {
  const { declared, volumes, report } = request;
  const quiet = without(plannedObjects(declared.objects), (object) => isCheck(object) || isTrigger(object) || isReferenceRow(object));
  await preparePlanSession(engine);
  await changePlanDatabase(engine, [], quiet);
  for (const volume of volumes.values()) if (volume.rule !== undefined) await makePartitions(engine, volume, volume.rule);
  await engine.execute(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`);
  await keepStill(engine);
  const tables = await tablesToFill(engine, request);
  const bare = without(quiet, (object) => isKey(object) || isIndex(object) || isForeignKey(object));
  await dropKeys(engine);
  const started = Date.now();
  let rows = 0;
  const generated = await generatedColumns(engine);
  for (const table of tables) rows += await fillTable(engine, table, generated, report);
  const filled = Date.now();
  report('making keys and indexes');
  await complete(engine, declared, bare);
  const indexed = Date.now();
  report('vacuuming and analysing');
  await settle(engine, request);
  const seconds = { rows: (filled - started) / 1000, indexes: (indexed - filled) / 1000, vacuum: (Date.now() - indexed) / 1000 };
  return { rows, seconds };
}

function isKey(object: SchemaObject): boolean {
  return isPrimaryKey(object) || isUnique(object) || isExclusion(object);
}

/** The objects without some, and without what rests on these. */
function without(objects: readonly SchemaObject[], goes: (object: SchemaObject) => boolean): readonly SchemaObject[] {
  const gone = new Set(objects.filter(goes).map(({ id }) => id));
  for (let before = -1; before !== gone.size;) {
    before = gone.size;
    for (const { id, dependsOn, partOf } of objects) {
      if ((partOf !== undefined && gone.has(partOf)) || dependsOn.some((other) => gone.has(other))) gone.add(id);
    }
  }
  return objects.filter(({ id }) => !gone.has(id));
}

/** What slows a load down is made again afterwards, with what rests on it. */
async function dropKeys(engine: Engine): Promise<void> {
  const rows = await engine.query(`
    SELECT pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', c.conrelid::regclass, c.conname) AS sql
    FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
    WHERE c.contype IN ('p', 'u', 'x', 'f') AND c.conparentid = 0 AND c.coninhcount = 0 AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'schemac')
    UNION ALL
    SELECT pg_catalog.format('DROP INDEX IF EXISTS %s CASCADE', x.indexrelid::regclass)
    FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
    WHERE NOT i.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'schemac', 'pg_toast')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = x.indexrelid)`);
  for (const { sql } of rows) await engine.execute(sql ?? '');
}

/** A worker that vacuums meanwhile would leave other plans each time. */
async function keepStill(engine: Engine): Promise<void> {
  const tables = await engine.query(
    `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name FROM pg_catalog.pg_class c
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'schemac')`,
  );
  await engine.execute(tables.map(({ name }) => `ALTER TABLE ${name ?? ''} SET (autovacuum_enabled = off)`).join(';\n'));
}

/** The tables with what they refer to; keys must be there still, since they say which values come once. */
async function tablesToFill(engine: Engine, request: FillRequest): Promise<readonly FilledTable[]> {
  const relations = await readRelations(engine);
  const model = modelDatabase({ relations, volumes: request.volumes, profile: asDeclared, clock: proofMoment });
  return filledTables(model.relations, request);
}

/** Columns whose values PostgreSQL works out, as `schema.table.column`. */
async function generatedColumns(engine: Engine): Promise<ReadonlySet<string>> {
  const rows = await engine.query(`
    SELECT n.nspname || '.' || c.relname || '.' || a.attname AS name FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE a.attgenerated <> ''`);
  return new Set(rows.map(({ name }) => name ?? ''));
}

async function fillTable(
  engine: Engine,
  table: FilledTable,
  generated: ReadonlySet<string>,
  report: (line: string) => void,
): Promise<number> {
  const name = table.volume.path.join('.');
  let done = 0;
  for (const leaf of table.leaves) {
    const { schema, name: leafName } = leaf.relation;
    const values = new Map([...columnValues(table, leaf)].filter(([column]) => !generated.has(`${schema}.${leafName}.${column}`)));
    refuseUnfillable(leaf, values, generated);
    for (let first = 1; first <= leaf.rows; first += batch) {
      const last = Math.min(leaf.rows, first + batch - 1);
      await insert(engine, leaf, values, [first, last]);
      done += last - first + 1;
      report(`${name}: ${counted(done, 'row')} of ${counted(table.rows, 'row')}`);
    }
  }
  return done;
}

function refuseUnfillable({ relation }: ModelledRelation, values: ReadonlyMap<string, string>, generated: ReadonlySet<string>): void {
  const isMade = (name: string): boolean => values.has(name) || generated.has(`${relation.schema}.${relation.name}.${name}`);
  const lacking = relation.columns.find(({ name, nullable }) => !nullable && !isMade(name));
  if (lacking !== undefined)
    fail('fill-failed', `no values can be made of column ${relation.name}.${lacking.name}, whose type is ${lacking.type}`, {
      hint: 'make the column nullable, or leave its table out of what is measured',
    });
}

async function insert(
  engine: Engine,
  { relation, from }: ModelledRelation,
  values: ReadonlyMap<string, string>,
  [first, last]: readonly [number, number],
): Promise<void> {
  const columns = [...values];
  const list = columns.length === 0 ? '' : ` (${nameList(columns.map(([name]) => name))}) OVERRIDING SYSTEM VALUE`;
  const target = qualifiedName([relation.schema, relation.name]);
  try {
    await engine.execute(
      `INSERT INTO ${target}${list} SELECT ${columns.map(([, sql]) => sql).join(', ')}
       FROM (SELECT n, n + ${from}::bigint AS k FROM generate_series(${first}::bigint, ${last}::bigint) n) numbered`,
    );
  } catch (error) {
    throw refused(error, relation.name);
  }
}

/** Checks stand unasked over the rows that were made, and count for those that queries write. */
async function complete(engine: Engine, declared: DeclaredSchema, bare: readonly SchemaObject[]): Promise<void> {
  const rows = declared.objects.filter(isReferenceRow);
  const all = [...plannedObjects(declared.objects), ...rows];
  // Declared rows before the foreign keys that look for them.
  const isLate = (object: SchemaObject): boolean => isForeignKey(object) || isTrigger(object);
  const withRows = without(all, isLate);
  await advance(engine, bare, withRows);
  await advance(engine, withRows, all);
  for (const view of declared.objects.filter(isMaterializedView))
    await engine.execute(`REFRESH MATERIALIZED VIEW ${qualifiedName(view.path)}`);
}

async function advance(engine: Engine, from: readonly SchemaObject[], to: readonly SchemaObject[]): Promise<void> {
  const [before, after] = [stateOf(from), stateOf(to)];
  const changes = diff(before, after);
  const { statements } = makePlan({ before, after, changes, major: engine.identity.major, annotation: () => ({ expectedRows: 1 }) });
  for (const statement of statements) {
    try {
      await runStep(engine, statement.makes.some((id) => isUnasked(id, after)) ? { ...statement, sql: unasked(statement.sql) } : statement);
    } catch (error) {
      throw refused(error, statement.purpose);
    }
  }
}

function isUnasked(id: string, after: ReadonlyMap<string, SchemaObject>): boolean {
  const object = after.get(id);
  return object !== undefined && isCheck(object);
}

const unasked = (sql: string): string =>
  /ADD CONSTRAINT .* CHECK /s.test(sql) && !/NOT VALID\s*;?\s*$/.test(sql) ? `${sql.replace(/\s*;?\s*$/, '')} NOT VALID` : sql;

function refused(error: unknown, what: string): unknown {
  if (!(error instanceof PostgresError)) return error;
  return fail('fill-failed', `the values that were made do not fit (${what}): ${error.message} [${error.code}]`, {
    hint: [error.detail, 'declare distinct, between or common of the columns so that rows of that number can be told apart']
      .filter((text) => text !== undefined)
      .join('; '),
  });
}

/**
 * Until every page is visible to all: snapshots of the server's own workers hold that up for a moment.
 * The roots are analysed last; below them everything is known by then.
 */
async function settle(engine: Engine, { statisticsTarget, volumes }: FillRequest): Promise<void> {
  if (statisticsTarget !== undefined) await engine.execute(`SET default_statistics_target = ${statisticsTarget}`);
  const relations = await vacuumFilled(engine, ', ANALYZE');
  const roots = relations.filter(({ form, parent }) => form === 'partitioned' && parent === null);
  const only = engine.identity.major >= 18 ? 'ONLY ' : '';
  for (const { schema, name } of roots) if (volumes.size > 0) await engine.execute(`ANALYZE ${only}${qualifiedName([schema, name])}`);
}

/** Vacuums every table that holds rows, until all pages are visible to all; gives the relations that there are. */
export async function vacuumFilled(engine: Engine, more: '' | ', ANALYZE' = ''): Promise<readonly PlannedRelation[]> {
  const relations = await readRelations(engine);
  // A partition made ahead holds nothing, so that nobody ever vacuums it: the planner takes it for a few pages, as it does in production.
  const filled = await engine.query(
    `SELECT oid::text FROM pg_catalog.pg_class WHERE relkind IN ('r', 'm') AND oid >= 16384 AND pg_catalog.pg_relation_size(oid) > 0`,
  );
  const isFilled = new Set(filled.map(({ oid }) => Number(oid)));
  const names = relations
    .filter(({ form, oid }) => form === 'table' && isFilled.has(oid))
    .map(({ schema, name }) => qualifiedName([schema, name]));
  for (let attempt = 0; attempt < 20; attempt += 1) {
    for (const name of names) await engine.execute(`VACUUM (FREEZE${attempt === 0 ? more : ''}) ${name}`);
    const [row] = await engine.query(
      `SELECT pg_catalog.count(*) AS left FROM pg_catalog.pg_class WHERE relkind = 'r' AND oid >= 16384 AND relallvisible < relpages`,
    );
    if (Number(row?.['left'] ?? 0) === 0) break;
    await engine.query('SELECT pg_catalog.pg_sleep(0.5)');
  }
  return relations;
}
