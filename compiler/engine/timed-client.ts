/**
 * A connection that times one statement after another, as an application has it: prepared once under its
 * name, values as parameters. Only the time between asking and the last row counts.
 */
import type { Client, DatabaseError } from 'pg';
import { PostgresError } from './engine.ts';

export interface TimedClient {
  /** Milliseconds that the statement took. Throws a `PostgresError`. */
  readonly time: (statement: { readonly name: string; readonly text: string; readonly values: readonly unknown[] }) => Promise<number>;
  /** Runs SQL without timing it. */
  readonly run: (sql: string) => Promise<readonly { readonly [column: string]: unknown }[]>;
  readonly close: () => Promise<void>;
}

/** Connects; the URL, which may hold a password, is in no message. */
export async function openTimedClient(url: string): Promise<TimedClient> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, application_name: 'schemac bench' });
  client.on('error', () => undefined);
  await client.connect();
  return {
    time: async ({ name, text, values }) => {
      const started = performance.now();
      await translated(client.query({ name, text, values: [...values] }));
      return performance.now() - started;
    },
    run: async (sql) => rowsOf(client, sql),
    close: () => client.end(),
  };
}

async function rowsOf(client: Client, sql: string): Promise<readonly { readonly [column: string]: unknown }[]> {
  const answer: unknown = await translated(client.query(sql));
  return ([answer].flat().at(-1) as { readonly rows: readonly { readonly [column: string]: unknown }[] }).rows;
}

async function translated<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked;
  } catch (error) {
    const { message, code, severity, detail, hint } = error as DatabaseError;
    if (severity === undefined || code === undefined) throw error;
    throw new PostgresError(message, { code, detail, hint });
  }
}
