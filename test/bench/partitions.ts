/**
 * How long the longest statement of an application takes while partitions of an archive of 24 months come
 * and go: by the tool's own maintenance, by the statements that somebody would write, and by pg_partman
 * where it is installed. All three work on one table in turn, each with a month of its own.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { declarePartitionSupport } from '../../compiler/kinds/partition-support/declare.ts';
import { supportSteps } from '../../compiler/kinds/partition-support/sql.ts';
import { createDatabase, serverVersion, withClient } from '../support/database.ts';
import { startEmbeddedServer } from '../support/embedded-server.ts';
import { seconds, underLoad, type Seen } from './blocking.ts';
import { startPartmanServer } from './partman-server.ts';
import { repository } from './projects.ts';

const users = 100_000;
const months = 24;

/** Partitions are named as pg_partman names them; by our rule names do not matter. */
const create = (month: string): string =>
  `SELECT format('CREATE TABLE public.digests_p%s PARTITION OF public.digests FOR VALUES FROM (%L) TO (%L)', to_char(m, 'YYYY_MM'), m, m + interval '1 month') FROM (SELECT date_trunc('month', now()) + interval '${month} month') at(m)`;

async function made(client: Client, sql: string): Promise<void> {
  const { rows } = await client.query<{ format: string }>(sql);
  for (const { format } of rows) await client.query(format);
}

/** Fills month by month without indexes, which are built afterwards. */
async function fill(url: string, rows: number, say: (line: string) => void): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`SET maintenance_work_mem = '512MB';
      CREATE SCHEMA archive;
      CREATE TABLE public.digests (id uuid NOT NULL, user_id bigint NOT NULL, created_at timestamptz NOT NULL, subject text NOT NULL, content text NOT NULL) PARTITION BY RANGE (created_at)`);
    for (let month = 1 - months; month <= 0; month += 1) {
      await made(client, create(String(month)));
      await client.query(`INSERT INTO public.digests
        SELECT gen_random_uuid(), 1 + (random() * ${String(users - 1)})::int, m + (n * (least(m + interval '1 month', now()) - m)) / ${String(rows / months + 1)}, 'Your digest, number ' || n, repeat('item ', 12)
        FROM (SELECT date_trunc('month', now()) + interval '${String(month)} month') at(m), generate_series(1, ${String(Math.floor(rows / months))}) n`);
    }
    say('  indexes');
    await client.query(
      `ALTER TABLE public.digests ADD PRIMARY KEY (id, created_at); CREATE INDEX digests_user_recent ON public.digests (user_id, created_at DESC)`,
    );
    for (const { sql } of supportSteps(declarePartitionSupport().attributes.version)) await client.query(sql);
    await client.query('VACUUM ANALYZE public.digests');
  });
}

function maintain(url: string): Promise<void> {
  const command = join(repository, 'compiler', 'bin.mjs');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, 'partitions', 'apply', '--url', url], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`partitions apply: exit ${String(code)}\n${said}`))));
  });
}

type Act = (url: string) => Promise<void>;
const ask =
  (sql: string): Act =>
  (url) =>
    withClient(url, async (client) => void (await client.query(sql)));

/** The oldest partition that is attached. */
const oldest = `(SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'public.digests'::regclass ORDER BY 1 LIMIT 1)`;

interface Way {
  readonly name: string;
  /** What is set up before it is measured. */
  readonly begin?: Act;
  readonly create: Act;
  /** From here on the oldest month is past retention. */
  readonly expire: Act;
  readonly retire: Act;
}

/** Retention that leaves all months but the oldest one that is there. */
const retention = (left: number): string => `interval '${String(left)} months'`;

