/**
 * Functions, procedures and triggers through the whole of `compile` and `check`: what is written, that
 * a replay of the migrations agrees, and that an opaque object keeps what its SQL makes to itself.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pullCommand } from '../../compiler/commands/pull.ts';
import { connect } from '../../compiler/engine/server-connection.ts';
import { newestMajor, withServer } from '../support/servers.ts';
import { codes, createProject, expectDone, finding, lastMigration, migrationsOf, repository } from './support.ts';

/** A database with every form of them, for pull. */
const everyForm = readFileSync(new URL('../kinds/routines.sql', import.meta.url), 'utf8');

const head = `import { bigint, func, opaque, procedure, project, sql, table, text, timestamptz, view } from 'schemac';
export const settings = project({ postgres: 16, title: 'T', purpose: 'P.' });
`;
const items = `export const items = table('items', {
  doc: 'Items.',
  columns: {
    id: bigint({ doc: 'Key.' }), name: text({ doc: 'Name.' }), COLUMNS
    touched: timestamptz({ doc: 'When.', nullable: true }),
  },
  primaryKey: ['id'],
  triggers: { touch_it: { when: 'before', on: ['update'], execute: () => touch, doc: 'Keeps touched.' }, note_it: { when: 'after', on: ['insert', 'update'], execute: () => note, doc: 'Notes it.' } },
  suppress: { 'integer-key': 'a test' },
});
export const log = table('log', { doc: 'Log.', columns: { id: bigint({ identity: 'always', doc: 'Key.' }), what: text({ doc: 'What.' }) }, primaryKey: ['id'] });
export const note = func('note', { returns: 'trigger', language: 'plpgsql', doc: 'Notes what happens.', body: sql\`BEGIN INSERT INTO \${log} (what) VALUES (TG_OP); RETURN NULL; END\` });
export const clean = procedure('clean', { language: 'sql', body: sql\`DELETE FROM \${log}\`, doc: 'Empties the log.' });
`;
const touch = (body: string): string =>
  `export const touch = func('touch', { returns: 'trigger', language: 'plpgsql', doc: 'Sets touched.', body: sql\`${body}\` });\n`;
const first = touch(`
BEGIN
  NEW.touched := now();
  RETURN NEW;
END`);
const byHand = `export const byHand = opaque('by_hand', {
  create: sql\`CREATE FUNCTION by_hand() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER by_hand BEFORE INSERT ON \${items} FOR EACH ROW EXECUTE FUNCTION by_hand()\`,
  drop: sql\`DROP TRIGGER by_hand ON \${items}; DROP FUNCTION by_hand()\`, dependsOn: [items], doc: 'By hand.' });
`;
const without = items.replace(' COLUMNS', '');

test('a schema with routines is compiled, checked, changed, and each change is one statement', { timeout: 120_000 }, async () => {
  const project = await createProject({ 'schema/items.ts': head + without + first + byHand });
  expectDone(await project.compile());
  const created = lastMigration(project);
  expect(created).toContain('CREATE FUNCTION public.touch() RETURNS trigger\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  NEW.touched := now();');
  expect(created).toContain('CREATE TRIGGER touch_it\nBEFORE UPDATE ON public.items\nFOR EACH ROW\nEXECUTE FUNCTION public.touch();');
  expect(created).toContain(`COMMENT ON TRIGGER touch_it ON public.items IS 'Keeps touched.';`);
  expectDone(await project.check());

  const document = project.read('generated/docs/README.md');
  expect(document).toContain('## Functions and procedures');
  expect(document).toMatch(/\| `touch\(\)` +\| function +\| `RETURNS trigger LANGUAGE plpgsql` +\| Sets touched\. +\|/);
  expect(document).toMatch(/\| `clean\(\)` +\| procedure +\| `LANGUAGE sql` +\| Empties the log\. +\|/);
  const page = project.read('generated/docs/tables/items.md');
  expect(page).toMatch(/\| `touch_it` +\| .*before update, for each row, public\.touch\(\).*\| Keeps touched\. +\|/);

  project.write({ 'schema/items.ts': head + without + first.replace('now()', 'clock_timestamp()') + byHand });
  expectDone(await project.compile());
  expect(lastMigration(project).match(/^(CREATE|ALTER|DROP|SELECT|COMMENT).*$/gm)).toEqual([
    'CREATE OR REPLACE FUNCTION public.touch() RETURNS trigger',
  ]);
  const report = project.read(`generated/changes/${migrationsOf(project).at(-1) ?? ''}.md`);
  expect(report).toContain('-  NEW.touched := now();\n+  NEW.touched := clock_timestamp();');
  expectDone(await project.check());

  // A backfill fires both triggers: what they change and write is no loss, and is not there at the next compile.
  const more = items.replace('COLUMNS', "size: text({ doc: 'Size.', backfill: sql`'s'` }),");
  project.write({ 'schema/items.ts': head + more + first.replace('now()', 'clock_timestamp()') + byHand });
  expectDone(await project.compile());
  expectDone(await project.check());
  project.write({
    'schema/items.ts':
      head +
      more.replace("what: text({ doc: 'What.' })", "what: text({ doc: 'What.' }), who: text({ doc: 'Who.', backfill: sql`'w'` })") +
      first.replace('now()', 'clock_timestamp()') +
      byHand,
  });
  expectDone(await project.compile());
  expectDone(await project.check());
});

