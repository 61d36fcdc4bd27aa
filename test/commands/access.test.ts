/**
 * Privileges, policies and owners from the schema to the migration and back: which roles its head
 * names, that a replay needs nothing but the head, what the documents say of who may do what.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  codes,
  createProject,
  expectDone,
  finding,
  lastMigration,
  lastMigrations,
  migrationsOf,
  statementsOf,
  type Project,
} from './support.ts';

const schema = (more: string, head = ''): string => `
import { bigint, defaultPrivileges, enumType, project, schema, sql, table, text, view } from 'schemac';

export default project({ title: 'Mails', purpose: 'Tests the compiler.', postgres: 16 });
${head}
export const mails = table('mails', {
  doc: 'What was sent.',
  columns: { id: bigint({ doc: 'Number.' }), sender: text({ doc: 'Who sent it.' }) },
  primaryKey: { columns: ['id'], doc: 'One row a mail.' },
  ${more}
});
`;

const full = schema(
  `rowSecurity: 'on',
  policies: { own_mails: { for: 'select', to: 'App "Reader"\\n', using: sql\`sender = current_user\`, doc: 'A role sees its own.' } },
  grants: [{ to: 'App "Reader"\\n', privileges: ['select'] }, { to: 'app_writer', privileges: ['update'], columns: ['sender'] }],
  ownerRole: 'app_owner',`,
  `export const reading = defaultPrivileges({ on: 'tables', to: 'app_monitor', privileges: ['select'] });
export const mood = enumType('mood', ['glad'], { doc: 'Mood.', grants: [{ revokedFrom: 'public', privileges: ['usage'] }] });
export const recent = view('recent', { query: sql\`SELECT id FROM \${() => mails}\`, doc: 'Ids.', grants: [{ to: 'app_writer', privileges: ['select'] }] });`,
);

let base: Project;

beforeAll(async () => {
  base = await createProject({ 'schema/mails.ts': full });
  expectDone(await base.compile());
});

test('the head names the roles that must be there, and no statement makes one', () => {
  const text = lastMigration(base);
  expect(text).toContain(
    ['-- roles:', '--   "App \\"Reader\\"\\n"', '--   app_monitor', '--   app_owner', '--   app_writer', ''].join('\n'),
  );
  expect(text).not.toMatch(/(CREATE|DROP|ALTER) (ROLE|USER)/);
});

test('a replay makes them from the head', async () => {
  const copy = await base.copy();
  rmSync(join(copy.root, 'generated', 'snapshot.json'));
  rmSync(join(copy.root, '.schemac'), { recursive: true });
  const result = await copy.compile();
  expectDone(result);
  expect(migrationsOf(copy)).toEqual(['0001_initial_schema']);
  expectDone(await base.check());
});

test('a replay does so when the schema names none of them any more', async () => {
  const copy = await base.copy();
  copy.write({ 'schema/mails.ts': schema('') });
  rmSync(join(copy.root, '.schemac'), { recursive: true });
  rmSync(join(copy.root, 'generated', 'snapshot.json'));
  expectDone(await copy.compile());
  expect([...statementsOf(lastMigrations(copy, 2))].sort()).toEqual(
    [
      'ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM app_monitor;',
      'ALTER TABLE public.mails NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;',
      'ALTER TABLE public.mails OWNER TO CURRENT_USER;',
      'DROP POLICY own_mails ON public.mails;',
      'DROP TYPE public.mood;',
      'DROP VIEW public.recent;',
      'REVOKE SELECT ON TABLE public.mails FROM app_monitor;',
      'REVOKE SELECT ON TABLE public.mails FROM "App ""Reader""',
      '";',
      'REVOKE UPDATE (sender) ON TABLE public.mails FROM app_writer;',
    ].sort(),
  );
  expect(lastMigrations(copy, 2)).toContain('-- roles:\n--   "App \\"Reader\\"\\n"\n');
  expectDone(await copy.check());
});

test('a second migration gives default privileges to a new table, and says what changes for whom', async () => {
  const copy = await base.copy();
  copy.write({
    'schema/notes.ts': `import { bigint, table } from 'schemac';
export const notes = table('notes', { doc: 'Notes.', columns: { id: bigint({ doc: 'Number.' }) }, primaryKey: { columns: ['id'], doc: 'One row a note.' } });`,
  });
  expectDone(await copy.compile());
  expect(statementsOf(lastMigration(copy))).toContain('GRANT SELECT ON TABLE public.notes TO app_monitor;');
  copy.write({ 'schema/mails.ts': full.replace("privileges: ['update']", "privileges: ['update', 'references']") });
  expectDone(await copy.compile());
  const text = lastMigration(copy);
  expect(statementsOf(text)).toEqual(['GRANT REFERENCES (sender) ON TABLE public.mails TO app_writer;']);
  expect(text).toContain('authorization grant table public.mails.app_writer: app_writer may do more from now on');
  expect(text).toContain('-- undo:\n--   REVOKE REFERENCES (sender) ON TABLE public.mails FROM app_writer;\n');
});

test('policies are there before they count, and as long as they do', async () => {
  const project = await createProject({ 'schema/mails.ts': schema('') });
  expectDone(await project.compile());
  const policies = `policies: { a: { using: sql\`id > 0\` }, z: { for: 'insert', withCheck: sql\`id > 0\` } },`;
  project.write({ 'schema/mails.ts': schema(`rowSecurity: 'on', ${policies}`) });
  expectDone(await project.compile());
  expect(statementsOf(lastMigration(project)).map((sql) => sql.split(' ').slice(0, 3).join(' '))).toEqual([
    'CREATE POLICY a',
    'CREATE POLICY z',
    'ALTER TABLE public.mails',
  ]);
  project.write({ 'schema/mails.ts': schema('') });
  expectDone(await project.compile());
  expect(statementsOf(lastMigration(project)).map((sql) => sql.split(' ').slice(0, 3).join(' '))).toEqual([
    'ALTER TABLE public.mails',
    'DROP POLICY a',
    'DROP POLICY z',
  ]);
});

test('the documents say who may do what', () => {
  const page = base.read('generated/docs/tables/mails.md');
  expect(page).toContain('## Access\n\nRow-level security is on.\n');
  expect(page).toMatch(
    /\| `own_mails` *\| policy *\| `for select to "App ""Reader"".* using \(sender = CURRENT_USER\)` *\| A role sees its own\./,
  );
  expect(page).toMatch(/\| `app_writer` *\| grant *\| `UPDATE \(sender\)`/);
  expect(page).toMatch(/\| `app_owner` *\| owner *\|/);
  const design = base.read('generated/docs/README.md');
  expect(design).toMatch(/\| `PUBLIC on enum public\.mood` *\| grant *\| `not USAGE` *\|/);
  expect(design).toMatch(/\| `app_monitor on future tables` *\| default privileges *\| `SELECT` *\|/);
});

describe('what would not be found again', () => {
  test('an owner that is the role which runs the migration', async () => {
    const project = await createProject({ 'schema/mails.ts': schema(`ownerRole: 'postgres',`) });
    const result = await project.compile();
    expect(codes(result)).toEqual(['access-changes-nothing']);
    expect(finding(result, 'access-changes-nothing').place).toEqual({ file: 'schema/mails.ts', line: 10, column: 3 });
  });

  test('a role of a name that PostgreSQL keeps for itself', async () => {
    const project = await createProject({ 'schema/mails.ts': schema(`grants: [{ to: 'pg_no_such', privileges: ['select'] }],`) });
    const result = await project.compile();
    expect(codes(result)).toEqual(['role-missing']);
    expect(finding(result, 'role-missing').message).toMatch(/no role "pg_no_such"; names that begin with pg_ are PostgreSQL's own/);
  });
});
