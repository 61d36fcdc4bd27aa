/**
 * The seven changes of a working week, each on a schema that has a migration already: `check` says that
 * one is missing, `compile` writes the one that a careful engineer would have written, `check` is content.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { edited, mails } from './schemas.ts';
import { codes, createProject, expectDone, finding, lastMigration, migrationsOf, statementsOf, type Project } from './support.ts';

let base: Project;

beforeAll(async () => {
  base = await createProject({ 'schema/mails.ts': mails });
  expectDone(await base.compile());
});

interface Edit {
  readonly change: string;
  readonly text: string;
  readonly name: string;
  readonly allow?: readonly string[];
  /** In order, a line each. */
  readonly statements: readonly string[];
}

const edits: readonly Edit[] = [
  {
    change: 'a column is added',
    text: edited(mails, 'age: integer(', "locale: text({ doc: 'Language.', nullable: true }),\n    age: integer("),
    name: '0002_add_column_users_locale',
    statements: ['ALTER TABLE public.users ADD COLUMN locale text;', "COMMENT ON COLUMN public.users.locale IS 'Language.';"],
  },
  {
    change: 'a column is renamed, with a check on it',
    text: edited(
      edited(mails, "subject: text({ doc: 'Subject line.' })", "title: text({ doc: 'Subject line.', renamedFrom: 'subject' })"),
      '(subject)',
      '(title)',
    ),
    name: '0002_rename_public_digests_title',
    statements: ['ALTER TABLE public.digests RENAME COLUMN subject TO title;'],
  },
  {
    change: 'an index is added to a table',
    text: edited(
      mails,
      "doc: 'One row a user.' },",
      "doc: 'One row a user.' },\n  indexes: { users_mail: { on: ['mail'], doc: 'By address.' } },",
    ),
    name: '0002_add_index_users_mail',
    statements: ['CREATE INDEX CONCURRENTLY users_mail ON public.users (mail);', "COMMENT ON INDEX public.users_mail IS 'By address.';"],
  },
  {
    change: 'a check is tightened',
    text: edited(mails, '<= 200', '<= 150'),
    name: '0002_change_check_digests_digests_subject_length',
    statements: [
      'ALTER TABLE public.digests ADD CONSTRAINT digests_subject_length_new CHECK (char_length(subject) <= 150) NOT VALID;',
      'ALTER TABLE public.digests VALIDATE CONSTRAINT digests_subject_length_new;',
      'ALTER TABLE public.digests DROP CONSTRAINT digests_subject_length;',
      'ALTER TABLE public.digests RENAME CONSTRAINT digests_subject_length_new TO digests_subject_length;',
      "COMMENT ON CONSTRAINT digests_subject_length ON public.digests IS 'Fits a line.';",
    ],
  },
  {
    change: 'varchar becomes text under a check',
    text: edited(mails, 'varchar({ length: 320,', 'text({'),
    name: '0002_change_users_mail_and_1_more',
    statements: [
      'ALTER TABLE public.users DROP CONSTRAINT users_mail_form;',
      'ALTER TABLE public.users ALTER COLUMN mail TYPE text;',
      "ALTER TABLE public.users ADD CONSTRAINT users_mail_form CHECK (mail LIKE '%@%') NOT VALID;",
      'ANALYZE public.users (mail);',
      'ALTER TABLE public.users VALIDATE CONSTRAINT users_mail_form;',
      "COMMENT ON CONSTRAINT users_mail_form ON public.users IS 'Has a host.';",
    ],
  },
  {
    change: 'a table is dropped',
    text: mails.slice(0, mails.indexOf('export const notes')),
    name: '0002_drop_table_notes',
    allow: ['data-loss:table public.notes'],
    statements: ['DROP TABLE public.notes;'],
  },
  {
    change: 'a partition rule is changed',
    text: edited(mails, "retain: '13 months'", "retain: '25 months'"),
    name: '0002_change_partition_rule_digests',
    statements: ["UPDATE schemac.partition_rule SET retain = '25 months' WHERE parent = 'public.digests';"],
  },
];

describe('check asks for a migration, compile writes it, check is content', () => {
  test.each(edits)('$change', async ({ text, name, allow = [], statements }) => {
    const project = await base.copy();
    project.write({ 'schema/mails.ts': text });
    const before = project.generated();
    const asked = await project.check();
    expect(asked.exitCode).toBe(2);
    expect(asked.diagnostics.map(({ hint }) => hint)).toContain(
      allow[0] === undefined ? 'run npm run compile and commit what it writes' : `if you mean it: npm run compile -- --allow '${allow[0]}'`,
    );
    if (allow[0] === undefined) expect(finding(asked, 'migration-pending').message).toContain(name);
    expect(project.generated()).toEqual(before);

    expectDone(await project.compile({ allow }));
    expect(migrationsOf(project)).toEqual(['0001_initial_schema', name]);
    expect(statementsOf(lastMigration(project))).toEqual(statements);
    expect(lastMigration(project).match(/^-- allows: .*$/m)?.[0]).toBe(
      allow[0] === undefined ? undefined : '-- allows: data-loss table public.notes',
    );

    const content = await project.check();
    expect([content.exitCode, codes(content)]).toEqual([0, []]);
  });
});

test('an index on a partitioned table is built on each partition without stopping writes, then attached', async () => {
  const project = await base.copy();
  project.write({
    'schema/mails.ts': edited(
      mails,
      "doc: 'Latest first.' }",
      "doc: 'Latest first.' }, digests_subject: { on: ['subject'], doc: 'Finds a subject.' }",
    ),
  });
  expectDone(await project.compile());
  const migration = lastMigration(project);
  expect(migration).toMatch(/CREATE INDEX digests_subject ON ONLY public\.digests/);
  expect(migration).toMatch(/CREATE INDEX CONCURRENTLY/);
  expect(migration).toMatch(/ATTACH PARTITION/);
  expect(migration).not.toMatch(/digests_p\d/);
  expectDone(await project.check());
});
