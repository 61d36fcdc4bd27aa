/**
 * A real database with functions, triggers, an aggregate that views call and partitions with indexes of
 * their own, brought in as a new user would: from an empty folder over the baseline to the first
 * edit. With the embedded engine, whatever the server is. pagila lies beside the repository
 * (../shared/schemas) and is left out where it does not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffCommand } from '../../compiler/commands/diff.ts';
import { driftCommand } from '../../compiler/commands/drift.ts';
import { pullCommand } from '../../compiler/commands/pull.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import { createProject, expectDone, type Project } from '../commands/support.ts';
import { withClient } from '../support/database.ts';
import { repository } from '../support/pull.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';

const file = join(repository, '..', 'shared', 'schemas', 'pagila.sql');
const isThere = existsSync(file);
if (!isThere) console.log(`no ${file}: bringing in pagila is not tested`);

describe.runIf(isThere).each(testMajors)('pagila on PostgreSQL %i', (major) => {
  let server: TestServer;
  let url: string;
  let project: Project;
  beforeAll(async () => {
    server = await startServer(major);
    url = await server.createDatabase();
    await withClient(url, (client) => client.query(readFileSync(file, 'utf8')));
    project = await createProject({});
  });
  afterAll(() => server.stop());

  async function expectNoDifference(): Promise<void> {
    const { root } = project;
    const sides = [
      ['schema', url],
      [url, 'schema'],
      [url, 'generated/migrations'],
      [url, 'generated/snapshot.json'],
    ] as const;
    for (const [from, to] of sides) {
      const settings = { include: [], exclude: [], privileges: 'compared', loader: 'esbuild', format: 'summary' } as const;
      const result = await diffCommand({ root, from, to, ...settings });
      expect(result).toMatchObject({ exitCode: 0, lines: ['no difference'], diagnostics: [] });
    }
    const drift = await driftCommand({ root, url, loader: 'esbuild' });
    expect(drift).toMatchObject({ exitCode: 0, diagnostics: [], json: { drifted: false } });
  }

  it('is pulled, compiled and recorded as applied: then nothing differs, and the first edit is one migration', async () => {
    const { root } = project;
    const settings = { schemas: [], externals: [], out: 'schema', existing: 'keep', writing: 'write', proof: 'prove' } as const;
    const pulled = await pullCommand({ root, home: repository, url, report: () => undefined, ...settings });
    expect(pulled).toMatchObject({ exitCode: 0, diagnostics: [] });
    expectDone(await project.compile());
    const generated = join(root, 'generated');
    expect(await migrate({ generated, url, action: { action: 'baseline', through: 1 } })).toMatchObject({ pending: [], diagnostics: [] });
    await expectNoDifference();

    const language = project.read('schema/language.ts');
    const added = '    spoken_by: integer({ nullable: true }),\n';
    project.write({ 'schema/language.ts': language.replace(/^ {4}last_update: .*\n/m, `$&${added}`) });
    expectDone(await project.compile());
    expect(project.read('generated/migrations/0002_add_column_language_spoken_by.sql')).toContain(
      'ALTER TABLE public.language ADD COLUMN spoken_by integer;',
    );
    expect(await migrate({ generated, url })).toMatchObject({
      applied: ['0002_add_column_language_spoken_by'],
      pending: [],
      diagnostics: [],
    });
    await expectNoDifference();
  }, 300_000);
});
