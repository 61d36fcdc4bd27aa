/**
 * Databases that can be reached and not read: one that changes while it is read, one whose catalogs are
 * not for everybody, a role that may not come in; and a folder of migrations with a gap.
 */
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError, type Diagnostic } from '../../compiler/model/diagnostic.ts';
import { openSource } from '../../compiler/sources/open-source.ts';
import { readDatabase } from '../../compiler/sources/read-database.ts';
import { createProject } from '../migrate/project.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { databaseWith, diff, engines } from './support.ts';

const lent = engines();
afterAll(() => lent.close());

async function refusal(action: Promise<unknown>): Promise<Diagnostic> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DiagnosticError) || error.diagnostics[0] === undefined) throw new Error(`not refused: ${String(error)}`);
  return error.diagnostics[0];
}

/** Waits until a reader waits for this session, and gives way. */
async function commitWhenWaitedFor(session: Client, watch: Client): Promise<void> {
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  for (;;) {
    const { rows: waiting } = await watch.query('SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))', [rows[0]?.pid]);
    if (waiting.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await session.query('COMMIT');
}

/** Drops each view in a session of its own that has not ended yet: a reader finds the view, and waits for it. */
async function whileDropping(url: string, views: readonly string[], read: () => Promise<unknown>): Promise<unknown> {
  const dropAll = async (rest: readonly string[], sessions: readonly Client[]): Promise<unknown> => {
    const [view, ...others] = rest;
    if (view === undefined) {
      return withClient(url, async (watch) => {
        const reading = read();
        const outcome = reading.catch((error: unknown) => error);
        for (const session of sessions) await commitWhenWaitedFor(session, watch);
        await outcome;
        return reading;
      });
    }
    return withClient(url, async (session) => {
      await session.query(`BEGIN; DROP VIEW ${view}`);
      return dropAll(others, [...sessions, session]);
    });
  };
  return dropAll(views, []);
}

describe.each(testMajors)('a database on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  it('that changes while it is read is read again', async () => {
    const url = await databaseWith(server, 'CREATE VIEW a AS SELECT 1 AS one; CREATE VIEW b AS SELECT 2 AS two');
    const read = await whileDropping(url, ['a'], () => readDatabase(url));
    expect([...(read as Awaited<ReturnType<typeof readDatabase>>).state.keys()].filter((id) => id.startsWith('view'))).toEqual([
      'view public.b',
    ]);
  });

  it('that changes all the time is refused in the end', async () => {
    const url = await databaseWith(server, 'CREATE VIEW a AS SELECT 1 AS one; CREATE VIEW b AS SELECT 2; CREATE VIEW c AS SELECT 3');
    expect(await refusal(whileDropping(url, ['a', 'b', 'c'], () => readDatabase(url)))).toMatchObject({
      code: 'changed-while-read',
      hint: 'run it again when no migration is under way',
    });
  });

  it('whose catalogs are not open to everybody names the catalog, and the grant', async () => {
    const role = 'schemac_test_shut_out';
    const url = new URL(await databaseWith(server, 'CREATE TABLE a (); REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC'));
    await withClient(server.url, (client) => client.query(`DROP ROLE IF EXISTS ${role}; CREATE ROLE ${role} LOGIN PASSWORD 'p'`));
    [url.username, url.password] = [role, 'p'];
    try {
      expect(await refusal(readDatabase(url.href))).toMatchObject({
        code: 'missing-privilege',
        message: expect.stringContaining('permission denied for table pg_policy') as string,
        hint: expect.stringContaining(`GRANT SELECT ON pg_catalog.pg_policy TO ${role}`) as string,
      });
      await withClient(server.url, (client) => client.query(`ALTER ROLE ${role} NOLOGIN`));
      const shut = await refusal(readDatabase(url.href));
      expect(shut).toMatchObject({ code: 'connection', message: expect.stringContaining('is not permitted to log in') as string });
      expect(JSON.stringify(shut)).not.toContain(':p@');
    } finally {
      await withClient(server.url, (client) => client.query(`DROP ROLE ${role}`));
    }
  });
});

describe('a folder of migrations', () => {
  it('with a gap is refused at the migration after it, whatever the lock says', async () => {
    const project = await createProject({ '0001_a': 'CREATE TABLE a ();', '0003_c': 'CREATE TABLE c ();' });
    try {
      const folder = join(project.generated, 'migrations');
      const said = await refusal(openSource(folder, { root: '/', loader: 'esbuild', engines: lent }));
      expect(said).toMatchObject({ code: 'migration-gap', message: 'there is no migration 0002 between 0001_a and 0003_c' });
      expect(said.place?.file).toContain('0003_c.sql');
      expect((await refusal(diff(folder, folder))).code).toBe('migration-gap');
    } finally {
      await project.remove();
    }
  });
});
