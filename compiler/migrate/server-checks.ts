/**
 * What must be true of a server before anything is applied: it takes writes, is new enough, and each
 * of our connections is a session of its own. Looks only, changes nothing.
 */
import { fail } from '../model/diagnostic.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { Connection, Row } from './connection.ts';

export interface Server {
  /** `18.4` */
  readonly version: string;
  readonly major: number;
}

/** The columns that `judgeServer` reads. */
export const serverFacts = `pg_catalog.current_setting('server_version'), pg_catalog.current_setting('server_version_num'), pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('default_transaction_read_only')`;

/** The version, from a row that begins with `serverFacts`; refuses a replica and a database that is set read-only. */
export function judgeServer([version, number, recovering, readOnly]: Row, name: string): Server {
  if (recovering === 't') fail('replica', `${name} is a replica and takes no changes`, { hint: 'give the URL of the primary' });
  if (readOnly === 'on')
    fail('read-only', `sessions of this role on ${name} are read-only (default_transaction_read_only)`, {
      hint: 'use a role that may write, or ALTER ROLE … RESET default_transaction_read_only',
    });
  return { version: (version ?? '').split(' ')[0] ?? '', major: Math.floor(Number(number ?? '0') / 10_000) };
}

/** Reads the version; refuses a replica and a database that is set read-only. */
export async function checkServer(connection: Connection, name: string): Promise<Server> {
  const [row] = await connection.rows(`SELECT ${serverFacts}`);
  return judgeServer(row ?? [], name);
}

/**
 * Refuses a transaction pooler: there, SET and session locks end up in the session of somebody else.
 * A pooler that lends the longest free process gives `first` another one each time; one that lends the
 * last used process gives that of `first` to the open transaction of `second`, while `first` is idle.
 * @returns the server process of `second`.
 */
export async function refusePooler(first: Connection, second: Connection, name: string): Promise<number> {
  const processOf = async (connection: Connection): Promise<string | null | undefined> =>
    (await connection.rows('SELECT pg_catalog.pg_backend_pid()'))[0]?.[0];
  const one = await processOf(first);
  if (one === (await processOf(first))) {
    await second.rows('BEGIN');
    // When it is the same, the pool may hold no other process: asking again on `first` would wait forever.
    const other = await processOf(second);
    const lent = other === one || (await processOf(first)) !== one;
    await second.rows('COMMIT');
    if (!lent) return Number(other);
  }
  fail('pooler', `${name} is reached through a transaction pooler, which takes session locks and settings apart`, {
    hint: 'give the address of the server itself, or of a pool in session mode',
  });
}

/** Refuses a migration that names roles which the server does not have: no migration makes one. */
export async function checkRoles(
  connection: Connection,
  migration: { readonly name: string; readonly roles: readonly string[] },
  file: string,
): Promise<void> {
  if (migration.roles.length === 0) return;
  const names = migration.roles.map(quoteText).join(', ');
  const rows = await connection.rows(
    `SELECT name FROM pg_catalog.unnest(ARRAY[${names}]::text[]) name WHERE name NOT IN (SELECT rolname FROM pg_catalog.pg_roles) ORDER BY 1`,
  );
  const missing = rows.map(([name]) => name ?? '');
  if (missing.length === 0) return;
  fail(
    'role-missing',
    `${migration.name} is about ${missing.length === 1 ? 'a role' : 'roles'} that the server does not have: ${missing.join(', ')}`,
    {
      place: { file, line: 1, column: 1 },
      hint: `roles are for the whole server and made by no migration; run there ${missing.map((name) => `CREATE ROLE ${quoteName(name)};`).join(' ')} and then npx schemac migrate again`,
    },
  );
}

/** Refuses a migration that was written for a newer major than the server's. */
export function checkTarget(server: Server, migration: { readonly name: string; readonly target?: number }, file: string): void {
  if (migration.target === undefined || migration.target <= server.major) return;
  fail('server-too-old', `${migration.name} is written for PostgreSQL ${String(migration.target)}, the server is ${server.version}`, {
    place: { file, line: 1, column: 1 },
    hint: `upgrade the server, or set postgres: ${String(server.major)} in schema/project.ts and make the migration anew: npx schemac compile --amend`,
  });
}
