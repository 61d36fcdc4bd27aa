/**
 * The plan function as a property: it knows no clock but the one that it is given, says the same however a
 * session is set, changes nothing, and wants nothing more once it is done.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { newWorld, tableSql, type World } from './support.ts';

let server: TestServer;
let world: World;
beforeAll(async () => {
  server = await startServer(newestMajor);
  world = await newWorld(server, '');
});
afterAll(() => server.stop());

const rules = fc.record({
  type: fc.constantFrom('timestamptz', 'timestamp', 'date'),
  every: fc.constantFrom('1 month', '3 months', '7 days', '1 day', '10 days'),
  premake: fc.integer({ min: 0, max: 4 }),
  past: fc.integer({ min: 0, max: 2 }),
  retain: fc.constantFrom('3 months', '1 year', '40 days'),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/Havana', 'Pacific/Apia'),
});
const moments = fc.array(fc.date({ min: new Date('2024-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }), {
  minLength: 2,
  maxLength: 4,
});

it('is pure in its clock, the same in every session, and idempotent', { timeout: 120_000 }, async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(rules, moments, async ({ type, every, premake, past, retain, zone }, times) => {
      number += 1;
      const name = `t${String(number)}`;
      const rule = {
        every: `'${every}'`,
        premake: String(premake),
        past: String(past),
        retain: `'${retain}'`,
        zone: `'${zone}'`,
        on_retire: `'drop'`,
        retire_limit: '99',
      };
      await world.sql(tableSql(rule, { name, type }));
      for (const time of [...times].sort((left, right) => left.getTime() - right.getTime())) {
        const at = time.toISOString();
        const plan = (settings: string): Promise<readonly unknown[]> =>
          withClient(world.url, async (client) => {
            await client.query(settings);
            const text = `SELECT action, relation, extract(epoch FROM lower), extract(epoch FROM upper), bound, reason FROM schemac.partition_plan('public.${name}', '${at}'::timestamptz)`;
            return (await client.query({ text, rowMode: 'array' })).rows;
          });
        const first = await plan(`SET TimeZone = 'UTC'`);
        expect(
          await plan(
            `SET TimeZone = 'Pacific/Kiritimati'; SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'iso_8601'; SET search_path = ''`,
          ),
        ).toEqual(first);
        await world.sql(`SELECT schemac.partition_create('public.${name}', '${at}')`);
        for (const row of first as readonly (readonly string[])[]) {
          if (row[0] === 'retire') await world.sql(`SELECT schemac.partition_detach('public.${name}', '${row[1] ?? ''}', '${at}')`);
        }
        const after = (await plan(`SET TimeZone = 'UTC'`)) as readonly (readonly string[])[];
        expect(after.filter(([action]) => action !== 'drop')).toEqual([]);
        // The present has a place, in one partition.
        const key = type === 'timestamptz' ? `'${at}'::timestamptz` : `('${at}'::timestamptz AT TIME ZONE '${zone}')::${type}`;
        await world.sql(`INSERT INTO public.${name} (id, at) VALUES (1, ${key}) ON CONFLICT DO NOTHING`);
      }
      await world.sql(`DELETE FROM schemac.partition_rule WHERE parent = 'public.${name}'`);
    }),
    { numRuns: process.env['SCHEMAC_TEST_TIER'] === 'full' ? 60 : 6 },
  );
});
