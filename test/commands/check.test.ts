/**
 * What `check` says when generated/ is not what it should be: the reason, the file, and the command
 * that mends it. Each command is then run, and must mend it.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { readMigration } from '../../compiler/sql/migration-file.ts';
import { chainLock, hashMigration, writeLock } from '../../compiler/sql/migrations-lock.ts';
import { edited, users } from './schemas.ts';
import { codes, createProject, expectDone, finding, type Project } from './support.ts';

const schema = 'schema/users.ts';
const first = 'generated/migrations/0001_initial_schema.sql';
const last = 'generated/migrations/0002_age.sql';
const report = 'generated/changes/0001_initial_schema.md';
const compileMends = 'run npm run compile and commit what it writes';

let base: Project;

beforeAll(async () => {
  base = await createProject({ [schema]: users() });
  expectDone(await base.compile());
  base.write({ [schema]: users("age: integer({ doc: 'Years.', nullable: true }),") });
  expectDone(await base.compile({ name: 'age' }));
});

async function repository(): Promise<Project> {
  const project = await base.copy();
  project.git('init', '-q');
  project.git('add', '-A');
  project.git('commit', '-q', '-m', 'all');
  return project;
}

async function expectMended(project: Project): Promise<void> {
  const content = await project.check();
  expect([content.exitCode, codes(content)]).toEqual([0, []]);
  expect(project.generated()).toEqual(base.generated());
}

test('outputs that are stale, edited or missing: compile writes them again', async () => {
  const project = await base.copy();
  const outputs = ['docs/README.md', 'erd.mmd', 'schema.dbml', 'schema.sql', 'snapshot.json'];
  for (const path of outputs) project.write({ [`generated/${path}`]: `${project.read(`generated/${path}`)}\n` });
  project.write({ 'generated/docs/tables/users.md': undefined });
  const before = project.generated();
  const found = await project.check();
  expect(found.exitCode).toBe(2);
  expect(found.lines).toEqual(['generated/ is not current: 6 findings']);
  expect(found.diagnostics.map(({ code, place, hint }) => [code, place?.file, hint])).toEqual([
    ['output-missing', 'generated/docs/tables/users.md', compileMends],
    ...outputs.map((path) => ['output-stale', `generated/${path}`, compileMends]),
  ]);
  expect(project.generated()).toEqual(before);
  expectDone(await project.compile());
  await expectMended(project);
});

test('a file that nobody writes: it is named, compile leaves it, removing it mends', async () => {
  const project = await base.copy();
  project.write({ 'generated/docs/notes.txt': 'mine', 'generated/docs/tables/gone.md': 'left over' });
  const found = await project.check();
  expect([found.exitCode, found.diagnostics.map(({ code, place }) => [code, place?.file])]).toEqual([
    2,
    [
      ['output-extra', 'generated/docs/notes.txt'],
      ['output-extra', 'generated/docs/tables/gone.md'],
    ],
  ]);
  // A page of a table that is gone can only be our own; a text that we never write is not ours to remove.
  await project.compile();
  expect(finding(await project.check(), 'output-extra')).toMatchObject({
    place: { file: 'generated/docs/notes.txt' },
    hint: expect.stringContaining('remove it'),
  });
  project.write({ 'generated/docs/notes.txt': undefined });
  await expectMended(project);
});

describe('a change report, which nothing can make again', () => {
  test('edited: compile does not make the edit the truth, git takes it back', async () => {
    const project = await repository();
    project.write({ [report]: `${project.read(report)}edited\n` });
    await project.compile();
    const found = await project.check();
    expect([found.exitCode, codes(found)]).toEqual([2, ['report-edited']]);
    expect(finding(found, 'report-edited')).toMatchObject({ place: { file: report }, hint: `take it back: git checkout -- ${report}` });
    project.git('checkout', '--', report);
    await expectMended(project);
  });

  test('missing: likewise', async () => {
    const project = await repository();
    project.write({ [report]: undefined });
    await project.compile();
    const found = await project.check();
    expect([found.exitCode, codes(found)]).toEqual([2, ['report-missing']]);
    project.git('checkout', '--', report);
    await expectMended(project);
  });
});

describe('a migration', () => {
  test('the last one edited: git takes it back, or --amend makes it anew', async () => {
    const project = await repository();
    project.write({ [last]: `${project.read(last)}-- edited\n` });
    const found = await project.check();
    expect([found.exitCode, codes(found)]).toEqual([1, ['migration-edited']]);
    const { hint, place } = finding(found, 'migration-edited');
    expect(place?.file).toMatch(/generated\/migrations\/0002_age\.sql$/);
    expect(hint).toMatch(
      /^take it back: git checkout -- \S.*; or, if it was applied nowhere, compile it again: npx schemac compile --amend$/,
    );
    expect(codes(await project.compile())).toEqual(['migration-edited']);
    project.git('checkout', '--', last);
    await expectMended(project);
    project.write({ [last]: `${project.read(last)}-- edited\n` });
    expectDone(await project.compile({ history: 'amend' }));
    await expectMended(project);
  });

  test('an older one edited: only git takes it back', async () => {
    const project = await repository();
    project.write({ [first]: `${project.read(first)}-- edited\n` });
    const { hint } = finding(await project.check(), 'migration-edited');
    expect(hint).toMatch(/^take it back: git checkout -- [^;]*$/);
    expect(codes(await project.compile({ history: 'amend' }))).toEqual(['migration-edited']);
    project.git('checkout', '--', first);
    await expectMended(project);
  });

  test('missing: git takes it back', async () => {
    const project = await repository();
    project.write({ [last]: undefined });
    const found = await project.check();
    expect([found.exitCode, codes(found)]).toEqual([1, ['migration-missing']]);
    expect(finding(found, 'migration-missing').hint).toContain('git checkout --');
    project.git('checkout', '--', last);
    await expectMended(project);
  });

  test('one that is in no line of the lock: removing it mends', async () => {
    const project = await base.copy();
    project.write({ 'generated/migrations/0003_mine.sql': 'SELECT 1;\n' });
    const found = await project.check();
    expect([found.exitCode, codes(found)]).toEqual([1, ['migration-extra']]);
    expect(finding(found, 'migration-extra').hint).toContain('remove it');
    project.write({ 'generated/migrations/0003_mine.sql': undefined });
    await expectMended(project);
  });

  test('the lock is missing: git takes it back, and --rebase does not throw history away', async () => {
    const project = await repository();
    project.write({ 'generated/migrations/migrations.lock': undefined });
    for (const result of [
      await project.check(),
      await project.compile(),
      await project.compile({ history: 'rebase' }),
      await project.compile({ history: 'amend' }),
    ]) {
      expect([result.exitCode, codes(result)]).toEqual([1, ['lock-missing']]);
      expect(finding(result, 'lock-missing').hint).toMatch(/^take it back: git checkout -- \S.*migrations\.lock$/);
    }
    project.git('checkout', '--', 'generated/migrations/migrations.lock');
    await expectMended(project);
  });
});

/** Edits a migration as somebody would who also knows how the lock is made. */
function editWithLock(project: Project, piece: string, by: string): void {
  project.write({ [first]: edited(project.read(first), piece, by) });
  const lock = [first, last].reduce<ReturnType<typeof chainLock>[]>((entries, path) => {
    const text = project.read(path);
    return [...entries, chainLock(entries.at(-1), readMigration(text, path).name, hashMigration(text))];
  }, []);
  project.write({ 'generated/migrations/migrations.lock': writeLock(lock) });
}

test('migrations that do not lead to the schema, the lock in order: the difference is a migration that is missing', async () => {
  const project = await base.copy();
  editWithLock(project, "'Address.'", "'E-mail.'");
  const found = await project.check();
  expect([found.exitCode, codes(found)]).toEqual([2, expect.arrayContaining(['migration-pending'])]);
  expect(finding(found, 'migration-pending').hint).toBe(compileMends);
  expectDone(await project.compile());
  expectDone(await project.check());
});

test('a migration that does not run any more: the step, its place, and what PostgreSQL says', async () => {
  const project = await base.copy();
  editWithLock(project, 'mail text NOT NULL', 'mail texxt NOT NULL');
  const found = await project.check();
  expect(found.exitCode).toBe(1);
  const { message, place } = finding(found, 'replay-failed');
  expect(message).toContain('type "texxt" does not exist');
  expect(project.read(place?.file ?? '').split('\n')[(place?.line ?? 0) - 1]).toMatch(/^-- step 1 |CREATE TABLE public\.users/);
});
