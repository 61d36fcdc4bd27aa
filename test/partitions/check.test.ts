/** What monitoring is told: nothing where all is well, and a stopped job days before it hurts. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onEachDatabase } from '../../compiler/commands/on-each-database.ts';
import { applyCommand, checkCommand } from '../../compiler/commands/partitions.ts';
import { checkPartitions } from '../../compiler/partitions/check.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { monthly, newWorld, tableSql } from './support.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(newestMajor);
});
afterAll(() => server.stop());

it('tells of a stopped job while there are partitions ahead', async () => {
  const world = await newWorld(server, tableSql({ ...monthly, premake: '3' }));
  await world.apply('2026-01-15');
  expect(await world.check('2026-01-31 23:00')).toEqual([]);
  // A daily job has had no chance yet.
  expect(await world.check('2026-02-01 12:00')).toEqual([]);
  expect(await world.check('2026-02-02 01:00')).toEqual(['partitions-late']);
  const { tables } = await checkPartitions({ url: world.url, at: '2026-02-02' });
  expect(tables).toMatchObject([{ table: 'public.events', partitions: 4, covered: '2026-05-01 00:00:00+00', runway: 88 }]);
  expect(await world.check('2026-05-01')).toEqual(expect.arrayContaining(['partition-missing', 'partitions-late']));
  await world.apply('2026-05-01');
  expect(await world.check('2026-05-01')).toEqual([]);
});

it('tells of what is late to go', async () => {
  const world = await newWorld(server, tableSql({ ...monthly, retain: `'1 month'`, grace: `'5 days'` }));
  await world.apply('2026-01-15');
  await world.apply('2026-02-28');
  expect(await world.check('2026-03-01 12:00')).toEqual([]);
  expect(await world.check('2026-03-02 12:00')).toContain('retirement-late');
  await world.apply('2026-03-02 12:00');
  expect(await world.check('2026-03-07 13:00')).toEqual([]);
  expect(await world.check('2026-03-08 13:00')).toEqual(['retirement-late']);
});

it('tells of gaps, missing and invalid indexes, and settings that differ', async () => {
  const world = await newWorld(server, tableSql({ ...monthly, template: `'{"fillfactor": "80"}'`, past: '1' }));
  await world.apply('2026-01-15');
  await world.sql(`DROP TABLE public.events_p20251201`);
  expect(await world.check('2026-01-15')).toEqual(['partition-gap']);
  await world.apply('2026-01-15');
  await world.sql(
    `CREATE INDEX half ON ONLY public.events (body); ALTER TABLE public.events_p20260201 SET (fillfactor = 90), OWNER TO pg_monitor`,
  );
  const { diagnostics } = await checkPartitions({ url: world.url, at: '2026-01-15' });
  expect(diagnostics.map(({ code }) => code)).toEqual(['partition-index', 'partition-settings']);
  expect(diagnostics[1]?.message).toContain('public.events_p20260201 (storage parameters: fillfactor=90, owner)');
});

it('tells of partitions off the grid, of a renamed one, and of a rule without its table, without calling anybody', async () => {
  const world = await newWorld(server, tableSql({ ...monthly, premake: '0', grace: `'1 year'` }));
  await world.sql(`CREATE TABLE public.odd PARTITION OF public.events FOR VALUES FROM ('2025-11-05') TO ('2026-01-01')`);
  await world.apply('2026-01-15');
  const codes = async (at: string): Promise<readonly string[]> =>
    (await checkPartitions({ url: world.url, at })).diagnostics.map(({ code, severity }) => `${severity} ${code}`);
  expect(await codes('2026-01-15')).toEqual(['notice partition-off-grid']);
  await world.apply('2026-04-15');
  await world.sql(`ALTER TABLE public.odd RENAME TO mine`);
  expect(await codes('2026-04-15')).toEqual(['notice retired-partition-renamed']);
  await world.sql(`DROP TABLE public.events`);
  expect(await codes('2026-04-15')).toEqual(['warning no-partitioned-table']);
});

it('tells when the table as a whole was last analyzed too long ago', async () => {
  const world = await newWorld(server, tableSql({ ...monthly, analyze_every: `'7 days'` }));
  await world.apply('2026-01-15');
  expect(await world.check('2026-01-22')).toEqual([]);
  expect(await world.check('2026-01-23 01:00')).toEqual(['partition-analyze-late']);
  expect((await world.apply('2026-01-23 01:00')).steps.map(({ action }) => action)).toEqual(['analyze']);
  expect(await world.check('2026-01-23 01:00')).toEqual([]);
});

it('warns of more than a hundred partitions, and more than a thousand are not made', async () => {
  const world = await newWorld(server, tableSql({ every: `'1 day'`, premake: '110', on_retire: `'keep'` }));
  await world.sql(`SELECT schemac.partition_create('public.events', '2026-01-15')`);
  expect(await world.check('2026-01-15')).toEqual(['partition-count']);
  await world.sql(`UPDATE schemac.partition_rule SET premake = 999, past = 5`);
  const refused = await world.apply('2026-01-15');
  expect(refused.diagnostics[0]).toMatchObject({ code: 'partition-step-failed', severity: 'error' });
  expect(refused.diagnostics[0]?.message).toContain('asks for more than 1000 partitions');
  expect(await world.partitions()).toHaveLength(111);
});

it('has an exit code and one document for monitoring, and reads only', async () => {
  const world = await newWorld(server, tableSql(monthly));
  await world.apply('2026-01-15');
  await world.sql(`ALTER DATABASE ${new URL(world.url).pathname.slice(1)} SET default_transaction_read_only = on`);
  const well = await checkCommand({ url: world.url, at: '2026-01-15T00:00Z' });
  expect(well).toMatchObject({ exitCode: 0, diagnostics: [] });
  expect(well.lines).toEqual(['public.events  3 partitions  rows have a place until 2026-04-01  76 days  analyzed 2026-01-15']);
  const late = await checkCommand({ url: world.url, at: '2026-02-15' });
  expect(late).toMatchObject({ exitCode: 2, json: { tables: [{ table: 'public.events' }], diagnostics: [{ code: 'partitions-late' }] } });
  expect((await checkCommand({ url: 'postgres://nobody@127.0.0.1:1/none' })).exitCode).toBe(1);
  expect((await checkCommand({ url: world.url, at: 'yesterday' })).diagnostics[0]?.code).toBe('bad-argument');
  expect((await checkCommand({ url: world.url, table: ['nothing'] })).diagnostics[0]?.code).toBe('no-partition-rule');
});

it('works without any rule, and refuses the functions of another version', async () => {
  const url = await server.createDatabase();
  expect(await checkPartitions({ url })).toMatchObject({ tables: [], diagnostics: [] });
  const world = await newWorld(server, `COMMENT ON TABLE schemac.partition_rule IS 'schemac partition support, version 1'`);
  expect((await checkPartitions({ url: world.url })).diagnostics[0]?.code).toBe('partition-support-version');
  await withClient(url, (client) => client.query('SELECT 1'));
});

it('goes through a list of databases: one in trouble keeps no other from its turn, and each is named', async () => {
  const worlds = [await newWorld(server, tableSql(monthly)), await newWorld(server, tableSql(monthly))];
  const gone = 'postgres://nobody@127.0.0.1:1/none';
  const urls = [worlds[0]?.url ?? '', gone, worlds[1]?.url ?? ''];
  const applied = await onEachDatabase({ url: urls, at: '2026-01-15' }, applyCommand);
  expect(applied.exitCode).toBe(1);
  expect(applied.diagnostics.map(({ code, message }) => [code, message.includes('nobody@127.0.0.1:1/none')])).toEqual([
    ['connection', true],
  ]);
  for (const world of worlds) expect(await world.partitions()).toHaveLength(3);
  const checked = await onEachDatabase({ url: [urls[0] ?? '', urls[2] ?? ''], at: '2026-02-15' }, checkCommand);
  expect(checked.exitCode).toBe(2);
  expect(checked.json).toMatchObject({ databases: [{ tables: [{ table: 'public.events' }] }, { tables: [{ table: 'public.events' }] }] });
  expect(new Set(checked.diagnostics.map(({ message }) => message.split(': ')[0])).size).toBe(2);
  const one = await onEachDatabase({ url: [urls[0] ?? ''], at: '2026-01-15' }, checkCommand);
  expect(one).toMatchObject({ exitCode: 0, json: { tables: [{ table: 'public.events' }] } });
});
