/** What `diff` prints in each form, what its flags leave out, and how it ends. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { createProject, repository } from '../commands/support.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer, type TestServer } from '../support/servers.ts';
import { applyWithPsql, databaseWith, diff, fileOf } from './support.ts';

const one = `CREATE TABLE users (id bigint PRIMARY KEY, mail text NOT NULL, old text);
  CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users); CREATE TABLE audit (id bigint);`;
const other = `CREATE TABLE users (id bigint PRIMARY KEY, mail varchar(320) NOT NULL); CREATE INDEX users_mail ON users (mail);
  CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users, note text); CREATE TABLE log (id bigint);
  CREATE VIEW open AS SELECT id, note FROM orders;`;

let server: TestServer;
let from: string;
let to: string;
beforeAll(async () => {
  server = await startServer(newestMajor);
  [from, to] = [await databaseWith(server, one), await databaseWith(server, other)];
});
afterAll(() => server.stop());

async function refusal(
  action: Promise<unknown>,
): Promise<readonly { readonly code: string; readonly message: string; readonly hint?: string }[]> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DiagnosticError)) throw new Error(`not refused: ${String(error)}`);
  return error.diagnostics;
}

describe('the script', () => {
  it('says what it does, which locks and hazards it has, and that nobody proved it', async () => {
    const { lines, exitCode } = await diff(from, to);
    const script = lines.join('\n');
    expect(exitCode).toBe(2);
    expect(script).toContain('-- Drops column public.users.old.');
    expect(script).toContain('-- Not proven and not applied');
    expect(script).toMatch(/--   \d+ data-loss column public\.users\.old: /);
    expect(script).toMatch(/--   \d+ AccessExclusiveLock on table public\.users \(blocks reads and writes\)/);
    expect(script).not.toContain(new URL(server.url).password);
  });

  it('asks for no allowance and changes nothing', async () => {
    await diff(from, to);
    expect((await diff(from, from)).exitCode).toBe(0);
    await withClient(from, async (client) => expect((await client.query('SELECT old FROM users')).rows).toEqual([]));
  });
});

describe('the summary', () => {
  it('is one line a change', async () => {
    const { lines } = await diff(from, to, { format: 'summary' });
    expect(lines).toEqual([
      'Adds column public.orders.note.',
      'Changes column public.users.mail (type).',
      'Drops column public.users.old.',
      'Adds index public.users_mail.',
      'Drops table public.audit.',
      'Adds table public.log.',
      'Adds view public.open.',
    ]);
  });

  it('points out what looks like a rename', async () => {
    const { diagnostics } = await diff(from, to);
    expect(diagnostics.filter(({ code }) => code === 'looks-like-rename').map(({ message }) => message)).toEqual([
      'table public.audit is dropped and table public.log is added, and they look alike: between two states nothing says that one became the other',
    ]);
  });
});

describe('the JSON object', () => {
  it('has changes, statements, hazards and the script', async () => {
    const { json, lines } = await diff(from, to);
    expect(json).toMatchObject({
      same: false,
      from: { source: 'database', spelledBy: expect.stringMatching(/^PostgreSQL \d/) as string },
      target: newestMajor,
      script: `${lines.join('\n')}\n`,
    });
    const { changes, statements, hazards } = json as Record<'changes' | 'statements' | 'hazards', readonly Record<string, unknown>[]>;
    expect(changes).toContainEqual({
      change: 'altered',
      object: 'column public.users.mail',
      attributes: { type: { before: 'text', after: 'character varying(320)' } },
    });
    expect(statements.map(({ number }) => number)).toEqual(statements.map((_, place) => place + 1));
    const loss = hazards.find(({ hazard }) => hazard === 'data-loss');
    expect(statements[Number(loss?.['statement']) - 1]?.['sql']).toMatch(/DROP (COLUMN|TABLE)/);
  });
});

describe('--include and --exclude', () => {
  it('take whole trees', async () => {
    const { lines } = await diff(from, to, { format: 'summary', include: ['table public.users'] });
    expect(lines).toEqual(['Changes column public.users.mail (type).', 'Drops column public.users.old.', 'Adds index public.users_mail.']);
    const without = await diff(from, to, { format: 'summary', exclude: ['table public.users', '* public.audit', '* public.log'] });
    expect(without.lines).toEqual(['Adds column public.orders.note.', 'Adds view public.open.']);
    expect(without.diagnostics).toEqual([]);
  });

  it('name both where something in scope needs what is not', async () => {
    const both = await refusal(diff(from, to, { include: ['view *'] }));
    expect(both).toMatchObject([{ code: 'left-out-but-needed', message: expect.stringContaining('column public.orders.note') as string }]);
    expect(both[0]?.message).toContain('view public.open');
    const kept = await refusal(diff(to, from, { exclude: ['view *'] }));
    expect(kept[0]?.message).toContain('view public.open is left out');
  });

  it('let what is left out give way and come back', async () => {
    const [a, b] = await Promise.all(
      ['integer', 'bigint'].map((type) =>
        databaseWith(
          server,
          `CREATE TABLE t (n ${type}); CREATE VIEW v AS SELECT n FROM t; ${type === 'bigint' ? `COMMENT ON VIEW v IS 'b'` : ''}`,
        ),
      ),
    );
    const { lines } = await diff(a ?? '', b ?? '', { include: ['table *'] });
    await applyWithPsql(a ?? '', lines.join('\n'));
    expect((await diff(a ?? '', b ?? '', { format: 'summary' })).lines).toEqual(['Adds comment view public.v.']);
  });

  it('say when they match nothing', async () => {
    expect(await refusal(diff(from, to, { include: ['tabel *'] }))).toMatchObject([{ code: 'pattern-matches-nothing' }]);
    const { diagnostics } = await diff(from, to, { exclude: ['tabel *'] });
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'pattern-matches-nothing', severity: 'warning' }));
  });
});

describe('a schema folder as the second source', () => {
  it('is for the major of the database, does its renames, and fills columns as declared', async () => {
    const project = await createProject({
      'schema/schema.ts': `import { bigint, project, sql, table, text, view } from 'schemac';
export default project({ title: 'Shop', purpose: 'Tests.', postgres: 14 });
export const people = table('people', { renamedFrom: 'users', doc: 'Who buys.', columns: {
  id: bigint({ doc: 'Number.' }), address: text({ doc: 'E-mail.', renamedFrom: 'mail' }), old: text({ doc: 'Old.', nullable: true }),
  rank: bigint({ doc: 'Rank.', backfill: sql\`id * 2\` }) }, primaryKey: { columns: ['id'], doc: 'One a person.' } });
export const mails = view('mails', { doc: 'Addresses.', query: sql\`SELECT address FROM \${people} WHERE address ~~ '%@%'\` });
`,
    });
    const live = await databaseWith(
      server,
      `CREATE TABLE users (id bigint PRIMARY KEY, mail text NOT NULL, old text); INSERT INTO users VALUES (7, 'a@b');
      CREATE VIEW mails AS SELECT mail AS address FROM users WHERE mail ~~ '%@%'`,
    );
    const { lines, diagnostics } = await diff(live, 'schema', { root: project.root });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const script = lines.join('\n');
    expect(script).toContain(`-- target: PostgreSQL ${String(newestMajor)}`);
    expect(script).not.toContain('data-loss');
    await applyWithPsql(live, script);
    await withClient(live, async (client) =>
      expect((await client.query('SELECT address, rank FROM people')).rows).toEqual([{ address: 'a@b', rank: '14' }]),
    );
    expect((await diff(live, 'schema', { root: project.root, format: 'summary' })).lines).toEqual(['no difference']);
  });
});

describe('a value that a schema folder says was called otherwise', () => {
  it('is renamed, with what compares with it', async () => {
    const project = await createProject({
      'schema/schema.ts': `import { bigint, enumType, literal, ofType, project, sql, table } from 'schemac';
export default project({ title: 'Shop', purpose: 'Tests.', postgres: 14 });
export const state = enumType('state', ['new', 'finished'], { doc: 'Where it stands.', renamedValues: { finished: 'done' } });
export const jobs = table('jobs', { doc: 'Work.', columns: { id: bigint({ doc: 'Number.' }),
  state: ofType(state, { doc: 'State.', default: literal('finished') }) },
  indexes: { jobs_done: { on: ['id'], where: sql\`state = 'finished'\`, doc: 'What is done.' } } });
`,
    });
    const live = await databaseWith(
      server,
      `CREATE TYPE state AS ENUM ('new', 'done'); CREATE TABLE jobs (id bigint NOT NULL, state state NOT NULL DEFAULT 'done');
      CREATE INDEX jobs_done ON jobs (id) WHERE state = 'done'; INSERT INTO jobs VALUES (1);`,
    );
    const { lines } = await diff(live, 'schema', { root: project.root, exclude: ['comment *'] });
    const script = lines.join('\n');
    expect(script.split('\n').filter((line) => line.startsWith('ALTER') || line.startsWith('DROP'))).toEqual([
      "ALTER TYPE public.state RENAME VALUE 'done' TO 'finished';",
    ]);
    await applyWithPsql(live, script);
    await withClient(live, async (client) => expect((await client.query('SELECT state FROM jobs')).rows).toEqual([{ state: 'finished' }]));
    expect((await diff(live, 'schema', { root: project.root, exclude: ['comment *'] })).lines).toEqual(['-- no difference']);
  });
});

describe('what there is no way for', () => {
  it('is refused before anything is printed', async () => {
    const [a, b] = [
      await databaseWith(server, 'CREATE TABLE p (a integer, b integer) PARTITION BY RANGE (a)'),
      await databaseWith(server, 'CREATE TABLE p (a integer, b integer) PARTITION BY RANGE (b)'),
    ];
    expect(await refusal(diff(a, b))).toMatchObject([
      { code: 'partition-key-changed', message: expect.stringContaining('public.p') as string },
    ]);
  });

  it('is a partition on one side that is a table on the other, with the statement to run by hand', async () => {
    const parent = 'CREATE TABLE p (a integer) PARTITION BY RANGE (a);';
    const [a, b] = [
      await databaseWith(server, `${parent} CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (1) TO (2)`),
      await databaseWith(server, `${parent} CREATE TABLE p_1 (a integer)`),
    ];
    const hints = async (from: string, to: string) => (await refusal(diff(from, to))).map(({ code, hint }) => `${code}: ${hint ?? ''}`);
    expect(await hints(a, b)).toEqual([
      expect.stringMatching(/^partition-is-a-table: detach it: ALTER TABLE public\.p DETACH PARTITION public\.p_1;/),
    ]);
    expect(await hints(b, a)).toEqual([
      expect.stringMatching(
        /^partition-is-a-table: attach it: ALTER TABLE public\.p ATTACH PARTITION public\.p_1 FOR VALUES FROM \(1\) TO \(2\);/,
      ),
    ]);
    await withClient(a, (client) => client.query('ALTER TABLE p DETACH PARTITION p_1'));
    expect((await diff(a, b)).exitCode).toBe(0);
  });

  it('names every source that cannot be read', async () => {
    expect((await refusal(diff('/nowhere', 'postgres://u@127.0.0.1:1/x'))).map(({ code }) => code)).toEqual([
      'unknown-source',
      'connection',
    ]);
  });

  it('is said of an engine that is no server', async () => {
    expect(await refusal(diff(from, to, { engine: 'embedded' }))).toMatchObject([{ code: 'bad-argument' }]);
  });
});

describe('the command line', () => {
  interface Ended {
    readonly exitCode: number;
    readonly output: string;
    readonly errors: string;
  }
  const run = (...parameters: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(repository, 'compiler/bin.mjs'), 'diff', ...parameters], (error, output, errors) =>
        resolve({ exitCode: Number(error?.code ?? 0), output, errors }),
      );
    });

  it('ends with 0, 2 and 1', async () => {
    const same = await run('--from', from, '--to', from);
    expect([same.exitCode, same.output]).toEqual([0, '-- no difference\n']);
    const differs = await run('--from', from, '--to', to, '--format', 'summary', '--no-privileges');
    expect(differs.exitCode).toBe(2);
    expect(differs.output).toContain('Drops table public.audit.\n');
    const failed = await run('--from', from, '--to', fileOf('CREATE NONSENSE'), '--format', 'json');
    expect(failed.exitCode).toBe(1);
    expect(JSON.parse(failed.output)).toMatchObject({ diagnostics: [{ code: 'sql-file' }] });
    expect((await run('--from', from)).exitCode).toBe(1);
  });

  it('prints JSON with --json as with --format json', async () => {
    const [left, right] = [await run('--from', from, '--to', to, '--json'), await run('--from', from, '--to', to, '--format', 'json')];
    expect(left.output).toBe(right.output);
    expect(JSON.parse(left.output)).toMatchObject({ same: false });
  });
});
