/** Maintenance of partitions on real servers: each thing that may happen to one, and what is in the way of it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../support/database.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { monthly, newWorld, tableSql, words } from './support.ts';

describe.each(testMajors)('on PostgreSQL %s', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  it('makes the present partition first, then those ahead, and has nothing to do then', async () => {
    const world = await newWorld(server, tableSql(monthly));
    const first = await world.apply('2026-01-15');
    expect(first.diagnostics).toEqual([]);
    expect(words(first)).toEqual([
      'create public.events_p20260101',
      'create public.events_p20260201',
      'create public.events_p20260301',
      'analyze public.events',
    ]);
    expect(words(await world.apply('2026-01-15'))).toEqual([]);
    expect(await world.check('2026-01-15')).toEqual([]);
  });

  it('retires by the upper bound, keeps the rows through the grace, and drops them after it', async () => {
    const world = await newWorld(server, tableSql({ ...monthly, grace: `'10 days'` }));
    await world.apply('2026-01-15');
    await world.sql(`INSERT INTO public.events VALUES (1, '2026-01-20', 'kept')`);
    for (const month of ['02', '03', '04']) await world.apply(`2026-${month}-02`);
    expect(words(await world.apply('2026-04-30 23:59:59'))).toEqual([]);
    expect(words(await world.apply('2026-05-01'))).toEqual([
      'create public.events_p20260701',
      'retire public.events_p20260101',
      'analyze public.events',
    ]);
    expect(await world.partitions()).not.toContain('events_p20260101');
    expect(await world.sql('SELECT body FROM public.events_p20260101')).toEqual([['kept']]);
    expect(words(await world.apply('2026-05-10'))).toEqual([]);
    expect(words(await world.apply('2026-05-11'))).toEqual(['drop public.events_p20260101', 'analyze public.events']);
    expect(await world.sql(`SELECT to_regclass('public.events_p20260101')`)).toEqual([[null]]);
    expect(await world.sql(`SELECT action FROM schemac.partition_log WHERE relation LIKE '%p20260101' ORDER BY id`)).toEqual([
      ['created'],
      ['detaching'],
      ['detached'],
      ['dropped'],
    ]);
  });

  it('moves to the archive, under a free name, and keeps there for good without a grace', async () => {
    const rule = { ...monthly, premake: '0', on_retire: `'archive'`, archive_schema: `'archive'` };
    const world = await newWorld(server, `CREATE SCHEMA archive; CREATE TABLE archive.events_p20260101 (); ${tableSql(rule)}`);
    await world.apply('2026-01-15');
    const moved = await world.apply('2026-05-01');
    expect(words(moved)).toContain('move public.events_p20260101');
    expect(await world.sql(`SELECT count(*) FROM archive.events_p20260101_2`)).toEqual([['0']]);
    expect(words(await world.apply('2029-05-01')).filter((line) => line.startsWith('drop'))).toEqual([]);
  });

  it('leaves what is detached to keep, what was renamed by hand, and what has no mark of ours', async () => {
    const world = await newWorld(server, tableSql({ ...monthly, premake: '0' }));
    for (const month of ['01', '02']) await world.apply(`2026-${month}-15`);
    await world.sql(`UPDATE schemac.partition_rule SET grace = '1 year'`);
    await world.apply('2026-06-15');
    await world.sql(`ALTER TABLE public.events_p20260101 RENAME TO mine; CREATE TABLE public.events_p20251201 (LIKE public.events)`);
    await world.sql(`UPDATE schemac.partition_rule SET grace = NULL`);
    const dropped = words(await world.apply('2026-06-16')).filter((line) => line.startsWith('drop'));
    expect(dropped).toEqual(['drop public.events_p20260201']);
    expect(await world.sql(`SELECT to_regclass('public.mine'), to_regclass('public.events_p20251201')`)).toEqual([
      ['mine', 'events_p20251201'],
    ]);
    await world.sql(`UPDATE schemac.partition_rule SET on_retire = 'keep'`);
    await world.apply('2026-06-17');
    expect((await world.apply('2036-06-16')).steps.filter(({ action }) => action === 'drop')).toEqual([]);
  });

  it('retires no more in a run than the rule allows, unless it is forced to', async () => {
    const world = await newWorld(server, tableSql({ ...monthly, every: `'1 day'`, retain: `'30 days'`, premake: '9', retire_limit: '3' }));
    await world.apply('2026-01-01');
    const limited = await world.apply('2030-01-01');
    expect(limited.steps.filter(({ action, outcome }) => action === 'retire' && outcome === 'done')).toHaveLength(3);
    expect(limited.steps.filter(({ action, outcome }) => action === 'retire' && outcome === 'left')).toHaveLength(7);
    const forced = await world.apply('2030-01-01', { caution: 'none' });
    expect(forced.steps.filter(({ action, outcome }) => action === 'retire' && outcome === 'done')).toHaveLength(7);
  });

  it('waits for an old reader no longer than its deadline, holds nobody up, and finishes the next time', async () => {
    const world = await newWorld(server, tableSql({ ...monthly, grace: `'30 days'` }));
    await world.apply('2026-01-15');
    await world.apply('2026-04-15');
    await world.sql(`INSERT INTO public.events VALUES (1, '2026-01-20', 'old'), (2, '2026-04-20', 'new')`);
    await withClient(world.url, async (reader) => {
      await reader.query('BEGIN; SELECT * FROM public.events');
      const stopped = await world.apply('2026-05-15', { limits: { detachDeadline: 300 } });
      expect(words(stopped)).toContain('retire public.events_p20260101 left');
      expect(stopped.diagnostics.map(({ code }) => code)).toEqual(['partition-left']);
      expect(await world.check('2026-05-15')).toContain('detach-pending');
      // Others read and write meanwhile; what is detaching is out of their sight.
      await world.sql(`SET lock_timeout = '1s'; INSERT INTO public.events VALUES (3, '2026-05-01', 'newer')`);
      expect(await world.sql(`SELECT body FROM public.events ORDER BY id`)).toEqual([['new'], ['newer']]);
      await reader.query('COMMIT');
    });
    expect(words(await world.apply('2026-05-15'))).toEqual([
      'finalize public.events_p20260101',
      'record public.events_p20260101',
      'analyze public.events',
    ]);
    expect(await world.sql('SELECT body FROM public.events_p20260101')).toEqual([['old']]);
    expect(words(await world.apply('2026-06-14'))).toContain('drop public.events_p20260101');
  });

  it('asks for a lock for a fifth of a second at a time, and leaves what it does not get', async () => {
    const world = await newWorld(server, tableSql(monthly));
    await world.apply('2026-01-15');
    await withClient(world.url, async (holder) => {
      await holder.query('BEGIN; LOCK TABLE public.events IN SHARE UPDATE EXCLUSIVE MODE');
      const lines: string[] = [];
      const left = await world.apply('2026-02-15', { limits: { lockBudget: 2_000 }, report: (line) => lines.push(line) });
      expect(words(left)).toEqual(['create public.events_p20260401 left']);
      expect(left.diagnostics[0]?.message).toContain('did not make public.events_p20260401 of public.events');
      expect(lines.some((line) => line.includes('canceling statement due to lock timeout'))).toBe(true);
      await holder.query('COMMIT');
    });
    expect(words(await world.apply('2026-02-15'))).toContain('create public.events_p20260401');
  });

  it('detaches beside a default partition too, and says what rows in it are in the way of', async () => {
    const world = await newWorld(
      server,
      `${tableSql({ ...monthly, premake: '0' })} CREATE TABLE public.rest PARTITION OF public.events DEFAULT`,
    );
    await world.apply('2026-01-15');
    await world.sql(`INSERT INTO public.events VALUES (1, '2026-05-01', 'lost')`);
    const result = await world.apply('2026-05-15');
    expect(words(result)).toEqual([
      'create public.events_p20260501 failed',
      'retire public.events_p20260101',
      'drop public.events_p20260101',
      'analyze public.events',
    ]);
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['partition-step-failed']);
    expect(result.diagnostics[0]?.hint).toContain('the default partition of public.events holds rows of the new one');
    expect(await world.check('2026-05-15')).toContain('rows-in-default-partition');
  });

  it('gives partitions what they do not inherit', async () => {
    const role = `reader_${String(major)}_${String(process.pid)}`;
    const world = await newWorld(
      server,
      `CREATE ROLE ${role}; ${tableSql({ ...monthly, premake: '0', template: `'{"fillfactor": "80"}'` })}`,
    );
    try {
      await world.sql(`GRANT SELECT ON public.events TO ${role} WITH GRANT OPTION; GRANT UPDATE (body) ON public.events TO ${role};
        ALTER DEFAULT PRIVILEGES GRANT DELETE ON TABLES TO ${role}; ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;
        ALTER TABLE public.events ALTER COLUMN body SET STATISTICS 300; ALTER TABLE public.events REPLICA IDENTITY USING INDEX events_pkey;
        CREATE STATISTICS public.events_s ON id, body FROM public.events`);
      expect((await world.apply('2026-01-15')).diagnostics).toEqual([]);
      const child = `'public.events_p20260101'::regclass`;
      expect(
        await world.sql(
          `SELECT a.privilege_type, a.is_grantable FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = ${child} AND a.grantee = '${role}'::regrole`,
        ),
      ).toEqual([['SELECT', 't']]);
      expect(await world.sql(`SELECT relrowsecurity, relreplident, reloptions FROM pg_class WHERE oid = ${child}`)).toEqual([
        ['t', 'i', '{fillfactor=80}'],
      ]);
      expect(
        await world.sql(`SELECT attstattarget, attacl IS NOT NULL FROM pg_attribute WHERE attrelid = ${child} AND attname = 'body'`),
      ).toEqual([['300', 't']]);
      expect(await world.sql(`SELECT count(*) FROM pg_statistic_ext WHERE stxrelid = ${child}`)).toEqual([['1']]);
      expect(await world.check('2026-01-15')).toEqual([]);
    } finally {
      await world.sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('writes a partition to a file before it is dropped, and does not drop it without a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'schemac-export-'));
    try {
      const world = await newWorld(server, tableSql({ ...monthly, premake: '0', exports: 'true' }));
      await world.apply('2026-01-15');
      await world.sql(`INSERT INTO public.events SELECT n, '2026-01-20', 'ä"' || n FROM generate_series(1, 2500) n`);
      const refused = await world.apply('2026-05-15');
      expect(refused.diagnostics.map(({ code }) => code)).toEqual(['export-folder']);
      expect(words(await world.apply('2026-05-15', { exportFolder: folder }))).toContain('drop public.events_p20260101');
      const text = gunzipSync(await readFile(join(folder, 'public.events_p20260101.jsonl.gz'))).toString();
      expect(text.trimEnd().split('\n')).toHaveLength(2500);
      expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ id: 1, body: 'ä"1' });
      expect(await world.sql(`SELECT detail ->> 'rows', detail ->> 'sha256' FROM schemac.partition_log WHERE action = 'exported'`)).toEqual(
        [['2500', createHash('sha256').update(text).digest('hex')]],
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('leaves the partitions of another tool alone, and says how long they last', async () => {
    const world = await newWorld(server, tableSql({ premake: '0', on_retire: `'keep'`, managed_by: `'pg_partman'` }));
    await world.sql(`CREATE TABLE public.events_1 PARTITION OF public.events FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')`);
    expect(words(await world.apply('2026-01-15'))).toEqual([]);
    expect(await world.check('2020-01-15')).toEqual([]);
    expect(await world.check('2020-02-15')).toEqual(['partition-missing']);
  });

  it('goes on with other tables where one is in trouble', async () => {
    const world = await newWorld(
      server,
      `${tableSql(monthly)} ${tableSql(monthly, { name: 'bad', type: 'text' })} ${tableSql(monthly, { name: 'other' })}`,
    );
    const result = await world.apply('2026-01-15');
    expect(result.diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^partition-rule-failed public\.bad: a partition rule needs a range key of one date or timestamp column/),
      ]),
    );
    expect(await world.partitions()).toHaveLength(3);
    expect(await world.partitions('other')).toHaveLength(3);
  });

  it('is polite beside another run', async () => {
    const world = await newWorld(server, tableSql(monthly));
    const both = await Promise.all([world.apply('2026-01-15'), world.apply('2026-01-15')]);
    expect(both.flatMap(words).filter((line) => line.startsWith('create'))).toHaveLength(3);
    expect(both.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
  });

  it.each([
    ['uuidv7', 'uuid', { key: `'uuidv7'` }, `'019bb090-0000-7000-8000-000000000000'`],
    ['snowflake', 'bigint', { key: `'snowflake'`, epoch: `'2010-11-04 01:42:54.657Z'`, bits: '22' }, '2011000000000000000'],
  ])('cuts by the time in a %s', async (_name, type, key, id) => {
    const world = await newWorld(server, tableSql({ ...monthly, ...key }, { key: 'id', type }));
    expect((await world.apply('2026-01-15')).diagnostics).toEqual([]);
    await world.sql(`INSERT INTO public.events VALUES (${id}, 'x')`);
    expect(await world.sql(`SELECT tableoid::regclass FROM public.events`)).toEqual([['events_p20260101']]);
    expect(await world.check('2026-01-15')).toEqual([]);
    expect(words(await world.apply('2026-05-01'))).toContain('retire public.events_p20260101');
  });

  it('cuts by a number that grows', async () => {
    const rule = { key: `'integer'`, step: '1000', retain_keys: '3000', premake: '2', on_retire: `'drop'` };
    const world = await newWorld(server, tableSql(rule, { key: 'id', type: 'bigint' }));
    await world.apply('2026-01-15');
    expect(await world.partitions()).toEqual(['events_p0', 'events_p1000', 'events_p2000']);
    expect(await world.check('2026-01-15')).toEqual([]);
    await world.sql(`INSERT INTO public.events SELECT n, 'x' FROM generate_series(1, 2999) n`);
    await world.apply('2026-01-15');
    await world.sql(`INSERT INTO public.events VALUES (4000, 'x')`);
    expect(words(await world.apply('2026-01-16'))).toEqual([
      'create public.events_p5000',
      'create public.events_p6000',
      'retire public.events_p0',
      'drop public.events_p0',
      'analyze public.events',
    ]);
    expect(await world.check('2026-01-16')).toEqual([]);
  });
});
