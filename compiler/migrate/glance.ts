/**
 * One look at a database, in one round trip on a connection that holds nothing: whether the last
 * migration of the folder is the last one that it recorded. What is not so plain is left to a real run.
 */
import { PostgresError } from '../engine/engine.ts';
import { quoteName } from '../sql/quote.ts';
import type { Connection } from './connection.ts';
import type { FolderMigration } from './folder.ts';
import { judgeServer, serverFacts } from './server-checks.ts';
import type { Server } from './server-checks.ts';
import { stateVersion } from './state-schema.ts';

/** Tables that are not there or of an older version, or that this role may not read. */
const notSimple = new Set(['42P01', '3F000', '42703', '42501']);

/** What a current database has recorded: it applied the baseline, or what was folded into it. */
function waysHere(folder: readonly FolderMigration[], last: FolderMigration): readonly (readonly string[])[] {
  const way = (count: number, { name, fileHash, chainedHash }: MigrationIdentity): readonly string[] => {
    return [String(stateVersion), String(count), '0', name, fileHash, chainedHash];
  };
  const folded = folder[0]?.folded;
  if (folded === undefined) return [way(folder.length, last)];
  return [way(folder.length, last), way(folder.length - 1 + folded.length, last.folded?.at(-1) ?? last)];
}

type MigrationIdentity = Pick<FolderMigration, 'name' | 'fileHash' | 'chainedHash'>;

/**
 * The server where nothing is pending, half-done or unknown; `undefined` where that is not certain.
 * The chained hash of the last migration stands for every one before it. Throws as `judgeServer`.
 */
export async function findCurrent(
  connection: Connection,
  folder: readonly FolderMigration[],
  names: { readonly database: string; readonly stateSchema: string },
): Promise<Server | undefined> {
  const last = folder.at(-1);
  if (last === undefined) return undefined;
  const schema = quoteName(names.stateSchema);
  const sql = `SELECT ${serverFacts}, m.version, n.migrations, n.unfinished, l.name, l.file_hash, l.chained_hash
FROM ${schema}.meta m, (SELECT pg_catalog.count(*) AS migrations, pg_catalog.count(*) FILTER (WHERE state NOT IN ('done', 'baseline')) AS unfinished FROM ${schema}.migration) n,
  (SELECT * FROM ${schema}.migration ORDER BY number DESC LIMIT 1) l`;
  try {
    const [row] = await connection.rows(sql);
    if (row === undefined) return undefined;
    const recorded = row.slice(-6);
    const server = judgeServer(row, names.database);
    const isCurrent = waysHere(folder, last).some((way) => way.every((value, place) => value === recorded[place]));
    return isCurrent ? server : undefined;
  } catch (error) {
    if (error instanceof PostgresError && notSimple.has(error.code)) return undefined;
    throw error;
  }
}
