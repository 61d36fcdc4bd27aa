/**
 * An index, a unique key and a check on a table whose partitions are partitioned again, by hash and by list:
 * the migration is cut off at each message that it sends. Run again, it ends where one that nobody disturbed
 * does: valid at every level, with every row.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../compiler/migrate/migrate.ts';
import { codes, createProject, expectDone, type Project } from '../commands/support.ts';
import { relayTo, type When } from '../support/cut-relay.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { describeDatabase, query } from './observe.ts';

const schema = (more: string): string => `
import { bigint, hash, list, project, range, sql, table, text, timestamptz } from 'schemac';
export default project({ postgres: 14, lint: { rules: { 'undocumented-table': 'off', 'undocumented-column': 'off', 'undocumented-constraint': 'off', 'undocumented-index': 'off', 'foreign-key-without-index': 'off' } } });
export const events = table('events', {
  expectedRows: 50_000_000,
  columns: { id: bigint(), at: timestamptz(), region: text(), name: text() },
  primaryKey: ['id', 'at', 'region'],
  ${more}
  partitionBy: range('at', {
    every: '1 month', premake: 1,
    within: list('region', { children: { eu: { values: ['eu'], partitionBy: hash('id', { modulus: 2, children: { a: { remainder: 0 }, b: { remainder: 1 } } }) }, rest: { default: true } } }),
  }),
});
`;
const changed = schema(`indexes: { events_name: { on: ['name', 'at'] } },
  uniques: { events_name_key: { columns: ['name', 'id', 'at', 'region'] } },
  checks: { events_name_check: sql\`name <> ''\` },`);

/** Each fifth message, before and after it in turn; `SCHEMAC_TEST_EVERY=1` for all of them, which takes minutes. */
const every = Number(process.env['SCHEMAC_TEST_EVERY'] ?? 5);
const at = '2026-01-15T12:00:00Z';
let server: TestServer;
let project: Project;
let generated: string;
beforeAll(async () => {
  [server, project] = await Promise.all([startServer(newestMajor), createProject({ 'schema/all.ts': schema('') })]);
  generated = join(project.root, 'generated');
  expectDone(await project.compile());
  project.write({ 'schema/all.ts': changed });
  const compiled = await project.compile();
  expect(codes(compiled)).not.toContain('error');
  expectDone(compiled);
});
afterAll(() => server.stop());

/** A database before the change, with rows in every leaf. */
async function ready(): Promise<string> {
  const url = await server.createDatabase();
  await withClient(url, (client) => client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET schemac.at = '${at}'`));
  expect((await migrate({ generated, url, to: 1 })).diagnostics).toEqual([]);
  await withClient(url, (client) =>
    client.query(
      `INSERT INTO public.events SELECT n, '2026-01-01'::timestamptz + n % 55 * interval '1 day', CASE WHEN n % 3 = 0 THEN 'us' ELSE 'eu' END, 'n' || n FROM generate_series(1, 300) n`,
    ),
  );
  return url;
}

/** A copy of a database that nobody is connected to; making each anew would take longer than all the rest. */
async function copied(base: string, number: number): Promise<string> {
  const name = `${new URL(base).pathname.slice(1)}_${String(number)}`;
  await withClient(server.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${new URL(base).pathname.slice(1)}`));
  const url = new URL(base);
  url.pathname = `/${name}`;
  return url.href;
}

const removed = (url: string): Promise<unknown> =>
  withClient(server.url, (client) => client.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`));

async function outcome(url: string): Promise<unknown> {
  const [count] = await withClient(url, (client) => query(client, 'SELECT count(*), sum(id) FROM public.events'));
  return { count, objects: await describeDatabase(url) };
}

it('goes on through all levels wherever it was cut off', { timeout: 600_000 }, async () => {
  const base = await ready();
  const undisturbed = await copied(base, 0);
  const whole = await relayTo(undisturbed, -1, 'before');
  expect((await migrate({ generated, url: whole.url })).diagnostics).toEqual([]);
  await whole.stop();
  const expected = await outcome(undisturbed);
  const [invalid] = await withClient(undisturbed, (client) =>
    query(
      client,
      `SELECT count(*) FILTER (WHERE NOT i.indisvalid), count(*) FROM pg_partition_tree('public.events') t JOIN pg_index i ON i.indrelid = t.relid`,
    ),
  );
  // The table, two months, and in each of them Europe with two leaves and the rest: eleven relations, three indexes each.
  expect(invalid).toEqual(['0', '33']);
  const total = whole.messages();
  expect(total).toBeGreaterThan(15);
  for (let number = 1; number <= total; number += every) {
    const when: When = number % 2 === 0 ? 'before' : 'after';
    const url = await copied(base, number);
    const relay = await relayTo(url, number, when);
    await migrate({ generated, url: relay.url });
    await relay.stop();
    expect((await migrate({ generated, url })).diagnostics, `cut ${when} message ${String(number)}`).toEqual([]);
    expect(await outcome(url), `cut ${when} message ${String(number)}`).toEqual(expected);
    await removed(url);
  }
});
