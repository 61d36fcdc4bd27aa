/**
 * Every alteration that introspection is told of can be planned: a database that had it done by hand
 * and one that had our plan done are the same afterwards, and the way back is planned too.
 */
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { introspect } from '../../compiler/introspect/introspect.ts';
import type { State } from '../../compiler/model/object.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { altered, made } from './everything.ts';
import { migrate } from './migrate.ts';
import { reading } from './reading.ts';

async function makeEverything(client: Client, major: number): Promise<void> {
  // A subscription would have to be dropped before its database; default privileges give to what is made
  // anew what the database that was altered by hand had before they came.
  for (const { sql, since = 14 } of made) if (since <= major && !/SUBSCRIPTION|DEFAULT PRIVILEGES/.test(sql)) await client.query(sql);
}

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  it('every alteration is planned, there and back', { timeout: 180_000 }, async () => {
    const [byHand, byPlan] = [await server.createDatabase(), await server.createDatabase()];
    const steps = altered.filter(({ since = 14, irreproducible }) => since <= major && irreproducible === undefined);
    const left: string[] = [];
    await withClient(byHand, (hand) =>
      withClient(byPlan, async (planned) => {
        const read = (client: Client): Promise<State> => reading(client, (reader) => introspect(reader, major));
        await makeEverything(hand, major);
        await makeEverything(planned, major);
        const states: State[] = [await read(hand)];
        for (const { sql } of steps) {
          await hand.query(sql);
          const after = await read(hand);
          for (const change of await migrate(planned, major, after)) left.push(`${sql}: ${change}`);
          states.push(after);
        }
        for (const [place, before] of [...states.entries()].reverse().slice(1)) {
          for (const change of await migrate(planned, major, before)) left.push(`back from ${steps[place]?.sql}: ${change}`);
        }
      }),
    );
    expect(left).toEqual([]);
  });
});
