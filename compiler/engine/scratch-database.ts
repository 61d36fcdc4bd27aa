/**
 * A scratch database on somebody's server: how it is named, made, found again and dropped. Only
 * names of this one form are ever dropped; no other database is touched.
 */
import { randomBytes } from 'node:crypto';
import type { EngineRow } from './engine.ts';

/** Runs SQL on the server's maintenance connection. */
export type RunSql = (sql: string) => Promise<readonly EngineRow[]>;

/** The moment it was made is in the name, for pg_database keeps no creation time. */
function newName(now: Date): string {
  return `schemac_scratch_${Math.floor(now.getTime() / 1000)}_${randomBytes(6).toString('hex')}`;
}

/** Creates a scratch database and returns its name. */
export async function createScratch(run: RunSql): Promise<string> {
  const name = newName(new Date());
  await createDatabase(run, name);
  return name;
}

/**
 * Creates a database, whose name comes quoted, in UTF-8 with the server's own locale, or with locale C where
 * that locale belongs to another encoding (22023 invalid_parameter_value).
 */
export async function createDatabase(run: RunSql, name: string): Promise<void> {
  const create = `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`;
  try {
    await run(create);
  } catch (error) {
    if ((error as { code?: string }).code !== '22023') throw error;
    await run(`${create} LOCALE 'C'`);
  }
}

/** Drops a scratch database; FORCE ends what our own broken connection may have left (PostgreSQL 13). */
export async function dropScratch(run: RunSql, name: string): Promise<void> {
  await run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

const abandoned = `
  SELECT datname FROM pg_catalog.pg_database d
  WHERE datname ~ '^schemac_scratch_[0-9]{10}_[0-9a-f]{12}$'
    AND pg_catalog.split_part(datname, '_', 3)::bigint < extract(epoch FROM pg_catalog.now()) - 86400
    AND pg_catalog.pg_has_role(datdba, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)`;

/** Drops scratch databases over a day old that nobody is connected to: those of killed processes. */
export async function sweepScratches(run: RunSql): Promise<void> {
  for (const { datname } of await run(abandoned)) {
    // Without FORCE: should somebody connect meanwhile, it is theirs and the drop fails.
    await run(`DROP DATABASE IF EXISTS ${datname ?? ''}`).catch(() => undefined);
  }
}
