/**
 * Looks at a database from outside the runner: rows, and everything in it as sorted lines.
 */
import type { Client } from 'pg';
import { withClient } from '../support/database.ts';

export async function query(client: Client, sql: string): Promise<readonly unknown[]> {
  return (await client.query({ text: sql, rowMode: 'array' })).rows as readonly unknown[];
}

/** Columns, constraints, indexes and comments outside the runner's own schema. */
export async function describeDatabase(url: string): Promise<readonly string[]> {
  const sql = `
    WITH relation AS (
      SELECT c.oid, c.relname, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname NOT IN ('schemac', 'pg_catalog', 'information_schema', 'pg_toast'))
    SELECT concat_ws(' ', 'column', nspname, relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity) FROM relation JOIN pg_attribute ON attrelid = oid AND attnum > 0
    UNION ALL SELECT concat_ws(' ', 'constraint', r.nspname, r.relname, pg_get_constraintdef(c.oid), convalidated) FROM relation r JOIN pg_constraint c ON conrelid = r.oid
    UNION ALL SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid) FROM relation JOIN pg_index ON indexrelid = oid
    UNION ALL SELECT concat_ws(' ', 'comment', nspname, relname, objsubid, description) FROM relation JOIN pg_description ON objoid = oid AND classoid = 'pg_class'::regclass
    ORDER BY 1`;
  return withClient(url, async (client) => ((await query(client, sql)) as readonly (readonly string[])[]).map(([line]) => line ?? ''));
}
