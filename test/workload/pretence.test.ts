/** What is pretended: lengths that PostgreSQL believes, trees that its own checker finds whole, nothing in memory. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlanningEngine } from '../../compiler/engine/engine.ts';
import { openPlanningEngine } from '../../compiler/engine/open.ts';
import { skinnyTree } from '../../compiler/workload/btree-pages.ts';

let engine: PlanningEngine;
beforeAll(async () => {
  engine = await openPlanningEngine({ cacheFolder: join(tmpdir(), 'schemac-test-cache'), extensions: ['amcheck', 'pg_buffercache'] });
  await engine.execute('CREATE EXTENSION amcheck; CREATE EXTENSION pg_buffercache; CREATE TABLE t (id bigint PRIMARY KEY, body text)');
});
afterAll(() => engine?.close());

async function fileOf(relation: string): Promise<string> {
  return (await engine.query(`SELECT pg_relation_filepath('${relation}') AS file`))[0]?.['file'] ?? '';
}

it.each([1, 2, 3, 5])('a tree of height %i is whole for amcheck, and takes rows', async (height) => {
  await engine.execute('TRUNCATE t; CHECKPOINT; SELECT count(*) FROM pg_buffercache_evict_all()');
  const file = await fileOf('t_pkey');
  const tree = skinnyTree(engine.firstPage(file), height);
  engine.pretendPages(file, tree.length / 8192, tree);
  await engine.execute(`SELECT bt_index_parent_check('t_pkey', true, true)`);
  await engine.execute(`INSERT INTO t SELECT n, 'x' FROM generate_series(1, 3000) n; SELECT bt_index_parent_check('t_pkey', true, true)`);
  expect((await engine.query('SELECT count(*) AS rows FROM t'))[0]).toEqual({ rows: '3000' });
});

it('notices a broken tree', async () => {
  await engine.execute('TRUNCATE t; CHECKPOINT; SELECT count(*) FROM pg_buffercache_evict_all()');
  const file = await fileOf('t_pkey');
  const tree = skinnyTree(engine.firstPage(file), 2);
  tree[8192 + 40] = (tree[8192 + 40] ?? 0) ^ 1;
  engine.pretendPages(file, tree.length / 8192, tree);
  await expect(engine.execute(`SELECT bt_index_parent_check('t_pkey', true, true)`)).rejects.toThrow(/checksum|invalid page/);
});

it('a table of 300 GB is as long for PostgreSQL, of as much as a few pages in memory, and shrinks again', async () => {
  await engine.execute('CREATE TABLE long (id bigint)');
  const file = await fileOf('long');
  const pages = async (): Promise<number> => Number((await engine.query(`SELECT pg_relation_size('long') / 8192 AS pages`))[0]?.['pages']);
  const before = process.memoryUsage().rss;
  engine.pretendPages(file, 40_000_000);
  expect(await pages()).toBe(40_000_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  engine.pretendPages(file, 200);
  expect(await pages()).toBe(200);
  // Absent pages read as new ones, which hold no rows.
  expect((await engine.query('SELECT count(*) AS rows FROM long'))[0]).toEqual({ rows: '0' });
});
