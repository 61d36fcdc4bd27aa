/** An archived partition is looked into and goes back; maintenance inside the server does what the command line does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { introspect } from '../../compiler/introspect/introspect.ts';
import type { State } from '../../compiler/model/object.ts';
import { attachPartition, detachPartition } from '../../compiler/partitions/attach.ts';
import { reading } from '../introspect/reading.ts';
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

  it('attaches an archived partition without reading it through, for a while, and detaches it again', async () => {
    const rule = { ...monthly, premake: '0', on_retire: `'archive'`, archive_schema: `'archive'`, grace: `'1 year'` };
    const world = await newWorld(server, `CREATE SCHEMA archive; ${tableSql(rule)}`);
    await world.apply('2026-01-15');
    await world.sql(`INSERT INTO public.events VALUES (1, '2026-01-20', 'old'); COMMENT ON TABLE public.events_p20260101 IS 'ours'`);
    await world.apply('2026-05-15');
    expect(await world.sql('SELECT * FROM public.events')).toEqual([]);
    const attached = await attachPartition({ url: world.url, at: '2026-05-16' }, 'archive.events_p20260101', '3 days');
    expect(words(attached)).toEqual(['attach archive.events_p20260101']);
    expect(await world.sql('SELECT body FROM public.events')).toEqual([['old']]);
    expect(await world.sql(`SELECT obj_description('archive.events_p20260101'::regclass)`)).toEqual([['ours']]);
    expect(words(await world.apply('2026-05-17')).filter((line) => line.startsWith('retire'))).toEqual([]);
    expect(words(await world.apply('2026-05-19'))).toContain('retire archive.events_p20260101');
    await attachPartition({ url: world.url, at: '2026-05-20' }, 'archive.events_p20260101', '3 days');
    expect(words(await detachPartition({ url: world.url, at: '2026-05-20' }, 'archive.events_p20260101'))).toEqual([
      'retire archive.events_p20260101',
    ]);
    expect(words(await world.apply('2027-05-19'))).not.toContain('drop archive.events_p20260101');
    expect(words(await world.apply('2027-05-20'))).toContain('drop archive.events_p20260101');
  });

  it('a retired partition is in no state: nobody compares it, and nobody proposes to drop it', async () => {
    const world = await newWorld(server, tableSql({ ...monthly, premake: '0', grace: `'1 year'` }));
    await world.apply('2026-01-15');
    await world.sql(`COMMENT ON TABLE public.events IS 'Events.'`);
    const read = (): Promise<State> => withClient(world.url, (client) => reading(client, (reader) => introspect(reader, major)));
    const before = [...(await read()).keys()];
    await world.apply('2026-05-15');
    expect(await world.sql(`SELECT relispartition FROM pg_class WHERE relname = 'events_p20260101'`)).toEqual([['f']]);
    expect([...(await read()).keys()]).toEqual(before);
    await world.sql(`COMMENT ON TABLE public.events_p20260101 IS NULL`);
    expect([...(await read()).keys()]).toContain('table public.events_p20260101');
  });

  it('says what is in the way of attaching, and does not detach what takes the present rows', async () => {
    const world = await newWorld(server, tableSql({ ...monthly, premake: '0', on_retire: `'keep'` }));
    await world.apply('2026-01-15');
    await world.apply('2026-05-15');
    await world.sql(`ALTER TABLE public.events ADD COLUMN tone text`);
    const differs = await attachPartition({ url: world.url, at: '2026-05-16' }, 'events_p20260101', '3 days');
    expect(differs.diagnostics[0]).toMatchObject({
      code: 'retired-partition-differs',
      hint: 'add them first: ALTER TABLE public.events_p20260101 ADD COLUMN tone text',
    });
    const codes = async (name: string): Promise<string | undefined> =>
      (await detachPartition({ url: world.url, at: '2026-05-16' }, name)).diagnostics[0]?.code;
    expect(await codes('events_p20260501')).toBe('present-partition');
    expect(await codes('events_p20260101')).toBe('no-such-partition');
    expect(await codes('nothing')).toBe('no-such-partition');
    await world.sql('CREATE TABLE public.other ()');
    expect((await attachPartition({ url: world.url }, 'other', '3 days')).diagnostics[0]?.code).toBe('no-such-partition');
  });

  it('is done inside the server too, from the same plan', async () => {
    const rule = { ...monthly, on_retire: `'archive'`, archive_schema: `'archive'`, grace: `'10 days'` };
    const world = await newWorld(server, `CREATE SCHEMA archive; ${tableSql(rule)} ${tableSql(monthly, { name: 'bad', type: 'text' })}`);
    const maintain = async (at: string): Promise<void> => void (await world.sql(`CALL schemac.partition_maintain('${at}')`));
    await maintain('2026-01-15');
    expect(await world.partitions()).toEqual(['events_p20260101', 'events_p20260201', 'events_p20260301']);
    await world.sql(`INSERT INTO public.events VALUES (1, '2026-01-20', 'old')`);
    await maintain('2026-05-15');
    expect(await world.sql('SELECT body FROM archive.events_p20260101')).toEqual([['old']]);
    expect(await world.plan('2026-05-15')).toEqual([]);
    await maintain('2026-05-25');
    expect(await world.sql(`SELECT to_regclass('archive.events_p20260101')`)).toEqual([[null]]);
    expect(await world.check('2026-05-25')).toEqual(['partition-rule-failed']);
    expect(await world.sql(`SELECT DISTINCT parent, action FROM schemac.partition_log WHERE action = 'failed'`)).toEqual([
      ['public.bad', 'failed'],
    ]);
    expect(await world.sql(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'`)).toEqual([['0']]);
  });
});
