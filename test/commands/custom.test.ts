/**
 * Migrations that people write: begun with --custom, compiled between generated ones, held against
 * the schema, and never changed unseen afterwards.
 */
import { beforeAll, expect, test, vi } from 'vitest';
import { writeCustomCommand } from '../../compiler/commands/write-custom.ts';
import { edited, users } from './schemas.ts';
import { codes, createProject, expectDone, finding, migrationsOf, type Project } from './support.ts';

const schema = 'schema/users.ts';
const file = 'schema/custom/0002_fill_nickname.sql';
const start = users("nickname: text({ doc: 'Short name.', nullable: true }),\n    // more\n");
const later = edited(start, '// more', "city: text({ doc: 'Where.', nullable: true }),");
const fill = `-- Everybody has a nickname.
-- undo: UPDATE public.users SET nickname = NULL;

DO $$
BEGIN
  UPDATE public.users SET nickname = 'none' WHERE nickname IS NULL;
  COMMIT;
END $$;
`;

// Each test compiles several times.
vi.setConfig({ testTimeout: 240_000 });

let base: Project;
beforeAll(async () => {
  base = await createProject({ [schema]: start });
  expectDone(await base.compile());
});

test('is begun as a commented file whose name says where it runs; while it holds nothing, nothing takes its place', async () => {
  const project = await base.copy();
  const begun = await writeCustomCommand({ root: project.root, name: 'Fill nickname!' });
  expect(begun.json).toEqual({ file, runsAfter: '0001_initial_schema' });
  const current = await project.compile();
  expectDone(current);
  expect(codes(current)).toEqual(['custom-empty']);
  project.write({ [schema]: later });
  expect(finding(await project.compile(), 'custom-empty').severity).toBe('error');
  expect(migrationsOf(project)).toEqual(['0001_initial_schema']);
});

test('is compiled before what the schema asks for, replayed by check, and not changed afterwards but by --amend', async () => {
  const project = await base.copy();
  const addCity = `${fill}\nALTER TABLE public.users ADD city text;\n`;
  project.write({ [schema]: later, [file]: addCity });
  expect((await project.check()).exitCode).toBe(2);
  const compiled = await project.compile();
  expectDone(compiled);
  expect(migrationsOf(project)).toEqual(['0001_initial_schema', '0002_fill_nickname', '0003_add_comment_users_city']);
  const text = project.read('generated/migrations/0002_fill_nickname.sql');
  expect(text).toContain('-- Everybody has a nickname.\n');
  expect(text).toContain('-- step 1 backfill: DO $$\n');
  expect(text).toContain('--   2 AccessExclusiveLock on table public.users (blocks reads and writes), no rewrite, no scan\n');
  expect(text).toContain('-- undo:\n--   UPDATE public.users SET nickname = NULL;\n');
  // What the SQL made is not made again.
  expect(project.read('generated/migrations/0003_add_comment_users_city.sql')).not.toContain('ADD COLUMN');
  expect((await project.check()).exitCode).toBe(0);

  project.write({ [file]: addCity.replace("'none'", "'nobody'") });
  const stale = await project.check();
  expect([stale.exitCode, codes(stale)]).toEqual([2, ['custom-edited']]);
  const before = [...project.generated()];
  const refused = await project.compile();
  expect(finding(refused, 'custom-edited')).toMatchObject({ place: { file, line: 1, column: 1 } });
  expect([...project.generated()]).toEqual(before);
  expectDone(await project.compile({ history: 'amend' }));
  expect(project.read('generated/migrations/0002_fill_nickname.sql')).toContain("'nobody'");
  expect(migrationsOf(project)).toHaveLength(3);

  project.write({ [file]: undefined });
  expect(finding(await project.check(), 'custom-missing').severity).toBe('error');
});

test('is refused at its line: what nobody declares, what is declared otherwise, what loses data, what PostgreSQL does not take', async () => {
  const project = await base.copy();
  const compileWith = async (sql: string) => {
    project.write({ [file]: sql });
    return project.compile();
  };
  const undeclared = finding(await compileWith('CREATE INDEX users_nickname\n  ON users (nickname);'), 'custom-undeclared');
  expect(undeclared).toMatchObject({ subject: 'index public.users_nickname', place: { file, line: 1, column: 1 } });
  expect(undeclared.hint).toContain("in public.users: indexes: { users_nickname: { on: ['nickname'] } }");
  const away = finding(await compileWith('\nALTER TABLE users ALTER nickname SET NOT NULL;'), 'custom-disagrees');
  expect(away).toMatchObject({ place: { file, line: 2, column: 1 } });
  const loss = finding(await compileWith('SELECT 1;\nDELETE FROM users;'), 'data-loss');
  expect(loss).toMatchObject({ subject: 'table public.users', place: { file, line: 2, column: 1 } });
  expect(finding(await compileWith('UPDATE users\n  SET nicknam = 1;'), 'sql-refused')).toMatchObject({
    place: { file, line: 2, column: 7 },
  });
  expectDone(await project.compile({ allow: ['data-loss:table public.users'] }).then(() => compileWithLoss(project)));
});

async function compileWithLoss(project: Project) {
  project.write({ [file]: 'DELETE FROM users;' });
  const result = await project.compile({ allow: ['data-loss:table public.users'] });
  expect(project.read('generated/migrations/0002_fill_nickname.sql')).toContain('-- allows: data-loss table public.users\n');
  return result;
}

test('gets the next number when another branch took its own', async () => {
  const project = await base.copy();
  project.write({ [schema]: later });
  expectDone(await project.compile());
  project.write({ [file]: fill });
  expect(finding(await project.compile(), 'custom-too-early').hint).toContain('schema/custom/0003_fill_nickname.sql');
});
