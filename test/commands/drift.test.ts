/** The verb `drift` on a real server: what it says, how it is taken back, how it is accepted, what it leaves alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileCommand } from '../../compiler/commands/compile.ts';
import { driftCommand } from '../../compiler/commands/drift.ts';
import type { CommandResult } from '../../compiler/commands/result.ts';
import { connect } from '../../compiler/engine/server-connection.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import type { Finding } from '../../compiler/sources/drift.ts';
import { newestMajor, startServer, type TestServer } from '../support/servers.ts';
import { createProject, type Project } from './support.ts';

const columns = `id: bigint(),
    mail: text({ doc: 'Where to write to.' }),`;
const schema = (more = '', ignore = ''): string => `
import { bigint, list, project, sql, table, text } from 'schemac';
export const settings = project({ postgres: ${newestMajor}, comments: 'database', ignore: [${ignore}] });
export const customers = table('customers', {
  columns: {
    ${columns}${more}
  },
  primaryKey: ['id'],
  checks: { customers_mail: sql\`mail <> ''\` },
  indexes: { customers_by_mail: { on: ['mail'] } },
});
export const visits = table('visits', {
  columns: { id: bigint() },
  primaryKey: ['id'],
  partitionBy: list('id', { children: { visits_0: { values: [0] } } }),
});
`;

let server: TestServer;
let project: Project;
let url: string;

beforeAll(async () => {
  server = await startServer(newestMajor);
  project = await createProject({ 'schema/main.ts': schema() });
  const compiled = await compileCommand({ root: project.root, allow: [], loader: 'esbuild', history: 'extend', report: () => undefined });
  expect(compiled.exitCode, JSON.stringify(compiled.diagnostics)).toBe(0);
  url = await server.createDatabase();
  const applied = await migrate({ generated: join(project.root, 'generated'), url });
  expect(applied.diagnostics).toEqual([]);
});
afterAll(() => server.stop());

async function run(sql: string): Promise<void> {
  const connection = await connect(url);
  await connection.run(sql).finally(() => connection.end());
}

function drift(): Promise<CommandResult> {
  return driftCommand({ root: project.root, url, against: 'schema', loader: 'esbuild' });
}

const foundBy = (result: CommandResult): readonly (readonly [string, string, string])[] =>
  (result.json as { readonly findings: readonly Finding[] }).findings.map(({ object, difference, severity }) => [
    object,
    difference,
    severity,
  ]);

test('a database that was migrated has not drifted', async () => {
  const result = await drift();
  expect(foundBy(result)).toEqual([]);
  expect(result.exitCode).toBe(0);
});

test('the gravest comes first, with what was found and the place of its declaration', async () => {
  await run(`ALTER TABLE customers DROP CONSTRAINT customers_mail, ADD COLUMN phone text; DROP INDEX customers_by_mail;
    COMMENT ON COLUMN customers.mail IS 'Changed.'`);
  const result = await drift();
  expect(result.exitCode).toBe(2);
  expect(foundBy(result)).toEqual([
    ['check public.customers.customers_mail', 'missing', 'error'],
    ['column public.customers.phone', 'undeclared', 'error'],
    ['index public.customers_by_mail', 'missing', 'warning'],
    ['comment column public.customers.mail', 'changed', 'notice'],
  ]);
  expect(result.diagnostics[0]?.place).toMatchObject({ file: 'schema/main.ts', line: 10 });
  expect(result.diagnostics[1]?.hint).toContain('in public.customers: columns: { phone: text({ nullable: true }) }');
});

test('the SQL takes the database back', async () => {
  const { lines } = await drift();
  const script = lines.join('\n').split('\n');
  const statements = script.filter((line) => !line.startsWith('\\') && !line.startsWith('--')).join('\n');
  for (const statement of statements.split(';').map((text) => text.trim())) {
    if (statement !== '' && statement !== 'BEGIN' && statement !== 'COMMIT') await run(statement);
  }
  expect(foundBy(await drift())).toEqual([]);
});

test('what it says to declare, declared, is no drift any more', async () => {
  await run('ALTER TABLE customers ADD COLUMN phone text');
  writeFileSync(join(project.root, 'schema/main.ts'), schema(`\n    phone: text({ nullable: true }),`));
  const result = await drift();
  expect(foundBy(result)).toEqual([]);
  writeFileSync(join(project.root, 'schema/main.ts'), schema());
});

test('what the project ignores is listed with its reason and is no drift', async () => {
  writeFileSync(
    join(project.root, 'schema/main.ts'),
    schema('', `{ address: 'column public.customers.phone', reason: 'tried by sales', until: '2999-01-01' }`),
  );
  const result = await drift();
  expect(result.exitCode).toBe(0);
  expect(result.lines.join('\n')).toContain(
    'ignored: column public.customers.phone is in the database and is not declared (tried by sales, until 2999-01-01)',
  );
  writeFileSync(join(project.root, 'schema/main.ts'), schema());
  await run('ALTER TABLE customers DROP COLUMN phone');
});

test('a partition that somebody made is named and never proposed for dropping', async () => {
  await run('CREATE TABLE visits_by_hand PARTITION OF visits FOR VALUES IN (1)');
  const result = await drift();
  expect(result.exitCode).toBe(0);
  expect(result.lines.join('\n')).toContain('partitions that nobody declared, left alone: partition public.visits_by_hand');
  expect(result.lines.join('\n')).not.toContain('DROP');
});

test('what is not applied yet is said, and against the applied migrations it is no drift', async () => {
  writeFileSync(join(project.root, 'schema/main.ts'), schema(`\n    age: bigint({ nullable: true }),`));
  await compileCommand({ root: project.root, allow: [], loader: 'esbuild', history: 'extend', report: () => undefined });
  const result = await drift();
  expect(foundBy(result)).toEqual([['column public.customers.age', 'missing', 'error']]);
  expect(result.diagnostics.map(({ code }) => code)).toContain('migrations-pending');
  expect(foundBy(await driftCommand({ root: project.root, url, against: 'migrations', loader: 'esbuild' }))).toEqual([]);
});
