/**
 * The same statement by PostgreSQL's own pgbench, where it is installed: what a client in C is told by the
 * same server, so that it is seen how much of a time is the server's.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PlacedQuery } from '../model/declared.ts';
import type { QueryPlan, WorkloadValue } from '../model/workload.ts';
import { quoteText } from '../sql/quote.ts';
import { isWriting, keyRanges } from '../workload/measure-queries.ts';
import type { Volumes } from '../workload/volumes.ts';

const run = promisify(execFile);

export interface PgbenchRequest {
  readonly plan: QueryPlan;
  readonly query: PlacedQuery;
  readonly volumes: Volumes;
  readonly clients: number;
  readonly seconds: number;
}

/** Milliseconds on average; undefined where there is no pgbench, or where it cannot run the statement. */
export async function pgbenchBest(url: string, request: PgbenchRequest): Promise<number | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'schemac-pgbench-'));
  try {
    const { host, user, password, database, port } = partsOf(url);
    writeFileSync(join(folder, 'script.sql'), scriptOf(request));
    const options = [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(request.clients),
      '-j',
      '1',
      '-T',
      String(Math.max(1, Math.round(request.seconds))),
    ];
    const { stdout } = await run('pgbench', [...options, '-f', join(folder, 'script.sql'), '-h', host, '-p', port, '-U', user, database], {
      env: { ...process.env, PGPASSWORD: password, LC_ALL: 'C' },
      timeout: (request.seconds + 30) * 1000,
    });
    const found = /latency average = ([\d.]+) ms/.exec(stdout)?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    // Not installed, or it counts what the statement does as a failure: then there is nothing to compare with.
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function partsOf(url: string): {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
} {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: port === '' ? '5432' : port,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}

/** What writes is not compared: pgbench would time the ROLLBACK with it. */
function scriptOf({ plan, query, volumes }: PgbenchRequest): string {
  if (isWriting(query.sql)) throw new Error('a statement that writes');
  const ranges = keyRanges(plan, volumes);
  const names = plan.parameters.map(({ name }) => name);
  const sets = names.flatMap((name) => (ranges.has(name) ? [`\\set ${name} random(1, ${ranges.get(name) ?? 1})`] : []));
  const text = plan.text.replaceAll(/\$(\d+)/g, (_, number: string) => {
    const name = names[Number(number) - 1] ?? '';
    return ranges.has(name) ? `:${name}` : literal(query.use.samples[name]);
  });
  return `${sets.join('\n')}\n${text.replaceAll('\n', ' ')};\n`;
}

function literal(value: WorkloadValue | readonly WorkloadValue[] | undefined): string {
  if (value === undefined || value === null) return 'NULL';
  return quoteText(Array.isArray(value) ? `{${value.join(',')}}` : String(value)).trim();
}
