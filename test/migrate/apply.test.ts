/**
 * Migrations applied to a real server: what runs, what is recorded, what psql makes of the same
 * files, and what is refused.
 */
import { execFile } from 'node:child_process';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../compiler/migrate/migrate.ts';
import { status } from '../../compiler/migrate/status.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { describeDatabase, query } from './observe.ts';
import { createProject, usual } from './project.ts';
import type { TestProject } from './project.ts';

const run = promisify(execFile);

function lineOf(text: string, piece: string): number {
  return text.slice(0, text.indexOf(piece)).split('\n').length;
}

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let project: TestProject;

  beforeAll(async () => {
    server = await startServer(major);
    project = await createProject(usual);
  });
  afterAll(async () => {
    await server.stop();
    await project.remove();
  });

  it('applies every kind of step, records it, and then finds nothing to do', async () => {
    const url = await server.createDatabase();
    await withClient(url, async (client) => {
      const first = await migrate({ generated: project.generated, url, to: 1 });
      expect(first).toMatchObject({ applied: ['0001_create_digests'], pending: ['0002_add_locale'], diagnostics: [] });
      await client.query(`INSERT INTO public.digests (subject) VALUES ('one'), ('two')`);
      const second = await migrate({ generated: project.generated, url });
      expect(second).toMatchObject({ applied: ['0002_add_locale'], pending: [], diagnostics: [] });
      expect(await migrate({ generated: project.generated, url })).toMatchObject({ applied: [], pending: [], diagnostics: [] });

      expect(await query(client, 'SELECT subject, locale, "a;b" FROM public.digests ORDER BY id')).toEqual([
        ['one', 'en', null],
        ['two', 'en', null],
      ]);
      expect(
        await query(
          client,
          `SELECT col_description('public.digests'::regclass, attnum) FROM pg_attribute WHERE attrelid = 'public.digests'::regclass AND attname = 'C "q"'`,
        ),
      ).toEqual([['C "q";']]);
      expect(
        await query(
          client,
          `SELECT number, name, state, finished_at IS NOT NULL, engine LIKE 'PostgreSQL ${String(major)}%' FROM schemac.migration ORDER BY number`,
        ),
      ).toEqual([
        [1, '0001_create_digests', 'done', true, true],
        [2, '0002_add_locale', 'done', true, true],
      ]);
      expect(await query(client, 'SELECT migration, step, state, cardinality(parts) FROM schemac.step ORDER BY 1, 2')).toEqual([
        [1, 1, 'done', 0],
        [1, 2, 'done', 0],
        [2, 1, 'done', 0],
        [2, 2, 'done', 0],
        [2, 3, 'done', 0],
        [2, 4, 'done', 0],
        [2, 5, 'done', 0],
        [2, 6, 'done', 4],
      ]);
      expect(
        await query(
          client,
          `SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        ),
      ).toEqual([[0]]);
    });
    expect(await status({ generated: project.generated, url })).toMatchObject({
      applied: [{ how: 'applied' }, { how: 'applied' }],
      pending: [],
      halfDone: [],
      edited: [],
      unknown: [],
      diagnostics: [],
    });
  });

  it('makes what plain psql -f makes of the same files', async ({ skip }) => {
    const version = await run('psql', ['--version']).then(
      ({ stdout }) => stdout,
      () => undefined,
    );
    if (version === undefined) {
      console.log('skipped: psql is not installed (apt-get install postgresql-client)');
      skip();
    }
    const [ours, theirs] = [await server.createDatabase(), await server.createDatabase()];
    expect((await migrate({ generated: project.generated, url: ours })).diagnostics).toEqual([]);
    for (const name of Object.keys(usual)) await run('psql', ['--no-psqlrc', '--quiet', '--dbname', theirs, '--file', project.file(name)]);
    const described = await describeDatabase(theirs);
    expect(described).toContainEqual(expect.stringContaining('digests_locale'));
    expect(await describeDatabase(ours)).toEqual(described);
  });

  it('makes what psql makes of the text of a dry run, which itself changes nothing', async ({ skip }) => {
    const [ours, theirs] = [await server.createDatabase(), await server.createDatabase()];
    const dry = await migrate({ generated: project.generated, url: theirs, action: { action: 'dry-run' } });
    expect(dry).toMatchObject({ applied: [], pending: Object.keys(usual), diagnostics: [] });
    expect(await describeDatabase(theirs)).toEqual([]);
    expect(await withClient(theirs, (client) => query(client, `SELECT to_regnamespace('schemac') IS NULL`))).toEqual([[true]]);
    if ((await run('psql', ['--version']).catch(() => undefined)) === undefined) skip('psql is not installed');
    await writeFile(`${project.generated}/dry.sql`, dry.sql.join('\n'));
    await run('psql', [
      '--no-psqlrc',
      '--quiet',
      '--set',
      'ON_ERROR_STOP=on',
      '--dbname',
      theirs,
      '--file',
      `${project.generated}/dry.sql`,
    ]);
    await migrate({ generated: project.generated, url: ours });
    expect(await describeDatabase(theirs)).toEqual(await describeDatabase(ours));
  });

  it('stops at a failed statement, says where, and goes on when the cause is gone', async () => {
    const url = await server.createDatabase();
    await migrate({ generated: project.generated, url, to: 1 });
    await withClient(url, async (client) => {
      await client.query('CREATE VIEW in_the_way AS SELECT 1 AS locale');
      await client.query('ALTER VIEW in_the_way RENAME TO digests_locale');
      const failed = await migrate({ generated: project.generated, url });
      expect(failed.applied).toEqual([]);
      expect(failed.pending).toEqual(['0002_add_locale']);
      expect(failed.diagnostics).toHaveLength(1);
      expect(failed.diagnostics[0]).toMatchObject({
        code: 'step-failed',
        severity: 'error',
        place: { file: project.file('0002_add_locale'), line: lineOf(usual['0002_add_locale'], 'CREATE INDEX'), column: 1 },
      });
      expect(failed.diagnostics[0]?.message).toContain(
        'step 5 of 0002_add_locale (Build the index that finds digests by locale.) failed: relation "digests_locale" already exists',
      );
      expect(await status({ generated: project.generated, url })).toMatchObject({
        pending: [],
        halfDone: [
          {
            name: '0002_add_locale',
            steps: [
              { state: 'done' },
              { state: 'done' },
              { state: 'done' },
              { state: 'done' },
              { step: 5, state: 'failed', error: 'relation "digests_locale" already exists' },
              { state: 'pending' },
            ],
          },
        ],
      });
      await client.query('DROP VIEW digests_locale');
    });
    expect(await migrate({ generated: project.generated, url })).toMatchObject({ applied: ['0002_add_locale'], diagnostics: [] });
  });
});

describe('what is refused', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(testMajors.at(-1) ?? 18);
  });
  afterAll(() => server.stop());

  async function withProject(
    migrations: { readonly [name: string]: string },
    action: (project: TestProject, url: string) => Promise<void>,
  ): Promise<void> {
    const project = await createProject(migrations);
    try {
      await action(project, await server.createDatabase());
    } finally {
      await project.remove();
    }
  }

  it('a file that is not what the lock says', () =>
    withProject(usual, async (project, url) => {
      await appendFile(project.file('0001_create_digests'), '-- edited\n');
      await rm(project.file('0002_add_locale'));
      await writeFile(project.file('0003_extra'), 'SELECT 1;');
      const { diagnostics, applied } = await migrate({ generated: project.generated, url });
      expect(applied).toEqual([]);
      expect(diagnostics.map(({ code, place }) => [code, place?.file])).toEqual([
        ['migration-edited', project.file('0001_create_digests')],
        ['migration-missing', project.file('0002_add_locale')],
        ['migration-extra', project.file('0003_extra')],
      ]);
      expect(diagnostics.every(({ hint }) => /git checkout|npx schemac/.test(hint ?? ''))).toBe(true);
    }));

  it('a file that was edited after it was applied, though the lock agrees with it', () =>
    withProject(usual, async (project, url) => {
      await migrate({ generated: project.generated, url, to: 1 });
      await project.write({ ...usual, '0001_create_digests': `${usual['0001_create_digests']}-- edited\n` });
      const { diagnostics, applied } = await migrate({ generated: project.generated, url });
      expect(applied).toEqual([]);
      expect(diagnostics).toMatchObject([{ code: 'migration-edited', place: { file: project.file('0001_create_digests') } }]);
      expect(await status({ generated: project.generated, url })).toMatchObject({
        edited: [{ name: '0001_create_digests' }],
        pending: ['0002_add_locale'],
      });
    }));

  it('a gap, and a migration that the folder does not know', () =>
    withProject({ '0001_a': 'SELECT 1;', '0003_c': 'SELECT 3;' }, async (project, url) => {
      await migrate({ generated: project.generated, url });
      await project.write({ '0001_a': 'SELECT 1;', '0002_b': 'SELECT 2;' });
      const { diagnostics } = await migrate({ generated: project.generated, url });
      expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
        ['migration-unknown', 'error'],
        ['migration-gap', 'error'],
      ]);
      await project.write({ '0001_a': 'SELECT 1;' });
      expect(await migrate({ generated: project.generated, url })).toMatchObject({
        diagnostics: [{ code: 'migration-unknown', severity: 'warning' }],
      });
    }));

  it('a migration for a newer server', () =>
    withProject(
      { '0001_a': 'SELECT 1;', '0002_b': '-- schemac migration 0002_b\n-- Later.\n-- target: PostgreSQL 99\nSELECT 1;' },
      async (project, url) => {
        const { diagnostics, applied } = await migrate({ generated: project.generated, url });
        expect(diagnostics).toMatchObject([{ code: 'server-too-old', place: { file: project.file('0002_b') } }]);
        expect(applied).toEqual([]);
      },
    ));

  it('a database that is set read-only', () =>
    withProject(usual, async (project, url) => {
      await withClient(url, (client) =>
        client.query(`ALTER DATABASE ${client.escapeIdentifier(new URL(url).pathname.slice(1))} SET default_transaction_read_only = on`),
      );
      expect((await migrate({ generated: project.generated, url })).diagnostics).toMatchObject([{ code: 'read-only' }]);
    }));

  it('a role that may not make the tables of the runner, with the statement that helps', () =>
    withProject(usual, async (project, url) => {
      await withClient(url, (client) =>
        client.query(
          `REVOKE CREATE ON SCHEMA public FROM PUBLIC; DROP ROLE IF EXISTS schemac_test_poor; CREATE ROLE schemac_test_poor LOGIN PASSWORD 'poor'`,
        ),
      );
      const poor = new URL(url);
      poor.username = 'schemac_test_poor';
      poor.password = 'poor';
      const { diagnostics } = await migrate({ generated: project.generated, url: poor.href });
      expect(diagnostics).toMatchObject([{ code: 'state-schema' }]);
      expect(diagnostics[0]?.hint).toContain('CREATE SCHEMA schemac AUTHORIZATION');
      await withClient(url, (client) => client.query('CREATE SCHEMA schemac AUTHORIZATION schemac_test_poor'));
      expect((await migrate({ generated: project.generated, url: poor.href })).diagnostics).toMatchObject([
        { code: 'privilege', message: expect.stringContaining('the role schemac_test_poor lacks CREATE on schema public') as string },
      ]);
      await withClient(url, (client) => client.query('DROP OWNED BY schemac_test_poor; DROP ROLE schemac_test_poor'));
    }));

  it('an unknown number for --to and --baseline', () =>
    withProject(usual, async (project, url) => {
      expect((await migrate({ generated: project.generated, url, to: 9 })).diagnostics).toMatchObject([{ code: 'unknown-migration' }]);
      expect((await migrate({ generated: project.generated, url, action: { action: 'baseline', through: 9 } })).diagnostics).toMatchObject([
        { code: 'unknown-migration' },
      ]);
    }));
});

describe('ways to run', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(testMajors.at(-1) ?? 18);
  });
  afterAll(() => server.stop());

  it('--baseline records what is there already and runs nothing of it', async () => {
    const project = await createProject(usual);
    const url = await server.createDatabase();
    await withClient(url, async (client) => {
      await client.query('CREATE TABLE public.digests (id bigint PRIMARY KEY, subject text NOT NULL)');
      expect(await migrate({ generated: project.generated, url, action: { action: 'baseline', through: 1 } })).toMatchObject({
        applied: ['0001_create_digests'],
        pending: ['0002_add_locale'],
        diagnostics: [],
      });
      expect(await migrate({ generated: project.generated, url })).toMatchObject({ applied: ['0002_add_locale'], diagnostics: [] });
    });
    expect((await status({ generated: project.generated, url })).applied.map(({ how }) => how)).toEqual(['baseline', 'applied']);
    await project.remove();
  });

  it('--phase runs one side of a deploy, in the order of the files', async () => {
    const phased = (phase: string): string => `-- schemac migration NAME\n-- Summary.\n-- phase: ${phase}\nSELECT 1;`;
    const texts = Object.fromEntries(
      ['expand', 'contract', 'expand', 'contract'].map((phase, index) => [
        `000${String(index + 1)}_${phase}`,
        phased(phase).replace('NAME', `000${String(index + 1)}_${phase}`),
      ]),
    );
    const project = await createProject(texts);
    const url = await server.createDatabase();
    const run = (phase: 'expand' | 'contract', to?: number): ReturnType<typeof migrate> =>
      migrate({ generated: project.generated, url, phase, ...(to === undefined ? {} : { to }) });
    expect(await status({ generated: project.generated, url })).toMatchObject({
      pending: ['0001_expand', '0002_contract', '0003_expand', '0004_contract'],
      afterDeploy: ['0002_contract', '0004_contract'],
    });
    // A deploy that needs 0003 must not go on without it.
    expect(await run('expand')).toMatchObject({
      applied: [],
      diagnostics: [
        {
          code: 'phase-order',
          message: expect.stringMatching(/^0003_expand cannot be applied yet: 0002_contract, of the contract phase, comes first/),
          hint: expect.stringMatching(/--phase expand --to 0001, then, .*--phase contract --to 0002/),
        },
      ],
    });
    expect(await run('contract')).toMatchObject({
      applied: [],
      diagnostics: [
        { code: 'phase-order', message: expect.stringMatching(/^0002_contract, 0004_contract cannot be applied yet: 0001_expand/) },
      ],
    });
    expect((await run('expand', 1)).applied).toEqual(['0001_expand']);
    expect((await run('expand')).diagnostics).toMatchObject([{ code: 'phase-order' }]);
    // The next release's is left, and nothing goes wrong by that.
    expect(await run('contract')).toMatchObject({ applied: ['0002_contract'], pending: ['0003_expand', '0004_contract'], diagnostics: [] });
    expect((await run('expand')).applied).toEqual(['0003_expand']);
    expect(await run('expand')).toMatchObject({ applied: [], pending: ['0004_contract'], diagnostics: [] });
    expect((await run('contract')).applied).toEqual(['0004_contract']);
    await project.remove();
  });

  it('keeps settings of a hand-written file to the end of the file and no longer, and records as the role that connected', async () => {
    const project = await createProject({
      '0001_role': `SET search_path = apart;
SET ROLE schemac_test_owner;
CREATE TABLE made_one (id int);
BEGIN; SET LOCAL work_mem = '1MB'; CREATE TABLE made_two (id int); COMMIT;
CREATE INDEX CONCURRENTLY made_index ON made_two (id);
VACUUM made_two;`,
      '0002_after': 'CREATE TABLE made_three (id int);',
    });
    const url = await server.createDatabase();
    await withClient(url, async (client) => {
      await client.query(
        'DROP ROLE IF EXISTS schemac_test_owner; CREATE ROLE schemac_test_owner; CREATE SCHEMA apart AUTHORIZATION schemac_test_owner',
      );
      expect((await migrate({ generated: project.generated, url })).diagnostics).toEqual([]);
      expect(
        await query(
          client,
          `SELECT c.relnamespace::regnamespace::text, relname, pg_get_userbyid(relowner) = 'schemac_test_owner' FROM pg_class c WHERE relname LIKE 'made%' ORDER BY 2`,
        ),
      ).toEqual([
        ['apart', 'made_index', true],
        ['apart', 'made_one', true],
        ['public', 'made_three', false],
        ['apart', 'made_two', true],
      ]);
      await client.query('DROP OWNED BY schemac_test_owner CASCADE; DROP ROLE schemac_test_owner');
    });
    await project.remove();
  });

  it('a corrected file goes on where its transaction failed and left nothing', async () => {
    const project = await createProject({ '0001_a': 'CREATE TABLE x (id int);\nCREATE TABLE y (id nonsense);' });
    const url = await server.createDatabase();
    const failed = await migrate({ generated: project.generated, url, to: 1 });
    expect(failed.diagnostics[0]).toMatchObject({ code: 'step-failed', place: { line: 2, column: 20 } });
    await project.write({ '0001_a': 'CREATE TABLE x (id int);\nCREATE TABLE y (id int);' });
    // Its first statement is in the database: another text may not take its place unseen.
    expect((await migrate({ generated: project.generated, url })).diagnostics).toMatchObject([{ code: 'migration-edited' }]);
    await project.write({ '0001_a': 'CREATE TABLE xx (id int);\nCREATE TABLE y (id int);' });
    expect((await migrate({ generated: project.generated, url, amended: 'accept' })).diagnostics).toMatchObject([
      { code: 'migration-edited' },
    ]);
    await project.write({ '0001_a': 'CREATE TABLE x (id int);\nCREATE TABLE y (id int);' });
    expect(await migrate({ generated: project.generated, url, amended: 'accept' })).toMatchObject({ applied: ['0001_a'], diagnostics: [] });
    expect(await migrate({ generated: project.generated, url })).toMatchObject({ applied: [], diagnostics: [] });

    const other = await server.createDatabase();
    await project.write({ '0001_a': 'BEGIN; CREATE TABLE x (id int);\nCREATE TABLE y (id nonsense); COMMIT;' });
    expect((await migrate({ generated: project.generated, url: other })).diagnostics[0]?.message).toContain(
      'nothing of steps 1 to 2 is in the database',
    );
    await project.write({ '0001_a': 'BEGIN; CREATE TABLE x (id int);\nCREATE TABLE y (id int); COMMIT;' });
    expect(await migrate({ generated: project.generated, url: other })).toMatchObject({ applied: ['0001_a'], diagnostics: [] });
    expect(await readFile(project.file('0001_a'), 'utf8')).toContain('y (id int)');
    await project.remove();
  });
});
