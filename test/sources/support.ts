/**
 * What tests of sources share: the verb called in process, databases that hold what a script makes,
 * and a script applied as a user would, with psql where there is one.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { diffCommand, type DiffArguments } from '../../compiler/commands/diff.ts';
import type { CommandResult } from '../../compiler/commands/result.ts';
import { connect } from '../../compiler/engine/server-connection.ts';
import { makeEngines, type Engines } from '../../compiler/sources/engines.ts';
import { runStep } from '../../compiler/prove/run.ts';
import { splitScript } from '../../compiler/sql/script.ts';
import { runPsql } from '../support/dump.ts';
import type { TestServer } from '../support/servers.ts';

const scratch = mkdtempSync(join(tmpdir(), 'schemac-sources-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The embedded engine's base is made once a machine. */
export const cacheFolder = join(tmpdir(), 'schemac-test-cache');

export function engines(): Engines {
  return makeEngines({ cacheFolder });
}

let files = 0;

/** A file of its own for a text; gives the path. */
export function fileOf(text: string | Buffer, name = `${String((files += 1))}.sql`): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

/** The verb in process; relative sources are below the scratch folder. */
export function diff(from: string, to: string, given: Partial<DiffArguments> = {}): Promise<CommandResult> {
  return diffCommand({
    root: scratch,
    from,
    to,
    format: 'sql',
    include: [],
    exclude: [],
    privileges: 'compared',
    loader: 'esbuild',
    ...given,
  });
}

/** A database in which a script was run; statements that a driver cannot take at once are taken one by one. */
export async function databaseWith(server: TestServer, sql: string): Promise<string> {
  const url = await server.createDatabase();
  if (sql !== '') await runScript(url, sql);
  return url;
}

/** Applies what `diff` printed, with psql where it is installed. */
export async function applyWithPsql(url: string, script: string): Promise<void> {
  const result = await runPsql(url, fileOf(script));
  if (result === undefined) await runScript(url, script);
  else if (result.exitCode !== 0) throw new Error(`psql fails: ${result.errors}\n${script}`);
}

export async function runScript(url: string, sql: string): Promise<void> {
  const connection = await connect(url);
  try {
    for (const item of splitScript(sql, 'script')) {
      if (item.item === 'command') continue;
      const step = item.terminator === '\\gexec' ? 'expand' : 'transactional';
      const engine = { query: connection.run, execute: async (text: string) => void (await connection.run(text)) };
      await runStep(engine, { sql: item.sql, step });
    }
  } finally {
    await connection.end();
  }
}
