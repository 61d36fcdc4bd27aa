/**
 * Names a database in messages without ever showing a secret: host, port, database and user only.
 * Nothing else of a URL may be printed by anyone.
 */

function fromEnvironment(environment: NodeJS.ProcessEnv): string {
  const host = environment['PGHOST'] ?? 'localhost';
  const port = environment['PGPORT'] ?? '5432';
  const user = environment['PGUSER'] ?? environment['USER'] ?? '';
  return `${user === '' ? '' : `${user}@`}${host}:${port}/${environment['PGDATABASE'] ?? user}`;
}

/**
 * `user@host:5432/database` for a connection URL, or for libpq's environment variables without one.
 * What cannot be read as a URL is not repeated, since it may hold a password.
 */
export function describeUrl(url: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  if (url === undefined) return fromEnvironment(environment);
  try {
    const { protocol, username, hostname, port, pathname, searchParams } = new URL(url);
    if (protocol !== 'postgres:' && protocol !== 'postgresql:') return 'the given database';
    const user = decodeURIComponent(username) || (searchParams.get('user') ?? '');
    const host = hostname || (searchParams.get('host') ?? environment['PGHOST'] ?? 'localhost');
    return `${user === '' ? '' : `${user}@`}${host}:${port || (searchParams.get('port') ?? '5432')}/${decodeURIComponent(pathname.slice(1)) || user}`;
  } catch {
    return 'the given database';
  }
}
