/**
 * One connection to a PostgreSQL server whose values all come as text. Turns the driver's errors
 * into ours; the URL, which may hold a password, appears in none of them.
 */
import type { Client, DatabaseError, QueryArrayResult } from 'pg';
import { columnNames, PostgresError, type EngineRow } from './engine.ts';

export interface ServerConnection {
  readonly run: (sql: string) => Promise<readonly EngineRow[]>;
  readonly end: () => Promise<void>;
}

const connectTimeout = 15_000;

/** Settings that a server, database or role may have changed and that decide how values print or statements run. */
const session = `
  SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1;
  SET bytea_output = 'hex'; SET standard_conforming_strings = on; SET search_path = public;
  SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  SET default_transaction_read_only = off; SET client_min_messages = warning`;

/** The URL for another database on the same server. Fails without repeating what is wrong with a bad one. */
export function urlOfDatabase(url: string, database: string): string {
  const parsed = parse(url);
  parsed.pathname = `/${encodeURIComponent(database)}`;
  return parsed.href;
}

function parse(url: string): URL {
  // The error of URL itself carries the whole text, password included.
  if (!URL.canParse(url)) throw new Error('the engine is no valid postgres:// URL');
  return new URL(url);
}

export async function connect(url: string): Promise<ServerConnection> {
  const { hostname, port } = parse(url);
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeout, application_name: 'schemac' });
  // Without a listener a connection that breaks while idle would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(session);
  } catch (error) {
    await client.end().catch(() => undefined);
    const server = `${hostname || 'the local socket'}${port ? `:${port}` : ''}`;
    throw translated(error, `cannot connect to PostgreSQL at ${server}: `);
  }
  return { run: (sql) => run(client, sql), end: () => client.end() };
}

const asText = { getTypeParser: () => (value: string | null) => value };

async function run(client: Client, sql: string): Promise<readonly EngineRow[]> {
  try {
    const answer: unknown = await client.query({ text: sql, types: asText, rowMode: 'array' });
    // Several statements give a list; the rows are those of the last one that has columns.
    const results = (Array.isArray(answer) ? answer : [answer]) as QueryArrayResult<(string | null)[]>[];
    const { fields, rows } = results.findLast((result) => result.fields.length > 0) ?? { fields: [], rows: [] };
    const names = columnNames(fields.map(({ name }) => name));
    return rows.map((row) => Object.fromEntries(names.map((name, place) => [name, row[place] ?? null])));
  } catch (error) {
    throw translated(error, '');
  }
}

function translated(error: unknown, prefix: string): Error {
  const { message, code, position, detail, hint, severity } = error as DatabaseError;
  // Only what the server said has a severity; codes like ECONNREFUSED are the operating system's.
  if (severity === undefined || code === undefined) return new Error(`${prefix}${message || (code ?? 'the connection failed')}`);
  const place = position === undefined ? undefined : Number(position);
  return new PostgresError(prefix + message, { code, position: place, detail, hint });
}
