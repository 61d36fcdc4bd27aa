/**
 * What is carried as text survives: plans make it from nothing, drop it, make it again and follow each
 * change of it, there and back. The database that had it by hand and the one that had our plans are
 * the same to introspection and, where one of the major is installed, to pg_dump.
 */
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diff } from '../../compiler/diff/diff.ts';
import { introspect } from '../../compiler/introspect/introspect.ts';
import type { State } from '../../compiler/model/object.ts';
import { withClient } from '../support/database.ts';
import { differentLines } from '../support/different-lines.ts';
import { dumpSchema } from '../support/dump.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { changes, needed, objects } from './by-text.ts';
import { migrate } from './migrate.ts';
import { reading } from './reading.ts';

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  async function twoDatabases(action: (byHand: Client, byPlan: Client) => Promise<void>): Promise<void> {
    const [one, other] = [await server.createDatabase(), await server.createDatabase()];
    await withClient(one, (byHand) => withClient(other, (byPlan) => action(byHand, byPlan)));
    const [dumped, planned] = [await dumpSchema(one), await dumpSchema(other)];
    if (dumped !== undefined && planned !== undefined) expect(differentLines(dumped, planned)).toEqual([]);
  }

  const read = (client: Client): Promise<State> => reading(client, (reader) => introspect(reader, major));

  it('is made from nothing, dropped, and made again', { timeout: 120_000 }, async () => {
    await twoDatabases(async (byHand, byPlan) => {
      for (const { sql, since = 14 } of needed) if (since <= major) for (const client of [byHand, byPlan]) await client.query(sql);
      const bare = await read(byPlan);
      const steps = objects.filter(({ since = 14 }) => since <= major);
      for (const { sql } of steps) await byHand.query(sql);
      const full = await read(byHand);
      expect(full.size - bare.size).toBeGreaterThan(50);
      expect(await migrate(byPlan, major, full)).toEqual([]);
      expect(await migrate(byPlan, major, bare)).toEqual([]);
      expect(await migrate(byPlan, major, full)).toEqual([]);
    });
  });

  it('follows every change, there and back', { timeout: 120_000 }, async () => {
    await twoDatabases(async (byHand, byPlan) => {
      for (const { sql, since = 14 } of [...needed, ...objects])
        if (since <= major) for (const client of [byHand, byPlan]) await client.query(sql);
      for (const { sql } of changes) {
        const before = await read(byHand);
        await byHand.query(sql);
        const after = await read(byHand);
        expect(diff(before, after), sql).not.toEqual([]);
        for (const state of [after, before, after]) expect(await migrate(byPlan, major, state), sql).toEqual([]);
      }
    });
  });
});
