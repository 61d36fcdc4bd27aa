/**
 * What no kind reads is said by every verb that reads a database, on every major of the run: by name,
 * and with --strict as an error before anything is printed or written.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainCommand } from '../../compiler/commands/explain.ts';
import { driftCommand } from '../../compiler/commands/drift.ts';
import { pullCommand, type PullArguments } from '../../compiler/commands/pull.ts';
import type { CommandResult } from '../../compiler/commands/result.ts';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { readDatabase } from '../../compiler/sources/read-database.ts';
import { createProject, repository } from '../commands/support.ts';
import { made } from '../introspect/everything.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { databaseWith, diff, fileOf } from './support.ts';

/** What has no kind, and what a kind reads without all of it. */
const unmodelled = `
  CREATE TYPE pair AS (x integer, y integer); CREATE TABLE typed OF pair;
  CREATE SCHEMA other; CREATE MATERIALIZED VIEW other.totals AS SELECT 1 AS id; ALTER MATERIALIZED VIEW other.totals ALTER id SET STATISTICS 7;
  SELECT lo_create(0);`;
const names = ['large objects 1', 'materialized view column other.totals.id', 'table public.typed'];

/** What `made` makes that has no kind. */
const withoutKind = /CREATE SUBSCRIPTION|lo_create|CREATE TABLE app\.typed OF|TYPE app\.shell/;

interface Told {
  readonly notModelled: readonly { readonly source: string; readonly what: string; readonly name: string; readonly why: string }[];
  readonly diagnostics: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
}

function told({ json }: CommandResult): Told {
  return json as Told;
}

function named(result: CommandResult): readonly string[] {
  return told(result).notModelled.map(({ what, name }) => `${what} ${name}`);
}