const ours: Way = {
  name: 'partitions apply',
  begin: ask(`INSERT INTO schemac.partition_rule (parent, column_name, every, premake, on_retire, archive_schema, zone)
    VALUES ('public.digests', 'created_at', '1 month', 1, 'archive', 'archive', 'UTC')`),
  create: maintain,
  expire: ask(`UPDATE schemac.partition_rule SET retain = ${retention(months - 2)}`),
  retire: maintain,
};
const naive: Way = {
  name: 'plain statements',
  create: (url) => withClient(url, (client) => made(client, create('2'))),
  expire: () => Promise.resolve(),
  retire: (url) =>
    withClient(url, async (client) => {
      const { rows } = await client.query<{ relname: string }>(`SELECT relname FROM ${oldest} oldest(relname)`);
      const name = rows[0]?.relname ?? '';
      await client.query(`ALTER TABLE public.digests DETACH PARTITION public.${name}; ALTER TABLE public.${name} SET SCHEMA archive`);
    }),
};
const partman: Way = {
  name: 'pg_partman',
  begin: ask(`CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman;
    INSERT INTO partman.part_config (parent_table, control, partition_type, partition_interval, premake, datetime_string, infinite_time_partitions, jobmon)
      VALUES ('public.digests', 'created_at', 'native', '1 mon', 3, 'YYYY_MM', true, false)`),
  create: ask(`SELECT partman.run_maintenance('public.digests', false, false)`),
  expire: ask(
    `UPDATE partman.part_config SET retention = '${String(months - 4)} months', retention_schema = 'archive', retention_keep_table = true`,
  ),
  retire: ask(`SELECT partman.run_maintenance('public.digests', false, false)`),
};

interface Measured {
  readonly what: string;
  readonly seen: Seen;
}

async function counts(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{
      said: string;
    }>(`SELECT (SELECT count(*) FROM pg_inherits WHERE inhparent = 'public.digests'::regclass)
      || ' attached, ' || (SELECT count(*) FROM pg_class WHERE relnamespace = 'archive'::regnamespace AND relkind = 'r') || ' archived' AS said`);
    return rows[0]?.said ?? '';
  });
}

async function measureWay(url: string, way: Way, say: (line: string) => void): Promise<readonly Measured[]> {
  await way.begin?.(url);
  const measured: Measured[] = [];
  const measure = async (what: string, act: Act): Promise<void> => {
    const before = await counts(url);
    const seen = await underLoad(url, users, () => act(url), 'archive');
    const after = await counts(url);
    if (before === after) throw new Error(`${way.name}, ${what}: nothing changed, there are ${after}`);
    say(`  ${way.name}, ${what}: ${seconds(seen.longest)}; ${before} -> ${after}`);
    measured.push({ what: `${what}: ${way.name}`, seen });
  };
  await measure('a month is made', way.create);
  await way.expire(url);
  await measure('a month is archived', way.retire);
  return measured;
}

/** pg_partman reads the times of partitions out of their names, and stops at one that it does not know. */
const leave = `DELETE FROM schemac.partition_rule; DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'public.digests'::regclass AND c.relname ~ '_p[0-9]{8}$' LOOP
    EXECUTE format('ALTER TABLE public.%I RENAME TO %I', name, regexp_replace(name, '_p([0-9]{4})([0-9]{2})01$', '_p\\1_\\2'));
  END LOOP; END $$`;

/** The table that the page of benchmarks shows. */
function partitionTable(measured: readonly Measured[]): string {
  const rows = measured.map(({ what, seen }) => [
    what,
    seconds(seen.longest),
    seconds(seen.took),
    `${String(seen.failed)} of ${String(seen.statements)}`,
  ]);
  const head = ['what', 'longest wait', 'took', 'failed statements'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param rows of the archive, all months together. */
export async function measurePartitions(rows: number, say: (line: string) => void): Promise<string> {
  const external = await startPartmanServer(say);
  const server = external ?? (await startEmbeddedServer(18));
  try {
    const version = await serverVersion(server.url);
    const url = await createDatabase(server.url, 'archive', Number.parseInt(version, 10));
    say(`  filling ${String(months)} months with ${String(rows)} rows on PostgreSQL ${version}`);
    const began = performance.now();
    await fill(url, rows, say);
    say(`  filled in ${seconds(performance.now() - began)}`);
    const size = await withClient(
      url,
      async (client) =>
        (await client.query<{ size: string }>('SELECT pg_size_pretty(pg_database_size(current_database())) AS size')).rows[0]?.size ?? '',
    );
    const measured: Measured[] = [{ what: 'nothing', seen: await underLoad(url, users, () => sleep(10_000), 'archive') }];
    for (const way of external === undefined ? [ours, naive] : [ours, naive, partman]) {
      measured.push(...(await measureWay(url, way, say)));
      if (way === ours) await ask(leave)(url);
    }
    return `PostgreSQL ${version}, ${String(rows)} rows in ${String(months)} months, ${size}\n\n${partitionTable(measured)}`;
  } finally {
    await server.stop();
  }
}
