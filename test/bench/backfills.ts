/**
 * A backfill by the runner, which rests for nothing, beside one UPDATE of the same rows: how long each
 * takes, and how long somebody waits who writes to the same table meanwhile. On a server started for it.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchedUpdate } from '../../compiler/sql/batched-update.ts';
import { chainLock, hashMigration, writeLock, type LockEntry } from '../../compiler/sql/migrations-lock.ts';
import { createDatabase, withClient } from '../support/database.ts';
import { startEmbeddedServer } from '../support/embedded-server.ts';
import { repository } from './projects.ts';

export interface MeasuredBackfill {
  readonly milliseconds: number;
  /** Milliseconds that the longest of the writer's statements took. */
  readonly longest: number;
}

export interface Backfills {
  readonly ours: MeasuredBackfill;
  readonly update: MeasuredBackfill;
}

const migrations = {
  '0001_digests': `CREATE TABLE public.digests (id bigint PRIMARY KEY, subject text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), locale text);\n`,
  '0002_fill': `-- step 1 backfill: Fill locale.
-- batches: table public.digests
${batchedUpdate({ table: 'public.digests', set: `locale = 'en'`, where: 'locale IS NULL' })};\n`,
};

function writeFolder(root: string): void {
  const folder = join(root, 'generated', 'migrations');
  mkdirSync(folder, { recursive: true });
  const lock: LockEntry[] = [];
  for (const [name, text] of Object.entries(migrations)) {
    writeFileSync(join(folder, `${name}.sql`), text);
    lock.push(chainLock(lock.at(-1), name, hashMigration(text)));
  }
  writeFileSync(join(folder, 'migrations.lock'), writeLock(lock));
}

function migrateTo(root: string, url: string, number: number): Promise<void> {
  const parameters = [join(repository, 'compiler', 'bin.mjs'), 'migrate', '--to', String(number), '--throttle', '0', '--quiet'];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, parameters, { cwd: root, env: { ...process.env, DATABASE_URL: url }, stdio: 'ignore' });
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`migrate --to ${String(number)}: exit ${String(code)}`))));
  });
}

/** Runs an action while somebody updates one row after the other. */
async function besideWriter(url: string, rows: number, action: () => Promise<unknown>): Promise<MeasuredBackfill> {
  return withClient(url, async (writer) => {
    let [goesOn, longest] = [true, 0];
    const writing = (async () => {
      while (goesOn) {
        const began = performance.now();
        await writer.query('UPDATE digests SET subject = subject WHERE id = $1', [1 + Math.floor(Math.random() * rows)]);
        longest = Math.max(longest, performance.now() - began);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const began = performance.now();
    await action();
    const milliseconds = performance.now() - began;
    goesOn = false;
    await writing;
    return { milliseconds, longest };
  });
}

export async function measureBackfills(rows: number): Promise<Backfills> {
  const server = await startEmbeddedServer(18);
  const root = mkdtempSync(join(tmpdir(), 'schemac-bench-backfill-'));
  try {
    writeFolder(root);
    const ours = await createDatabase(server.url, 'ours', 18);
    await migrateTo(root, ours, 1);
    await withClient(ours, async (client) => {
      await client.query(
        `INSERT INTO digests SELECT n, 'Your digest of the week, number ' || n FROM generate_series(1, ${String(rows)}) n`,
      );
      await client.query('VACUUM ANALYZE');
    });
    await withClient(server.url, (client) => client.query('CREATE DATABASE one_update TEMPLATE ours STRATEGY file_copy'));
    const other = ours.replace(/\/ours$/, '/one_update');
    const byUpdate = (): Promise<unknown> =>
      withClient(other, (client) => client.query(`UPDATE digests SET locale = 'en' WHERE locale IS NULL`));
    // The one after the other: on a machine of few cores they would slow each other down.
    const update = await besideWriter(other, rows, byUpdate);
    return { ours: await besideWriter(ours, rows, () => migrateTo(root, ours, 2)), update };
  } finally {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}
