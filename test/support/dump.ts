/**
 * A database as pg_dump sees it, in a form that can be compared: without what differs between two
 * equal schemas. And psql, to run a migration file as a user without our runner would. Never compare
 * dumps of servers of different majors.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './client-programs.ts';
import { serverVersion } from './database.ts';

const run = promisify(execFile);
const printed = new Set<string>();

/** The schema as normalised SQL; `undefined`, with the reason printed, where no pg_dump is new enough. */
export async function dumpSchema(url: string): Promise<string | undefined> {
  const version = await serverVersion(url);
  const program = await findProgram('pg_dump', Number.parseInt(version, 10));
  if (program === undefined) return unavailable(`no pg_dump for PostgreSQL ${version} on this machine: not compared with pg_dump`);
  const options = ['--schema-only', '--exclude-schema=schemac', `--dbname=${url}`];
  const { stdout } = await run(program.path, options, { maxBuffer: 1 << 28, env: clientEnvironment() });
  return normaliseDump(stdout);
}

/**
 * The schema as a database has it that was made from its dump: what PostgreSQL prints of an expression is
 * read as another one now and then, and only a second dump says whether two mean the same.
 */
export async function dumpRestored(url: string, empty: string): Promise<string | undefined> {
  const program = await findProgram('pg_dump', Number.parseInt(await serverVersion(url), 10));
  if (program === undefined) return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'schemac-dump-'));
  const file = path.join(folder, 'schema.sql');
  try {
    await run(program.path, ['--schema-only', '--exclude-schema=schemac', `--file=${file}`, `--dbname=${url}`], {
      env: clientEnvironment(),
    });
    // Some of it is there in every database, and said to be.
    await runPsql(empty, file);
    return await dumpSchema(empty);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Takes out of a dump what says nothing about the schema: `\restrict` lines (their key is random),
 * the session's settings, versions, and the names of NOT NULL constraints, which PostgreSQL 18 prints
 * where they differ from its own choice.
 */
export function normaliseDump(dump: string): string {
  const lines = dump
    .split('\n')
    .filter((line) => !/^\\(un)?restrict /.test(line))
    .filter(
      (line) =>
        !/^SET [a-z_]+ = (on|off|0|''|'[^']*'|content|warning|false|heap);$/.test(line) || /^SET default_tablespace = '?[^']/.test(line),
    )
    .filter((line) => !line.startsWith("SELECT pg_catalog.set_config('search_path', '', false)"))
    .filter((line) => !/^-- (Dumped|Started|Completed|PostgreSQL database dump)/.test(line))
    .map((line) => line.replace(/ CONSTRAINT (?:"(?:[^"]|"")+"|[\p{L}\w$]+) NOT NULL/gu, ' NOT NULL'))
    .filter((line) => line !== '--');
  return `${withSortedGrants(lines)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** The order in which privileges came to be is the order in which pg_dump prints them, and says nothing. */
function withSortedGrants(lines: readonly string[]): readonly string[] {
  const isGrant = (line: string | undefined): boolean => /^(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES) /.test(line ?? '');
  const sorted: string[] = [];
  for (const line of lines) {
    let place = sorted.length;
    if (isGrant(line)) while (isGrant(sorted[place - 1]) && (sorted[place - 1] ?? '') > line) place -= 1;
    sorted.splice(place, 0, line);
  }
  return sorted;
}

export interface PsqlResult {
  /** 0; 3 where a script with ON_ERROR_STOP met an error. */
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a file with `psql -X -f`, nothing else set; `undefined`, with the reason printed, where there is no psql. */
export async function runPsql(url: string, file: string): Promise<PsqlResult | undefined> {
  const program = await findProgram('psql', 10);
  if (program === undefined) return unavailable(`no psql on this machine: ${file} was not run with it`);
  const options = ['-X', '-q', '-f', file, url];
  return new Promise((resolve, reject) => {
    execFile(program.path, options, { maxBuffer: 1 << 28, env: clientEnvironment() }, (error, output, errors) => {
      if (error === null) resolve({ exitCode: 0, output, errors });
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, output, errors });
      else reject(new Error(`psql did not run: ${error.message}`));
    });
  });
}

/** Without libpq's variables, which could point at another server or change the session. */
function clientEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
}

function unavailable(reason: string): undefined {
  if (!printed.has(reason)) console.log(reason);
  printed.add(reason);
  return undefined;
}
