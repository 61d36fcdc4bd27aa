/**
 * What a run meets and does not cause: another runner, a role that may not, locks that never come,
 * rows in the way, what a stopped statement left, a full disk. Each is told by name, with a way out.
 */
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrateCommand } from '../../compiler/commands/migrate.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import type { MigrateOptions, MigrateResult } from '../../compiler/migrate/migrate.ts';
import { status } from '../../compiler/migrate/status.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { until } from './child.ts';
import { query } from './observe.ts';
import { createProject } from './project.ts';
import type { TestProject } from './project.ts';
import { startProxy } from './proxy.ts';

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let project: TestProject;
  let url: string;
  let client: Client;
  let said: string[];

  beforeAll(async () => {
    server = await startServer(major);
    project = await createProject({});
  });
  afterAll(async () => {
    await server.stop();
    await project.remove();
  });
  beforeEach(async () => {
    url = await server.createDatabase();
    said = [];
    client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
  });
  afterEach(() => client.end());

  function run(more: Partial<MigrateOptions> = {}): Promise<MigrateResult> {
    return migrate({ generated: project.generated, url, report: (line) => said.push(line), ...more });
  }

  it('another runner is left alone where that was asked for, and named', async () => {
    await project.write({ '0001_slow': 'CREATE TABLE public.slow (id int);\nSELECT pg_sleep(60);' });
    const stop = new AbortController();
    const first = run({ signal: stop.signal });
    await until(
      async () =>
        (await query(client, `SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid() AND state = 'active'`))
          .length > 0,
    );
    const second = await migrateCommand({ generated: project.generated, url, ifBusy: 'leave' });
    expect(second).toMatchObject({ exitCode: 2, diagnostics: [{ code: 'runner-busy', severity: 'warning' }], lines: [] });
    expect(second.diagnostics[0]?.message).toMatch(/in session \d+ \(schemac migrate /);
    stop.abort();
    expect((await first).diagnostics).toMatchObject([{ code: 'interrupted' }]);
  });

  it('privileges that are missing are all named before anything is applied', async () => {
    await client.query(`DROP ROLE IF EXISTS schemac_test_weak; CREATE ROLE schemac_test_weak LOGIN PASSWORD 'weak';
      CREATE SCHEMA schemac AUTHORIZATION schemac_test_weak; CREATE SCHEMA own AUTHORIZATION schemac_test_weak; CREATE SCHEMA closed;
      CREATE TABLE closed.users (id int PRIMARY KEY); GRANT USAGE ON SCHEMA closed TO schemac_test_weak`);
    await project.write({
      '0001_a': 'CREATE TABLE own.a (id int PRIMARY KEY);',
      '0002_b': `CREATE TABLE closed.b (id int);
CREATE TABLE own.c (id int REFERENCES closed.users);
ALTER TABLE closed.users ADD COLUMN a int;
ALTER TABLE own.a ADD COLUMN b int;
CREATE SCHEMA another;`,
    });
    const weak = new URL(url);
    [weak.username, weak.password] = ['schemac_test_weak', 'weak'];
    const refused = await run({ url: weak.href });
    expect(refused.applied).toEqual([]);
    expect(
      refused.diagnostics.map(({ code, message, place }) => [code, /role schemac_test_weak (.*), on /.exec(message)?.[1], place?.line]),
    ).toEqual([
      ['privilege', 'lacks CREATE on schema closed', 1],
      ['privilege', 'lacks REFERENCES on closed.users', 2],
      ['privilege', 'does not own closed.users', 3],
      ['privilege', 'lacks CREATE on the database, which schema another needs', 5],
    ]);
    expect(await query(client, `SELECT to_regclass('own.a') IS NULL`)).toEqual([[true]]);
    await client.query(`GRANT CREATE ON SCHEMA closed TO schemac_test_weak; ALTER TABLE closed.users OWNER TO schemac_test_weak;
      DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO schemac_test_weak', current_database()); END $$`);
    expect(await run({ url: weak.href })).toMatchObject({ applied: ['0001_a', '0002_b'], diagnostics: [] });
    await client.query('DROP OWNED BY schemac_test_weak CASCADE; DROP ROLE schemac_test_weak');
  });

  it('a lock that never comes ends the run when the budget is spent, and holds nobody up for longer than a try', async () => {
    await client.query('CREATE TABLE public.a (id int)');
    await client.query('BEGIN; LOCK TABLE public.a IN ACCESS SHARE MODE');
    await project.write({ '0001_a': 'ALTER TABLE public.a ADD COLUMN b int;' });
    const { diagnostics } = await run({ limits: { lockBudget: 1_000 } });
    expect(diagnostics).toMatchObject([{ code: 'step-failed', hint: expect.stringContaining('--lock-budget') as string }]);
    expect(said.filter((line) => line.includes('canceling statement due to lock timeout')).length).toBeGreaterThan(0);
    expect(said).toContainEqual(
      expect.stringMatching(/^0001_a step 1 waits for AccessExclusiveLock on (public\.)?a, held by session \d+ \(unnamed, user /),
    );
    await client.query('COMMIT');
    expect((await run()).diagnostics).toEqual([]);
  });

  it('a statement that should be fast is ended, and one that reads rows is not', async () => {
    const slow = `CREATE FUNCTION public.slow() RETURNS int VOLATILE LANGUAGE sql AS 'SELECT 1 FROM pg_sleep(0.5)';`;
    await project.write({
      '0001_a': `${slow}\nCREATE TABLE public.a (id int);\nINSERT INTO public.a VALUES (public.slow());`,
      '0002_b': 'ALTER TABLE public.a ADD CONSTRAINT c CHECK (id = public.slow());',
    });
    const limits = { statementTimeout: 200 };
    const { applied, diagnostics } = await run({ limits });
    expect(applied).toEqual(['0001_a']);
    expect(diagnostics).toMatchObject([{ code: 'step-failed', hint: expect.stringContaining('--statement-timeout') as string }]);
    expect(await run({ limits: { statementTimeout: 0 } })).toMatchObject({ applied: ['0002_b'], diagnostics: [] });
  });

  it('rows on which a statement fails are shown', async () => {
    await client.query(
      `CREATE TABLE public.a (id int, note text); INSERT INTO public.a SELECT n, repeat('x', n) FROM generate_series(-70, 70) n`,
    );
    const head = `-- schemac migration 0001_a
-- A.
--
-- hazards:
--   2 data-dependent check public.a.positive: fails where a row does not satisfy the check
--     find such rows: SELECT * FROM public.a WHERE NOT (id > 0) LIMIT 20;
`;
    const add = `-- step 1 transactional: Add it.
ALTER TABLE public.a ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;
-- step 2 validate: Check it.
-- probe: valid check public.a.positive
ALTER TABLE public.a VALIDATE CONSTRAINT positive;`;
    await project.write({ '0001_a': `${head}\n${add}` });
    const message = (await run()).diagnostics[0]?.message;
    expect(message).toContain('violated by some row [23514]\n  id=-70, note=\n  id=-69, note=\n');
    expect(message).toContain('\n  and more: SELECT * FROM public.a WHERE NOT (id > 0) LIMIT 20;\n');
    // Without the head, PostgreSQL prints the check itself.
    const other = await createProject({ '0001_a': add });
    await client.query('DROP SCHEMA schemac CASCADE; ALTER TABLE public.a DROP CONSTRAINT positive; DELETE FROM public.a WHERE id < 0');
    expect((await migrate({ generated: other.generated, url })).diagnostics[0]?.message).toContain(
      '[23514]\n  id=0, note=\nIts transaction',
    );
    await client.query('DELETE FROM public.a WHERE id = 0');
    expect(await migrate({ generated: other.generated, url })).toMatchObject({ applied: ['0001_a'], diagnostics: [] });
    await other.remove();
  });

  it('a NOT VALID constraint that somebody left is not taken for ours', async () => {
    await client.query('CREATE TABLE public.a (id int); ALTER TABLE public.a ADD CONSTRAINT positive CHECK (id > 5) NOT VALID');
    await project.write({ '0001_a': 'ALTER TABLE public.a ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;' });
    expect((await run()).diagnostics).toMatchObject([{ code: 'step-failed', message: expect.stringContaining('[42710]') as string }]);
    await client.query('ALTER TABLE public.a DROP CONSTRAINT positive');
    expect((await run()).diagnostics).toEqual([]);
  });

  it('an invalid index that lies around under the name is taken away first; a valid one of somebody else is not', async () => {
    await client.query('CREATE TABLE public.a (id int); CREATE INDEX a_id ON public.a (id)');
    await project.write({ '0001_a': 'CREATE INDEX CONCURRENTLY a_id ON public.a (id);' });
    expect((await run()).diagnostics).toMatchObject([{ code: 'step-failed', message: expect.stringContaining('[42P07]') as string }]);
    await client.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.a_id'::regclass`);
    expect(await run()).toMatchObject({ applied: ['0001_a'], diagnostics: [] });
    expect(said).toContainEqual(expect.stringContaining('dropping the invalid index'));
    expect(await query(client, `SELECT indisvalid FROM pg_index WHERE indrelid = 'public.a'::regclass`)).toEqual([[true]]);
  });

  /** Says that a run was stopped in the only step of the first migration. */
  async function pretendStopped(): Promise<void> {
    await run();
    await client.query(`UPDATE schemac.migration SET state = 'running'; UPDATE schemac.step SET state = 'running'`);
  }

  it('copies that a stopped REINDEX left are dropped, and no other index', async () => {
    await client.query('CREATE TABLE public.a (id int, b int); CREATE INDEX a_id ON public.a (id); CREATE INDEX other ON public.a (b)');
    await project.write({ '0001_a': 'REINDEX TABLE CONCURRENTLY public.a;' });
    await pretendStopped();
    await client.query(`CREATE INDEX a_id_ccnew ON public.a (id); CREATE INDEX a_id_ccold1 ON public.a (id);
      UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('public.a_id_ccnew'::regclass, 'public.a_id_ccold1'::regclass, 'public.other'::regclass)`);
    expect(await run()).toMatchObject({ applied: ['0001_a'], diagnostics: [] });
    expect(said.filter((line) => line.includes('stopped REINDEX left'))).toHaveLength(2);
    expect(await query(client, `SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'public.a'::regclass ORDER BY 1`)).toEqual(
      [['a_id'], ['other']],
    );
  });

  it.each(['pending', 'gone', 'attached'])('a stopped DETACH CONCURRENTLY whose partition is %s is brought to its end', async (state) => {
    const detach = 'ALTER TABLE public.a DETACH PARTITION public.a1 CONCURRENTLY';
    await client.query(
      'CREATE TABLE public.a (id int) PARTITION BY RANGE (id); CREATE TABLE public.a1 PARTITION OF public.a FOR VALUES FROM (1) TO (2)',
    );
    await project.write({ '0001_a': `${detach};` });
    await pretendStopped();
    if (state !== 'gone') await client.query('ALTER TABLE public.a ATTACH PARTITION public.a1 FOR VALUES FROM (1) TO (2)');
    if (state === 'pending') {
      const reader = new Client({ connectionString: url });
      await reader.connect();
      await reader.query('BEGIN; SELECT FROM public.a');
      await client.query(`SET statement_timeout = '500ms'`);
      await expect(client.query(detach)).rejects.toMatchObject({ code: '57014' });
      await client.query('RESET statement_timeout');
      await reader.end();
      expect(await query(client, 'SELECT inhdetachpending FROM pg_inherits')).toEqual([[true]]);
    }
    expect(await run()).toMatchObject({ applied: ['0001_a'], diagnostics: [] });
    expect(await query(client, 'SELECT inhdetachpending FROM pg_inherits')).toEqual([]);
  });

  const small = (count: number, other: { readonly [number: number]: string } = {}): { readonly [name: string]: string } =>
    Object.fromEntries(
      Array.from({ length: count }, (_, place) => [
        `00${String(place + 10)}_small`,
        other[place + 10] ?? `CREATE TABLE public.t${String(place + 10)} (id int);`,
      ]),
    );
  const tables = (): Promise<readonly unknown[]> => query(client, `SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public'`);

  it('small migrations are sent together; the one that fails is told as if it had run alone', async () => {
    await project.write(small(25, { 23: 'CREATE TABLE public.t23 (id nonsense);' }));
    const failed = await run();
    expect(said).toContain('applying 0010_small to 0029_small');
    expect(failed.applied).toHaveLength(13);
    expect(failed.pending[0]).toBe('0023_small');
    expect(failed.diagnostics).toMatchObject([{ code: 'step-failed', place: { file: project.file('0023_small'), line: 1, column: 29 } }]);
    expect(await tables()).toEqual([[13]]);
    await project.write(small(25));
    expect(await run()).toMatchObject({ applied: { length: 12 }, pending: [], diagnostics: [] });
    expect(await query(client, `SELECT count(*)::int, count(DISTINCT state)::int, min(state) FROM schemac.migration`)).toEqual([
      [25, 1, 'done'],
    ]);
  });

  it('a lock that does not come in the middle is asked for again, and what came before stays', async () => {
    await client.query('CREATE TABLE public.busy (id int)');
    await client.query('BEGIN; LOCK TABLE public.busy IN ACCESS SHARE MODE');
    await project.write(small(5, { 12: 'ALTER TABLE public.busy ADD COLUMN a int;' }));
    const running = run();
    await until(() => said.some((line) => line.startsWith('0012_small step 1: canceling statement')));
    await client.query('COMMIT');
    expect(await running).toMatchObject({ applied: { length: 5 }, diagnostics: [] });
    expect(await tables()).toEqual([[5]]);
  });

  it.each(['before the server has it', 'after the server did it'] as const)('a connection lost in the middle, %s', async (when) => {
    await project.write(small(5));
    const proxy = await startProxy(url, { message: /t12/, when });
    expect(await run({ url: proxy.url })).toMatchObject({ applied: { length: 5 }, pending: [], diagnostics: [] });
    await proxy.stop();
    expect(proxy.broken()).toBe(1);
    expect(await tables()).toEqual([[5]]);
  });

  it('a full disk that keeps even the failure from being recorded is told as what it is', async () => {
    await project.write({
      '0001_a': 'CREATE TABLE public.a (id int);',
      '0002_b': `DO $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;`,
    });
    await run({ to: 1 });
    await client.query(`CREATE FUNCTION public.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no space' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON schemac.migration FOR EACH ROW WHEN (NEW.state = 'failed') EXECUTE FUNCTION public.full()`);
    const failed = await run();
    expect(failed.diagnostics).toMatchObject([
      { code: 'step-failed', message: expect.stringContaining('No space left on device [53100]') as string },
    ]);
    expect(said).toContain('the failure could not be recorded: no space [53100]');
    await client.query('DROP TRIGGER full_disk ON schemac.migration');
    expect((await status({ generated: project.generated, url })).halfDone).toMatchObject([{ name: '0002_b' }]);
  });
});
