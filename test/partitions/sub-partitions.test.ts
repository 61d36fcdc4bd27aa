/** Partitions that are partitioned again by their rule: made, retired, archived, attached and dropped as a whole. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { introspect } from '../../compiler/introspect/introspect.ts';
import { attachPartition } from '../../compiler/partitions/attach.ts';
import { checkPartitions } from '../../compiler/partitions/check.ts';
import { reading } from '../introspect/reading.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { monthly, newWorld, words, type RuleColumns, type World } from './support.ts';

const byHash = {
  key: 'HASH (id)',
  parts: [0, 1].map((remainder) => ({ name: String(remainder), bound: `FOR VALUES WITH (modulus 2, remainder ${String(remainder)})` })),
};
/** By region, and Europe's rows by hash again. */
const within = {
  key: 'LIST (region)',
  parts: [
    { name: 'eu', bound: `FOR VALUES IN ('eu')`, within: byHash },
    { name: 'rest', bound: 'DEFAULT' },
  ],
};

const leaves = (month: string): readonly string[] => ['eu_0', 'eu_1', 'rest'].map((part) => `events_p${month}_${part}`);

describe.each(testMajors)('on PostgreSQL %s', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  /** A table whose partitions are cut by region and by id. */
  async function parted(rule: RuleColumns = {}): Promise<World> {
    const columns = {
      column_name: `'at'`,
      zone: `'UTC'`,
      ...monthly,
      premake: '0',
      ...rule,
      within: `'${JSON.stringify(within).replaceAll("'", "''")}'`,
    };
    return newWorld(
      server,
      `CREATE SCHEMA archive;
       CREATE TABLE public.events (id bigint NOT NULL, at timestamptz NOT NULL, region text NOT NULL, PRIMARY KEY (id, at, region)) PARTITION BY RANGE (at);
       CREATE INDEX events_region ON public.events (region, at);
       INSERT INTO schemac.partition_rule (parent, ${Object.keys(columns).join(', ')}) VALUES ('public.events', ${Object.values(columns).join(', ')})`,
    );
  }
  const write = (world: World, month: string) =>
    world.sql(
      `INSERT INTO public.events SELECT n, '${month}-20', CASE WHEN n < 15 THEN 'eu' ELSE 'asia' END FROM generate_series(1, 20) n`,
    );
  const leavesOf = async (world: World, table: string): Promise<readonly unknown[]> =>
    (await world.sql(`SELECT relid::regclass FROM pg_partition_tree('${table}') WHERE isleaf ORDER BY 1`)).flat();

  it('makes each partition with all that is below it, indexed and set as the table is', async () => {
    const role = `reader_${String(major)}_${String(process.pid)}_sub`;
    const world = await parted({ template: `'{"fillfactor": "80"}'` });
    await world.sql(`CREATE ROLE ${role}; GRANT SELECT ON public.events TO ${role}; ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;
      ALTER TABLE public.events REPLICA IDENTITY USING INDEX events_pkey`);
    try {
      const made = await world.apply('2026-01-15');
      expect(made.diagnostics).toEqual([]);
      expect(words(made)).toEqual(['create public.events_p20260101', 'analyze public.events']);
      expect(await leavesOf(world, 'public.events')).toEqual(leaves('20260101'));
      await write(world, '2026-01');
      expect(await world.sql(`SELECT tableoid::regclass, count(*) FROM public.events GROUP BY 1 ORDER BY 1`)).toHaveLength(3);
      const [settings] = await world.sql(
        `SELECT count(*), count(*) FILTER (WHERE c.relrowsecurity AND c.relreplident = 'i' AND has_table_privilege('${role}', c.oid, 'SELECT')),
           count(*) FILTER (WHERE c.reloptions = '{fillfactor=80}' OR c.relkind = 'p'),
           count(*) FILTER (WHERE (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid) = 2)
         FROM pg_partition_tree('public.events') t JOIN pg_class c ON c.oid = t.relid`,
      );
      expect(settings).toEqual(['6', '6', '6', '6']);
      expect(await world.check('2026-01-15')).toEqual([]);
    } finally {
      await world.sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('archives, attaches again and drops a partition with all that is below it', async () => {
    const world = await parted({ on_retire: `'archive'`, archive_schema: `'archive'`, grace: `'30 days'` });
    await world.sql('CREATE TABLE archive.events_p20260101_rest ()');
    await world.apply('2026-01-15');
    await write(world, '2026-01');
    const retired = await world.apply('2026-05-01');
    expect(retired.diagnostics).toEqual([]);
    expect(words(retired)).toEqual(expect.arrayContaining(['retire public.events_p20260101', 'move public.events_p20260101']));
    expect(await leavesOf(world, 'archive.events_p20260101')).toEqual([
      'archive.events_p20260101_eu_0',
      'archive.events_p20260101_eu_1',
      'archive.events_p20260101_rest_2',
    ]);
    expect(await world.sql('SELECT count(*) FROM public.events')).toEqual([['0']]);
    const attached = await attachPartition({ url: world.url, at: '2026-05-02' }, 'archive.events_p20260101', '3 days');
    expect(attached.diagnostics).toEqual([]);
    expect(await world.sql('SELECT count(*) FROM public.events')).toEqual([['20']]);
    expect(words(await world.apply('2026-05-06'))).toContain('retire archive.events_p20260101');
    expect(words(await world.apply('2026-06-05'))).toContain('drop archive.events_p20260101');
    expect(await world.sql(`SELECT count(*) FROM pg_class WHERE relname LIKE 'events_p20260101%' AND relkind <> 'i'`)).toEqual([['1']]);
  });

  it('is in no state, attached or retired: nobody proposes to drop a part of it', async () => {
    const world = await parted({ grace: `'1 year'` });
    await world.apply('2026-01-15');
    const read = async (): Promise<readonly string[]> => [
      ...(await withClient(world.url, (client) => reading(client, (reader) => introspect(reader, major)))).keys(),
    ];
    const before = await read();
    expect(before.filter((id) => id.includes('_p2026'))).toEqual([]);
    await world.apply('2026-05-15');
    expect(await world.sql(`SELECT relispartition FROM pg_class WHERE relname = 'events_p20260101'`)).toEqual([['f']]);
    expect(await read()).toEqual(before);
  });

  it('counts what holds rows: a hundred are a warning, a thousand are not made', async () => {
    const world = await parted({ every: `'1 day'`, premake: '35', on_retire: `'keep'`, retain: 'NULL' });
    await world.sql(`SELECT schemac.partition_create('public.events', '2026-01-15')`);
    expect((await checkPartitions({ url: world.url, at: '2026-01-15' })).diagnostics.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^public\.events has 108 partitions: /),
    ]);
    await world.sql(`UPDATE schemac.partition_rule SET premake = 335`);
    const refused = await world.apply('2026-01-15');
    expect(refused.diagnostics[0]?.message).toContain('asks for more than 1000 partitions');
  });
});
