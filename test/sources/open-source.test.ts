/** What is read from each form of source, and what is said of one that cannot be read. */
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateCommand } from '../../compiler/commands/migrate.ts';
import { DiagnosticError, type Diagnostic } from '../../compiler/model/diagnostic.ts';
import { openSource } from '../../compiler/sources/open-source.ts';
import { createProject, type Project } from '../commands/support.ts';
import { mails } from '../commands/schemas.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer, type TestServer } from '../support/servers.ts';
import { fakeServer } from './fake-server.ts';
import { databaseWith, diff, engines, fileOf } from './support.ts';

const lent = engines();
let server: TestServer;
beforeAll(async () => {
  server = await startServer(newestMajor);
});
afterAll(async () => {
  await lent.close();
  await server.stop();
});

const open = (text: string) => openSource(text, { root: '/', loader: 'esbuild', engines: lent });

async function refusal(text: string): Promise<Diagnostic> {
  const error = await open(text).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DiagnosticError) || error.diagnostics[0] === undefined) throw new Error(`not refused: ${String(error)}`);
  return error.diagnostics[0];
}

async function tablesOf(text: string): Promise<readonly string[]> {
  return [...(await open(text)).state.keys()].filter((id) => id.startsWith('table ')).sort();
}

describe('a project', () => {
  let project: Project;
  let url: string;
  beforeAll(async () => {
    project = await createProject({ 'schema/schema.ts': mails });
    await project.compile();
    url = await server.createDatabase();
    await migrateCommand({ url, generated: join(project.root, 'generated') });
  });

  const forms = ['schema', 'generated', 'generated/migrations', 'generated/snapshot.json', 'generated/schema.sql'];

  it.each(forms)('is one state as %s and as the migrated database', async (form) => {
    const result = await diff(join(project.root, form), url, { root: project.root });
    expect(result.lines).toEqual(['-- no difference']);
    expect(result.exitCode).toBe(0);
  });

  it('is one state from whichever two forms', async () => {
    for (const form of forms) {
      const { exitCode } = await diff(form, forms[(forms.indexOf(form) + 1) % forms.length] ?? '', { root: project.root });
      expect([form, exitCode]).toEqual([form, 0]);
    }
  });

  it('says nothing of what it does not declare in the database, but counts it', async () => {
    const copy = await databaseWith(server, 'CREATE TABLE theirs (id integer); CREATE VIEW seen AS SELECT id FROM theirs');
    const { diagnostics, lines } = await diff('schema', copy, { root: project.root, format: 'summary' });
    expect(lines.join('\n')).not.toContain('theirs');
    expect(diagnostics.find(({ code }) => code === 'unmanaged')?.message).toContain('table public.theirs, view public.seen');
  });

  it('is refused with an edited migration, a missing one and an edited snapshot', async () => {
    const copy = await project.copy();
    const [name = ''] = [...copy.generated().keys()].filter((path) => path.startsWith('migrations/0001'));
    const text = copy.read(`generated/${name}`);
    copy.write({ [`generated/${name}`]: `${text}\n-- edited` });
    const edited = await refusal(join(copy.root, 'generated'));
    expect(edited.code).toBe('migration-edited');
    expect(edited.message).toContain('0001_');
    expect(edited.hint).toContain('git checkout');
    rmSync(join(copy.root, 'generated', name));
    expect((await refusal(join(copy.root, 'generated/migrations'))).code).toBe('migration-missing');
    copy.write({ 'generated/snapshot.json': copy.read('generated/snapshot.json').replace('digests', 'digest') });
    expect((await refusal(join(copy.root, 'generated/snapshot.json'))).code).toBe('snapshot-unreadable');
  });
});

describe('a .sql file', () => {
  it('may be a dump: settings of a newer server, psql commands, rows, owners, another encoding', async () => {
    const dump = `-- PostgreSQL database dump
\\restrict aBcD
SET statement_timeout = 0;
SET some_setting_of_version_19 = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE DATABASE shop WITH TEMPLATE = template0;
\\connect shop
CREATE TABLE public.items (id integer NOT NULL, name text);
ALTER TABLE public.items OWNER TO "Nobody here";
COPY public.items (id, name) FROM stdin;
1	it's; a 'row
2	\\N
\\.
COMMENT ON TABLE public.items IS 'Käse';
GRANT SELECT ON TABLE public.items TO reader;
\\unrestrict aBcD
`;
    const { state } = await open(fileOf(dump));
    expect([...state.keys()]).toContain('comment table public.items');
    const latin = await open(fileOf(Buffer.from(dump.replace("'UTF8'", "'latin1'"), 'latin1')));
    expect(latin.state.get('comment table public.items')?.attributes).toMatchObject({ text: 'Käse' });
  });

  it.each([
    ['an error', 'CREATE TABLE a (id integer);\n\nCREATE TABLE b (id integer,\n  n nothing);', 'sql-file', 4, 5],
    ['a statement that fails as a whole', 'CREATE TABLE a ();\nCREATE TABLE a ();', 'sql-file', 2, 1],
    ['an included file', 'SELECT 1;\n\\i other.sql\n', 'psql-command', 2, 1],
    ['a variable', '\\set ON_ERROR_STOP on\n\\set schema shop\n', 'psql-command', 2, 1],
    ['a condition', '\\if true\n', 'psql-command', 1, 1],
    ['rows without an end', 'CREATE TABLE a ();\nCOPY a FROM stdin;\n1\n', 'unterminated', 2, 1],
  ])('is refused at the line of %s', async (_what, text, code, line, column) => {
    expect(await refusal(fileOf(text))).toMatchObject({ code, place: { line, column } });
  });

  it('loses what it does not commit, as it does with psql', async () => {
    expect(await tablesOf(fileOf('CREATE TABLE a (); BEGIN; CREATE TABLE b ();'))).toEqual(['table public.a']);
  });
});

