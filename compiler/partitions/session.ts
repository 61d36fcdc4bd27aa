/**
 * What maintenance holds while it works on one database: a connection that keeps the lock and looks who
 * blocks whom, and one that works. The lock is that of migrations: a partition must not go while a
 * migration visits all of them.
 */
import { PostgresError } from '../engine/engine.ts';
import { acquireLock } from '../migrate/advisory-lock.ts';
import { connect, type Connection } from '../migrate/connection.ts';
import { describeUrl } from '../migrate/describe-url.ts';
import { checkServer, refusePooler, type Server } from '../migrate/server-checks.ts';
import { applicationName, type Worker } from '../migrate/session.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { quoteText } from '../sql/quote.ts';
import { ruleFailure } from './failure.ts';
import { usualPartitionLimits, type PartitionLimits, type PartitionOptions } from './options.ts';

export interface Maintenance extends Worker {
  readonly database: string;
  readonly server: Server;
  readonly limits: PartitionLimits;
  /** The time to go by, as the server prints it. */
  readonly at: string;
  readonly options: PartitionOptions;
}

/** Times, intervals and names are read and written in one form, whatever the role or the database is set to. */
const settings = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET search_path = ''; SET statement_timeout = 0`;

/** The time asked for, or the server's, in one spelling. */
export async function clockOf(connection: Connection, at: string | undefined): Promise<string> {
  const moment = at === undefined ? 'pg_catalog.clock_timestamp()' : `${quoteText(at)}::timestamptz`;
  return (await connection.rows(`SELECT ${moment}`))[0]?.[0] ?? '';
}

async function prepare(options: PartitionOptions, control: Connection, worker: Connection): Promise<Maintenance> {
  const { url, stateSchema = 'schemac', report = () => undefined, signal = new AbortController().signal, whenBusy = 'wait' } = options;
  const database = describeUrl(url);
  const server = await checkServer(control, database);
  const workerPid = await refusePooler(control, worker, database);
  await control.rows('SET idle_session_timeout = 0');
  await acquireLock(control, { purpose: 'run', stateSchema, whenBusy, report, signal });
  await acquireLock(worker, { purpose: 'work', stateSchema, whenBusy, report, signal });
  await worker.rows(settings);
  const limits = { ...usualPartitionLimits, ...options.limits };
  return { options, database, server, control, worker, workerPid, limits, report, signal, at: await clockOf(worker, options.at) };
}

/** Opens a session that may change something, and closes it whatever happens; the locks go with it. */
export async function withMaintenance<Result>(
  options: PartitionOptions,
  action: (maintenance: Maintenance) => Promise<Result>,
): Promise<Result> {
  const name = applicationName('partitions');
  const control = await connect({ url: options.url, applicationName: name });
  let worker: Connection | undefined;
  try {
    worker = await connect({ url: options.url, applicationName: name });
    return await action(await prepare(options, control, worker));
  } finally {
    await worker?.close();
    await control.close();
  }
}

/** A connection that only reads, in one snapshot; it needs no lock, and works on a replica too. */
export async function withReader<Result>(options: PartitionOptions, action: (connection: Connection) => Promise<Result>): Promise<Result> {
  const connection = await connect({ url: options.url, applicationName: applicationName('partitions') });
  try {
    await connection.rows(settings);
    await connection.rows('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await action(connection);
  } finally {
    await connection.close();
  }
}

/** Reads what concerns one table; where PostgreSQL refuses it, the transaction goes on for the others. */
export async function readTable<Result>(
  connection: Connection,
  table: string,
  action: () => Promise<Result>,
): Promise<{ readonly found: Result } | { readonly failure: Diagnostic }> {
  await connection.rows('SAVEPOINT one_table');
  try {
    return { found: await action() };
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    await connection.rows('ROLLBACK TO one_table');
    return { failure: ruleFailure(table, error) };
  }
}
