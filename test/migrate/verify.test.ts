/**
 * The database is compared with what the last run left and with what was proven: what somebody changed
 * by hand is refused by name, with a way out; tables of others are nobody's business.
 */
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { promisedBy } from '../../compiler/commands/promised-state.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import type { MigrateOptions, MigrateResult } from '../../compiler/migrate/run.ts';
import { stateVersion } from '../../compiler/migrate/state-schema.ts';
import { status } from '../../compiler/migrate/status.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { until } from './child.ts';
import { query } from './observe.ts';
import { createProject } from './project.ts';
import type { TestProject } from './project.ts';

const migrations = {
  '0001_a': `CREATE TABLE public.a (id int PRIMARY KEY, note text);\nCREATE INDEX a_note ON public.a (note);\nCOMMENT ON TABLE public.a IS 'A.';`,
  '0002_b': 'CREATE TABLE public.b (id int);\nCREATE VIEW public.v AS SELECT id FROM public.b;',
  '0003_c': 'ALTER TABLE public.a ADD COLUMN c int;',
  '0004_d': 'ALTER TABLE public.a ADD COLUMN d int;',
};

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let project: TestProject;
  let url: string;
  let client: Client;
  let said: string[];

  beforeAll(async () => {
    server = await startServer(major);
    project = await createProject(migrations);
  });
  afterAll(async () => {
    await server.stop();
    await project.remove();
  });
  beforeEach(async () => {
    url = await server.createDatabase();
    said = [];
    client = new Client({ connectionString: url });
    await client.connect();
  });
  afterEach(() => client.end());

  function run(more: Partial<MigrateOptions> = {}): Promise<MigrateResult> {
    return migrate({ generated: project.generated, url, report: (line) => said.push(line), ...more });
  }

  function subjects({ diagnostics }: MigrateResult): readonly (string | undefined)[] {
    return diagnostics.map(
      ({ code, subject, message }) =>
        `${code} ${subject ?? ''}: ${/was (\w+) since|but .* (is not there|differs in [^,]*)/.exec(message)?.slice(1).join('') ?? ''}`,
    );
  }

  it('what was changed by hand between two migrations is named, and nothing is applied', async () => {
    await client.query('CREATE TABLE public.others (id int)');
    expect((await run({ to: 2 })).diagnostics).toEqual([]);
    await client.query(`DROP VIEW public.v; DROP TABLE public.b; ALTER TABLE public.a ALTER COLUMN note TYPE varchar(7);
      CREATE INDEX by_hand ON public.a (id, note); COMMENT ON TABLE public.a IS 'Mine.'; ALTER TABLE public.others ADD COLUMN x int; CREATE TABLE public.more (id int)`);
    const refused = await run();
    expect(refused).toMatchObject({ applied: [], pending: ['0003_c', '0004_d'] });
    expect(subjects(refused)).toEqual([
      'database-changed table public.b: dropped',
      'database-changed view public.v: dropped',
      'database-changed column public.a.note: altered',
      'database-changed comment table public.a: altered',
      'database-changed index public.by_hand: added',
    ]);
    expect(refused.diagnostics[0]?.hint).toContain('--verify off');
    expect(await run({ verify: 'off', to: 3 })).toMatchObject({ applied: ['0003_c'], diagnostics: [] });
    // From then on the database is taken as it was found.
    expect(await run()).toMatchObject({ applied: ['0004_d'], diagnostics: [] });
    expect(said).toContainEqual(expect.stringContaining('the database is taken as it is'));
  });

  it('what was taken back is no change', async () => {
    await run({ to: 2 });
    await client.query('ALTER TABLE public.a ADD COLUMN x int; ALTER TABLE public.a DROP COLUMN x');
    expect(await run()).toMatchObject({ applied: ['0003_c', '0004_d'], diagnostics: [] });
  });

  it('--verify each finds a change that was made between two migrations of one run', async () => {
    const found = [];
    for (const verify of ['ends', 'each'] as const) {
      await client.query('DROP SCHEMA IF EXISTS schemac CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      // The runner looks at the records again before it compares: it waits for whoever holds them.
      await run({ to: 1 });
      const meddler = new Client({ connectionString: url });
      await meddler.connect();
      const meddling = (async () => {
        await until(() => said.includes('applied 0002_b'));
        await meddler.query('ALTER TABLE public.a ADD COLUMN by_hand int');
      })();
      // Held up between its migrations, while it remembers what the second one made.
      await client.query(
        'CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$',
      );
      await client.query('CREATE TRIGGER hold BEFORE UPDATE ON schemac.meta FOR EACH ROW EXECUTE FUNCTION public.hold()');
      said = [];
      found.push(subjects(await run({ verify })));
      await meddling;
      await meddler.end();
    }
    expect(found).toEqual([[], ['database-changed column public.a.by_hand: added']]);
  });

  it('a failed step is remembered as well: it was no hand', async () => {
    await project.write({
      ...migrations,
      '0003_c': 'ALTER TABLE public.a ADD COLUMN c int;\nALTER TABLE public.a ADD COLUMN nonsense nonsense;',
    });
    expect((await run()).diagnostics).toMatchObject([{ code: 'step-failed' }]);
    await client.query('ALTER TABLE public.a ADD COLUMN hand int');
    const refused = await run();
    expect(subjects(refused)).toEqual(['database-changed column public.a.hand: added']);
    await client.query('ALTER TABLE public.a DROP COLUMN hand');
    await project.write({ ...migrations, '0003_c': 'ALTER TABLE public.a ADD COLUMN c int;\nALTER TABLE public.a ADD COLUMN sense int;' });
    expect(await run({ amended: 'accept' })).toMatchObject({ applied: ['0003_c', '0004_d'], diagnostics: [] });
    await project.write(migrations);
  });

  it('tables that an older runner made are brought up to date', async () => {
    await run({ to: 2 });
    await client.query(
      `DROP TABLE schemac.undo_step, schemac.undo, schemac.object; ALTER TABLE schemac.meta DROP COLUMN records, DROP COLUMN spelled_by; ALTER TABLE schemac.step DROP COLUMN batch; UPDATE schemac.meta SET version = 1`,
    );
    expect(await status({ generated: project.generated, url })).toMatchObject({ applied: [{}, {}], diagnostics: [] });
    expect(await run({ to: 3 })).toMatchObject({ applied: ['0003_c'], diagnostics: [] });
    expect(await query(client, 'SELECT version FROM schemac.meta')).toEqual([[stateVersion]]);
    await client.query('ALTER TABLE public.a DROP COLUMN c');
    expect(subjects(await run())).toEqual(['database-changed column public.a.c: dropped']);
    await client.query('UPDATE schemac.meta SET version = version + 1');
    expect((await run()).diagnostics).toMatchObject([{ code: 'state-version' }]);
  });

  // Its migrations are for PostgreSQL 16 and newer.
  it.runIf(major >= 16)('the schema of this repository is what was promised, and what is not is named', async () => {
    await client.query('CREATE TABLE public.users (id bigint PRIMARY KEY)');
    const promised = await promisedBy('generated');
    const whole = await run({ generated: 'generated', promised: () => Promise.resolve(promised) });
    expect(whole.diagnostics).toEqual([]);
    expect(whole.applied.length).toBeGreaterThan(0);

    await client.query(
      'DROP SCHEMA schemac CASCADE; DROP SCHEMA archive CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE public.users (id bigint PRIMARY KEY)',
    );
    const meddled = await run({
      generated: 'generated',
      promised: async () => {
        await client.query('DROP INDEX public.digest_sends_queued; ALTER TABLE public.digest_daily_stats ALTER COLUMN sent DROP NOT NULL');
        return promised;
      },
    });
    expect(subjects(meddled)).toEqual([
      ...(promised?.major === major ? ['promise-broken column public.digest_daily_stats.sent: differs in nullable'] : []),
      'promise-broken index public.digest_sends_queued: is not there',
    ]);
  });
});
