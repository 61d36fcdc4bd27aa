/**
 * What an engine can do, asked of the engine itself once when it is opened: a set of texts such as
 * `extension citext`, `collation de-x-icu`, `compression lz4`, `method gist`, `security-label`.
 * Works through SQL only, so that both engines answer by the same questions.
 */
import { PostgresError, type EngineRow } from './engine.ts';

/** The roles of the engine's server are the engine's alone: it may make what it needs. */
export const ownRoles = 'roles of its own';

const catalogQuestion = `
  SELECT 'extension ' || name AS capability FROM pg_catalog.pg_available_extensions
  UNION ALL SELECT 'collation ' || collname FROM pg_catalog.pg_collation
    WHERE collencoding IN (-1, pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding()))
  UNION ALL SELECT 'method ' || amname FROM pg_catalog.pg_am
  UNION ALL SELECT 'compression ' || pg_catalog.unnest(enumvals) FROM pg_catalog.pg_settings
    WHERE name = 'default_toast_compression'
  UNION ALL SELECT 'schema public in which everybody can create' WHERE current_setting('server_version_num')::int < 150000`;

/**
 * Label providers are in no catalog: PostgreSQL refuses any label, even NULL, with "no security
 * label providers have been loaded" when there are none.
 */
const labelQuestion = 'SECURITY LABEL ON SCHEMA pg_catalog IS NULL';

/** Asks an engine in a state fit for statements (no failed transaction). */
export async function readCapabilities(query: (sql: string) => Promise<readonly EngineRow[]>): Promise<ReadonlySet<string>> {
  const capabilities = new Set((await query(catalogQuestion)).map((row) => row['capability'] ?? ''));
  try {
    await query(labelQuestion);
    capabilities.add('security-label');
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
  }
  return capabilities;
}
