/**
 * `compile --watch` as a process of its own: one migration for a session of edits, mistakes shown and
 * outlived, Ctrl-C ending it with nothing left behind. Nothing is timed: each step waits for its line.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { users } from './schemas.ts';
import { createProject, lastMigration, migrationsOf, repository, type Project } from './support.ts';

let command: string;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  mkdirSync(join(repository, 'node_modules', '.cache'), { recursive: true });
  folder = mkdtempSync(join(repository, 'node_modules', '.cache', 'watch-'));
  cpSync(join(repository, 'package.json'), join(folder, 'package.json'));
  command = join(folder, 'dist', 'cli.js');
  await build({
    absWorkingDir: repository,
    entryPoints: { cli: 'compiler/cli.ts' },
    outdir: join(folder, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Watching {
  /** What was printed from the end of the last call on, up to the end of a run. */
  readonly nextRun: () => Promise<string>;
  readonly end: () => Promise<number | null>;
}

function watch(project: Project): Watching {
  const script = `import(${JSON.stringify(command)}).then(({ main }) => main(['compile', '--watch']))`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: project.root, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let output = '';
  let changed = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      changed();
    });
  }
  void exit.then(() => changed());
  return {
    nextRun: async () => {
      const ending = /; watching schema\/, Ctrl-C ends it\n/;
      while (!ending.test(output)) {
        if (child.exitCode !== null) throw new Error(`the watch ended: ${output}`);
        await new Promise<void>((resolve) => (changed = resolve));
      }
      const text = output;
      output = '';
      return text;
    },
    end: async () => {
      child.kill('SIGINT');
      return exit;
    },
  };
}

const withColumns = (...names: readonly string[]): string =>
  users(names.map((name) => `${name}: text({ doc: 'More.', nullable: true }),`).join('\n'));

test('a session of edits leaves one migration, and a mistake does not end it', { timeout: 180_000 }, async () => {
  const project = await createProject({ 'schema/users.ts': users() });
  expect((await project.compile()).exitCode).toBe(0);
  const watching = watch(project);
  expect(await watching.nextRun()).toContain('everything is current');

  project.write({ 'schema/users.ts': withColumns('city') });
  expect(await watching.nextRun()).toContain('wrote generated/migrations/0002_add_column_users_city.sql');
  expect(migrationsOf(project)).toHaveLength(2);

  project.write({ 'schema/users.ts': withColumns('city', 'country').replace('mail:', 'mail') });
  expect(await watching.nextRun()).toContain('error');
  expect(migrationsOf(project)).toHaveLength(2);

  project.write({ 'schema/users.ts': withColumns('city', 'country') });
  await watching.nextRun();
  expect(migrationsOf(project)).toHaveLength(2);
  expect(lastMigration(project)).toContain('ADD COLUMN country text');
  expect(lastMigration(project)).toContain('ADD COLUMN city text');

  // A new file counts as a change; back to where it began there is nothing to migrate.
  project.write({ 'schema/more.ts': 'export const more = 1;\n', 'schema/users.ts': users() });
  await watching.nextRun();
  expect(migrationsOf(project)).toEqual(['0001_initial_schema']);

  // What it did not begin it does not amend.
  project.write({ 'schema/users.ts': withColumns('street') });
  await watching.nextRun();
  expect(migrationsOf(project)).toEqual(['0001_initial_schema', '0002_add_column_users_street']);

  expect(await watching.end()).toBe(0);
  expect((await project.check()).exitCode).toBe(0);
});

test('without schema/ it says so, and Ctrl-C ends it cleanly', async () => {
  const project = await createProject({});
  const watching = watch(project);
  expect(await watching.nextRun()).toContain('missing-folder');
  expect(await watching.end()).toBe(0);
  expect(existsSync(join(project.root, 'generated'))).toBe(false);
});
