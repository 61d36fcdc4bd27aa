/**
 * What the tests of the engines share: cache folders that go away, and the engine in another process.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { PostgresError } from '../../compiler/engine/engine.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** A new empty folder. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'schemac-engine-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export interface OtherProcess {
  /** Runs the query in a process of its own; null where it found no such state. */
  query(cacheFolder: string, sql: string, state?: string): Promise<unknown>;
  remove(): void;
}

/** Builds the program that runs in the other process; inside the repository, so that it finds its packages. */
export async function otherProcess(): Promise<OtherProcess> {
  const folder = mkdtempSync(join(here, '../../node_modules/.schemac-engine-'));
  const program = join(folder, 'child.mjs');
  await build({
    entryPoints: [join(here, 'child.ts')],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'silent',
  });
  const run = promisify(execFile);
  return {
    query: async (cacheFolder, sql, state) => {
      const { stdout } = await run(process.execPath, [program, cacheFolder, sql, ...(state === undefined ? [] : [state])], {
        timeout: 50_000,
      });
      return JSON.parse(stdout) as unknown;
    },
    remove: () => removeFolder(folder),
  };
}

/** The error that PostgreSQL answers with; fails if there is none. */
export async function errorOf(action: Promise<unknown>): Promise<PostgresError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof PostgresError) return error;
    throw error;
  }
  throw new Error('PostgreSQL accepted it');
}
