/**
 * The runner's own tables, by default in the schema `schemac`: what was applied, and how far a
 * migration that is not finished has come. Makes SQL and reads rows; decides nothing.
 */
import { PostgresError } from '../engine/engine.ts';
import { fail } from '../model/diagnostic.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { Connection, Row } from './connection.ts';

/** Raised when the tables change; a newer one than this is refused. */
export const stateVersion = 4;

/** `undoing`: an undo that is not finished is taking it back. */
export type MigrationState = 'running' | 'done' | 'failed' | 'baseline' | 'undoing';
export type StepState = 'running' | 'done' | 'failed';

export interface RecordedMigration {
  readonly number: number;
  readonly name: string;
  readonly fileHash: string;
  readonly chainedHash: string;
  readonly state: MigrationState;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface RecordedStep {
  /** The number of its migration, or of the undo. */
  readonly migration: number;
  readonly step: number;
  readonly state: StepState;
  readonly sqlHash: string;
  /** Of an expand step: hashes of the statements that are done. */
  readonly parts: readonly string[];
  /** Of an expand step: hash of the statement that was begun outside a transaction. */
  readonly part: string | null;
  /** Of a backfill that the runner goes through: how far it is, as JSON. */
  readonly batch: string | null;
  readonly error: string | null;
}

/** An undo that is not finished. */
export interface RecordedUndo {
  readonly id: number;
  /** The number of the migration that it goes back to. */
  readonly to: number;
  /** The migrations that it takes back, newest first. */
  readonly names: readonly string[];
  /** What was planned and proven when it began, and is run to its end. */
  readonly script: string;
  readonly startedAt: string;
  readonly steps: readonly RecordedStep[];
}

export interface Records {
  readonly migrations: readonly RecordedMigration[];
  /** Steps of migrations that are not finished. */
  readonly steps: readonly RecordedStep[];
  readonly undo?: RecordedUndo;
}

const nothing: Records = { migrations: [], steps: [] };

const stepColumns = `step integer NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  sql_hash text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  parts text[] NOT NULL DEFAULT '{}',
  part text,
  error text`;

function createTables(schema: string, schemaExists: boolean): string {
  // IF NOT EXISTS would ask for CREATE on the database even where the schema was made for this role beforehand.
  return `BEGIN;
${schemaExists ? '' : `CREATE SCHEMA ${schema};`}
CREATE TABLE ${schema}.meta (version integer NOT NULL);
INSERT INTO ${schema}.meta VALUES (1);
CREATE TABLE ${schema}.migration (
  number integer PRIMARY KEY,
  name text NOT NULL UNIQUE,
  file_hash text NOT NULL,
  chained_hash text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'baseline')),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  applied_by text NOT NULL DEFAULT session_user,
  engine text NOT NULL DEFAULT 'PostgreSQL ' || current_setting('server_version')
);
CREATE TABLE ${schema}.step (
  migration integer NOT NULL REFERENCES ${schema}.migration ON DELETE CASCADE,
  ${stepColumns},
  PRIMARY KEY (migration, step)
);
${upgrades(schema, 1)}
COMMIT`;
}

/** What each version of the tables adds to the one before. */
const additions: { readonly [version: number]: (schema: string) => string } = {
  // Fingerprints of what the migrations made, and of which records and which server they are.
  2: (schema) => `ALTER TABLE ${schema}.meta ADD COLUMN records text, ADD COLUMN spelled_by integer;
CREATE TABLE ${schema}.object (address text PRIMARY KEY, fingerprint text NOT NULL);`,
  // Where a backfill stopped.
  3: (schema) => `ALTER TABLE ${schema}.step ADD COLUMN batch text;`,
  // Undoing: its script is kept, so that one that was stopped is finished as it was planned.
  4: (schema) => `ALTER TABLE ${schema}.migration DROP CONSTRAINT migration_state_check,
  ADD CONSTRAINT migration_state_check CHECK (state IN ('running', 'done', 'failed', 'baseline', 'undoing'));
CREATE TABLE ${schema}.undo (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  down_to integer NOT NULL,
  undone text[] NOT NULL,
  script text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  undone_by text NOT NULL DEFAULT session_user,
  engine text NOT NULL DEFAULT 'PostgreSQL ' || current_setting('server_version')
);
CREATE UNIQUE INDEX undo_unfinished ON ${schema}.undo ((true)) WHERE state <> 'done';
CREATE TABLE ${schema}.undo_step (
  undo integer NOT NULL REFERENCES ${schema}.undo ON DELETE CASCADE,
  ${stepColumns},
  batch text,
  PRIMARY KEY (undo, step)
);`,
};

/** Takes the tables from a version to this one. */
function upgrades(schema: string, from: number): string {
  const steps = Array.from({ length: stateVersion - from }, (_, place) => additions[from + place + 1]?.(schema) ?? '');
  return [...steps, `UPDATE ${schema}.meta SET version = ${String(stateVersion)};`].join('\n');
}

async function findVersion(connection: Connection, stateSchema: string): Promise<number | undefined> {
  const meta = `${quoteName(stateSchema)}.meta`;
  const [found] = await connection.rows(`SELECT pg_catalog.to_regclass(${quoteText(meta)}) IS NOT NULL`);
  if (found?.[0] !== 't') return undefined;
  const [row] = await connection.rows(`SELECT version FROM ${meta}`);
  const foundVersion = Number(row?.[0]);
  if (foundVersion > stateVersion) {
    fail(
      'state-version',
      `the schema ${stateSchema} was written by a newer schemac (version ${String(foundVersion)}, this one knows ${String(stateVersion)})`,
      { hint: 'use the newer schemac' },
    );
  }
  return foundVersion;
}

/** Makes the tables where they are missing, and brings older ones up to date. Only the holder of the migration lock may call it. */
export async function ensureStateSchema(connection: Connection, stateSchema: string): Promise<void> {
  const found = await findVersion(connection, stateSchema);
  if (found === stateVersion) return;
  const schema = quoteName(stateSchema);
  if (found !== undefined) {
    await makeTables(connection, stateSchema, `BEGIN;\n${upgrades(schema, found)}\nCOMMIT`);
    return;
  }
  const [existing] = await connection.rows(`SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${quoteText(stateSchema)}`);
  await makeTables(connection, stateSchema, createTables(schema, existing !== undefined));
}

async function makeTables(connection: Connection, stateSchema: string, sql: string): Promise<void> {
  try {
    await connection.rows(sql);
  } catch (error) {
    await connection.rows('ROLLBACK').catch(() => undefined);
    if (!(error instanceof PostgresError)) throw error;
    fail('state-schema', `cannot make the tables of the runner in the schema ${stateSchema}: ${error.message}`, {
      hint: `the role needs CREATE on the database, or a schema of its own: CREATE SCHEMA ${quoteName(stateSchema)} AUTHORIZATION …; tables that are there must be its own; another name is taken with --state-schema`,
    });
  }
}

/** What is recorded; nothing where the tables do not exist. */
export async function readRecords(connection: Connection, stateSchema: string): Promise<Records> {
  const version = await findVersion(connection, stateSchema);
  if (version === undefined) return nothing;
  const schema = quoteName(stateSchema);
  const migrations = await connection.rows(
    `SELECT number, name, file_hash, chained_hash, state, started_at, finished_at FROM ${schema}.migration ORDER BY number`,
  );
  const steps = await connection.rows(
    `SELECT s.migration, ${stepFields}, ${version < 3 ? 'NULL' : 's.batch'} FROM ${schema}.step s JOIN ${schema}.migration m ON m.number = s.migration
     WHERE m.state NOT IN ('done', 'baseline', 'undoing') ORDER BY s.migration, s.step`,
  );
  const undo = version < 4 ? undefined : await readUndo(connection, schema);
  return {
    ...(undo === undefined ? {} : { undo }),
    migrations: migrations.map(([number, name, fileHash, chainedHash, state, startedAt, finishedAt]) => ({
      number: Number(number),
      name: name ?? '',
      fileHash: fileHash ?? '',
      chainedHash: chainedHash ?? '',
      state: state as MigrationState,
      startedAt: startedAt ?? '',
      finishedAt: finishedAt ?? null,
    })),
    steps: steps.map(readStep),
  };
}

const stepFields = `s.step, s.state, s.sql_hash, pg_catalog.array_to_string(s.parts, ' '), s.part, s.error`;

function readStep([owner, step, state, sqlHash, parts, part, error, batch]: Row): RecordedStep {
  return {
    migration: Number(owner),
    step: Number(step),
    state: state as StepState,
    sqlHash: sqlHash ?? '',
    parts: (parts ?? '').split(' ').filter((hash) => hash !== ''),
    part: part ?? null,
    batch: batch ?? null,
    error: error ?? null,
  };
}

async function readUndo(connection: Connection, schema: string): Promise<RecordedUndo | undefined> {
  const [row] = await connection.rows(
    `SELECT id, down_to, pg_catalog.array_to_json(undone), script, started_at FROM ${schema}.undo WHERE state <> 'done'`,
  );
  if (row === undefined) return undefined;
  const [id, to, names, script, startedAt] = row;
  const steps = await connection.rows(
    `SELECT s.undo, ${stepFields}, s.batch FROM ${schema}.undo_step s WHERE s.undo = ${String(id)} ORDER BY s.step`,
  );
  return {
    id: Number(id),
    to: Number(to),
    names: JSON.parse(names ?? '[]') as readonly string[],
    script: script ?? '',
    startedAt: startedAt ?? '',
    steps: steps.map(readStep),
  };
}
