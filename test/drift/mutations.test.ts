/**
 * Every change that somebody made by hand is found by drift, under the right address, and the SQL that
 * drift gives undoes it: run on the changed database, nothing is left to find. On real servers.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../compiler/engine/server-connection.ts';
import { findDrift } from '../../compiler/sources/drift.ts';
import { makeEngines, type Engines } from '../../compiler/sources/engines.ts';
import { readDatabase } from '../../compiler/sources/read-database.ts';
import type { Source } from '../../compiler/sources/source.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { runTransactions } from '../support/transactions.ts';
import { mutations } from './mutations.ts';

const base = readFileSync(new URL('./base.sql', import.meta.url), 'utf8');
const roles = ['drift_reader', 'drift_writer'];

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  let engines: Engines;
  let folder: string;
  let reviewed: Source;

  const admin = async (sql: string): Promise<void> => {
    const connection = await connect(server.url);
    await connection.run(sql).finally(() => connection.end());
  };

  beforeAll(async () => {
    server = await startServer(major);
    folder = mkdtempSync(join(tmpdir(), 'schemac-drift-'));
    engines = makeEngines({ cacheFolder: folder });
    for (const role of roles) await admin(`DROP ROLE IF EXISTS ${role}; CREATE ROLE ${role} NOLOGIN`);
    const url = await server.createDatabase();
    const connection = await connect(url);
    await connection.run(base).finally(() => connection.end());
    reviewed = await readDatabase(url);
  });

  afterAll(async () => {
    await engines.close();
    await server.stop();
    for (const role of roles) await admin(`DROP ROLE ${role}`);
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(mutations)('$name', async ({ sql, subject, refused }) => {
    const url = await server.createDatabase();
    const connection = await connect(url);
    try {
      await connection.run(base);
      await connection.run(sql);
      const drift = await findDrift(await readDatabase(url), reviewed, engines);
      const found = drift.findings.map(({ object }) => object);
      expect(
        found.some((id) => id.startsWith(subject)),
        `${subject} is not among ${found.join(', ')}`,
      ).toBe(true);
      expect(drift.back === undefined, drift.diagnostics.map(({ message }) => message).join('\n')).toBe(refused !== undefined);
      if (drift.back === undefined) return expect(drift.diagnostics.map(({ code }) => code)).toContain(refused);
      const engine = { execute: async (text: string) => void (await connection.run(text)), query: connection.run };
      await connection.run('SET search_path TO public; SET check_function_bodies TO off');
      await runTransactions(engine, drift.back.transactions);
      const left = await findDrift(await readDatabase(url), reviewed, engines);
      expect(left.findings).toEqual([]);
    } finally {
      await connection.end();
    }
  });
});