describe('what is no source', () => {
  it.each([
    ['/nowhere/at/all', 'unknown-source'],
    ['env:SCHEMAC_NOT_SET', 'unknown-source'],
    [fileOf('', 'notes.txt'), 'unknown-source'],
    [fileOf('{}', 'other.json'), 'snapshot-unreadable'],
  ])('%s is refused', async (text, code) => {
    expect((await refusal(text)).code).toBe(code);
  });

  it('is not repeated where it may hold a password', async () => {
    expect(JSON.stringify(await refusal('mysql://root:secret@localhost/shop'))).not.toContain('secret');
  });
});

describe('a database', () => {
  it('is named by a variable as well, which keeps a password out of the list of processes', async () => {
    process.env['SCHEMAC_TEST_SOURCE'] = await databaseWith(server, 'CREATE TABLE a ()');
    expect(await tablesOf('env:SCHEMAC_TEST_SOURCE')).toEqual(['table public.a']);
  });

  it('is read by a role that may do nothing else, and only read', async () => {
    const url = new URL(await databaseWith(server, 'CREATE TABLE a (id integer CHECK (id > 0)); CREATE VIEW v AS SELECT id FROM a'));
    await withClient(server.url, (client) =>
      client.query(`DROP ROLE IF EXISTS schemac_test_reader; CREATE ROLE schemac_test_reader LOGIN PASSWORD 'p'`),
    );
    await withClient(url.href, (client) =>
      client.query(`REVOKE ALL ON SCHEMA public FROM PUBLIC; ALTER ROLE schemac_test_reader SET default_transaction_read_only = on`),
    );
    [url.username, url.password] = ['schemac_test_reader', 'p'];
    try {
      expect([...(await open(url.href)).state.keys()]).toEqual(expect.arrayContaining(['table public.a', 'view public.v']));
    } finally {
      await withClient(server.url, (client) => client.query('DROP ROLE schemac_test_reader'));
    }
  });

  it('names what a role may not see: the rules of partitions', async () => {
    const url = new URL(await databaseWith(server, 'CREATE SCHEMA schemac; CREATE TABLE schemac.partition_rule (parent text)'));
    await withClient(server.url, (client) =>
      client.query(`DROP ROLE IF EXISTS schemac_test_blind; CREATE ROLE schemac_test_blind LOGIN PASSWORD 'p'`),
    );
    [url.username, url.password] = ['schemac_test_blind', 'p'];
    try {
      const said = await refusal(url.href);
      expect(said.code).toBe('missing-privilege');
      expect(said.message).toContain('schemac');
      expect(said.hint).toContain('GRANT USAGE ON SCHEMA schemac');
    } finally {
      await withClient(server.url, (client) => client.query('DROP ROLE schemac_test_blind'));
    }
  });

  it('is unreachable, refuses, or does not exist: never with the password', async () => {
    const missing = new URL(server.url);
    missing.pathname = '/not_there';
    const wrong = new URL(server.url);
    wrong.password = 'hunter2-is-wrong';
    for (const url of [missing.href, wrong.href, 'postgres://u:hunter2-is-wrong@127.0.0.1:1/x']) {
      const said = await refusal(url);
      expect(said.code).toBe('connection');
      expect(JSON.stringify(said)).not.toContain('hunter2-is-wrong');
      expect(JSON.stringify(said)).not.toContain(new URL(server.url).password);
    }
  });

  it('of version 9.6 is refused by its number', async () => {
    const old = await fakeServer({ version: '9.6.24', number: '90624', whole: 'PostgreSQL 9.6.24 on x86_64-pc-linux-gnu' });
    try {
      expect(await refusal(old.url)).toMatchObject({
        code: 'postgres-too-old',
        message: expect.stringContaining('PostgreSQL 9.6 is not supported') as string,
      });
    } finally {
      await old.stop();
    }
  });

  it('of another make that speaks the protocol is refused', async () => {
    const other = await fakeServer({ version: '13.0.0', number: '130000', whole: 'CockroachDB CCL v24.1' });
    try {
      expect((await refusal(other.url)).code).toBe('not-postgres');
    } finally {
      await other.stop();
    }
  });

  it('is no PostgreSQL at all', async () => {
    const sockets = new Set<Socket>();
    const http = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    try {
      expect((await refusal(`postgres://u:p@127.0.0.1:${String(port)}/x`)).code).toBe('not-postgres');
    } finally {
      for (const socket of sockets) socket.destroy();
      http.close();
    }
  });
});
