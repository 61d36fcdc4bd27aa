/** A migration that names roles, applied to a server that does not have them. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { migrate } from '../../compiler/migrate/migrate.ts';
import { quoteName } from '../../compiler/sql/quote.ts';
import { writeRole } from '../../compiler/sql/migration-head.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, withServer } from '../support/servers.ts';
import { query } from './observe.ts';
import { createProject } from './project.ts';

it('is refused before anything runs, with the statement that makes them; then it goes on', async () => {
  const role = `Schemac "${randomBytes(4).toString('hex')}"`;
  const project = await createProject({
    '0001_create_t': '-- schemac migration 0001_create_t\n-- step 1 transactional: Create t.\nCREATE TABLE public.t (id int);\n',
    '0002_grant': `-- schemac migration 0002_grant
-- Grants.
--
-- phase: expand
-- roles:
--   ${writeRole(role)}
--   pg_monitor
\\set ON_ERROR_STOP on

-- step 1 transactional: Create u.
CREATE TABLE public.u (id int);

-- step 2 transactional: Grant.
GRANT SELECT ON TABLE public.t TO ${quoteName(role)};
`,
  });
  await withServer(newestMajor, async (server) => {
    const url = await server.createDatabase();
    const refused = await migrate({ generated: project.generated, url });
    expect(refused.applied).toEqual([]);
    expect(refused.diagnostics).toEqual([
      {
        code: 'role-missing',
        severity: 'error',
        message: `0002_grant is about a role that the server does not have: ${role}`,
        place: { file: project.file('0002_grant'), line: 1, column: 1 },
        hint: expect.stringContaining(`CREATE ROLE ${quoteName(role)};`),
      },
    ]);
    await withClient(url, async (client) => {
      expect(await query(client, `SELECT to_regclass('public.u') IS NULL`)).toEqual([[true]]);
      await client.query(`CREATE ROLE ${quoteName(role)}`);
      try {
        expect(await migrate({ generated: project.generated, url })).toMatchObject({
          applied: ['0001_create_t', '0002_grant'],
          diagnostics: [],
        });
      } finally {
        await client.query(`DROP OWNED BY ${quoteName(role)}; DROP ROLE ${quoteName(role)}`);
      }
    });
  });
  await project.remove();
});
