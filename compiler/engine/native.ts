/**
 * The engine on a server: a scratch database made for us and dropped when closed. Nothing is ever
 * kept there: a state would litter somebody's server, so no state is ever found.
 */
import { readCapabilities } from './capabilities.ts';
import type { Engine } from './engine.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { createDatabase, createScratch, dropScratch, sweepScratches } from './scratch-database.ts';
import { connect, urlOfDatabase, type ServerConnection } from './server-connection.ts';

/** Opens a new scratch database on the server that the URL names; its role needs CREATEDB. */
export async function openNative(url: string): Promise<Engine> {
  const name = await withConnection(url, async ({ run }) => {
    await sweepScratches(run);
    return createScratch(run);
  });
  const drop = (): Promise<void> => withConnection(url, ({ run }) => dropScratch(run, name));
  try {
    const connection = await connect(urlOfDatabase(url, name));
    return await nativeEngine(connection, drop);
  } catch (error) {
    await drop().catch(() => undefined);
    throw error;
  }
}

/** Opens a database by its name, and makes it in UTF-8 where there is none; it stays when the engine is closed. */
export async function openNamed(url: string, name: string): Promise<{ readonly engine: Engine; readonly isNew: boolean }> {
  const isNew = await withConnection(url, async ({ run }) => {
    const found = await run(`SELECT 1 AS found FROM pg_catalog.pg_database WHERE datname = ${quoteText(name)}`);
    if (found.length === 0) await createDatabase(run, quoteName(name));
    return found.length === 0;
  });
  const engine = await nativeEngine(await connect(urlOfDatabase(url, name)), () => Promise.resolve());
  return { engine, isNew };
}

async function withConnection<Result>(url: string, use: (connection: ServerConnection) => Promise<Result>): Promise<Result> {
  const connection = await connect(url);
  try {
    return await use(connection);
  } finally {
    await connection.end();
  }
}

async function nativeEngine(connection: ServerConnection, drop: () => Promise<void>): Promise<Engine> {
  const capabilities = await readCapabilities(connection.run);
  const shown = (await connection.run('SHOW server_version'))[0]?.['server_version'] ?? '';
  // Distributions append their own: `15.18 (Debian 15.18-0+deb12u1)`.
  const version = shown.split(' ')[0] ?? shown;
  return {
    identity: { name: `PostgreSQL ${version}`, major: Number.parseInt(version, 10) },
    has: (capability) => capabilities.has(capability),
    query: connection.run,
    execute: async (sql) => void (await connection.run(sql)),
    keep: async () => undefined,
    close: async () => {
      await connection.end().catch(() => undefined);
      await drop();
    },
  };
}
