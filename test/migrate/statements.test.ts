/**
 * What the runner reads from a statement alone: which privileges it needs, how long it may take, what
 * of it may be shown, and where in a message of many statements an error belongs.
 */
import { describe, expect, it } from 'vitest';
import { withoutValues } from '../../compiler/migrate/blockers.ts';
import { detachedPartition, reindexed } from '../../compiler/migrate/derive-probe.ts';
import { fastSteps } from '../../compiler/migrate/limits.ts';
import { failedStatement, fitsOneMessage, messageOf } from '../../compiler/migrate/message.ts';
import { neededBy } from '../../compiler/migrate/needs.ts';
import { findingQuery } from '../../compiler/migrate/offending-rows.ts';
import { judgeServer } from '../../compiler/migrate/server-checks.ts';
import { readMigration } from '../../compiler/sql/migration-file.ts';

describe('neededBy', () => {
  it.each([
    ['ALTER TABLE IF EXISTS ONLY app."Digests" ADD COLUMN a int', ['owner app."Digests"']],
    ['ALTER TABLE a.b ADD CONSTRAINT x FOREIGN KEY (c) REFERENCES d.e (f) NOT VALID', ['owner a.b', 'references d.e']],
    ['CREATE TABLE a.b (c int REFERENCES d.e, f int REFERENCES g.h)', ['create in schema a', 'references d.e', 'references g.h']],
    ['CREATE UNLOGGED TABLE a.b (c int)', ['create in schema a']],
    ['CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY a.b (c)', ['owner a.b']],
    ['DROP INDEX CONCURRENTLY IF EXISTS a.i', ['owner a.i']],
    ['DROP MATERIALIZED VIEW a.v', ['owner a.v']],
    ['CREATE OR REPLACE VIEW a.v AS SELECT 1', ['create in schema a']],
    ["COMMENT ON COLUMN a.b.c IS 'ALTER TABLE x.y'", ['owner a.b']],
    ["COMMENT ON CONSTRAINT c ON a.b IS ''", ['owner a.b']],
    ['CREATE SCHEMA IF NOT EXISTS s', ['create in database s']],
    ['CREATE EXTENSION IF NOT EXISTS "uuid-ossp"', ['extension uuid-ossp']],
    ['CREATE TRIGGER t BEFORE INSERT ON a.b EXECUTE FUNCTION f()', []],
    ['ALTER TABLE b ADD COLUMN a int', []],
    ['CREATE SCHEMA AUTHORIZATION joe', []],
    ['SELECT 1', []],
    ['DO $$ ALTER TABLE a.b ADD COLUMN c int $$', []],
  ])('%s', (sql, expected) => {
    expect(neededBy(sql).map(({ privilege, name }) => `${privilege} ${name}`)).toEqual(expected);
  });
});

it('a statement that others wait for is to be fast, unless the head says that it scans or rewrites', () => {
  const file = readMigration(
    `-- schemac migration 0001_a
-- A.
--
-- locks:
--   2 AccessExclusiveLock on table public.a (blocks reads and writes), rewrites the table, no scan

BEGIN;
-- step 1 transactional: One.
ALTER TABLE a ADD COLUMN b int;
-- step 2 transactional: Two.
ALTER TABLE a ALTER COLUMN b TYPE bigint;
-- step 3 transactional: Three.
UPDATE a SET b = 1;
-- step 4 validate: Four.
ALTER TABLE a VALIDATE CONSTRAINT c;
-- step 5 transactional: Five.
CREATE EXTENSION postgis;
-- step 6 transactional: Six.
CREATE TABLE c AS SELECT * FROM a;
-- step 7 transactional: Seven.
CREATE INDEX i ON a (b);
COMMIT;
`,
    '0001_a.sql',
  );
  expect([...fastSteps(file)].map(({ number }) => number)).toEqual([1, 7]);
});

it('of a statement that is shown no value is left', () => {
  expect(withoutValues(`ALTER ROLE joe PASSWORD 'a''b' VALID UNTIL E'x\\'y' -- secret\n;SELECT $$dollar$$, 42, "Name"`)).toBe(
    'ALTER ROLE joe PASSWORD … VALID UNTIL …  \n;SELECT …, …, "Name"',
  );
  // pg_stat_activity cuts at track_activity_query_size.
  expect(withoutValues(`UPDATE a SET b = 'cut of`)).toBe('UPDATE a SET b = …');
});

it('an error in a message of many statements is told as the error of one of them', () => {
  const statements = ['BEGIN', "SELECT '🦊' -- a comment takes no semicolon in", 'SELEC 1', 'COMMIT'];
  const text = messageOf(statements);
  const place = [...text.slice(0, text.indexOf('SELEC 1'))].length + 3;
  expect(failedStatement(statements, { position: place }, 0)).toEqual({ index: 2, position: 3 });
  expect(failedStatement(statements, { position: undefined }, 1)).toEqual({ index: 1, position: undefined });
  expect(failedStatement(statements, { position: undefined }, 9)).toEqual({ index: 3, position: undefined });
  expect(fitsOneMessage(['BEGIN', 'SET search_path TO a'])).toBe(true);
  expect(fitsOneMessage(['SET standard_conforming_strings = off'])).toBe(false);
});

it('the query that finds rows belongs to its step', () => {
  const hazards = [
    '2 rewrite table public.a: slow',
    '2 data-dependent check public.a.c: fails',
    'find such rows: SELECT *',
    'FROM a;',
    '12 data-dependent check public.a.d: fails',
  ];
  expect(findingQuery(hazards, 2)).toBe('SELECT *\nFROM a');
  expect(findingQuery(hazards, 12)).toBeUndefined();
  expect(findingQuery(hazards, 1)).toBeUndefined();
});

it('REINDEX and DETACH are read for what they leave half-way', () => {
  expect(reindexed('REINDEX (VERBOSE) TABLE CONCURRENTLY a."B"')).toEqual(['a', 'B']);
  expect(reindexed('REINDEX INDEX CONCURRENTLY i')).toEqual(['i']);
  expect(reindexed('REINDEX TABLE a')).toBeUndefined();
  expect(detachedPartition('ALTER TABLE a.b DETACH PARTITION c.d CONCURRENTLY')).toEqual({ table: ['a', 'b'], partition: ['c', 'd'] });
  expect(detachedPartition('ALTER TABLE a.b DETACH PARTITION c.d')).toBeUndefined();
});

it('a replica and a read-only database are refused from what they say of themselves', () => {
  expect(judgeServer(['18.4 (Debian)', '180004', 'f', 'off'], 'the server')).toEqual({ version: '18.4', major: 18 });
  expect(() => judgeServer(['18.4', '180004', 't', 'on'], 'the server')).toThrow('the server is a replica and takes no changes');
  expect(() => judgeServer(['18.4', '180004', 'f', 'on'], 'the server')).toThrow('read-only');
});
