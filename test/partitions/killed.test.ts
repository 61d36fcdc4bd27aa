/**
 * A run of maintenance loses its connection at each message that it sends, before the server has it and
 * after the server did it. Running it again ends where a run that nobody disturbed does, with every row.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyPartitions } from '../../compiler/partitions/apply.ts';
import { relayTo, type When } from '../support/cut-relay.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { monthly, newWorld, tableSql, type World } from './support.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(newestMajor);
});
afterAll(() => server.stop());

/** In the quick tier every thirteenth message is enough to see that nothing is broken. */
const isFull = process.env['SCHEMAC_TEST_TIER'] === 'full';
const every = isFull ? 1 : 13;
/** A table with one partition to make, one to retire, one to move and one to drop. */
async function ready(): Promise<World> {
  const rule = { ...monthly, premake: '0', on_retire: `'archive'`, archive_schema: `'archive'`, grace: `'40 days'`, retain: `'1 month'` };
  const world = await newWorld(server, `CREATE SCHEMA archive; ${tableSql(rule)}`);
  for (const month of ['01', '02', '03']) {
    await world.apply(`2026-${month}-15`);
    await world.sql(`INSERT INTO public.events VALUES (${month}, '2026-${month}-20', 'x')`);
  }
  return world;
}

/** Tables with their rows, and the comment that each bears without the number in it. */
async function outcome(world: World): Promise<unknown> {
  const tables = await world.sql(
    `SELECT c.oid::regclass, c.relispartition, regexp_replace(obj_description(c.oid, 'pg_class'), '[0-9]+:', ''), (xpath('//n/text()', query_to_xml('SELECT count(*) AS n FROM ' || c.oid::regclass, true, true, '')))[1]
     FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relname LIKE 'events%' ORDER BY 1`,
  );
  const log = await world.sql(`SELECT DISTINCT action, relation FROM schemac.partition_log WHERE action <> 'analyzed' ORDER BY 1, 2`);
  return { tables, log };
}

it('goes on wherever it was cut off', { timeout: isFull ? 1_200_000 : 120_000 }, async () => {
  const undisturbed = await ready();
  const whole = await relayTo(undisturbed.url, -1, 'before');
  expect((await applyPartitions({ url: whole.url, at: '2026-04-15' })).diagnostics).toEqual([]);
  await whole.stop();
  const expected = await outcome(undisturbed);
  const total = whole.messages();
  expect(total).toBeGreaterThan(20);
  for (let number = 1; number <= total; number += every) {
    const moments: readonly When[] = isFull ? ['before', 'after'] : [number % 2 === 0 ? 'before' : 'after'];
    for (const when of moments) {
      const world = await ready();
      const relay = await relayTo(world.url, number, when);
      const cut = await applyPartitions({ url: relay.url, at: '2026-04-15' });
      // The last messages only tidy up: when they are lost, nothing is.
      if (number < total - 2) expect(cut.diagnostics.map(({ code }) => code)).toEqual(['connection']);
      await relay.stop();
      // What was under way may go on in the server for a moment.
      await withClient(world.url, async (client) => {
        const busy = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'schemac%'`;
        while ((await client.query(busy)).rowCount !== 0) await new Promise((resolve) => setTimeout(resolve, 20));
      });
      expect((await world.apply('2026-04-15')).diagnostics).toEqual([]);
      expect(await outcome(world), `cut ${when} message ${String(number)}`).toEqual(expected);
    }
  }
});
