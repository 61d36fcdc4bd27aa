/**
 * The few statements that tests send to a server as a whole: its version, and making and dropping
 * scratch databases. Nothing here starts or chooses a server.
 */
import type { Client } from 'pg';

/** Opens a client, hands it to the action, and closes it whatever happens. */
export async function withClient<Result>(url: string, action: (client: Client) => Promise<Result>): Promise<Result> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  // A server that stops while a test fails would otherwise raise an error event that hides the failure.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

/** The version as the server says it: `18.4`. */
export async function serverVersion(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return (rows[0]?.server_version ?? '').split(' ')[0] ?? '';
  });
}

/** The URL of another database on the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** Makes an empty database, dropping one of that name first. */
export async function createDatabase(serverUrl: string, name: string, major: number): Promise<string> {
  await dropDatabase(serverUrl, name);
  // file_copy (PostgreSQL 15) copies files instead of logging every page: less than half the time on an unsynced server.
  const strategy = major >= 15 ? ' STRATEGY file_copy' : '';
  // template0, since nobody can be connected to it: CREATE DATABASE refuses a template in use.
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE template0${strategy}`));
  return databaseUrl(serverUrl, name);
}

export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await withClient(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`));
}
