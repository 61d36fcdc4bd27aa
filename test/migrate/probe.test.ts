/**
 * Every probe gives, on a real server, each answer that it can give.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveProbe } from '../../compiler/migrate/derive-probe.ts';
import { parseProbe, probeKinds, probeOutcome, probeQuery } from '../../compiler/migrate/probe.ts';
import type { Probe } from '../../compiler/migrate/probe.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';

const setup = `
CREATE SCHEMA "we ird";
CREATE EXTENSION pg_trgm WITH SCHEMA "we ird";
CREATE TYPE "we ird".mood AS ENUM ('a');
CREATE DOMAIN "we ird".dom AS int;
CREATE SEQUENCE "we ird".seq;
CREATE TYPE "we ird".comp AS (a int);
CREATE TYPE "we ird".ran AS RANGE (SUBTYPE = int, MULTIRANGE_TYPE_NAME = "we ird".mul);
CREATE TABLE "we ird"."Tab.le" (id int, gone int, a int CONSTRAINT pk PRIMARY KEY, b int CONSTRAINT uq UNIQUE, CONSTRAINT ck CHECK (a > 0), CONSTRAINT ex EXCLUDE (a WITH =));
ALTER TABLE "we ird"."Tab.le" ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES "we ird"."Tab.le" (a), DROP COLUMN gone;
ALTER TABLE "we ird"."Tab.le" ADD CONSTRAINT ck_open CHECK (b > 0) NOT VALID, ADD CONSTRAINT fk_open FOREIGN KEY (id) REFERENCES "we ird"."Tab.le" (a) NOT VALID;
CREATE INDEX "in""dex" ON "we ird"."Tab.le" (id);
CREATE VIEW "we ird".vi AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW "we ird".ma AS SELECT 1 AS a;
CREATE TABLE "we ird".parted (a int, b text) PARTITION BY RANGE (a);
CREATE TABLE "we ird".part PARTITION OF "we ird".parted FOR VALUES FROM (1) TO (2);
CREATE INDEX parted_only ON ONLY "we ird".parted (b);
CREATE STATISTICS "we ird".sta ON a, b FROM "we ird"."Tab.le";
CREATE PUBLICATION "pub l" FOR TABLE "we ird"."Tab.le";
INSERT INTO "we ird"."Tab.le" (id, a, b) VALUES (1, 1, NULL), (1, 2, NULL);`;

const table = '"we ird"."Tab.le"';
const there = [
  'table "we ird"."Tab.le"',
  'table "we ird".parted',
  `column ${table}.id`,
  'index "we ird"."in""dex"',
  'index "we ird".parted_only',
  `check ${table}.ck`,
  `foreign-key ${table}.fk`,
  `unique ${table}.uq`,
  `primary-key ${table}.pk`,
  `exclusion ${table}.ex`,
  'enum "we ird".mood',
  'domain "we ird".dom',
  'composite "we ird".comp',
  'attribute "we ird".comp.a',
  'range "we ird".ran',
  'multirange "we ird".mul',
  'statistics "we ird".sta',
  'publication "pub l"',
  `publication-table "pub l".${table}`,
  'sequence "we ird".seq',
  'view "we ird".vi',
  'materialized-view "we ird".ma',
  'schema "we ird"',
  'extension pg_trgm',
];
/** Missing altogether, or of another kind than asked for. */
const notThere = [
  'table "we ird".nowhere',
  'table "we ird".vi',
  'table "we ird"."in""dex"',
  `column ${table}.gone`,
  `column ${table}.ctid`,
  'column nowhere.at.all',
  'index "we ird"."Tab.le"',
  `check ${table}.fk`,
  `foreign-key ${table}.ck`,
  `unique ${table}.pk`,
  `primary-key ${table}.uq`,
  `exclusion ${table}.uq`,
  'enum "we ird".dom',
  'domain "we ird".mood',
  `composite ${table}`,
  'composite "we ird".ran',
  'attribute "we ird".comp.b',
  'range "we ird".mul',
  'multirange "we ird".ran',
  'statistics "we ird".seq',
  'publication sta',
  'publication-table "pub l"."we ird".parted',
  'sequence "we ird".vi',
  'view "we ird".ma',
  'materialized-view "we ird".vi',
  'schema nowhere',
  'extension nowhere',
  'check nowhere.at.all',
];

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let url: string;
  beforeAll(async () => {
    server = await startServer(major);
    url = await server.createDatabase();
    await withClient(url, async (client) => {
      await client.query(setup);
      // Two rows with one id: the build fails after the index was made.
      await client.query(`CREATE UNIQUE INDEX CONCURRENTLY broken ON ${table} (id)`).catch(() => undefined);
    });
  });
  afterAll(() => server.stop());

  async function outcome(probe: Probe | undefined): Promise<string> {
    if (probe === undefined) return 'no probe';
    return withClient(url, async (client) =>
      probeOutcome(
        probe,
        (await client.query<(string | null)[]>({ text: probeQuery(probe), rowMode: 'array', types: { getTypeParser: () => String } })).rows,
      ),
    );
  }

  it.each(there)('finds %s', async (address) => {
    expect(await outcome(parseProbe(`present ${address}`))).toBe('done');
    expect(await outcome(parseProbe(`absent ${address}`))).toBe('not-done');
  });

  it.each(notThere)('does not find %s', async (address) => {
    expect(await outcome(parseProbe(`present ${address}`))).toBe('not-done');
    expect(await outcome(parseProbe(`absent ${address}`))).toBe('done');
  });

  it.each([
    [`index "we ird"."in""dex"`, 'done'],
    ['index "we ird".broken', 'broken'],
    ['index "we ird".parted_only', 'broken'],
    ['index "we ird".nowhere', 'not-done'],
    [`check ${table}.ck`, 'done'],
    [`check ${table}.ck_open`, 'broken'],
    [`foreign-key ${table}.fk`, 'done'],
    [`foreign-key ${table}.fk_open`, 'broken'],
    [`unique ${table}.uq`, 'done'],
    [`unique ${table}.nowhere`, 'not-done'],
  ])('valid %s: %s', async (address, expected) => {
    expect(await outcome(parseProbe(`valid ${address}`))).toBe(expected);
  });

  it.each([
    [`CREATE UNIQUE INDEX CONCURRENTLY broken ON ${table} (id)`, 'broken'],
    [`create index /* here */ concurrently if not exists "in""dex" on only ${table} using btree (id)`, 'done'],
    [`CREATE INDEX CONCURRENTLY other ON ${table} (id)`, 'not-done'],
    [`DROP INDEX CONCURRENTLY IF EXISTS "we ird".nowhere`, 'done'],
    [`DROP INDEX CONCURRENTLY "we ird".BROKEN`, 'not-done'],
    [`CREATE INDEX CONCURRENTLY ON ${table} (id)`, 'no probe'],
    ['REINDEX INDEX CONCURRENTLY x', 'no probe'],
  ])('follows from %s: %s', async (sql, expected) => {
    expect(await outcome(deriveProbe(sql))).toBe(expected);
  });
});

it('every kind is among those tried', () => {
  const kinds = (addresses: readonly string[]): readonly string[] =>
    [...new Set(addresses.map((address) => address.split(' ')[0] ?? ''))].sort();
  expect(kinds(there)).toEqual([...probeKinds].sort());
  expect(kinds(notThere)).toEqual([...probeKinds].sort());
});

it.each(['valid table public.a', 'present trigger public.a', 'gone table a', 'present table', '', 'present table a.'])(
  '%j is no probe',
  (text) => {
    expect(parseProbe(text)).toBeUndefined();
  },
);
