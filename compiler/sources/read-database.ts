/**
 * A live database as a source: one REPEATABLE READ, READ ONLY transaction under pinned settings, with
 * a role that needs no right but to connect. Nothing is ever written to it, no temporary table either.
 */
import { PostgresError } from '../engine/engine.ts';
import { accountFor, type Account } from '../introspect/account.ts';
import { pinnedSettings } from '../introspect/introspect.ts';
import { ConnectionLost, connect, type Connection } from '../migrate/connection.ts';
import { describeUrl } from '../migrate/describe-url.ts';
import type { ReferenceTable } from '../model/declared.ts';
import { DiagnosticError, fail } from '../model/diagnostic.ts';
import { refuseStranger } from './stranger.ts';
import type { Source } from './source.ts';

/** The oldest major that is read; older ones lack catalogs that the kinds ask for. */
const oldest = 14;

interface Server {
  /** `18.4`, without what a distribution appends. */
  readonly version: string;
  readonly major: number;
}

/**
 * Reads a database. Without a URL, libpq's variables and .pgpass say which. Throws a `DiagnosticError`:
 * `connection`, `not-postgres`, `postgres-too-old`, `missing-privilege`, `changed-while-read`.
 */
export async function readDatabase(url: string | undefined, referenceTables: readonly ReferenceTable[] = []): Promise<Source> {
  const name = describeUrl(url);
  const connection = await connect({ url, applicationName: 'schemac' }).catch((error: unknown) => refuseStranger(error, url));
  try {
    const server = await readServer(connection, name);
    const { state, notModelled } = await readUnchanged(connection, server, name, referenceTables);
    return {
      source: 'database',
      name,
      state,
      notModelled,
      spelled: { name: `PostgreSQL ${server.version}`, major: server.major },
      externals: new Set(),
      ...(referenceTables.length === 0 ? {} : { referenceTables }),
    };
  } catch (error) {
    throw explained(error, name);
  } finally {
    await connection.close();
  }
}

async function readServer(connection: Connection, name: string): Promise<Server> {
  const [row] = await connection.rows(
    `SELECT pg_catalog.current_setting('server_version'), pg_catalog.current_setting('server_version_num'), pg_catalog.version()`,
  );
  const [shown, number, whole] = row ?? [];
  const version = (shown ?? '').split(' ')[0] ?? '';
  if (whole?.startsWith('PostgreSQL') !== true)
    fail('not-postgres', `${name} speaks PostgreSQL's protocol but is something else: ${whole ?? 'it says no version'}`, {
      hint: 'schemac knows the catalogs of PostgreSQL alone',
    });
  const major = Math.floor(Number(number) / 10_000);
  if (major < oldest) {
    const numbered = major < 10 ? version.split('.').slice(0, 2).join('.') : String(major);
    fail('postgres-too-old', `PostgreSQL ${numbered} is not supported: ${name} must be of version ${oldest} or newer`, {
      hint: `dump its schema with pg_dump --schema-only, and give that file as the source`,
    });
  }
  return { version, major };
}

/** How often a database is read that others change meanwhile. */
const attempts = 3;

/**
 * Catalog queries see one snapshot, but functions such as pg_get_viewdef look into the newest state:
 * what was dropped since makes them fail (XX000, "cache lookup failed") or give NULL.
 */
async function readUnchanged(connection: Connection, server: Server, name: string, tables: readonly ReferenceTable[]): Promise<Account> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readOnce(connection, server.major, tables);
    } catch (error) {
      if (!mayBeChange(error)) throw error;
      if (attempt < attempts) continue;
      const message = error instanceof Error ? error.message : String(error);
      fail('changed-while-read', `${name} could not be read in ${attempts} attempts, it seems to change all the time: ${message}`, {
        hint: 'run it again when no migration is under way',
      });
    }
  }
}

function mayBeChange(error: unknown): boolean {
  if (error instanceof PostgresError) return error.code === 'XX000' || error.code === '42P01' || error.code === '42704';
  return error instanceof Error && error.message.startsWith('the catalog query gives no');
}

async function readOnce(connection: Connection, major: number, tables: readonly ReferenceTable[]): Promise<Account> {
  // Rows that a policy hides would look as if they were not there; so PostgreSQL refuses instead (manual §20.11.1, row_security).
  const settings = [...pinnedSettings, 'SET LOCAL row_security TO off'];
  await connection.rows(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${settings.join('; ')}`);
  try {
    return await accountFor({ query: (sql) => connection.records(sql) }, major, { tables });
  } finally {
    await connection.rows('ROLLBACK').catch(() => undefined);
  }
}

function explained(error: unknown, name: string): unknown {
  if (error instanceof ConnectionLost)
    return new DiagnosticError([{ code: 'connection', severity: 'error', message: `the connection to ${name} broke: ${error.message}` }]);
  if (!(error instanceof PostgresError)) return error;
  const isForbidden = error.code === '42501';
  return new DiagnosticError([
    {
      code: isForbidden ? 'missing-privilege' : 'database',
      severity: 'error',
      message: `${name} cannot be read: ${error.message} [${error.code}]`,
      ...(isForbidden
        ? {
            hint:
              catalogHint(error, name) ??
              'GRANT USAGE ON SCHEMA schemac, and SELECT ON ALL TABLES IN SCHEMA schemac, to the role, and SELECT ON tables whose rows the schema declares (BYPASSRLS where their policies hide rows); all else is open to every role',
          }
        : error.hint === undefined
          ? {}
          : { hint: error.hint }),
    },
  ]);
}

/** Catalogs are open to everybody, unless somebody closed one: then nothing of what it holds could be seen. */
function catalogHint(error: PostgresError, name: string): string | undefined {
  const catalog = /\b(?:table|view) (pg_\w+)/.exec(error.message)?.[1];
  if (catalog === undefined) return undefined;
  return `${catalog} is not open to this role, as catalogs are: GRANT SELECT ON pg_catalog.${catalog} TO ${/^(.+)@/.exec(name)?.[1] ?? 'it'}`;
}
