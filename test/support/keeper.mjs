/**
 * Keeps one server process alive for exactly as long as the process that started the keeper: when its
 * standard input closes (the test run ended, was interrupted, or was killed), the server is stopped
 * and its folder removed. Plain JavaScript, because it runs without a loader. No knowledge of tests.
 *
 * Arguments: folder to remove, user id, group id (both empty for the present user), command, arguments.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const [folder, user, group, command, ...args] = process.argv.slice(2);
const identity = user === '' ? {} : { uid: Number(user), gid: Number(group) };
const server = spawn(command, args, { ...identity, cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });

// The keeper is in a session of its own, but a whole container may be told to stop at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
process.stdin.on('end', stop).on('error', stop).resume();
server.on('error', finish).on('exit', finish);

function stop() {
  // SIGQUIT is PostgreSQL's immediate shutdown: the data is thrown away anyway, and no session can hold it up.
  server.kill('SIGQUIT');
  setTimeout(() => server.kill('SIGKILL'), 5000).unref();
}

function finish() {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.exit(0);
}
