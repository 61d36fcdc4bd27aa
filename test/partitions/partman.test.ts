/**
 * Partitions that pg_partman makes are recognised by its table, and left alone: a rule managed by it, no
 * partition and no template. The table is made by hand here, as version 4 and 5 have it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { introspect } from '../../compiler/introspect/introspect.ts';
import type { State } from '../../compiler/model/object.ts';
import { reading } from '../introspect/reading.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { newWorld, tableSql } from './support.ts';

const partman = `
  CREATE SCHEMA partman;
  CREATE TABLE partman.part_config (parent_table text PRIMARY KEY, control text NOT NULL, partition_interval text NOT NULL, template_table text);
  CREATE TABLE public."Events" (id bigint NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE partman."template_public_Events" (id bigint NOT NULL, at timestamptz NOT NULL);
  CREATE TABLE public."Events_p2026_01" PARTITION OF public."Events" FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') PARTITION BY LIST (id);
  CREATE TABLE public."Events_p2026_01_a" PARTITION OF public."Events_p2026_01" FOR VALUES IN (1);
  CREATE TABLE public."Events_default" PARTITION OF public."Events" DEFAULT;
  INSERT INTO partman.part_config VALUES ('public.Events', 'at', '1 mon', 'partman.template_public_Events'),
    ('public.Events_p2026_01', 'id', '1', NULL), ('public.gone', 'at', '1 mon', NULL);`;

describe.each(testMajors)('on PostgreSQL %s', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  const stateOf = (url: string): Promise<State> => withClient(url, (client) => reading(client, (reader) => introspect(reader, major)));
  const ofEvents = (state: State): readonly string[] => [...state.keys()].filter((id) => id.includes('vents') && !id.startsWith('column'));

  it.each(['with rules of ours beside it', 'alone'])('known, and left alone: %s', async (how) => {
    const world = await newWorld(
      server,
      `${partman} ${how === 'alone' ? 'DROP SCHEMA schemac CASCADE;' : tableSql({ every: `'1 month'`, premake: '1', on_retire: `'keep'` }, { name: 'ours' })}`,
    );
    const state = await stateOf(world.url);
    expect(ofEvents(state)).toEqual(['table public."Events"', 'partition-rule public."Events"']);
    expect(state.get('partition-rule public."Events"')?.attributes).toEqual({
      column: 'at',
      premake: 0,
      onRetire: 'keep',
      zone: 'UTC',
      template: {},
      managedBy: 'pg_partman',
    });
    expect(state.has('partition-rule public.ours')).toBe(how !== 'alone');
  });

  it('a rule of ours comes before it', async () => {
    const world = await newWorld(
      server,
      `${partman} INSERT INTO schemac.partition_rule (parent, column_name, every, premake, on_retire, zone) VALUES ('public."Events"', 'at', '1 month', 1, 'keep', 'UTC')`,
    );
    const state = await stateOf(world.url);
    expect(ofEvents(state)).toEqual(['table public."Events"', 'partition-rule public."Events"']);
    expect(state.get('partition-rule public."Events"')?.attributes).toMatchObject({ every: '1 month' });
  });

  it('who may not read its table sees partitions that nobody manages', async () => {
    const role = `outsider_${String(major)}_${String(process.pid)}`;
    const world = await newWorld(server, `${partman} DROP SCHEMA schemac CASCADE; CREATE ROLE ${role}`);
    const state = await withClient(world.url, async (client) => {
      await client.query(`SET ROLE ${role}`);
      return reading(client, (reader) => introspect(reader, major));
    });
    expect(ofEvents(state)).toContain('partition public."Events_p2026_01"');
    await world.sql(`DROP ROLE ${role}`);
  });

  it('what later minor versions note with a column is no option of it, and no partition is given it', async () => {
    const world = await newWorld(server, tableSql({ every: `'1 month'`, premake: '0', on_retire: `'keep'` }));
    await world.sql(`ALTER TABLE public.events ALTER COLUMN body SET (n_distinct = 5)`);
    await world.sql(`SET allow_system_table_mods = on;
      UPDATE pg_attribute SET attoptions = attoptions || '{pg_attver=26826560}' WHERE attrelid = 'public.events'::regclass AND attnum > 0`);
    const state = await stateOf(world.url);
    expect(state.get('column public.events.body')?.attributes).toMatchObject({ options: { n_distinct: '5' } });
    expect(state.get('column public.events.id')?.attributes).not.toHaveProperty('options');
    expect((await world.apply('2026-01-15')).diagnostics).toEqual([]);
    expect(
      await world.sql(
        `SELECT attname, attoptions FROM pg_attribute WHERE attrelid = 'public.events_p20260101'::regclass AND attoptions IS NOT NULL`,
      ),
    ).toEqual([['body', '{n_distinct=5}']]);
  });
});
