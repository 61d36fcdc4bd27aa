/**
 * Names the sessions that a statement of ours waits for, so that somebody can decide what to do about
 * them. What they run may hold passwords and people's data: texts and numbers are left out of it.
 */
import { nextToken } from '../sql/scan.ts';
import type { Connection } from './connection.ts';

const longestQuery = 100;

/** The shape of a statement: every text and number is `…`, and so is what comes after an unfinished one. */
export function withoutValues(sql: string): string {
  let shown = '';
  let end = 0;
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, end)) {
    shown += sql.slice(end, token.start);
    if (token.token === 'unterminated') return `${shown}…`;
    const isValue = token.token === 'text' || token.token === 'number';
    const isComment = token.token === 'line-comment' || token.token === 'block-comment';
    shown += isValue ? '…' : isComment ? ' ' : sql.slice(token.start, token.end);
    end = token.end;
  }
  return shown;
}

function shortened(sql: string): string {
  const line = withoutValues(sql).replaceAll(/\s+/g, ' ').trim();
  return line.length > longestQuery ? `${line.slice(0, longestQuery - 1)}…` : line;
}

/** What the process waits for, where that is a relation; an open transaction is waited for as such. */
function waitedFor(pid: number): string {
  return `(SELECT pg_catalog.format('%s on %s', w.mode, w.relation::pg_catalog.regclass) FROM pg_catalog.pg_locks w
     WHERE w.pid = ${String(pid)} AND NOT w.granted AND w.relation IS NOT NULL LIMIT 1)`;
}

/** One line a session that blocks the server process, the longest open transaction first. */
export async function findBlockers(connection: Connection, pid: number): Promise<readonly string[]> {
  const rows = await connection.rows(
    `SELECT a.pid, a.application_name, a.usename, a.state, (pg_catalog.clock_timestamp() - coalesce(a.xact_start, a.backend_start))::interval(0), a.backend_type, a.query, ${waitedFor(pid)}
     FROM pg_catalog.pg_stat_activity a WHERE a.pid = ANY (pg_catalog.pg_blocking_pids(${String(pid)})) ORDER BY a.xact_start NULLS LAST, a.pid`,
  );
  return rows.map(([session, application, user, state, age, type, query, lock]) => {
    const name = application || (type === 'client backend' ? 'unnamed' : type) || 'unnamed';
    // Of another role's session only a superuser or pg_read_all_stats sees state and query (manual §27.2.3).
    const seen = state === null ? 'in a state that this role may not see' : `${state ?? '?'}, in its transaction for ${age ?? '?'}`;
    const running = query === null || query === '' || state === null ? '' : `: ${shortened(query ?? '')}`;
    return `${lock === null || lock === undefined ? '' : `${lock}, held by `}session ${session ?? '?'} (${name}, user ${user ?? 'nobody'}, ${seen})${running}`;
  });
}

/** Every so many milliseconds while a statement waits, after a first look that is well within a lock's timeout. */
const looks = { first: 80, then: 5_000 } as const;

/** Looks until it is stopped, and tells whom it sees when that has changed. */
export function watchBlockers(
  connection: Connection,
  pid: number,
  tell: (blockers: readonly string[]) => void,
): { readonly stop: () => void } {
  let told = '';
  let timer: NodeJS.Timeout;
  let isStopped = false;
  const look = async (): Promise<void> => {
    // A look that fails is no reason to stop the work; a broken connection shows itself elsewhere.
    const blockers = await findBlockers(connection, pid).catch(() => []);
    if (isStopped) return;
    const sessions = blockers.map((line) => /session (\d+)/.exec(line)?.[1]).join(' ');
    if (blockers.length > 0 && sessions !== told) {
      told = sessions;
      tell(blockers);
    }
    timer = setTimeout(() => void look(), looks.then);
  };
  timer = setTimeout(() => void look(), looks.first);
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
