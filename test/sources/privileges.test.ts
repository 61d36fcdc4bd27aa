/** The least privileges that docs/diff.md names, each verb with a role that has them and no more. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driftCommand } from '../../compiler/commands/drift.ts';
import { migrateCommand } from '../../compiler/commands/migrate.ts';
import { statusCommand } from '../../compiler/commands/status.ts';
import { createProject, type Project } from '../commands/support.ts';
import { mails } from '../commands/schemas.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer, type TestServer } from '../support/servers.ts';
import { diff } from './support.ts';

const roles = ['schemac_test_least_reader', 'schemac_test_least_migrator'] as const;
const [reader, migrator] = roles;

let server: TestServer;
let project: Project;
let database: string;

function as(role: string): string {
  const url = new URL(database);
  [url.username, url.password] = [role, 'p'];
  return url.href;
}

async function administer(sql: string): Promise<void> {
  await withClient(database, (client) => client.query(sql));
}

beforeAll(async () => {
  server = await startServer(newestMajor);
  project = await createProject({ 'schema/schema.ts': mails });
  await project.compile();
  database = await server.createDatabase();
  await withClient(server.url, async (client) => {
    for (const role of roles) await client.query(`DROP ROLE IF EXISTS ${role}; CREATE ROLE ${role} LOGIN PASSWORD 'p'`);
  });
  const name = new URL(database).pathname.slice(1);
  await administer(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT CONNECT ON DATABASE ${name} TO ${reader}; GRANT CONNECT, CREATE ON DATABASE ${name} TO ${migrator};
    GRANT USAGE, CREATE ON SCHEMA public TO ${migrator}`);
});
afterAll(async () => {
  await server.stop();
  await withClient(server.url, async (client) => {
    for (const role of roles) await client.query(`DROP ROLE IF EXISTS ${role}`);
  });
});

describe('a role with the least privileges', () => {
  it('reads a database that was never migrated with CONNECT alone', async () => {
    expect((await diff(as(reader), as(reader))).exitCode).toBe(0);
  });

  it('migrates with CREATE on the database and on the schema', async () => {
    const generated = join(project.root, 'generated');
    expect(await migrateCommand({ url: as(migrator), generated })).toMatchObject({ exitCode: 0, diagnostics: [] });
  });

  it('compares, finds drift and says where it stands with SELECT on the tables of schemac', async () => {
    await administer(`GRANT USAGE ON SCHEMA schemac TO ${reader}; GRANT SELECT ON ALL TABLES IN SCHEMA schemac TO ${reader};
      ALTER ROLE ${reader} SET default_transaction_read_only = on`);
    const given = { root: project.root, loader: 'esbuild' } as const;
    const compared = await diff(as(reader), 'schema', { ...given, privileges: 'left out', format: 'summary' });
    expect(compared.lines).toEqual(['no difference']);
    expect((await driftCommand({ ...given, url: as(reader) })).exitCode).toBe(0);
    expect((await statusCommand({ url: as(reader), generated: join(project.root, 'generated') })).exitCode).toBe(0);
  });
});
