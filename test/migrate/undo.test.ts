/**
 * Migrations are taken back: the database is what it was before, as pg_dump sees it, and the same
 * migrations apply again. What would lose something is asked for by name, and what was changed by hand,
 * edited, or is half done is refused before anything is changed.
 */
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrateCommand } from '../../compiler/commands/migrate.ts';
import { statusCommand } from '../../compiler/commands/status.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import type { MigrateOptions, MigrateResult } from '../../compiler/migrate/run.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { query } from './observe.ts';
import { createProject, usual } from './project.ts';
import type { TestProject } from './project.ts';
import { askedFor, down, schemaOf, type DownRequest } from './undo.ts';

const more = {
  '0003_rename': `ALTER TABLE public.digests RENAME COLUMN subject TO title;
ALTER TABLE public.digests RENAME TO letters;
ALTER TABLE public.letters ALTER COLUMN title DROP NOT NULL;`,
  '0004_reader': `CREATE TABLE public.readers (id bigint PRIMARY KEY, name text NOT NULL);
ALTER TABLE public.letters ADD COLUMN reader bigint REFERENCES public.readers (id);
CREATE INDEX CONCURRENTLY letters_reader ON public.letters (reader);`,
  '0005_unique': `INSERT INTO public.readers VALUES (1, 'Ann');
CREATE UNIQUE INDEX CONCURRENTLY letters_title ON public.letters (title);`,
} as const;

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let project: TestProject;
  let url: string;
  let client: Client;
  let said: string[];

  beforeAll(async () => {
    server = await startServer(major);
    project = await createProject({ ...usual, ...more });
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

  const up = (options: Partial<MigrateOptions> = {}): Promise<MigrateResult> =>
    migrate({ generated: project.generated, url, report: (line) => said.push(line), ...options });
  const back = (request: Pick<DownRequest, 'to'> & Partial<DownRequest>): Promise<MigrateResult> =>
    down({ generated: project.generated, url, report: (line) => said.push(line), ...request });
  const errors = ({ diagnostics }: MigrateResult): readonly string[] =>
    diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  const rows = (): Promise<readonly unknown[]> => query(client, 'SELECT id, subject FROM public.digests ORDER BY id');

  it('down after up is what was before, and up again is what was after', async () => {
    const states: string[] = [await schemaOf(url)];
    for (const to of [1, 2, 3, 4, 5]) {
      expect(errors(await up({ to }))).toEqual([]);
      if (to === 1) await client.query(`INSERT INTO public.digests (subject) VALUES ('one'), ('two')`);
      states.push(await schemaOf(url));
    }
    for (const to of [4, 3, 1]) {
      const allow = askedFor(await back({ to, how: 'dry-run' }));
      const result = await back({ to, allow });
      expect(errors(result), JSON.stringify(result.diagnostics)).toEqual([]);
      expect(await schemaOf(url)).toBe(states[to]);
    }
    expect(await rows()).toEqual([
      ['1', 'one'],
      ['2', 'two'],
    ]);
    const undone = await query(client, 'SELECT down_to, undone, state, finished_at IS NOT NULL FROM schemac.undo ORDER BY id');
    expect(undone).toEqual([
      [4, ['0005_unique'], 'done', true],
      [3, ['0004_reader'], 'done', true],
      [1, ['0003_rename', '0002_add_locale'], 'done', true],
    ]);
    const again = await up({ verify: 'each' });
    expect([again.diagnostics, again.applied.length]).toEqual([[], 4]);
    expect(await schemaOf(url)).toBe(states[5]);
    const allow = askedFor(await back({ to: 0, how: 'dry-run' }));
    expect(errors(await back({ to: 0, allow }))).toEqual([]);
    expect(await schemaOf(url)).toBe(states[0]);
  }, 300_000);

  it('what is lost is asked for by name, what stays lost is said, and nothing is changed before', async () => {
    await up({ to: 4 });
    const before = [await schemaOf(url), await query(client, 'SELECT * FROM schemac.migration ORDER BY 1')];
    const result = await back({ to: 3 });
    expect(askedFor(result)).toEqual(['data-loss:column public.letters.reader', 'data-loss:table public.readers']);
    expect(result.diagnostics[0]?.hint).toBe(
      "if you mean it: npx schemac migrate --down-to 3 --allow 'data-loss:column public.letters.reader'",
    );
    expect(result.undone).toEqual([]);
    expect([await schemaOf(url), await query(client, 'SELECT * FROM schemac.migration ORDER BY 1')]).toEqual(before);
    await up();
    const wrote = await back({ to: 4 });
    expect(wrote.diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      `undo-not-restored: rows that step 1 of 0005_unique wrote stay as they are, but for what is dropped: INSERT INTO public.readers VALUES (1, 'Ann')`,
    ]);
    expect(await query(client, 'SELECT name FROM public.readers')).toEqual([['Ann']]);
  });

  it('rows on which the undo would fail are found before it begins', async () => {
    const own = await createProject({
      '0001_digests': 'CREATE TABLE public.digests (id int, subject text NOT NULL);',
      '0002_nullable': 'ALTER TABLE public.digests ALTER COLUMN subject DROP NOT NULL;',
    });
    const { generated } = own;
    await up({ generated });
    await client.query('INSERT INTO public.digests VALUES (1, NULL)');
    const result = await back({ to: 1, generated });
    expect(result.diagnostics.map(({ code, subject, hint }) => [code, subject, hint?.slice(0, 24)])).toEqual([
      ['undo-rows', 'column public.digests.subject', 'change these rows first:'],
    ]);
    expect(await query(client, 'SELECT count(*)::int FROM schemac.undo')).toEqual([[0]]);
    await client.query(`UPDATE public.digests SET subject = 'found'`);
    expect(errors(await back({ to: 1, generated }))).toEqual([]);
    expect(await rows()).toEqual([[1, 'found']]);
    await own.remove();
  });

  it('a database changed by hand, an edited file and a number that is not there are refused', async () => {
    await up({ to: 4 });
    const before = await schemaOf(url);
    expect(errors(await back({ to: 7 }))).toEqual(['unknown-migration']);
    expect(errors(await back({ to: 5 }))).toEqual(['undo-below']);
    expect((await back({ to: 4 })).undone).toEqual([]);
    await client.query('DROP INDEX public.letters_reader');
    expect(errors(await back({ to: 3, allow: ['data-loss:column public.letters.reader', 'data-loss:table public.readers'] }))).toEqual([
      'database-changed',
    ]);
    await client.query('CREATE INDEX letters_reader ON public.letters (reader)');
    const edited = await createProject({ ...usual, ...more });
    const { writeFile } = await import('node:fs/promises');
    await writeFile(edited.file('0002_add_locale'), '-- nothing');
    expect(errors(await back({ to: 3, generated: edited.generated }))).toEqual(['migration-edited']);
    await edited.remove();
    expect(await schemaOf(url)).toBe(before);
    expect(await query(client, 'SELECT count(*)::int FROM schemac.undo')).toEqual([[0]]);
  });

  it('a migration that stopped half-way is taken back with what it left', async () => {
    await up({ to: 4 });
    const before = await schemaOf(url);
    await client.query(`INSERT INTO public.letters (title) VALUES ('same'), ('same')`);
    expect(errors(await up())).toEqual(['step-failed']);
    expect(await query(client, `SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.letters_title'::regclass`)).toEqual([[false]]);
    expect(errors(await back({ to: 4 }))).toEqual([]);
    expect(await schemaOf(url)).toBe(before);
    expect(await query(client, 'SELECT max(number)::int FROM schemac.migration')).toEqual([[4]]);
    expect(said).toContain('0005_unique step 2: dropping the invalid index public.letters_title that a stopped build left');
  });

  it('an undo that stopped half-way keeps everything else out, and is finished by the same command', async () => {
    await up({ to: 2 });
    const before = await schemaOf(url);
    await up({ to: 4 });
    const allow = askedFor(await back({ to: 2, how: 'dry-run' }));
    await client.query('CREATE VIEW public.in_the_way AS SELECT name FROM public.readers');
    expect(errors(await back({ to: 2, allow }))).toEqual(['step-failed']);
    for (const result of [
      await up(),
      await up({ action: { action: 'baseline', through: 4 } }),
      await up({ action: { action: 'dry-run' } }),
    ])
      expect(errors(result)).toEqual(['undo-half-done']);
    expect(errors(await back({ to: 3, allow }))).toEqual(['undo-half-done']);
    const status = await statusCommand({ generated: project.generated, url });
    expect([status.exitCode, status.lines.filter((line) => line.startsWith('undoing'))]).toEqual([
      2,
      [expect.stringMatching(/^undoing {4}0004_reader, 0003_rename, back to 0002, begun /)],
    ]);
    await client.query('DROP VIEW public.in_the_way');
    // Finishing needs no planner, and so nothing of what compiles.
    const plan = (): Promise<never> => Promise.reject(new Error('asked for a plan'));
    const finished = await up({ action: { action: 'down', to: 2, how: 'apply', plan, allow: [] } });
    expect([finished.diagnostics, finished.undone]).toEqual([[], ['0004_reader', '0003_rename']]);
    expect(await schemaOf(url)).toBe(before);
    expect((await up()).diagnostics).toEqual([]);
  });

  it('--dry-run prints what would run, and changes nothing', async () => {
    await up({ to: 3 });
    const before = await schemaOf(url);
    const given = { generated: project.generated, url, downTo: '0002', dryRun: true };
    const shown = await migrateCommand(given);
    expect(shown.exitCode).toBe(0);
    expect(shown.lines.filter((line) => /^ALTER/.test(line))).toEqual([
      'ALTER TABLE public.letters RENAME TO digests;',
      'ALTER TABLE public.digests RENAME COLUMN title TO subject;',
      ...shown.lines.filter((line) => /^ALTER TABLE public\.digests .*(NOT NULL|CONSTRAINT)/.test(line)),
    ]);
    expect(await schemaOf(url)).toBe(before);
    expect((await migrateCommand({ ...given, downTo: '3' })).lines).toEqual([expect.stringMatching(/^-- nothing to take back: /)]);
  });

  it('a list of databases is taken back, and each says what it lost', async () => {
    const other = await server.createDatabase();
    const given = { generated: project.generated, url: [url, other] as readonly string[] };
    expect((await migrateCommand({ ...given, to: '3' })).exitCode).toBe(0);
    const result = await migrateCommand({ ...given, downTo: '2' });
    expect(result.lines.at(-1)).toBe('2 databases: 2 taken back');
    expect((await migrateCommand({ ...given, downTo: '2' })).lines).toEqual(['2 databases: 2 current']);
    const bad = await migrateCommand({ ...given, allow: ['data-loss:table public.t'] });
    expect(bad.diagnostics.map(({ code }) => code)).toEqual(['bad-argument']);
  });

  it('a column that comes back NOT NULL gets what is said, and nothing where the table is empty', async () => {
    const own = await createProject({
      '0001_a': 'CREATE TABLE public.a (id int, kept text NOT NULL);',
      '0002_b': 'ALTER TABLE public.a DROP COLUMN kept;',
    });
    const generated = own.generated;
    await up({ generated });
    expect((await back({ to: 1, generated })).undone).toEqual(['0002_b']);
    await up({ generated });
    await client.query('INSERT INTO public.a VALUES (7)');
    const refused = await back({ to: 1, generated });
    expect(refused.diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
      ['undo-rows', `say what existing rows get: --fill 'column public.a.kept=SQL expression'`],
    ]);
    expect(errors(await back({ to: 1, generated, fills: { 'column public.a.kept': `'row ' || id` } }))).toEqual([]);
    expect(await query(client, 'SELECT * FROM public.a')).toEqual([[7, 'row 7']]);
    await own.remove();
  });
});
