/**
 * What was made beside something in use is taken back the same way: an integer key that became bigint
 * is integer again, and a column that got a new name has its old one, with what rows hold.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../compiler/migrate/migrate.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { query } from './observe.ts';
import { exchangeMigrations } from './planned.ts';
import { createProject, type TestProject } from './project.ts';
import { askedFor, down, schemaOf } from './undo.ts';

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let project: TestProject;
  beforeAll(async () => {
    server = await startServer(major);
    project = await createProject(await exchangeMigrations(server));
  });
  afterAll(async () => {
    await server.stop();
    await project.remove();
  });

  it('the way back keeps every row', async () => {
    const url = await server.createDatabase();
    const { generated } = project;
    expect((await migrate({ generated, url, to: 1 })).diagnostics).toEqual([]);
    const before = await schemaOf(url);
    const rows = 'SELECT d.id, subject, s.id FROM digests d JOIN sends s ON digest_id = d.id ORDER BY d.id';
    const seen = await withClient(url, async (client) => {
      await client.query(`INSERT INTO digests (subject) SELECT 'subject ' || n FROM generate_series(1, 20) n`);
      await client.query('INSERT INTO sends (digest_id) SELECT id FROM digests');
      return query(client, rows);
    });
    expect((await migrate({ generated, url })).diagnostics).toEqual([]);
    const fills = { 'column public.digests.subject': 'title' };
    const allow = askedFor(await down({ generated, url, to: 1, fills, how: 'dry-run' }));
    expect(allow).toEqual(['data-loss:column public.digests.title']);
    const result = await down({ generated, url, to: 1, fills, allow });
    expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    // PostgreSQL leaves an index its own names of columns when the table's are renamed; nothing goes by them.
    expect((await schemaOf(url)).replaceAll(/( digests_(?:locale|pkey) id)_new /g, '$1 ')).toBe(before);
    await withClient(url, async (client) => {
      expect(await query(client, rows)).toEqual(seen);
      // The number that the identity has reached went along, there and back.
      await client.query(`INSERT INTO digests (subject) VALUES ('next')`);
      expect(await query(client, 'SELECT max(id) FROM digests')).toEqual([[21]]);
    });
  });
});
