/**
 * The servers that all other tests stand on: every wanted major starts, is what it says, and gives
 * databases that vanish with the handle.
 */
import { describe, expect, it } from 'vitest';
import { withClient } from './database.ts';
import { startServer, testMajors, withServer } from './servers.ts';

describe.each(testMajors)('PostgreSQL %d', (major) => {
  it('is of the major version asked for', async () => {
    const server = await startServer(major);
    const version = await withClient(server.url, async (client) =>
      client.query<{ number: string }>(`SELECT current_setting('server_version_num') AS number`),
    );
    expect(Math.floor(Number(version.rows[0]?.number) / 10000)).toBe(major);
    expect(server.description).toContain(`PostgreSQL ${major}.`);
  });

  it('is one server for all who ask', async () => {
    const [first, second] = await Promise.all([startServer(major), startServer(major)]);
    expect(first.url).toBe(second.url);
  });

  it('gives empty databases in UTF-8 and drops them with the handle', async () => {
    const name = `schemac "quoted" é ${major}`;
    const found = (url: string) =>
      withClient(url, async (client) => (await client.query('SELECT FROM pg_database WHERE datname = $1', [name])).rowCount);
    const url = await withServer(major, async (server) => {
      const database = await server.createDatabase(name);
      const rows = await withClient(database, async (client) => {
        await client.query('CREATE TABLE made (body text)');
        return client.query<{ name: string; encoding: string }>(
          `SELECT current_database() AS name, current_setting('server_encoding') AS encoding`,
        );
      });
      expect(rows.rows).toEqual([{ name, encoding: 'UTF8' }]);
      // The same name again: empty again.
      await withClient(await server.createDatabase(name), (client) => client.query('CREATE TABLE made (body text)'));
      expect(await found(server.url)).toBe(1);
      return server.url;
    });
    expect(await found(url)).toBe(0);
  });
});
