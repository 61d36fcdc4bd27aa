/**
 * Roles that a schema names: the embedded engine makes them for itself; on somebody's server a missing
 * one is said, with the statement that makes it, and not made.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEngine } from '../../compiler/engine/open.ts';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { elaborate } from '../../compiler/prove/elaborate.ts';
import { loadText } from '../load/project.ts';
import { newestMajor, withServer } from '../support/servers.ts';

const declared = loadText(`export const t = table('t', {
  columns: { id: bigint() }, primaryKey: ['id'], rowSecurity: 'on',
  policies: { p: { to: 'schemac_absent_one', using: sql\`true\` } },
  grants: [{ to: 'schemac absent "two"', privileges: ['select'] }],
});`);

test('on a server a missing role is an error that says what to run', async () => {
  await withServer(newestMajor, async (server) => {
    const engine = await openEngine({ using: server.url, cacheFolder: '/nowhere' });
    try {
      const error = await elaborate(engine, await declared).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DiagnosticError);
      expect((error as DiagnosticError).diagnostics).toEqual([
        {
          code: 'role-missing',
          severity: 'error',
          message: expect.stringContaining('the server has no role "schemac absent \\"two\\"", "schemac_absent_one"'),
          hint: 'run there: CREATE ROLE "schemac absent ""two"""; CREATE ROLE schemac_absent_one',
        },
      ]);
      expect(await engine.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE '%absent%'`)).toEqual([]);
    } finally {
      await engine.close();
    }
  });
});

test('the embedded engine makes them while it elaborates, and has none afterwards', async () => {
  const engine = await openEngine({ cacheFolder: join(tmpdir(), 'schemac-test-cache') });
  try {
    const state = await elaborate(engine, await declared);
    expect([...state.keys()]).toEqual(expect.arrayContaining(['policy public.t.p', 'grant table public.t."schemac absent ""two"""']));
    expect(await engine.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE '%absent%'`)).toEqual([]);
  } finally {
    await engine.close();
  }
});