function said(result: CommandResult): readonly string[] {
  return result.diagnostics.filter(({ code }) => code === 'not-modelled').map(({ severity, message }) => `${severity} ${message}`);
}

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  let database: string;
  let root: string;
  beforeAll(async () => {
    server = await startServer(major);
    database = await databaseWith(server, unmodelled);
    root = mkdtempSync(join(tmpdir(), 'schemac-not-modelled-'));
  });
  afterAll(async () => {
    rmSync(root, { recursive: true, force: true });
    await server.stop();
  });

  it('comments that a partition took over from its table are none of its own', async () => {
    const url = await databaseWith(
      server,
      `CREATE TABLE events (id bigint, at date CONSTRAINT events_at CHECK (at > '2000-01-01')) PARTITION BY RANGE (at);
       COMMENT ON COLUMN events.id IS 'Key.'; COMMENT ON CONSTRAINT events_at ON events IS 'Since then.';
       CREATE INDEX events_id ON events (id); COMMENT ON INDEX events_id IS 'By key.';
       CREATE STATISTICS events_both ON id, at FROM events; COMMENT ON STATISTICS events_both IS 'Together.';
       CREATE TABLE events_2026 (LIKE events INCLUDING ALL);
       ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`,
    );
    expect(named(await pull({ url, out: 'taken-over' }))).toEqual([]);
  });

  const pull = (more: Partial<PullArguments> = {}): Promise<CommandResult> =>
    pullCommand({
      root,
      home: repository,
      url: database,
      schemas: [],
      externals: [],
      out: 'schema',
      existing: 'keep',
      writing: 'write',
      proof: 'skip',
      report: () => undefined,
      ...more,
    });

  it('has nothing to say of a database with one of everything that is modelled', async () => {
    const url = await server.createDatabase();
    await withClient(url, async (client) => {
      for (const { sql, since = 14 } of made) if (since <= major && !withoutKind.test(sql)) await client.query(sql);
    });
    const { notModelled, state } = await readDatabase(url);
    expect(notModelled).toEqual([]);
    expect(state.size).toBeGreaterThan(80);
    const result = await diff(url, url, { notModelled: 'refused' });
    expect([result.exitCode, said(result)]).toEqual([0, []]);
  });

  it('diff lists it of each source that has it, and compares the rest', async () => {
    const empty = await databaseWith(server, 'CREATE SCHEMA other');
    const result = await diff(database, empty);
    expect(result.exitCode).toBe(2);
    expect(named(result)).toEqual(names);
    expect(said(result)).toHaveLength(1);
    expect(said(result)[0]).toMatch(/^notice not modelled in .*: large objects 1 \(they are data .*; table public\.typed \(/);
    expect(told(result).diagnostics).toEqual(result.diagnostics);
    expect(named(await diff(database, database))).toEqual([...names, ...names]);
  });

  it('diff --strict refuses before anything is printed', async () => {
    const result = await diff(database, database, { notModelled: 'refused' });
    expect(result).toMatchObject({ exitCode: 1, lines: [] });
    expect(result.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['not-modelled', 'error'],
      ['not-modelled', 'error'],
    ]);
    expect(named(result)).toEqual([...names, ...names]);
  });

  it('--exclude keeps by name out what is known, and nothing else', async () => {
    const some = await diff(database, database, { exclude: ['large objects *', 'table public.typed'] });
    expect(named(some)).toEqual([names[1], names[1]]);
    const all = await diff(database, database, {
      notModelled: 'refused',
      exclude: ['large objects *', '* other.totals.id', '* public.typed'],
    });
    expect([all.exitCode, all.diagnostics]).toEqual([0, []]);
  });

  it('names ten, counts the rest, and has all in --json', async () => {
    const tables = Array.from({ length: 13 }, (_, number) => `CREATE TABLE t${String(number).padStart(2, '0')} OF pair;`);
    const url = await databaseWith(server, `CREATE TYPE pair AS (x integer); ${tables.join(' ')}`);
    const result = await diff(url, fileOf(''));
    expect(told(result).notModelled).toHaveLength(13);
    expect(said(result)[0]).toMatch(/table public\.t09 \([^)]*\); and 3 more$/);
    expect(said(result)[0]).not.toContain('t10');
  });

  it('drift lists and refuses it, and what the project ignores is known', async () => {
    const declared = (ignore: string): Record<string, string> => ({
      'schema/schema.ts': `import { bigint, project, table } from 'schemac';
export default project({ title: 'Shop', purpose: 'Tests.', postgres: 14, manages: 'declared', ignore: [${ignore}] });
export const users = table('users', { doc: 'Who buys.', columns: { id: bigint({ doc: 'Number.' }) } });
`,
    });
    const url = await databaseWith(
      server,
      'CREATE TABLE users (id bigint NOT NULL); CREATE TYPE pair AS (x integer); CREATE TABLE typed OF pair;',
    );
    const drift = async (ignore: string, notModelled: 'noticed' | 'refused'): Promise<CommandResult> =>
      driftCommand({ root: (await createProject(declared(ignore))).root, url, against: 'schema', loader: 'esbuild', notModelled });
    const noticed = await drift('', 'noticed');
    expect(named(noticed)).toEqual(['table public.typed']);
    expect(said(noticed)).toHaveLength(1);
    const refused = await drift('', 'refused');
    expect(refused).toMatchObject({ exitCode: 1, lines: [] });
    expect(said(refused)[0]).toContain('error not modelled in');
    expect((await drift(`{ address: 'table public.typed', reason: 'theirs' }`, 'refused')).exitCode).not.toBe(1);
  });

  it('pull --strict writes no file; without it the files are written and the list is in the report', async () => {
    const refused = await pull({ notModelled: 'refused' });
    expect(refused).toMatchObject({ exitCode: 1, lines: [] });
    expect(named(refused)).toEqual(names);
    expect(existsSync(join(root, 'schema'))).toBe(false);
    const written = await pull();
    expect([written.exitCode, named(written), said(written).length]).toEqual([0, names, 1]);
    expect(existsSync(join(root, 'schema'))).toBe(true);
  });

  it('pull of one schema is not about others', async () => {
    expect(named(await pull({ schemas: ['other'], writing: 'show' }))).toEqual(names.slice(0, 2));
  });

  it('a .sql file is read the same way', async () => {
    const result = await diff(fileOf('CREATE TYPE pair AS (x integer); CREATE TABLE typed OF pair;'), database);
    expect(told(result).notModelled.filter(({ source }) => source.endsWith('.sql'))).toMatchObject([
      { what: 'table', name: 'public.typed' },
    ]);
  });

  it('lists security labels, whose providers are modules that few servers have: they are put into the catalog by hand here', async () => {
    const url = await databaseWith(
      server,
      `CREATE TABLE t (id integer); CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
      INSERT INTO pg_seclabel (objoid, classoid, objsubid, provider, label) VALUES ('t'::regclass, 'pg_class'::regclass, 0, 'dummy', 'secret'),
        ('t'::regclass, 'pg_class'::regclass, 1, 'dummy', 'classified'), ('f'::regproc, 'pg_proc'::regclass, 0, 'dummy', 'secret');`,
    );
    const result = await diff(url, fileOf('CREATE TABLE t (id integer);'));
    expect(named(result)).toEqual([
      'security label dummy on function public.f()',
      'security label dummy on table column public.t.id',
      'security label dummy on table public.t',
    ]);
    expect(result.lines.join('\n')).not.toContain('classified');
  });

  it('is explained', () => {
    expect(explainCommand('not-modelled').lines.join('\n')).toContain('--exclude');
  });
});

