/**
 * The same declarations give the same bytes: in any order of files, in another time zone and locale,
 * on another day, in any path, and whatever became of the caches. On the repository's own schema, with
 * a second migration, which is where the clock of partitions could come in.
 */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { edited } from './schemas.ts';
import { runChild } from './child.ts';
import { createProject, expectDone, migrationsOf, ownSchema, type Project } from './support.ts';

const digests = 'schema/digests.ts';
const before = ownSchema();
const after = edited(
  before[digests] ?? '',
  '    locale: text({',
  "    region: text({ doc: 'Where it is read.', nullable: true }),\n    locale: text({",
);

let base: Project;
let first: ReadonlyMap<string, string>;
let second: ReadonlyMap<string, string>;

beforeAll(async () => {
  base = await createProject(before);
  expectDone(await base.compile());
  first = base.generated();
  base.write({ [digests]: after });
  expectDone(await base.compile());
  second = base.generated();
  expect(migrationsOf(base)).toEqual(['0001_initial_schema', '0002_add_column_digests_region']);
});

const surroundings = [
  {
    name: 'another order in which folders list their files, another path',
    path: 'Ünï "code" $(x) 日本',
    environment: { REVERSE_LISTINGS: 'yes' },
    proof: 'listing reversed',
  },
  {
    name: 'another time zone, locale and day',
    path: 'shop',
    environment: {
      SHIFT_DAYS: '400',
      TZ: 'Pacific/Kiritimati',
      LC_ALL: 'tr_TR.UTF-8',
      LANG: 'tr_TR.UTF-8',
      PGTZ: 'Asia/Kathmandu',
      PGDATESTYLE: 'German',
    },
    proof: `day ${new Date(Date.now() + 400 * 86_400_000).toISOString().slice(0, 7)}`,
  },
];

test.each(surroundings)('$name', async ({ path, environment, proof }) => {
  const project = await createProject(before, { name: path });
  const run = { preload: 'preload-surroundings.mjs', environment };
  const begun = await runChild(project, run);
  expectDone(begun.result);
  expect(begun.errors).toContain(proof);
  expect(project.generated()).toEqual(first);
  project.write({ [digests]: after });
  await runChild(project, run);
  expect(project.generated()).toEqual(second);
});

test('no snapshot, no documents and no kept states', async () => {
  const project = await base.copy();
  project.write({ 'generated/snapshot.json': undefined, 'generated/docs': undefined });
  const rebuilt = await project.compile();
  expect(rebuilt.json).toMatchObject({ migration: null });
  expect(project.generated()).toEqual(second);
});

test('a file under another name changes the order of documents at most, never the schema', async () => {
  const project = await base.copy();
  project.write({ 'schema/zz-last/note.ts': "export { digests } from '../digests.ts';\n" });
  expect((await project.compile()).json).toMatchObject({ migration: null, written: [] });

  renameSync(join(project.root, 'schema/digest-daily-stats.ts'), join(project.root, 'schema/zz-last/stats.ts'));
  for (const path of Object.keys(before).filter((each) => each !== 'schema/digest-daily-stats.ts')) {
    project.write({ [path]: project.read(path).replaceAll('./digest-daily-stats.ts', './zz-last/stats.ts') });
  }
  project.write({ 'schema/zz-last/stats.ts': project.read('schema/zz-last/stats.ts').replaceAll("'./", "'../") });
  const result = await project.compile();
  expectDone(result);
  expect(result.json).toMatchObject({ migration: null });
  const files = project.generated();
  for (const path of ['snapshot.json', 'schema.sql', 'docs/tables/digests.md', 'docs/tables/digest_daily_stats.md'])
    expect([path, files.get(path)]).toEqual([path, second.get(path)]);
});
