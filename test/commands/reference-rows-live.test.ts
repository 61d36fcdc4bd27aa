/** Rows of lookup tables in a live database: diff and drift read them because the schema beside says which tables they are in. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join } from 'node:path';
import { migrateCommand } from '../../compiler/commands/migrate.ts';
import { diffCommand } from '../../compiler/commands/diff.ts';
import { driftCommand } from '../../compiler/commands/drift.ts';
import { connect } from '../../compiler/engine/server-connection.ts';
import { newestMajor, startServer, type TestServer } from '../support/servers.ts';
import { createProject, type Project } from './support.ts';

const schema = `
import { integer, project, table, text } from 'schemac';
export const settings = project({ postgres: ${newestMajor}, comments: 'documents' });
export const statuses = table('statuses', {
  columns: { id: integer(), name: text(), note: text({ nullable: true }) },
  primaryKey: ['id'],
  rows: [{ id: 1, name: 'open' }, { id: 2, name: 'done' }, { id: 3, name: 'gone' }],
});
`;

let server: TestServer;
let project: Project;
let url: string;

beforeAll(async () => {
  server = await startServer(newestMajor);
  project = await createProject({ 'schema/main.ts': schema });
  url = await server.createDatabase();
  const connection = await connect(url);
  await connection.run('CREATE TABLE statuses (id integer PRIMARY KEY, name text NOT NULL, note text)');
  await connection.run(`INSERT INTO statuses VALUES (1, 'open', 'by hand'), (2, 'Done', NULL), (9, 'extra', NULL)`);
  await connection.end();
});
afterAll(() => server.stop());

test('drift names the rows that are missing, undeclared and otherwise than declared', async () => {
  const result = await driftCommand({ root: project.root, url, against: 'schema', loader: 'esbuild' });
  const { findings } = result.json as { readonly findings: readonly { readonly object: string; readonly difference: string }[] };
  expect(findings.map(({ object, difference }) => [object, difference])).toEqual([
    ['reference-row public.statuses."2"', 'changed'],
    ['reference-row public.statuses."3"', 'missing'],
    ['reference-row public.statuses."9"', 'undeclared'],
  ]);
  const text = result.lines.join('\n');
  expect(text).toContain("UPDATE public.statuses SET name = 'done' WHERE id = 2;");
  expect(text).toContain('DELETE FROM public.statuses WHERE id = 9;');
  expect(text).not.toContain('note');
});

test('diff says the same, in both directions; applied, nothing is left', async () => {
  const given = { root: project.root, format: 'sql', include: [], exclude: [], privileges: 'compared', loader: 'esbuild' } as const;
  const there = await diffCommand({ ...given, from: url, to: 'schema' });
  expect(there.lines.join('\n')).toContain("SELECT 3, 'gone'");
  const back = await diffCommand({ ...given, from: 'schema', to: url });
  expect(back.lines.join('\n')).toContain("UPDATE public.statuses SET name = 'Done' WHERE id = 2;");
  const connection = await connect(url);
  for (const sql of there.lines.join('\n').match(/^(?:UPDATE|INSERT|DELETE)[^;]*;/gm) ?? []) await connection.run(sql);
  await connection.end();
  expect((await diffCommand({ ...given, from: url, to: 'schema' })).exitCode).toBe(0);
});

test('two databases have no lookup tables that anybody told of', async () => {
  const other = await server.createDatabase();
  const connection = await connect(other);
  await connection.run('CREATE TABLE statuses (id integer PRIMARY KEY, name text NOT NULL, note text)');
  await connection.end();
  const result = await diffCommand({
    root: project.root,
    format: 'sql',
    include: [],
    exclude: [],
    privileges: 'compared',
    loader: 'esbuild',
    from: url,
    to: other,
  });
  expect(result.exitCode).toBe(0);
});

test('drift from what was applied knows the rows too, and so does diff from the folder', async () => {
  const migrated = await server.createDatabase();
  await project.compile();
  await migrateCommand({ url: migrated, generated: join(project.root, 'generated') });
  const drift = () => driftCommand({ root: project.root, url: migrated, against: 'migrations', loader: 'esbuild' });
  expect((await drift()).json).toMatchObject({ drifted: false });
  const connection = await connect(migrated);
  await connection.run(`UPDATE statuses SET name = 'Open' WHERE id = 1; DELETE FROM statuses WHERE id = 3`);
  await connection.end();
  const found = await drift();
  expect(found.json).toMatchObject({
    findings: [
      { object: 'reference-row public.statuses."1"', difference: 'changed' },
      { object: 'reference-row public.statuses."3"', difference: 'missing' },
    ],
  });
  expect(found.lines.join('\n')).toContain("UPDATE public.statuses SET name = 'open' WHERE id = 1;");
  const given = { root: project.root, format: 'summary', include: [], exclude: [], privileges: 'compared', loader: 'esbuild' } as const;
  expect((await diffCommand({ ...given, from: migrated, to: 'generated' })).lines).toHaveLength(2);
});
