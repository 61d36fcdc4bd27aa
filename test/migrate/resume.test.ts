/**
 * The runner stopped at inconvenient moments, by a kill, a signal or a broken connection: running it
 * again, or letting it go on, ends in what an undisturbed run makes.
 */
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../compiler/migrate/migrate.ts';
import { status } from '../../compiler/migrate/status.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { bundleRunner, startRunner, until } from './child.ts';
import type { Bundle } from './child.ts';
import { describeDatabase, query } from './observe.ts';
import { createProject } from './project.ts';
import type { TestProject } from './project.ts';
import { startProxy } from './proxy.ts';

const table = 'CREATE TABLE public.digests (id int PRIMARY KEY, subject text, locale text);';

/** A step that has to wait for a transaction that wrote to digests, by the way in which it runs. */
const waitingSteps = {
  block: `BEGIN;
-- step 2 transactional: Beside it.
CREATE TABLE public.beside (id int);
-- step 3 transactional: Alter digests.
ALTER TABLE public.digests ADD COLUMN added int;
COMMIT;`,
  'lone statement': `-- step 2 transactional: Alter digests.
ALTER TABLE public.digests ADD COLUMN added int;`,
  concurrent: `-- step 2 concurrent: Build an index.
-- probe: valid index public.digests_subject
CREATE INDEX CONCURRENTLY digests_subject ON public.digests (subject);`,
  backfill: `-- step 2 backfill: Give every row its locale.
DO $$ BEGIN UPDATE public.digests SET locale = 'en' WHERE id = 1; COMMIT; UPDATE public.digests SET locale = 'en' WHERE locale IS NULL; COMMIT; END $$;`,
  expand: `-- step 2 expand: One after the other.
SELECT * FROM (VALUES ('CREATE TABLE public.made (id int)'), ('ALTER TABLE public.digests ADD COLUMN added int'), ('CREATE INDEX CONCURRENTLY ON public.digests (locale)')) made \\gexec`,
  'expand in a block': `BEGIN;
-- step 2 expand: One after the other.
SELECT * FROM (VALUES ('CREATE TABLE public.made (id int)'), ('ALTER TABLE public.digests ADD COLUMN added int')) made \\gexec
COMMIT;`,
} as const;
type Way = keyof typeof waitingSteps;
const ways = Object.keys(waitingSteps) as Way[];

