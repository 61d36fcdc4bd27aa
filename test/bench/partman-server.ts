/**
 * A server that has pg_partman: Debian's, installed where apt is there and the run is root's, started in a
 * folder of its own and thrown away. The binaries of npm packages have no extensions.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningServer } from '../support/server-providers.ts';

const binaries = '/usr/lib/postgresql/15/bin';
const extension = '/usr/share/postgresql/15/extension/pg_partman.control';
const port = 55931;

function run(program: string, parameters: readonly string[], seconds: number): boolean {
  return (
    spawnSync(program, parameters, { stdio: 'ignore', timeout: seconds * 1000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status === 0
  );
}

function install(say: (line: string) => void): boolean {
  if (existsSync(extension)) return true;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  say('  installing postgresql-15-partman');
  return (
    run('apt-get', ['update'], 120) &&
    run('apt-get', ['install', '-y', '--no-install-recommends', 'postgresql-15', 'postgresql-15-partman'], 300) &&
    existsSync(extension)
  );
}

/** Undefined, with the reason said, where there is none to be had. */
export async function startPartmanServer(say: (line: string) => void): Promise<RunningServer | undefined> {
  if (process.getuid?.() !== 0 || !install(say)) {
    say("  no pg_partman: it is Debian's postgresql-15-partman, installed by root");
    return undefined;
  }
  const folder = mkdtempSync('/tmp/schemac-partman-');
  const data = join(folder, 'data');
  const asServer = (program: string, ...parameters: readonly string[]): boolean =>
    run('runuser', ['-u', 'postgres', '--', join(binaries, program), ...parameters], 120);
  const options = `-p ${String(port)} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c timezone=UTC -c shared_buffers=512MB -c max_wal_size=4GB`;
  run('chown', ['postgres', folder], 10);
  const stop = (): Promise<void> => {
    asServer('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
    rmSync(folder, { recursive: true, force: true });
    return Promise.resolve();
  };
  if (
    !asServer('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8') ||
    !asServer('pg_ctl', '-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start')
  ) {
    say('  the server with pg_partman does not start');
    await stop();
    return undefined;
  }
  return { url: `postgres://postgres@127.0.0.1:${String(port)}/postgres`, version: '15', stop };
}
