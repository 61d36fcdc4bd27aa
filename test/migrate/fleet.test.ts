/**
 * Many databases with one folder of migrations: a canary first, a few at a time, a report of each;
 * running it again finishes what is left. No password is shown, whatever stands in the list.
 */
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fleetProgress } from '../../compiler/cli/fleet-progress.ts';
import { migrateCommand } from '../../compiler/commands/migrate.ts';
import type { MigrateArguments } from '../../compiler/commands/migrate-arguments.ts';
import type { CommandResult } from '../../compiler/commands/result.ts';
import type { DatabaseReport } from '../../compiler/migrate/fleet.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { query } from './observe.ts';
import { createProject } from './project.ts';
import type { TestProject } from './project.ts';

let server: TestServer;
let project: TestProject;
let urls: readonly string[];

beforeAll(async () => {
  server = await startServer(newestMajor);
  project = await createProject({ '0001_a': 'CREATE TABLE public.a (id int);', '0002_b': 'CREATE TABLE public.b (id int);' });
});
afterAll(async () => {
  await server.stop();
  await project.remove();
});
beforeEach(async () => {
  urls = [await server.createDatabase(), await server.createDatabase(), await server.createDatabase(), await server.createDatabase()];
});

function run(more: Partial<MigrateArguments> = {}): Promise<CommandResult> {
  return migrateCommand({ generated: project.generated, url: urls, ...more });
}

function reportsOf(result: CommandResult): readonly DatabaseReport[] {
  return (result.json as { readonly databases: readonly DatabaseReport[] }).databases;
}

function outcomes(result: CommandResult): readonly string[] {
  return reportsOf(result).map(({ outcome }) => outcome);
}

/** Puts something in the way of the second migration. */
async function spoil(url: string | undefined): Promise<void> {
  await withClient(url ?? '', (client) => client.query('CREATE TABLE public.b (id int)'));
}

async function mend(url: string | undefined): Promise<void> {
  await withClient(url ?? '', (client) => client.query('DROP TABLE public.b'));
}

describe('a list of databases', () => {
  it('is migrated, and is current afterwards', async () => {
    const first = await run();
    expect(first).toMatchObject({ exitCode: 0, diagnostics: [], json: { counts: { applied: 4, failed: 0 } } });
    expect(first.lines.at(-1)).toBe('4 databases: 4 migrated');
    expect(reportsOf(first)[3]).toMatchObject({ applied: ['0001_a', '0002_b'], pending: [], outcome: 'applied' });
    const again = await run();
    expect(again.lines).toEqual(['4 databases: 4 current']);
    expect(again.exitCode).toBe(0);
  });

  it('a canary that fails is the only one that was begun', async () => {
    await spoil(urls[0]);
    const result = await run({ onFailure: 'continue' });
    expect(outcomes(result)).toEqual(['failed', 'skipped', 'skipped', 'skipped']);
    expect(result.exitCode).toBe(1);
    expect(result.diagnostics).toMatchObject([{ code: 'step-failed' }]);
    expect(result.diagnostics[0]?.message).toContain(new URL(urls[0] ?? '').pathname.slice(1));
    expect(await withClient(urls[1] ?? '', (client) => query(client, `SELECT to_regclass('public.a') IS NULL`))).toEqual([[true]]);
    await mend(urls[0]);
    expect(outcomes(await run())).toEqual(['applied', 'applied', 'applied', 'applied']);
  });

  it.each([
    ['stop', ['applied', 'failed', 'skipped', 'skipped']],
    ['continue', ['applied', 'failed', 'applied', 'applied']],
  ])('a later failure means %s, and the next run finishes what is left', async (onFailure, expected) => {
    await spoil(urls[1]);
    const result = await run({ onFailure, parallel: '1' });
    expect(outcomes(result)).toEqual(expected);
    expect(result.exitCode).toBe(1);
    await mend(urls[1]);
    expect(outcomes(await run())).toEqual(expected.map((outcome) => (outcome === 'applied' ? 'current' : 'applied')));
  });

  it('comes from a file or a command, each database once', async () => {
    const file = `${project.generated}/urls`;
    await writeFile(file, `# ours\n${urls[0] ?? ''}\n\n  ${urls[1] ?? ''}\r\n${urls[0] ?? ''}\n`);
    const dry = await migrateCommand({ generated: project.generated, urlsFile: file, dryRun: true });
    expect(dry.lines.filter((line) => line.startsWith('CREATE TABLE'))).toHaveLength(4);
    expect(dry.lines.at(-1)).toBe('-- 2 databases: 2 with migrations left');
    expect(outcomes(await migrateCommand({ generated: project.generated, urlsFile: file }))).toEqual(['applied', 'applied']);
    expect(outcomes(await migrateCommand({ generated: project.generated, urlsCommand: `cat '${file}'` }))).toEqual(['current', 'current']);
  });

  it.each([
    [{ urlsFile: '/nowhere/list' }, 'cannot be read: ENOENT'],
    [{ urlsCommand: 'exit 3' }, 'exit code 3'],
    [{ urlsCommand: 'true' }, 'is empty'],
    [{ url: ['a', 'b'], parallel: '0' }, '--parallel 0: give a whole number, 1 or more'],
    [{ url: ['a', 'b'], onFailure: 'panic' }, '--on-failure panic: give stop or continue'],
  ])('%j is refused', async (given, message) => {
    const result = await migrateCommand({ generated: project.generated, ...given }).catch(
      (error: unknown) => error as { diagnostics: CommandResult['diagnostics'] },
    );
    expect(result.diagnostics[0]?.message).toContain(message);
  });

  it('shows no password, of URLs and of what is none', async () => {
    const bad = new URL(urls[1] ?? '');
    bad.password = 'Tr0ub4dor';
    const result = await run({ url: [urls[0] ?? '', bad.href, 'password=Tr0ub4dor host'], onFailure: 'continue' });
    expect(outcomes(result)).toEqual(['applied', 'failed', 'failed']);
    expect(JSON.stringify(result)).not.toContain('Tr0ub4dor');
    expect(reportsOf(result)[2]?.database).toBe('database 3 of the list');
  });
});

describe('progress of a list', () => {
  const ended = (outcome: DatabaseReport['outcome']): DatabaseReport => ({
    database: 'd',
    outcome,
    applied: ['0001_a'],
    pending: [],
    sql: [],
    diagnostics: [],
  });

  it('is lines elsewhere, without those that were current', () => {
    const written: string[] = [];
    const { watch, end } = fleetProgress({ isTerminal: false, columns: 80, write: (text) => written.push(text) }, 2);
    watch({ place: 0, database: 'one', what: { line: 'applying 0001_a' } });
    watch({ place: 0, database: 'one', what: { ended: ended('applied') } });
    watch({ place: 1, database: 'two', what: { ended: ended('current') } });
    end();
    expect(written).toEqual(['one: applying 0001_a\n', 'one: migrated, applied 0001_a\n']);
  });

  it('is a table on a terminal, drawn over the one before', () => {
    const written: string[] = [];
    const { watch, end } = fleetProgress({ isTerminal: true, columns: 30, write: (text) => written.push(text) }, 2);
    watch({ place: 0, database: 'one', what: { line: 'applying a migration with a long name' } });
    watch({ place: 0, database: 'one', what: { ended: ended('applied') } });
    end();
    expect(written[0]).toBe('  one  applying a migration w\n0 of 2: begun\n');
    expect(written.at(-1)).toBe('\u001b[2A\r\u001b[J1 of 2: 1 migrated\n');
  });
});
