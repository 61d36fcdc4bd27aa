/**
 * One connection to the database that is migrated: runs statements, gives rows as text, and tells
 * an error of PostgreSQL from a connection that broke, since the two end a step in different ways.
 * The only file of the runner that knows the driver, which is loaded on the first connection.
 */
import type { Client, DatabaseError, QueryArrayResult } from 'pg';
import { PostgresError } from '../engine/engine.ts';
import { DiagnosticError, fail } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { describeUrl } from './describe-url.ts';

export type Row = readonly (string | null)[];

export interface Connection {
  /** Runs SQL and returns the rows of its last statement. Throws a `PostgresError` or a `ConnectionLost`. */
  rows(sql: string): Promise<readonly Row[]>;
  /** The same with the columns named. */
  records(sql: string): Promise<readonly { readonly [column: string]: string | null }[]>;
  /** How many statements of the message under way are done: a message of many tells with this which one failed. */
  completed(): number;
  close(): Promise<void>;
}

/** The connection broke: whether the statement under way took effect is not known. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'ConnectionLost';
  }
}

function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string';
}

function translate(error: unknown): Error {
  if (!isDatabaseError(error)) return new ConnectionLost(error);
  // FATAL ends the session (57P01: the server shuts down, 25P03: idle too long); its transaction is gone.
  if (error.severity === 'FATAL' || error.severity === 'PANIC') return new ConnectionLost(error);
  return new PostgresError(error.message, {
    code: error.code ?? 'XX000',
    position: error.position === undefined ? undefined : Number(error.position),
    detail: error.detail,
    hint: error.hint,
  });
}

/** Row values as PostgreSQL prints them: what is a date or a number is nobody's business here. */
const asText = { getTypeParser: () => (value: string | Buffer) => value.toString() };

type Result = QueryArrayResult<(string | null)[]>;

async function query(client: Client, sql: string): Promise<Result | undefined> {
  try {
    const result: unknown = await client.query({ text: sql, rowMode: 'array', types: asText });
    return (Array.isArray(result) ? result.at(-1) : result) as Result | undefined;
  } catch (error) {
    throw translate(error);
  }
}

function named(result: Result | undefined): readonly { readonly [column: string]: string | null }[] {
  const names = result?.fields.map(({ name }) => name) ?? [];
  return (result?.rows ?? []).map((row) => Object.fromEntries(names.map((name, place) => [name, row[place] ?? null])));
}

/** Counts what the server says after each statement of a message (manual §54.2.2.1, CommandComplete). */
function countCompleted(client: Client): { count: number } {
  const counter = { count: 0 };
  (client as unknown as { readonly connection: NodeJS.EventEmitter }).connection.on('commandComplete', () => (counter.count += 1));
  return counter;
}

function connectionOf(client: Client): Connection {
  const counter = countCompleted(client);
  const ask = (sql: string): Promise<Result | undefined> => {
    counter.count = 0;
    return query(client, sql);
  };
  return {
    rows: async (sql) => (await ask(sql))?.rows ?? [],
    records: async (sql) => named(await ask(sql)),
    completed: () => counter.count,
    close: async () => {
      await client.end().catch(() => undefined);
    },
  };
}

export interface ConnectionOptions {
  /** Without a URL, libpq's environment variables and .pgpass say where to connect. */
  readonly url: string | undefined;
  readonly applicationName: string;
  /** Takes what the server says besides results: notices and warnings. */
  readonly onNotice?: (message: string) => void;
}

/** Connects. Throws a `DiagnosticError` that names the database without its password. */
export async function connect({ url, applicationName, onNotice }: ConnectionOptions): Promise<Connection> {
  const { default: pg } = await import('pg');
  let client: Client;
  try {
    client = new pg.Client({
      ...(url === undefined ? {} : { connectionString: url }),
      application_name: applicationName,
      connectionTimeoutMillis: 15_000,
      // A lock connection is silent while an index is built for hours; without this a NAT would forget it.
      keepAlive: true,
    });
    client.on('error', () => undefined);
    // 25P01: a ROLLBACK after a COMMIT that failed finds no transaction, which is as it should be.
    if (onNotice !== undefined)
      client.on('notice', (notice) => notice.code === '25P01' || onNotice(`${notice.severity ?? 'NOTICE'}: ${notice.message ?? ''}`));
    await client.connect();
  } catch (error) {
    return refuseConnection(error, url);
  }
  return connectionOf(client);
}

function refuseConnection(error: unknown, url: string | undefined): never {
  // A driver's message about a malformed URL may repeat it; what the server or the socket says does not.
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = error instanceof Error && code !== 'ERR_INVALID_URL' ? error.message || code : 'the URL cannot be read';
  fail('connection', `cannot connect to ${describeUrl(url)}: ${said}`, {
    hint: 'give the database with --url, DATABASE_URL, or the variables PGHOST, PGPORT, PGUSER, PGDATABASE; a password also from PGPASSWORD or .pgpass',
  });
}

/** What to say of an error that no step caused; a programmer's mistake is thrown on. */
export function databaseDiagnostics(error: unknown, database: string): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  if (error instanceof ConnectionLost)
    return [{ code: 'connection', severity: 'error', message: `the connection to ${database} broke: ${error.message}` }];
  if (!(error instanceof PostgresError)) throw error;
  const hint =
    error.code === '42501' ? 'the role needs USAGE on the schema of the runner, and SELECT, INSERT and UPDATE on its tables' : error.hint;
  return [
    {
      code: 'database',
      severity: 'error',
      message: `${database}: ${error.message} [${error.code}]`,
      ...(hint === undefined ? {} : { hint }),
    },
  ];
}