function migrationsWith(steps: string): { readonly [name: string]: string } {
  return {
    '0001_digests': table,
    '0002_wait': `-- step 1 transactional: Before it.
CREATE TABLE public.before (id int);

${steps}

BEGIN;
-- step 9 transactional: After it.
CREATE TABLE public.after (id int);
COMMIT;
`,
  };
}

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleRunner();
});
afterAll(() => bundle.remove());

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let project: TestProject;
  let url: string;
  /** Sees everything. */
  let observer: Client;
  /** Holds locks in the way. */
  let blocker: Client;

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
    observer = new Client({ connectionString: url });
    blocker = new Client({ connectionString: url });
    for (const client of [observer, blocker]) {
      client.on('error', () => undefined);
      await client.connect();
    }
  });
  afterEach(async () => {
    await Promise.all([observer.end(), blocker.end()]);
  });

  /** The first migration and rows in the database, and a transaction that keeps the second one waiting. */
  async function prepare(steps: string): Promise<void> {
    await project.write(migrationsWith(steps));
    expect((await migrate({ generated: project.generated, url, to: 1 })).diagnostics).toEqual([]);
    await observer.query(`INSERT INTO public.digests VALUES (1, 'one'), (2, 'two'), (3, 'three')`);
    await blocker.query('BEGIN; UPDATE public.digests SET subject = subject WHERE id = 2');
  }

  async function workers(): Promise<readonly number[]> {
    const rows = await query(
      observer,
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'schemac migrate%' AND wait_event_type = 'Lock'`,
    );
    return rows.flat() as number[];
  }

  async function untilWaiting(): Promise<void> {
    await until(async () => (await workers()).length > 0);
  }

  async function sessions(): Promise<number> {
    const [count] = (
      await query(
        observer,
        `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'schemac migrate%'`,
      )
    ).flat();
    return count as number;
  }

  async function expectWhole(): Promise<void> {
    const undisturbed = await server.createDatabase();
    expect((await migrate({ generated: project.generated, url: undisturbed })).diagnostics).toEqual([]);
    expect(await describeDatabase(url)).toEqual(await describeDatabase(undisturbed));
    const [step] = (await query(
      observer,
      `SELECT count(*)::int, count(*) FILTER (WHERE state = 'done')::int FROM schemac.step WHERE migration = 2`,
    )) as readonly (readonly number[])[];
    expect(step?.[0]).toBe(step?.[1]);
    expect(await status({ generated: project.generated, url })).toMatchObject({
      applied: [{}, {}],
      pending: [],
      halfDone: [],
      diagnostics: [],
    });
    await until(async () => (await sessions()) === 0);
  }

  it.each(ways)('killed in a %s, the next run ends it', async (way) => {
    await prepare(waitingSteps[way]);
    const killed = startRunner(bundle, { generated: project.generated, url });
    await untilWaiting();
    killed.kill('SIGKILL');
    expect((await killed.ended).exitCode).toBeNull();
    const [half] = (await status({ generated: project.generated, url })).halfDone;
    expect([half?.name, half?.steps.at(0)?.state, half?.steps.at(-1)?.state]).toEqual(['0002_wait', 'done', 'pending']);
    await blocker.query('ROLLBACK');
    expect(await migrate({ generated: project.generated, url })).toMatchObject({ applied: ['0002_wait'], diagnostics: [] });
    await expectWhole();
    if (way === 'backfill') expect(await query(observer, 'SELECT count(*)::int FROM public.digests WHERE locale IS NULL')).toEqual([[0]]);
  });

  it.each([
    ['SIGINT', ways],
    ['SIGTERM', ['lone statement']],
  ] as const)('%s ends it cleanly in %s', async (signal, running) => {
    for (const way of running) {
      await prepareFresh(waitingSteps[way]);
      const stopped = startRunner(bundle, { generated: project.generated, url });
      await untilWaiting();
      stopped.kill(signal);
      const { exitCode, printed } = await stopped.ended;
      expect(exitCode, printed).toBe(1);
      expect(printed).toContain('stopped by a signal: 0002_wait is not finished');
      await until(async () => (await sessions()) === 0);
      await blocker.query('ROLLBACK');
      expect(await migrate({ generated: project.generated, url })).toMatchObject({ applied: ['0002_wait'], diagnostics: [] });
      await expectWhole();
    }
  });

  async function prepareFresh(steps: string): Promise<void> {
    await observer.query('DROP SCHEMA IF EXISTS schemac CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await prepare(steps);
  }

  it.each(ways)('a session that the server ends in a %s: the same run connects again and goes on', async (way) => {
    await prepare(waitingSteps[way]);
    const child = startRunner(bundle, { generated: project.generated, url });
    await untilWaiting();
    await observer.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'schemac migrate%'`,
    );
    await until(() => child.printed().includes('connecting again'));
    await blocker.query('ROLLBACK');
    const { exitCode, printed } = await child.ended;
    expect(exitCode, printed).toBe(0);
    await expectWhole();
  });

  it('a build that the server goes on with after the kill is waited for, then found done', async () => {
    await prepare(waitingSteps.concurrent);
    const killed = startRunner(bundle, { generated: project.generated, url });
    await untilWaiting();
    killed.kill('SIGKILL');
    await killed.ended;
    const next = startRunner(bundle, { generated: project.generated, url });
    await until(() => next.printed().includes('a statement of a runner that was stopped still goes on'));
    await blocker.query('ROLLBACK');
    const { exitCode, printed } = await next.ended;
    expect(exitCode, printed).toBe(0);
    expect(printed).toContain('0002_wait step 2: an earlier run has done it');
    await expectWhole();
  });

  it.each(['concurrent', 'made by an expand step'])(
    'an invalid index that a stopped build left is dropped and built again: %s',
    async (form) => {
      const text = waitingSteps.concurrent;
      await prepare(
        form === 'concurrent'
          ? text
          : `-- step 2 expand: Build it.\nSELECT 'CREATE INDEX CONCURRENTLY digests_subject ON public.digests (subject)' \\gexec`,
      );
      const killed = startRunner(bundle, { generated: project.generated, url });
      await untilWaiting();
      killed.kill('SIGKILL');
      await killed.ended;
      await observer.query('SELECT pg_terminate_backend($1)', [(await workers())[0]]);
      await blocker.query('ROLLBACK');
      await until(async () => (await workers()).length === 0);
      expect(await query(observer, `SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.digests_subject'::regclass`)).toEqual([
        [false],
      ]);
      const said: string[] = [];
      expect((await migrate({ generated: project.generated, url, report: (line) => said.push(line) })).diagnostics).toEqual([]);
      expect(said).toContainEqual(expect.stringContaining('dropping the invalid index public.digests_subject'));
      await expectWhole();
    },
  );

  it('a lock that does not come is asked for again, and the messages name who holds it', async () => {
    await prepare(waitingSteps.block);
    const said: string[] = [];
    const running = migrate({ generated: project.generated, url, report: (line) => said.push(line) });
    const [pid] = (await query(blocker, 'SELECT pg_backend_pid()')).flat();
    await blocker.query(`UPDATE public.digests SET subject = 'Secret-1' WHERE id = 2`);
    const named = `0002_wait steps 2 to 3 waits for AccessExclusiveLock on digests, held by session ${String(pid)} (unnamed, user postgres, idle in transaction, in its transaction for`;
    await until(() => said.some((line) => line.includes('try 2 in')) && said.some((line) => line.includes(named)));
    await blocker.query('ROLLBACK');
    expect(await running).toMatchObject({ applied: ['0002_wait'], diagnostics: [] });
    expect(said.find((line) => line.includes(named))).toMatch(/: UPDATE public\.digests SET subject = … WHERE id = …$/);
    await expectWhole();
  });

  it('a step of which nothing is known is not guessed at', async () => {
    const unknown = `-- step 2 concurrent: Something that no probe knows.\nALTER SYSTEM RESET work_mem;`;
    await project.write(migrationsWith(unknown));
    await migrate({ generated: project.generated, url });
    await observer.query(
      `UPDATE schemac.migration SET state = 'running' WHERE number = 2; UPDATE schemac.step SET state = 'running' WHERE migration = 2 AND step = 2`,
    );
    const refused = await migrate({ generated: project.generated, url });
    expect(refused.diagnostics).toMatchObject([{ code: 'step-unknown', place: { file: project.file('0002_wait') } }]);
    expect(refused.diagnostics[0]?.hint).toContain('--mark-applied 2.2');
    expect(
      await migrate({ generated: project.generated, url, action: { action: 'mark', migration: 2, step: 2, as: 'done' } }),
    ).toMatchObject({ applied: ['0002_wait step 2'], diagnostics: [] });
    expect(await migrate({ generated: project.generated, url })).toMatchObject({ applied: ['0002_wait'], diagnostics: [] });
  });

  const moments = [
    ['COMMIT of a block', waitingSteps.block, /'done'[\s\S]*\.step[\s\S]*COMMIT/],
    ['the record of a concurrent step', waitingSteps.concurrent, /'done'[\s\S]*\.step[\s\S]*COMMIT/],
    ['a concurrent statement', waitingSteps.concurrent, /CREATE INDEX/],
    ['a statement that an expand step made', waitingSteps.expand, /parts \|\|[\s\S]*COMMIT/],
    ['the first message of all', waitingSteps.block, /pg_is_in_recovery/],
  ] as const;

  it.each(
    moments.flatMap(([what, steps, message]) =>
      (['before the server has it', 'after the server did it'] as const).map((when) => ({ what, steps, message, when })),
    ),
  )('connection lost in $what, $when: the outcome is found out', async ({ steps, message, when }) => {
    await prepare(steps);
    await blocker.query('ROLLBACK');
    const proxy = await startProxy(url, { message, when });
    const said: string[] = [];
    const result = await migrate({ generated: project.generated, url: proxy.url, report: (line) => said.push(line) });
    await proxy.stop();
    expect(proxy.broken()).toBe(1);
    expect(said).toContainEqual(expect.stringContaining('connecting again to find out what was done'));
    expect(result).toMatchObject({ applied: ['0002_wait'], pending: [], diagnostics: [] });
    await expectWhole();
  });

  it('many runners at once: each migration is applied once, and all end well', async () => {
    await project.write({
      '0001_count': 'CREATE TABLE public.count (at int); INSERT INTO public.count VALUES (1);',
      '0002_more':
        'INSERT INTO public.count VALUES (2);\nCREATE INDEX CONCURRENTLY count_at ON public.count (at);\nINSERT INTO public.count SELECT 3 FROM pg_sleep(0.2);',
    });
    const count = process.env['SCHEMAC_TEST_TIER'] === 'full' ? 20 : 5;
    const children = Array.from({ length: count }, () => startRunner(bundle, { generated: project.generated, url }));
    const ends = await Promise.all(children.map(({ ended }) => ended));
    expect(
      ends.map(({ exitCode }) => exitCode),
      ends.map(({ printed }) => printed).join('\n'),
    ).toEqual(Array<number>(count).fill(0));
    expect(await query(observer, 'SELECT at FROM public.count ORDER BY at')).toEqual([[1], [2], [3]]);
    expect(
      ends.filter(({ printed }) => printed.includes('waiting: another migration runs on this database in session')).length,
    ).toBeGreaterThan(0);
    expect(ends.filter(({ printed }) => printed.includes('"lines":["nothing to do'))).toHaveLength(count - 1);
  });
});
