/**
 * When a backfill makes way: while a replica is too far behind, or a transaction is so old that vacuum
 * cannot clear away what the backfill leaves. Looks once a second at most; waits, and says so.
 */
import { lasting } from './batch-pace.ts';
import type { Row } from './connection.ts';
import type { Limits } from './limits.ts';
import { pause } from './pause.ts';
import type { Session } from './session.ts';

/** Milliseconds between two looks. */
const pace = 1_000;

/**
 * Sessions that keep row versions from vacuum: those with a snapshot or a transaction number, and
 * prepared transactions. Vacuum itself keeps nothing (PROC_IN_VACUUM), a parallel worker has its leader's.
 */
function oldestTransactions(workerPid: number, age: number): string {
  const limit = `pg_catalog.clock_timestamp() - interval '${String(age)} milliseconds'`;
  return `SELECT 'transaction', pg_catalog.format('session %s (%s, user %s, %s)', pid, coalesce(nullif(application_name, ''), 'unnamed'), coalesce(usename, 'nobody'), state),
      (1000 * extract(epoch FROM pg_catalog.clock_timestamp() - xact_start))::bigint::text, NULL
    FROM pg_catalog.pg_stat_activity
    WHERE datname = pg_catalog.current_database() AND pid NOT IN (${String(workerPid)}, pg_catalog.pg_backend_pid())
      AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL) AND backend_type NOT IN ('autovacuum worker', 'parallel worker') AND xact_start < ${limit}
    UNION ALL
    SELECT 'transaction', pg_catalog.format('the prepared transaction %s of user %s', pg_catalog.quote_literal(gid), owner),
      (1000 * extract(epoch FROM pg_catalog.clock_timestamp() - prepared))::bigint::text, NULL
    FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() AND prepared < ${limit}`;
}

/** What each replica has replayed, how late it says that is, and how much there is to replay. */
const replicas = `SELECT 'replica', pg_catalog.format('%s (%s)', coalesce(nullif(application_name, ''), 'unnamed'), coalesce(client_addr::text, 'local')),
      coalesce((1000 * extract(epoch FROM replay_lag))::bigint, 0)::text, pg_catalog.pg_wal_lsn_diff(replay_lsn, '0/0')::text
    FROM pg_catalog.pg_stat_replication WHERE state IN ('streaming', 'catchup') AND replay_lsn IS NOT NULL
    UNION ALL SELECT 'here', '', NULL, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::text`;

function lookSql(session: Session): string | undefined {
  const { maxReplicationLag, maxTransactionAge } = session.limits;
  const parts = [
    ...(maxTransactionAge === 0 ? [] : [oldestTransactions(session.workerPid, maxTransactionAge)]),
    ...(maxReplicationLag === 0 ? [] : [replicas]),
  ];
  return parts.length === 0 ? undefined : parts.join('\n    UNION ALL ');
}

/** Where the log was at a time. */
interface Mark {
  readonly at: number;
  readonly position: number;
}

/**
 * By how many milliseconds a replica is behind. What it tells of its delay is that of the last replay
 * (manual, pg_stat_replication), and stays when it stands still and when it has caught up; since when it lacks what was here we know.
 */
export function lagOf(told: number, replayed: number, marks: readonly Mark[], now: number): number {
  const missing = marks.find(({ position }) => position > replayed);
  return missing === undefined ? 0 : Math.max(told, now - missing.at);
}

/** Why a backfill must wait, in words; `undefined` where nothing is in the way. */
export function obstacle(rows: readonly Row[], limits: Limits, marks: readonly Mark[], now: number): string | undefined {
  const [oldest] = rows
    .filter(([what]) => what === 'transaction')
    .map(([, name, age]) => ({ name, age: Number(age) }))
    .sort((left, right) => right.age - left.age);
  if (oldest !== undefined)
    return `the transaction of ${oldest.name ?? '?'} is ${lasting(oldest.age)} old, and vacuum cannot clear away what it may still see (--max-transaction-age ${String(limits.maxTransactionAge / 1000)})`;
  const [latest] = rows
    .filter(([what]) => what === 'replica')
    .map(([, name, told, replayed]) => ({ name, lag: lagOf(Number(told), Number(replayed), marks, now) }))
    .sort((left, right) => right.lag - left.lag);
  if (latest === undefined || latest.lag <= limits.maxReplicationLag) return undefined;
  return `the replica ${latest.name ?? '?'} is ${lasting(latest.lag)} behind (--max-replication-lag ${String(limits.maxReplicationLag / 1000)})`;
}

/** Waits as long as a backfill has to make way. */
export interface Way {
  /** Gives the milliseconds that it waited. Throws `Interrupted` when a signal comes. */
  readonly free: (what: string) => Promise<number>;
}

/** Who may not see other sessions sees no transaction of theirs either (manual §27.2.3). */
const blindness = `SELECT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')`;

export async function makeWay(session: Session, what: string): Promise<Way> {
  const sql = lookSql(session);
  if (sql === undefined) return { free: () => Promise.resolve(0) };
  const [seeing] = await session.control.rows(blindness);
  if (seeing?.[0] !== 't')
    session.report(
      `${what}: this role sees neither replicas nor the transactions of others, so it makes way for neither; GRANT pg_read_all_stats lets it`,
    );
  const marks: Mark[] = [];
  let last = 0;
  const look = async (): Promise<string | undefined> => {
    const rows = await session.control.rows(sql);
    last = Date.now();
    const here = rows.find(([place]) => place === 'here')?.[3];
    if (here !== undefined) remember(marks, { at: last, position: Number(here) }, rows);
    return obstacle(rows, session.limits, marks, last);
  };
  return { free: (now) => (Date.now() - last < pace ? Promise.resolve(0) : waitUntilFree(session, now, look)) };
}

/** What every replica has is forgotten. */
function remember(marks: Mark[], mark: Mark, rows: readonly Row[]): void {
  const slowest = Math.min(...rows.filter(([what]) => what === 'replica').map(([, , , replayed]) => Number(replayed)), mark.position);
  marks.push(mark);
  while (marks.length > 1 && (marks[0]?.position ?? 0) <= slowest) marks.shift();
}

async function waitUntilFree(session: Session, what: string, look: () => Promise<string | undefined>): Promise<number> {
  const began = Date.now();
  let told: string | undefined;
  for (let reason = await look(); reason !== undefined; reason = await look()) {
    if (told === undefined) session.report(`${what}: pauses, since ${reason}`);
    session.tick(`${what}: paused for ${lasting(Date.now() - began)}, since ${reason}`);
    told = reason;
    await pause(pace, session.signal);
  }
  if (told === undefined) return 0;
  session.report(`${what}: goes on after ${lasting(Date.now() - began)}`);
  return Date.now() - began;
}
