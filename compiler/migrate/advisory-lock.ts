/**
 * One runner a database at a time. The lock is held by a connection that does nothing else, and is
 * tried again and again instead of waited for: a session that waits inside pg_advisory_lock holds a
 * snapshot, and CREATE INDEX CONCURRENTLY of the runner that it waits for would wait for it, forever.
 */
import { createHash } from 'node:crypto';
import type { Connection } from './connection.ts';
import { pause } from './pause.ts';

/**
 * `run`: held by a runner from beginning to end. `work`: held by the session that runs statements; when
 * a runner was killed, its statement may still go on in the server, and nothing may start before it ends.
 */
export type LockPurpose = 'run' | 'work';

/** The key of a lock, as two integers in SQL. */
function lockKey(purpose: LockPurpose, stateSchema: string): string {
  const digest = createHash('sha256').update(`schemac ${purpose} ${stateSchema}`).digest();
  return `${String(digest.readInt32BE(0))}, ${String(digest.readInt32BE(4))}`;
}

async function describeHolder(connection: Connection, key: string): Promise<string> {
  const [first, second] = key.split(', ');
  // pg_locks shows the two keys as oids, unsigned.
  const [row] = await connection.rows(
    `SELECT a.pid, a.usename, coalesce(a.client_addr::text, 'local'), a.application_name, a.backend_start::timestamptz(0)
     FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
       AND l.classid::bigint = (${first ?? '0'}::bigint & 4294967295) AND l.objid::bigint = (${second ?? '0'}::bigint & 4294967295)`,
  );
  if (row === undefined) return 'a session that just ended';
  const [pid, user, address, application, since] = row;
  return `session ${pid ?? '?'} (${application || 'unnamed'}, user ${user ?? '?'}, from ${address ?? '?'}, since ${since ?? '?'})`;
}

/** `leave`: whoever is second goes, saying so, and the first one goes on undisturbed. */
export type WhenBusy = 'wait' | 'leave';

/** Another runner is at work, and we were not to wait for it. */
export class Busy extends Error {
  constructor(holder: string) {
    super(holder);
    this.name = 'Busy';
  }
}

const messages: { readonly [Purpose in LockPurpose]: (holder: string) => string } = {
  run: (holder) => `waiting: another migration runs on this database in ${holder}`,
  work: (holder) => `waiting: a statement of a runner that was stopped still goes on in ${holder}`,
};

/** Takes the lock for the life of the connection; says once whom it waits for, or throws `Busy`. Stops when the signal comes. */
export async function acquireLock(
  connection: Connection,
  options: {
    readonly purpose: LockPurpose;
    readonly stateSchema: string;
    readonly whenBusy: WhenBusy;
    readonly report: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const key = lockKey(options.purpose, options.stateSchema);
  for (let attempt = 0; ; attempt += 1) {
    const [row] = await connection.rows(`SELECT pg_catalog.pg_try_advisory_lock(${key})`);
    if (row?.[0] === 't') return;
    if (options.whenBusy === 'leave') throw new Busy(await describeHolder(connection, key));
    if (attempt === 0) options.report(messages[options.purpose](await describeHolder(connection, key)));
    await pause(200 + Math.random() * 200, options.signal);
  }
}