describe.each(testMajors)('what a role of PostgreSQL %i may not see', (major) => {
  const role = 'schemac_test_sees_little';
  let server: TestServer;
  let database: string;
  let asRole: string;
  beforeAll(async () => {
    server = await startServer(major);
    database = await databaseWith(
      server,
      `CREATE FOREIGN DATA WRAPPER wrapper; CREATE SERVER plain FOREIGN DATA WRAPPER wrapper; CREATE SERVER secret FOREIGN DATA WRAPPER wrapper;
      CREATE USER MAPPING FOR PUBLIC SERVER plain; CREATE USER MAPPING FOR PUBLIC SERVER secret OPTIONS (password 'hush');
      CREATE TABLE statuses (id integer PRIMARY KEY, name text NOT NULL); INSERT INTO statuses VALUES (1, 'open');
      ALTER TABLE statuses ENABLE ROW LEVEL SECURITY;`,
    );
    await withClient(database, (client) =>
      client.query(`DROP ROLE IF EXISTS ${role}; CREATE ROLE ${role} LOGIN PASSWORD 'p'; GRANT SELECT ON statuses TO ${role}`),
    );
    const url = new URL(database);
    [url.username, url.password] = [role, 'p'];
    asRole = url.href;
  });
  afterAll(async () => {
    await withClient(database, (client) => client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`));
    await server.stop();
  });

  it('is the options of user mappings: named for one that may see them, and for one that may not', async () => {
    const mappings = async (url: string): Promise<readonly string[]> =>
      ((await readDatabase(url)).notModelled ?? []).map(({ what, name, why }) => `${what} ${name}: ${why}`);
    expect(await mappings(database)).toEqual([
      'user mapping public on server secret: its options, which may hold a password, are left out',
    ]);
    expect(await mappings(asRole)).toEqual([
      `user mapping public on server plain: whether it has options the role ${role} may not see`,
      `user mapping public on server secret: whether it has options the role ${role} may not see`,
    ]);
  });

  it('is refused where rows would be compared that a policy hides', async () => {
    const project = await createProject({
      'schema/main.ts': `import { integer, project, table, text } from 'schemac';
export const settings = project({ postgres: 14, comments: 'documents' });
export const statuses = table('statuses', { columns: { id: integer(), name: text() }, primaryKey: ['id'], rows: [{ id: 1, name: 'open' }] });
`,
    });
    const drift = (url: string): Promise<CommandResult> => driftCommand({ root: project.root, url, against: 'schema', loader: 'esbuild' });
    expect(((await drift(database)).json as { readonly findings: readonly { readonly object: string }[] }).findings).not.toContainEqual(
      expect.objectContaining({ object: 'reference-row public.statuses."1"' }),
    );
    const error: unknown = await drift(asRole).catch((thrown: unknown) => thrown);
    if (!(error instanceof DiagnosticError)) throw new Error('it was not refused', { cause: error });
    expect(error.diagnostics).toMatchObject([{ code: 'missing-privilege', message: expect.stringContaining('"statuses"') as string }]);
  });
});

describe('the command line', () => {
  const run = (
    ...parameters: readonly string[]
  ): Promise<{ readonly exitCode: number; readonly output: string; readonly errors: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(repository, 'compiler/bin.mjs'), ...parameters], (error, output, errors) =>
        resolve({ exitCode: Number(error?.code ?? 0), output, errors }),
      );
    });

  it('takes --strict, and has the list in --json either way', async () => {
    const file = fileOf('CREATE TYPE pair AS (x integer); CREATE TABLE typed OF pair;');
    const listed = { notModelled: [{ what: 'table', name: 'public.typed' }, { name: 'public.typed' }] };
    const strict = await run('diff', '--from', file, '--to', file, '--strict', '--json');
    expect(strict.exitCode).toBe(1);
    expect(JSON.parse(strict.output)).toMatchObject(listed);
    const plain = await run('diff', '--from', file, '--to', file);
    expect([plain.exitCode, plain.output]).toEqual([0, '-- no difference\n']);
    expect(plain.errors).toMatch(/notice not-modelled: .*table public\.typed/);
    expect(JSON.parse((await run('diff', '--from', file, '--to', file, '--json')).output)).toMatchObject(listed);
    for (const verb of ['drift', 'pull']) expect((await run(verb, '--help')).output).toContain('--strict');
  });
});
