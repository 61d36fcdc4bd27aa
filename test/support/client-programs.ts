/**
 * PostgreSQL's own client programs as outside observers: where pg_dump and psql are on this machine
 * and of which version. They share no code with us. Nothing is installed here; a missing program is
 * reported, not worked around.
 */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ClientProgram {
  readonly path: string;
  readonly major: number;
}

/** Finds a client program of at least a major version: the oldest that will do. */
export async function findProgram(name: 'pg_dump' | 'psql', atLeast: number): Promise<ClientProgram | undefined> {
  const found = await Promise.all((await candidates(name)).map(programAt));
  return found
    .filter((program) => program !== undefined)
    .filter((program) => program.major >= atLeast)
    .sort((left, right) => left.major - right.major)[0];
}

/** On the PATH, and where Debian and the PostgreSQL project's RPMs keep several majors side by side. */
async function candidates(name: string): Promise<readonly string[]> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const folders = [
    ...(process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== ''),
    ...versions.map((version) => `/usr/lib/postgresql/${version}/bin`),
    ...[14, 15, 16, 17, 18].map((version) => `/usr/pgsql-${version}/bin`),
  ];
  return folders.map((folder) => path.join(folder, name));
}

async function programAt(file: string): Promise<ClientProgram | undefined> {
  try {
    const { stdout } = await run(file, ['--version']);
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
    return major === undefined ? undefined : { path: file, major: Number(major) };
  } catch {
    return undefined;
  }
}
