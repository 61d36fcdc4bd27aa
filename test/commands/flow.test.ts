/**
 * The way of a migration from an edit to the repository: made once, named, allowed what it loses,
 * replaced by `--amend`. And the advice that is given on the way, which must be what works.
 */
import { beforeAll, expect, test } from 'vitest';
import { edited, users } from './schemas.ts';
import { codes, createProject, expectDone, finding, lastMigration, migrationsOf, statementsOf, type Project } from './support.ts';

const schema = 'schema/users.ts';
const nickname = users("nickname: text({ doc: 'Short name.', nullable: true }),");

let base: Project;

beforeAll(async () => {
  base = await createProject({ [schema]: nickname });
  const result = await base.compile();
  expect([result.exitCode, result.diagnostics]).toEqual([0, []]);
  expect(result.lines).toEqual([
    'wrote generated/migrations/0001_initial_schema.sql',
    '  Adds table public.users.',
    expect.stringMatching(/^proven on PGlite \S+ \(PostgreSQL \S+\)$/),
    '9 files written',
  ]);
});

test('the first compile writes every output, the second one nothing, and check is content', async () => {
  const files = base.generated();
  expect([...files.keys()]).toEqual([
    'changes/0001_initial_schema.md',
    'docs/README.md',
    'docs/tables/users.md',
    'erd.mmd',
    'migrations/0001_initial_schema.sql',
    'migrations/migrations.lock',
    'schema.dbml',
    'schema.sql',
    'snapshot.json',
  ]);
  const again = await base.compile();
  expect([again.exitCode, again.json]).toEqual([0, expect.objectContaining({ migration: null, written: [] })]);
  const content = await base.check();
  expect([content.exitCode, content.diagnostics, content.lines]).toEqual([0, [], [expect.stringContaining('everything is current')]]);
  expect(base.generated()).toEqual(files);
});

test('--name names the migration', async () => {
  const project = await base.copy();
  project.write({ [schema]: users() });
  const allow = ['data-loss:column public.users.nickname'];
  await project.compile({ allow, name: 'Drop: the "Nickname"; ../../x' });
  expect(migrationsOf(project)).toEqual(['0001_initial_schema', '0002_drop_the_nickname_x']);
});

test('a loss is refused with the flag that allows it; given that flag it is made, and its head says so', async () => {
  const project = await base.copy();
  const before = project.generated();
  project.write({ [schema]: users() });
  const refused = await project.compile();
  expect([refused.exitCode, codes(refused)]).toEqual([1, ['data-loss']]);
  expect(project.generated()).toEqual(before);
  const flag = /npm run compile -- --allow '([^']+)'/.exec(finding(refused, 'data-loss').hint ?? '')?.[1];
  expect(flag).toBe('data-loss:column public.users.nickname');

  expect((await project.compile({ allow: ['data-loss:column public.users.mail'] })).exitCode).toBe(1);
  expectDone(await project.compile({ allow: [flag ?? ''] }));
  expect(lastMigration(project)).toContain('-- allows: data-loss column public.users.nickname\n');
  expect(project.read(`generated/changes/${migrationsOf(project).at(-1) ?? ''}.md`)).toContain('column public.users.nickname');
  expectDone(await project.check());
});

test('a drop and an add that look like a rename stop with the line to write; with that line nothing is lost', async () => {
  const project = await base.copy();
  project.write({ [schema]: users("alias: text({ doc: 'Short name.', nullable: true }),") });
  const refused = await project.compile();
  const { hint, place } = finding(refused, 'data-loss');
  expect(place).toEqual({ file: 'schema/users.ts', line: 8, column: 5 });
  expect(hint).toBe(
    "if alias is the new name of nickname, write renamedFrom: 'nickname' at column public.users.alias; " +
      "if the data is really to go: npm run compile -- --allow 'data-loss:column public.users.nickname'",
  );
  const line = /renamedFrom: '\w+'/.exec(hint ?? '')?.[0] ?? '';
  project.write({ [schema]: users(`alias: text({ doc: 'Short name.', nullable: true, ${line} }),`) });
  expectDone(await project.compile());
  expect(lastMigration(project)).toContain('ALTER TABLE public.users RENAME COLUMN nickname TO alias;');
});

test('--amend makes the last migration anew under its name, with what was allowed', async () => {
  const project = await base.copy();
  project.write({ [schema]: users("age: integer({ doc: 'Years.', nullable: true }),") });
  await project.compile({ name: 'people', allow: ['data-loss:column public.users.nickname'] });
  expect(migrationsOf(project)).toEqual(['0001_initial_schema', '0002_people', '0003_people_contract']);

  project.write({
    [schema]: users("age: integer({ doc: 'Years.', nullable: true }),\n    height: integer({ doc: 'Centimetres.', nullable: true }),"),
  });
  const amended = await project.compile({ history: 'amend' });
  expect([amended.exitCode, migrationsOf(project)]).toEqual([0, ['0001_initial_schema', '0002_people', '0003_people_contract']]);
  expect(project.read('generated/migrations/0002_people.sql')).toMatch(/ADD COLUMN age[\s\S]*ADD COLUMN height/);
  expect(lastMigration(project)).toContain('-- phase: contract\n-- completes: 0002_people\n');
  expect(lastMigration(project)).toContain('-- allows: data-loss column public.users.nickname\n');
  expect(statementsOf(lastMigration(project))).toEqual(['ALTER TABLE public.users DROP COLUMN nickname;']);
  expectDone(await project.check());
});

test('--amend of a change that has nothing left for after the deploy leaves one migration, of the name that was given', async () => {
  const project = await base.copy();
  project.write({ [schema]: users("age: integer({ doc: 'Years.', nullable: true }),") });
  expectDone(await project.compile({ name: 'people', allow: ['data-loss:column public.users.nickname'] }));
  project.write({
    [schema]: users("age: integer({ doc: 'Years.', nullable: true }),\n    nickname: text({ doc: 'Short name.', nullable: true }),"),
  });
  expectDone(await project.compile({ history: 'amend' }));
  expect(migrationsOf(project)).toEqual(['0001_initial_schema', '0002_people']);
});

test('--amend with another name leaves no file of the old one; with nothing left to change, none at all', async () => {
  const project = await base.copy();
  const before = project.generated();
  project.write({ [schema]: edited(nickname, '    nickname', "    age: integer({ doc: 'Years.', nullable: true }),\n    nickname") });
  await project.compile({ name: 'first' });
  await project.compile({ history: 'amend', name: 'second' });
  expect(migrationsOf(project)).toEqual(['0001_initial_schema', '0002_second']);
  expect([...project.generated().keys()].filter((path) => path.startsWith('changes/'))).toEqual([
    'changes/0001_initial_schema.md',
    'changes/0002_second.md',
  ]);

  project.write({ [schema]: nickname });
  const undone = await project.compile({ history: 'amend' });
  expect(undone.lines).toEqual([
    'removed generated/migrations/0002_second.sql: schema/ no longer asks for it',
    expect.stringMatching(/files written$/),
  ]);
  expect(project.generated()).toEqual(before);
});

test('--amend without a migration says that there is none', async () => {
  const project = await createProject({ [schema]: nickname });
  expect(finding(await project.compile({ history: 'amend' }), 'nothing-to-amend').hint).toBe('run npm run compile');
  expect(project.generated()).toEqual(new Map());
});
