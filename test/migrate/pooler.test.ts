/**
 * A transaction pooler is told from a server by how it lends its sessions; a real server passes.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../compiler/migrate/connection.ts';
import { connect } from '../../compiler/migrate/connection.ts';
import { refusePooler } from '../../compiler/migrate/server-checks.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';

/**
 * Two clients of a pool in transaction mode: a server session is lent for a transaction or a single
 * statement. `order` says which free session is lent next, as server_round_robin does in PgBouncer.
 */
function pooledClients(sessions: readonly number[], order: 'last used' | 'longest free'): readonly [Connection, Connection] {
  const free = [...sessions];
  const client = (): Connection => {
    let held: number | undefined;
    return {
      rows: (sql) => {
        const session = held ?? (order === 'last used' ? free.pop() : free.shift()) ?? fail();
        held = sql === 'BEGIN' || (held !== undefined && sql !== 'COMMIT') ? session : undefined;
        if (held === undefined) free.push(session);
        return Promise.resolve(sql.includes('pg_backend_pid') ? [[String(session)]] : []);
      },
      records: () => fail(),
      completed: () => 0,
      close: () => Promise.resolve(),
    };
  };
  return [client(), client()];
}

function fail(): never {
  throw new Error('the pool has no free session');
}

describe('refusePooler', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(testMajors.at(-1) ?? 18);
  });
  afterAll(() => server.stop());

  it.each([
    ['last used', [1]],
    ['last used', [1, 2]],
    ['last used', [1, 2, 3, 4, 5]],
    ['longest free', [1, 2]],
    ['longest free', [1, 2, 3]],
    ['longest free', [1, 2, 3, 4, 5]],
  ] as const)('refuses a pool that lends the session %s, of %j', async (order, sessions) => {
    await expect(refusePooler(...pooledClients(sessions, order), 'the pool')).rejects.toMatchObject({ diagnostics: [{ code: 'pooler' }] });
  });

  it('passes two sessions of a server', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => connect({ url: server.url, applicationName: 'test' })));
    if (one === undefined || two === undefined) throw new Error('not connected');
    await expect(refusePooler(one, two, 'the server')).resolves.toBeGreaterThan(0);
    await Promise.all([one.close(), two.close()]);
  });
});
