/**
 * The outside observer must see a difference when there is one, and none in what only looks like one.
 */
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from './client-programs.ts';
import { withClient } from './database.ts';
import { dumpSchema, normaliseDump, runPsql } from './dump.ts';
import { testMajors, withServer } from './servers.ts';

describe('a normalised dump', () => {
  it('keeps the schema and drops the session', () => {
    const dump = [
      '--',
      '-- PostgreSQL database dump',
      '--',
      '',
      '\\restrict abc123',
      '',
      '-- Dumped from database version 18.4',
      '-- Dumped by pg_dump version 18.4',
      '',
      'SET statement_timeout = 0;',
      "SET client_encoding = 'UTF8';",
      "SELECT pg_catalog.set_config('search_path', '', false);",
      "SET default_tablespace = '';",
      'SET default_table_access_method = heap;',
      '',
      '--',
      '-- Name: notes; Type: TABLE; Schema: public; Owner: -',
      '--',
      '',
      'CREATE TABLE public.notes (',
      '    body text CONSTRAINT "odd ""name""" NOT NULL',
      ');',
      'SET default_tablespace = archive;',
      '',
      '\\unrestrict abc123',
    ].join('\n');
    expect(normaliseDump(dump)).toBe(
      [
        '-- Name: notes; Type: TABLE; Schema: public; Owner: -',
        '',
        'CREATE TABLE public.notes (',
        '    body text NOT NULL',
        ');',
        'SET default_tablespace = archive;',
        '',
      ].join('\n'),
    );
  });
});

describe.each(testMajors)('PostgreSQL %d', (major) => {
  it('gives equal dumps for equal schemas and different ones for different schemas, where pg_dump can read it', async () => {
    await withServer(major, async (server) => {
      const build = async (sql: string) => {
        const url = await server.createDatabase();
        await withClient(url, (client) => client.query(sql));
        return dumpSchema(url);
      };
      const first = await build('CREATE TABLE notes (id int PRIMARY KEY, body text CONSTRAINT some_name NOT NULL)');
      const same = await build(
        'CREATE SCHEMA schemac; CREATE TABLE schemac.migration (id int); CREATE TABLE notes (id int PRIMARY KEY); ALTER TABLE notes ADD body text NOT NULL',
      );
      const other = await build('CREATE TABLE notes (id int PRIMARY KEY, body text)');
      if ((await findProgram('pg_dump', major)) === undefined) {
        expect([first, same, other]).toEqual([undefined, undefined, undefined]);
      } else {
        expect(first).toContain('CREATE TABLE public.notes');
        expect(same).toBe(first);
        expect(other).not.toBe(first);
      }
    });
  });

  it('runs a file with psql and tells how it ended, where psql is installed', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'schemac psql '));
    const file = path.join(folder, 'a migration.sql');
    await writeFile(
      file,
      "\\set ON_ERROR_STOP on\nSELECT format('CREATE TABLE made_%s ()', n) FROM generate_series(1, 2) n \\gexec\nSELECT 1/0;\n",
    );
    await withServer(major, async (server) => {
      const url = await server.createDatabase();
      const result = await runPsql(url, file);
      if ((await findProgram('psql', 10)) === undefined) {
        expect(result).toBeUndefined();
        return;
      }
      expect(result?.exitCode).toBe(3);
      expect(result?.errors).toContain('division by zero');
      const tables = await withClient(url, (client) => client.query("SELECT FROM pg_class WHERE relname LIKE 'made\\__'"));
      expect(tables.rowCount).toBe(2);
    });
    await rm(folder, { recursive: true });
  });
});
