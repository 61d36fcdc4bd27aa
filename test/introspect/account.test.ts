/**
 * Nothing is skipped in silence: whatever is made in a database is an object or is listed by name, on
 * every major of the run. The catalogs themselves are asked what there is, through pg_depend, which
 * the sweep does not look at for that.
 */
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountFor, type Account } from '../../compiler/introspect/account.ts';
import { readObjects } from '../../compiler/introspect/introspect.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { altered, made } from './everything.ts';
import { reading } from './reading.ts';

/** What an account says, to compare one with another. */
function told({ state, notModelled }: Account): string {
  const objects = [...state.values()].map(({ id, attributes }) => [id, attributes]);
  return JSON.stringify([objects, notModelled]);
}

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  it('is told of everything that is made or altered, as an object or by name', async () => {
    await withClient(await server.createDatabase(), async (client) => {
      const account = (): Promise<Account> => reading(client, (reader) => accountFor(reader, major));
      const untold: string[] = [];
      let before = told(await account());
      expect(before).toBe('[[],[]]');
      for (const { sql, since = 14 } of [...made, ...altered]) {
        if (since > major) continue;
        await client.query(sql);
        const after = told(await account());
        if (after === before) untold.push(sql);
        before = after;
      }
      // A database with a subscription cannot be dropped.
      await client.query('DROP SUBSCRIPTION changes');
      expect(untold).toEqual([]);
      expect(await unaccounted(client, major)).toEqual([]);
    });
  });
});

/**
 * Parts that pg_depend does not call so: the index of a TOAST table, members of an operator class, a
 * default that a partition took over from its table, and NOT NULL, which a column or a domain says.
 */
const parts =
  /^index pg_toast\.|^(operator|function) of access method |^default value for app\.logs_1\.|^(table|domain) constraint (\w+_not_null|amount_there) /;

/** Whatever depends on something or is depended on, is no part of another, and is in no account. */
async function unaccounted(client: Client, major: number): Promise<readonly string[]> {
  return reading(client, async (reader) => {
    const { context } = await readObjects(reader, major);
    const { notModelled } = await accountFor(reader, major);
    const listed = new Set(notModelled.map(({ what, name }) => `${what} ${name}`));
    const entries = await reader.query(`
      SELECT DISTINCT d.classid::regclass AS catalog, d.objid AS oid, o.type || ' ' || o.identity AS name
      FROM pg_depend d, pg_identify_object(d.classid, d.objid, 0) o
      WHERE d.objid >= 16384 AND d.classid <> 'pg_publication_rel'::regclass AND NOT EXISTS (
        SELECT FROM pg_depend part WHERE part.classid = d.classid AND part.objid = d.objid AND part.deptype IN ('i', 'e', 'P', 'S'))`);
    return entries
      .filter((row) => context.resolve({ catalog: String(row['catalog']), oid: Number(row['oid']) }) === undefined)
      .map((row) => String(row['name']))
      .filter((name) => !listed.has(name) && !parts.test(name));
  });
}
