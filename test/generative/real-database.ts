/**
 * A real schema in a database, with rows in every table that takes some, and copies of it: made by
 * PostgreSQL itself, so that a copy is the same to the last byte.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { connect } from '../../compiler/engine/server-connection.ts';
import { address } from '../../compiler/model/address.ts';
import { seedRows } from '../../compiler/prove/rows.ts';
import { quoteName } from '../../compiler/sql/quote.ts';
import { runScript } from '../sources/support.ts';
import { dropDatabase, withClient } from '../support/database.ts';
import { runPsql } from '../support/dump.ts';
import type { TestServer } from '../support/servers.ts';

export async function loadSchema(server: TestServer, file: string): Promise<string> {
  const url = await server.createDatabase();
  const loaded = await runPsql(url, file);
  if (loaded === undefined) await runScript(url, readFileSync(file, 'utf8'));
  else expect(loaded.exitCode, loaded.errors).toBe(0);
  return url;
}

/** Nobody may be connected to the database that is copied. */
export async function copyOf(server: TestServer, url: string): Promise<string> {
  const copy = await server.createDatabase();
  const [from, to] = [url, copy].map((each) => decodeURIComponent(new URL(each).pathname.slice(1)));
  await dropDatabase(server.url, to ?? '');
  // As where tests make databases: files are copied and not logged page by page (15).
  const strategy = server.major >= 15 ? ' STRATEGY file_copy' : '';
  await withClient(server.url, (client) =>
    client.query(`CREATE DATABASE ${quoteName(to ?? '')} TEMPLATE ${quoteName(from ?? '')}${strategy}`),
  );
  return copy;
}

const tablesQuery = `
  SELECT n.nspname, c.relname, c.oid::int8 AS oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2`;

/** Gives how many tables hold rows now. */
export async function fill(url: string, major: number): Promise<number> {
  const connection = await connect(url);
  const engine: Engine = {
    identity: { name: `PostgreSQL ${String(major)}`, major },
    has: () => true,
    query: connection.run,
    execute: async (sql) => void (await connection.run(sql)),
    keep: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  try {
    const tables = await connection.run(tablesQuery);
    const { seeded } = await seedRows(
      engine,
      tables.map(({ nspname, relname }) => address('table', nspname ?? '', relname ?? '')),
    );
    return seeded.length;
  } finally {
    await connection.end();
  }
}

/** What rows each table holds, column by column: the type, and the values in any order. */
export type Rows = ReadonlyMap<string, ReadonlyMap<string, { readonly type: string; readonly values: string }>>;

const columnsQuery = `
  SELECT format('%I.%I', n.nspname, c.relname) AS table, quote_ident(a.attname) AS column, format_type(a.atttypid, a.atttypmod) AS type
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

export async function rowsIn(url: string): Promise<Rows> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ table: string; column: string | null; type: string }>(columnsQuery);
    const tables = new Map<string, { column: string; type: string }[]>();
    for (const { table, column, type } of rows)
      tables.set(table, [...(tables.get(table) ?? []), ...(column === null ? [] : [{ column, type }])]);
    const found = new Map<string, Map<string, { type: string; values: string }>>();
    for (const [table, columns] of tables) {
      const values = columns.map(({ column }) => `, string_agg(coalesce(${column}::text, 'NULL'), '|' ORDER BY ${column}::text)`);
      const { rows: answer } = await client.query<(string | null)[]>({
        text: `SELECT count(*)${values.join('')} FROM ${table}`,
        rowMode: 'array',
      });
      const [count, ...each] = answer[0] ?? [];
      found.set(
        table,
        new Map([
          ['how many', { type: 'rows', values: count ?? '' }],
          ...columns.map(({ column, type }, place) => [column, { type, values: each[place] ?? '' }] as const),
        ]),
      );
    }
    return found;
  });
}

/**
 * Columns that start and goal both have, of one type, and that hold after a migration neither what the
 * start had nor what the goal has, which had the same rows once.
 */
export function touched(made: Rows, start: Rows, goal: Rows): readonly string[] {
  return [...start].flatMap(([table, columns]) =>
    [...columns].flatMap(([column, old]) => {
      const wanted = goal.get(table)?.get(column);
      if (wanted?.type !== old.type) return [];
      const now = made.get(table)?.get(column)?.values;
      return now === old.values || now === wanted.values ? [] : [`${table}.${column}: ${old.values} became ${now ?? 'nothing'}`];
    }),
  );
}

export async function emptyAll(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ nspname: string; relname: string }>(tablesQuery);
    const names = rows.map(({ nspname, relname }) => `${quoteName(nspname)}.${quoteName(relname)}`);
    if (names.length > 0) await client.query(`TRUNCATE ${names.join(', ')}`);
    // What was made of rows that are gone.
    const { rows: kept } = await client.query<{ view: string }>(
      `SELECT oid::regclass::text AS view FROM pg_class WHERE relkind = 'm' AND relispopulated`,
    );
    for (const { view } of kept) await client.query(`REFRESH MATERIALIZED VIEW ${view}`);
  });
}
