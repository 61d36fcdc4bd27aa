/** `schemac bench` on a real server: rows are made, queries run, times stand beside budgets, and the documents print what was kept. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { benchCommand, type BenchArguments } from '../../compiler/commands/bench.ts';
import type { Measurements } from '../../compiler/model/workload.ts';
import { createProject, expectDone, type Project } from '../commands/support.ts';
import { newestMajor, startServer, type TestServer } from '../support/servers.ts';

const schema = (under: string): string => `import { bigint, query, references, sql, table, text } from 'schemac';
export const people = table('people', { columns: { id: bigint(), mail: text({ values: { width: 20 } }) }, primaryKey: ['id'], expectedRows: 1_000_000 });
export const letters = table('letters', { columns: { id: bigint(), person: references(() => people, 'id'), body: text({ values: { width: 200 } }) }, primaryKey: ['id'], expectedRows: 3_000_000, indexes: { letters_person: { on: 'person' } } });
export const queries = [
  query('letters_of', { purpose: 'Asked.', sql: sql\`SELECT id FROM \${letters} WHERE person = :person\`, samples: { person: 7 }, budget: { noSeqScan: true, under: '${under}' } }),
  query('burn', { purpose: 'Asked.', sql: sql\`DELETE FROM \${letters} WHERE person = :person\`, samples: { person: 7 } }),
];
`;

let server: TestServer;
let project: Project;
beforeAll(async () => {
  server = await startServer(newestMajor);
  project = await createProject({ 'schema/main.ts': schema('60 s') });
});
afterAll(() => server?.stop());

const given = (more: Partial<BenchArguments> = {}): BenchArguments => ({
  root: project.root,
  loader: 'esbuild',
  url: server.url,
  scale: ['people=1k'],
  queries: [],
  clients: 2,
  seconds: 0.2,
  seed: 1,
  mostGigabytes: 1,
  keeping: 'show',
  report: () => undefined,
  ...more,
});

it('measures every query, writes nothing into the rows, drops its database, and keeps what it found', async () => {
  const { exitCode, json, lines } = await benchCommand(given({ keeping: 'write' }));
  const { queries, rows } = json as Measurements;
  expect(exitCode).toBe(0);
  expect(rows).toEqual({ 'table public.people': 1000, 'table public.letters': 3000 });
  expect(queries.map(({ query, isAsPredicted }) => [query, isAsPredicted])).toEqual([
    ['letters_of', true],
    ['burn', true],
  ]);
  for (const { runs, p50, p95, p99, buffers } of queries) {
    expect(runs).toBeGreaterThanOrEqual(5);
    expect(p50).toBeGreaterThan(0);
    expect(p95).toBeGreaterThanOrEqual(p50);
    expect(p99).toBeGreaterThanOrEqual(p95);
    expect(buffers).toBeGreaterThan(0);
  }
  expect(lines[0]).toMatch(/^query +p50 +p95 +p99/);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  expect((await client.query(`SELECT datname FROM pg_database WHERE datname LIKE 'schemac\\_scratch%'`)).rows).toEqual([]);
  await client.end();
  expectDone(await project.compile());
  const page = project.read('generated/docs/queries.md');
  expect(page).toMatch(/\| Measured with rows \|[^]*3,000 in \[`letters`\][^]*within 60 s/);
}, 240_000);

it('fails where a query takes longer than its budget says, and begins nothing that is too large', async () => {
  project.write({ 'schema/main.ts': schema('0.000001 ms'), 'schema/measurements/people-1k.json': undefined });
  const { exitCode, diagnostics } = await benchCommand(given({ queries: ['letters_of'] }));
  expect(exitCode).toBe(1);
  expect(diagnostics.map(({ code, subject }) => `${code} ${subject ?? ''}`)).toEqual(['query-too-slow query letters_of']);
  await expect(benchCommand(given({ scale: ['people=1G'] }))).rejects.toMatchObject({
    diagnostics: [{ code: 'bench-too-large', hint: 'ask for fewer of them; or allow more with --most-gigabytes' }],
  });
  // What it says would fit is tried before it is said.
  await expect(benchCommand(given({ scale: ['people=1M'], mostGigabytes: 0.5 }))).rejects.toMatchObject({
    diagnostics: [{ hint: 'these fit: --scale people=1M --scale letters=400k; or allow more with --most-gigabytes' }],
  });
  await expect(benchCommand(given({ url: 'mysql://there' }))).rejects.toMatchObject({ diagnostics: [{ code: 'no-bench-server' }] });
}, 240_000);

it('keeps a filled database under a name, measures in it again, and takes no other for it', async () => {
  project.write({ 'schema/main.ts': schema('60 s') });
  const lines: string[] = [];
  const kept = given({ keptAs: 'schemac kept', queries: ['letters_of'], report: (line) => lines.push(line) });
  const first = await benchCommand(kept);
  expect(lines.some((line) => line.startsWith('public.letters: 3,000 rows'))).toBe(true);
  lines.length = 0;
  const again = await benchCommand(kept);
  expect([again.exitCode, lines]).toEqual([0, ['running letters_of']]);
  expect((again.json as Measurements).filled).toEqual((first.json as Measurements).filled);
  const differs = { diagnostics: [{ code: 'bench-database-differs' }] };
  await expect(benchCommand({ ...kept, seed: 2 })).rejects.toMatchObject(differs);
  await expect(benchCommand({ ...kept, keptAs: 'postgres' })).rejects.toMatchObject(differs);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  expect((await client.query(`SELECT datname FROM pg_database WHERE datname IN ('schemac kept', 'postgres')`)).rows).toHaveLength(2);
  await client.query('DROP DATABASE "schemac kept"');
  await client.end();
}, 240_000);
