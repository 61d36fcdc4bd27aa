/**
 * The verb as a whole: what it writes, what it refuses, what it says; and the way from an empty folder
 * over the first migration to a database that has it already.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pullCommand, type PullArguments } from '../../compiler/commands/pull.ts';
import { recogniseRules } from '../../compiler/author/recognise-rules.ts';
import { connect } from '../../compiler/engine/server-connection.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import { DiagnosticError, type Diagnostic } from '../../compiler/model/diagnostic.ts';
import { makeEngines } from '../../compiler/sources/engines.ts';
import { planDifference } from '../../compiler/sources/plan-difference.ts';
import { readDatabase } from '../../compiler/sources/read-database.ts';
import { readSchema } from '../../compiler/sources/read-schema.ts';
import { createProject, expectDone, filesBelow } from '../commands/support.ts';
import { prove, pull, repository } from '../support/pull.ts';
import { newestMajor, startServer, type TestServer } from '../support/servers.ts';

let server: TestServer;
let url: string;
let root: string;
beforeAll(async () => {
  server = await startServer(newestMajor);
  url = await server.createDatabase();
  await run(
    url,
    `
    CREATE TABLE users (id bigint PRIMARY KEY);
    CREATE TABLE orders (id bigint, at timestamptz NOT NULL, user_id bigint NOT NULL REFERENCES users, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE orders_jan PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE orders_feb PARTITION OF orders FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    CREATE VIEW recent AS SELECT id FROM orders WHERE at > '2026-01-01';`,
  );
});
afterAll(() => server.stop());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'schemac-pull-verb-'));
  return () => rmSync(root, { recursive: true, force: true });
});

async function run(database: string, sql: string): Promise<void> {
  const connection = await connect(database);
  await connection.run(sql);
  await connection.end();
}

const given = (more: Partial<PullArguments> = {}): PullArguments => ({
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
  ...more,
});

async function refusal(more: Partial<PullArguments>): Promise<readonly Diagnostic[]> {
  const error: unknown = await pullCommand(given(more)).catch((thrown: unknown) => thrown);
  if (!(error instanceof DiagnosticError)) throw new Error('it was not refused', { cause: error });
  return error.diagnostics;
}

describe('pull', () => {
  it('writes the files, nothing else, and reports what it did', async () => {
    const result = await pullCommand(given());
    expect(result).toMatchObject({ exitCode: 0, diagnostics: [] });
    expect(readdirSync(root)).toEqual(['schema']);
    expect(readdirSync(join(root, 'schema')).sort()).toEqual(['orders.ts', 'project.ts', 'recent.ts', 'users.ts']);
    expect(result.json).toMatchObject({
      folder: 'schema',
      written: true,
      proven: true,
      files: ['project.ts', 'orders.ts', 'recent.ts', 'users.ts'],
      authored: { table: 2, column: 4, view: 1, 'foreign-key': 1, 'partition-rule': 1 },
      partitionRules: [{ table: 'table public.orders', every: '1 month', partitions: 2 }],
      opaque: [],
      renamed: [],
      otherSchemas: 0,
    });
    expect(result.lines).toContain('proven: loaded and built anew, the schema is what the database holds');
    expect(result.lines).toContain('  table public.orders, 2 partitions of 1 month');
  });

  it('--dry-run shows the files and writes none', async () => {
    const result = await pullCommand(given({ writing: 'show' }));
    expect(readdirSync(root)).toEqual([]);
    expect(result.lines.join('\n')).toContain("export const users = table('users', {");
    expect(result.json).toMatchObject({
      written: false,
      contents: { 'users.ts': expect.stringContaining('export const users') as string },
    });
  });

  it('never overwrites without --force, and never removes', async () => {
    mkdirSync(join(root, 'schema'));
    writeFileSync(join(root, 'schema', 'users.ts'), '// mine');
    writeFileSync(join(root, 'schema', 'other.ts'), '// mine too');
    expect(await refusal({})).toMatchObject([{ code: 'file-exists', message: 'schema/users.ts is there already' }]);
    expect(readdirSync(join(root, 'schema')).sort()).toEqual(['other.ts', 'users.ts']);
    await pullCommand(given({ existing: 'overwrite' }));
    expect(readFileSync(join(root, 'schema', 'users.ts'), 'utf8')).toContain('export const users');
    expect(readFileSync(join(root, 'schema', 'other.ts'), 'utf8')).toBe('// mine too');
  });

  it('says what it does not find', async () => {
    expect(await refusal({ schemas: ['sales'] })).toMatchObject([{ code: 'unknown-schema' }]);
    expect(await refusal({ externals: ['people'] })).toMatchObject([
      { code: 'unknown-reference', message: expect.stringContaining('table public.people') as string },
    ]);
    expect(await refusal({ zone: 'Europe/Nowhere' })).toMatchObject([
      { code: 'bad-argument', message: 'there is no time zone Europe/Nowhere' },
    ]);
    expect(existsSync(join(root, 'schema'))).toBe(false);
  });

  it('needs a role that may read and nothing else', async () => {
    await run(url, `DROP ROLE IF EXISTS schemac_reader; CREATE ROLE schemac_reader LOGIN PASSWORD 'reader' IN ROLE pg_read_all_data`);
    const as = new URL(url);
    [as.username, as.password] = ['schemac_reader', 'reader'];
    try {
      expect(await pullCommand(given({ url: as.href }))).toMatchObject({ exitCode: 0, diagnostics: [] });
    } finally {
      await run(url, 'DROP ROLE schemac_reader');
    }
  });

  it('works with the embedded engine, with which the database is of another make', async () => {
    const { engine: _engine, ...embedded } = given();
    expect(await pullCommand(embedded)).toMatchObject({ exitCode: 0, diagnostics: [] });
  }, 120_000);
});

describe('the proof', () => {
  const engines = makeEngines({ cacheFolder: join(tmpdir(), 'schemac-test-cache') });
  afterAll(() => engines.close());

  const withFile = async (path: string, change: (text: string) => string): Promise<unknown> => {
    const pulled = await pull(url);
    const text = change(pulled.authored.files.get(path) ?? '');
    expect(text).not.toBe(pulled.authored.files.get(path));
    const files = new Map(pulled.authored.files).set(path, text);
    return prove({ ...pulled, authored: { ...pulled.authored, files } }, engines).catch((error: unknown) => error);
  };

  it.each([
    ['a key is missing', 'users.ts', (text: string) => text.replace("  primaryKey: ['id'],\n", ''), /./],
    ['a column is of another type', 'users.ts', (text: string) => text.replaceAll('bigint', 'integer'), /differs in type/],
    [
      'a column is in another place',
      'orders.ts',
      (text: string) => text.replace(/( {4}id: .*\n)( {4}at: .*\n)/, '$2$1'),
      /stand in another order/,
    ],
    ['a view has another query', 'recent.ts', (text: string) => text.replace('2026', '2025'), /view public.recent differs in query/],
  ])('fails where %s', async (_what, path, change, message) => {
    const error = await withFile(path, change);
    expect(error).toBeInstanceOf(DiagnosticError);
    expect((error as DiagnosticError).message).toMatch(message);
  });
});

describe('bringing in a database', () => {
  it('pull, compile, migrate --baseline: then the schema and the database are the same', async () => {
    const project = await createProject({});
    await pullCommand(given({ root: project.root }));
    expectDone(await project.compile({ engine: server.url }));
    const generated = join(project.root, 'generated');
    expect([...filesBelow(join(generated, 'migrations')).keys()].filter((name) => name.endsWith('.sql'))).toHaveLength(1);
    expect(await migrate({ generated, url, action: { action: 'baseline', through: 1 } })).toMatchObject({ pending: [], diagnostics: [] });
    expect(await migrate({ generated, url })).toMatchObject({ applied: [], pending: [] });

    const engines = makeEngines({ cacheFolder: join(tmpdir(), 'schemac-test-cache'), using: server.url });
    try {
      const database = await readDatabase(url);
      // The baseline noted the rule, so that the partitions belong to it and nobody proposes to drop them.
      expect(recogniseRules(database.state).rules).toEqual([]);
      expect(database.state.get('partition-rule public.orders')?.attributes).toMatchObject({ every: '1 month', onRetire: 'keep' });
      const schema = await readSchema(join(project.root, 'schema'), 'schema', { root: project.root, loader: 'esbuild', engines });
      const { changes } = await planDifference(database, schema, { include: [], exclude: [] }, engines);
      expect(changes).toEqual([]);
    } finally {
      await engines.close();
    }
    await run(url, 'DROP SCHEMA schemac CASCADE');
  }, 120_000);
});
