/**
 * Two branches both add a migration: git refuses to order them, `--rebase` makes ours anew after
 * theirs. With real git, merging and rebasing.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { edited, users } from './schemas.ts';
import { codes, createProject, expectDone, finding, lastMigration, migrationsOf, type Project } from './support.ts';

const schema = 'schema/users.ts';
const start = users("nickname: text({ doc: 'Short name.', nullable: true }),\n    // ours\n\n\n    // theirs\n");
const ours = (text: string): string =>
  edited(
    edited(text, '// ours', "age: integer({ doc: 'Years.', nullable: true }),"),
    "    nickname: text({ doc: 'Short name.', nullable: true }),\n",
    '',
  );
const theirs = (text: string): string => edited(text, '// theirs', "city: text({ doc: 'Where.', nullable: true }),");

let base: Project;
let parted: Project;

beforeAll(async () => {
  base = await createProject({ [schema]: start });
  expectDone(await base.compile());
  parted = await partedBranches();
});

/** On branch `ours`, with a change that adds before a deploy and drops after it; on `main` another one that adds. */
async function partedBranches(): Promise<Project> {
  const project = await base.copy();
  const commit = (message: string): void => {
    project.git('add', '-A');
    project.git('commit', '-q', '-m', message);
  };
  project.git('init', '-q', '-b', 'main');
  commit('start');
  project.git('checkout', '-q', '-b', 'ours');
  project.write({ [schema]: ours(start) });
  await project.compile({ name: 'age', allow: ['data-loss:column public.users.nickname'] });
  commit('ours');
  project.git('checkout', '-q', 'main');
  project.write({ [schema]: theirs(start) });
  await project.compile({ name: 'city' });
  commit('theirs');
  return project;
}

/** The parted branches, for one test alone. */
async function branches(): Promise<Project> {
  const project = await parted.copy();
  cpSync(join(parted.root, '.git'), join(project.root, '.git'), { recursive: true });
  return project;
}

function conflicts(project: Project, ...command: readonly string[]): readonly string[] {
  expect(() => project.git(...command)).toThrow();
  return project.git('diff', '--name-only', '--diff-filter=U').trim().split('\n');
}

async function expectOursAfterTheirs(project: Project): Promise<void> {
  const refused = await project.compile();
  expect(refused.exitCode).toBe(1);
  expect(finding(refused, 'lock-conflict')).toMatchObject({
    place: { file: expect.stringMatching(/migrations\.lock$/) },
    hint: 'run npx schemac compile --rebase',
  });
  expect(codes(await project.check())).toEqual(['lock-conflict']);

  const rebased = await project.compile({ history: 'rebase' });
  expect([rebased.exitCode, rebased.lines.filter((line) => /^(made|wrote)/.test(line))]).toEqual([
    0,
    [
      'made 0002_age anew as 0003_age',
      'made 0003_age_contract anew as 0004_age_contract',
      'wrote generated/migrations/0003_age.sql',
      'wrote generated/migrations/0004_age_contract.sql, to be applied after the deploy',
    ],
  ]);
  const names = ['0001_initial_schema', '0002_city', '0003_age', '0004_age_contract'];
  expect(migrationsOf(project)).toEqual(names);
  expect([...project.generated().keys()].filter((path) => path.startsWith('changes/'))).toEqual(names.map((name) => `changes/${name}.md`));
  // What was allowed stays allowed, in the file that it is about.
  expect(project.read('generated/migrations/0003_age.sql')).not.toContain('-- allows:');
  expect(lastMigration(project)).toContain('-- allows: data-loss column public.users.nickname\n');
  expect([...project.generated().values()].filter((text) => /^[<=>]{7}/m.test(text))).toEqual([]);
  const content = await project.check();
  expect([content.exitCode, codes(content)]).toEqual([0, []]);
}

test('a merge', async () => {
  const project = await branches();
  project.git('checkout', '-q', 'ours');
  expect(conflicts(project, 'merge', 'main')).toEqual(expect.arrayContaining(['generated/migrations/migrations.lock']));
  expect(project.read(schema)).toBe(ours(theirs(start)));
  const city = project.git('show', 'main:generated/migrations/0002_city.sql');
  await expectOursAfterTheirs(project);
  expect(project.read('generated/migrations/0002_city.sql')).toBe(city);
  project.git('add', '-A');
  project.git('commit', '-q', '-m', 'merged');
});

test('a rebase', async () => {
  const project = await branches();
  project.git('checkout', '-q', 'ours');
  expect(conflicts(project, 'rebase', 'main')).toEqual(expect.arrayContaining(['generated/migrations/migrations.lock']));
  await expectOursAfterTheirs(project);
  project.git('add', '-A');
  project.git('rebase', '--continue');
  expect(project.git('status', '--porcelain')).toBe('');
});

test('several migrations of ours become one, each named', async () => {
  const project = await branches();
  project.git('checkout', '-q', 'ours');
  project.write({
    [schema]: edited(ours(start), 'age: integer(', "height: integer({ doc: 'Centimetres.', nullable: true }),\n    age: integer("),
  });
  await project.compile({ name: 'height' });
  project.git('add', '-A');
  project.git('commit', '-q', '-m', 'more');
  conflicts(project, 'merge', 'main');
  const rebased = await project.compile({ history: 'rebase' });
  expect(rebased.lines.slice(0, 4)).toEqual([
    'made 0002_age anew as 0003_height',
    'made 0003_age_contract anew as 0004_age_contract',
    'made 0004_height anew as 0003_height',
    'wrote generated/migrations/0003_height.sql',
  ]);
  expect(migrationsOf(project)).toEqual(['0001_initial_schema', '0002_city', '0003_height', '0004_age_contract']);
  expectDone(await project.check());
});

test('a conflict that was resolved by keeping both lines is refused, with the two commands that mend it', async () => {
  const project = await branches();
  project.git('checkout', '-q', 'ours');
  conflicts(project, 'merge', 'main');
  const lock = project.read('generated/migrations/migrations.lock');
  project.write({ 'generated/migrations/migrations.lock': lock.replace(/^[<=>]{7}.*\n/gm, '') });
  const refused = await project.check();
  expect([refused.exitCode, codes(refused)]).toEqual([1, ['lock-order']]);
  const { hint } = finding(refused, 'lock-order');
  expect(hint).toContain('git checkout main -- generated/migrations/migrations.lock, then run npx schemac compile --rebase');
  expect(finding(await project.compile({ history: 'rebase' }), 'lock-order').hint).toBe(hint);
  project.git('checkout', 'main', '--', 'generated/migrations/migrations.lock');
  expectDone(await project.compile({ history: 'rebase' }));
  expect(migrationsOf(project)).toEqual(['0001_initial_schema', '0002_city', '0003_age', '0004_age_contract']);
  expectDone(await project.check());
});

test('with nothing to make anew nothing is written', async () => {
  const project = await base.copy();
  const before = project.generated();
  expect(codes(await project.compile({ history: 'rebase' }))).toEqual(['nothing-to-rebase']);
  expect(project.generated()).toEqual(before);
});