test('mistakes in bodies are placed at their declarations', { timeout: 120_000 }, async () => {
  const project = await createProject({ 'schema/items.ts': head + without + touch('BEGIN RETURN NEW END') });
  const result = await project.compile();
  expect(codes(result)).toEqual(['refused-by-postgres']);
  expect(finding(result, 'refused-by-postgres')).toMatchObject({
    subject: 'function public.touch()',
    place: { file: 'schema/items.ts', line: 16, column: 22 },
  });
});

test('a body that cannot be checked when its function is made is checked in the end', { timeout: 120_000 }, async () => {
  const codesTable = (column: string): string => `${head}
export const nextCode = func('next_code', { returns: bigint(), language: 'sql', doc: 'Next.', body: sql\`SELECT count(${column}) FROM codes\` });
export const codes = table('codes', { doc: 'Codes.', columns: { id: bigint({ doc: 'Key.', default: sql\`next_code()\` }) }, primaryKey: ['id'], suppress: { 'integer-key': 'a test' } });
`;
  const project = await createProject({ 'schema/codes.ts': codesTable('idd') });
  const result = await project.compile();
  expect(finding(result, 'refused-by-postgres')).toMatchObject({
    subject: 'function public.next_code()',
    message: expect.stringContaining('column "idd" does not exist') as string,
    place: { file: 'schema/codes.ts', line: 4, column: 25 },
  });
  project.write({ 'schema/codes.ts': codesTable('id') });
  expectDone(await project.compile());
  expect(lastMigration(project)).toContain(`SELECT set_config('check_function_bodies', 'off', true);`);
  expectDone(await project.check());
});

test('argument types that PostgreSQL knows by another name are named', { timeout: 120_000 }, async () => {
  const text = `${head.replace('bigint', 'customType, bigint')}
export const a = table('a', { doc: 'A.', columns: { id: bigint({ doc: 'Key.' }) }, primaryKey: ['id'], suppress: { 'integer-key': 'a test' } });
export const f = func('f', { args: { row: customType('a')() }, returns: 'void', language: 'plpgsql', doc: 'F.', body: 'BEGIN END' });
`;
  const project = await createProject({ 'schema/t.ts': text });
  const result = await project.compile();
  expect(finding(result, 'signature-spelling')).toMatchObject({
    message: 'function public.f(a) is function public.f(public.a) to PostgreSQL',
    hint: 'write its argument types by their own names: public.a',
    place: { file: 'schema/t.ts', line: 5, column: 18 },
  });
});

test('pull writes every form of them as source that says the same, but for a trigger on one partition alone', { timeout: 120_000 }, () =>
  withServer(newestMajor, async (server) => {
    const url = await server.createDatabase();
    const connection = await connect(url);
    await connection.run(everyForm);
    await connection.end();
    const root = mkdtempSync(join(tmpdir(), 'schemac-pull-'));
    try {
      const result = await pullCommand({
        root,
        home: repository,
        url,
        schemas: [],
        externals: [],
        out: 'schema',
        existing: 'keep',
        writing: 'write',
        proof: 'prove',
        engine: server.url,
        report: () => undefined,
      });
      expect([result.exitCode, result.diagnostics]).toEqual([0, []]);
      expect(result.lines).toContain('proven: loaded and built anew, the schema is what the database holds');
      expect(result.lines.filter((line) => /^ {2}(function|procedure|trigger) .*: it is /.test(line))).toEqual([
        '  trigger public.parts_1.own: it is on neither a table nor a view',
      ]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }),
);
