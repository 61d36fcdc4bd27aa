/**
 * Rows of lookup tables over the life of a project: whatever is trusted (the snapshot, the kept
 * engine, the migrations alone), the same rows are the state, and a row goes only by name.
 */
import { beforeAll, expect, test } from 'vitest';
import { codes, createProject, expectDone, finding, lastMigration, lastMigrations, migrationsOf, type Project } from './support.ts';

const schema = 'schema/main.ts';
const statuses = (rows: string, more = '', columns = "name: text({ doc: 'Name.' }),"): string => `
import { integer, project, references, table, text } from 'schemac';
export const statuses = table('statuses', {
  doc: 'States of an item.',
  columns: { id: integer({ doc: 'Number.' }), ${columns} },
  primaryKey: ['id'],
  ${rows}
});
export const items = table('items', {
  doc: 'Items.',
  columns: { id: integer({ doc: 'Number.' }), status: references(() => statuses, 'id', { doc: 'State.' }) ${more} },
  primaryKey: ['id'],
  indexes: { items_status: { on: 'status', doc: 'Items of a state.' } },
});
`;
const open = "{ id: 1, name: 'open' }";
const both = `${open}, { id: 2, name: 'done' }`;

let base: Project;

beforeAll(async () => {
  base = await createProject({ [schema]: statuses(`rows: [${both}],`) });
  expectDone(await base.compile());
});

/** The rows that the snapshot holds, by address. */
function rowsOf(project: Project): readonly string[] {
  return [...project.read('generated/snapshot.json').matchAll(/"id":"(reference-row [^"]*(?:\\"[^"\\]*\\")?[^"]*)"/g)].map(
    (match) => match[1] ?? '',
  );
}

test('rows come with their table and are told of in the documents', async () => {
  expect(lastMigration(base)).toContain("INSERT INTO public.statuses (id, name) VALUES (1, 'open');");
  expect(rowsOf(base)).toHaveLength(2);
  expect(base.read('generated/docs/tables/statuses.md')).toMatch(/## Rows\n\n\| `id` \| `name` \|\n\|.*\n\| 1 +\| open +\|/);
  expect(base.read('generated/schema.sql')).toContain("INSERT INTO public.statuses (id, name) VALUES (2, 'done');");
  expectDone(await base.check());
});

test('a change, an insert and a delete: the delete by name alone; then again, with nothing kept', async () => {
  const project = await base.copy();
  project.write({ [schema]: statuses(`rows: [{ id: 1, name: 'opened' }, { id: 3, name: 'gone' }],`) });
  const refused = await project.compile();
  expect([refused.exitCode, codes(refused)]).toEqual([1, ['data-loss']]);
  const { hint, message } = finding(refused, 'data-loss');
  expect(hint).toBe(`if you mean it: npm run compile -- --allow 'data-loss:reference-row public.statuses."2"'`);
  expect(message).toContain('rows of public.items that refer to it stop the migration');
  expectDone(await project.compile({ allow: ['data-loss:reference-row public.statuses."2"'] }));
  const migration = lastMigrations(project, 2);
  expect(migration).toContain("UPDATE public.statuses SET name = 'opened' WHERE id = 1;");
  expect(migration).toContain("WHERE NOT EXISTS (SELECT FROM public.statuses WHERE id = 3 AND name IS NOT DISTINCT FROM 'gone');");
  expect(migration).toContain('DELETE FROM public.statuses WHERE id = 2;');
  expectDone(await project.check());

  // The engine that was kept holds the declared rows still, and no generated ones.
  project.write({
    [schema]: statuses(`rows: [{ id: 1, name: 'opened' }, { id: 3, name: 'went' }],`, ", more: integer({ nullable: true, doc: 'M.' })"),
  });
  expectDone(await project.compile());
  expect(lastMigration(project)).toContain("UPDATE public.statuses SET name = 'went' WHERE id = 3;");
  expect(lastMigration(project)).not.toContain('INSERT');
  expectDone(await project.check());

  // Without snapshot and caches the migrations say the same.
  const files = project.generated();
  const copy = await project.copy();
  copy.write({ 'generated/snapshot.json': undefined });
  expectDone(await copy.compile());
  expect(migrationsOf(copy)).toEqual(migrationsOf(project));
  expect(copy.generated().get('snapshot.json')).toBe(files.get('snapshot.json'));
});

test('an unchanged schema needs no migration, nor does another place or order of rows', async () => {
  const project = await base.copy();
  project.write({ [schema]: `\n${statuses(`rows: [{ name: 'done', id: 2 },\n ${open}],`)}` });
  await project.compile();
  expect(migrationsOf(project)).toHaveLength(1);
});

test('rows that are told of no more are the database’s own; told of again they are known', async () => {
  const project = await base.copy();
  project.write({ [schema]: statuses('') });
  await project.compile();
  expect(migrationsOf(project)).toHaveLength(1);
  expectDone(await project.check());
  project.write({ [schema]: statuses(`rows: [${both}, { id: 3, name: 'new' }],`) });
  expectDone(await project.compile());
  expect(lastMigration(project).match(/INSERT/g)).toHaveLength(1);
  expectDone(await project.check());
  project.write({ [schema]: statuses('rows: [],') });
  const refused = await project.compile();
  expect(refused.diagnostics.filter(({ code }) => code === 'data-loss')).toHaveLength(3);
});

test('a renamed table and column take their rows along', async () => {
  const project = await base.copy();
  const renamed = statuses(
    `renamedFrom: 'statuses', rows: [{ id: 1, title: 'open' }, { id: 2, title: 'done' }],`,
    '',
    "title: text({ doc: 'Name.', renamedFrom: 'name' }),",
  ).replace("table('statuses'", "table('states'");
  project.write({ [schema]: renamed });
  expectDone(await project.compile());
  expect(lastMigration(project)).not.toMatch(/INSERT|UPDATE|DELETE/);
  expect(rowsOf(project)).toHaveLength(2);
  expectDone(await project.check());
});
