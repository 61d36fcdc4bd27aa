/**
 * The repository's own migrations on real servers: with the runner, with psql, and beside them the
 * database that schema.sql makes at once. All three must be the same, and serve every declared query.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { migrateCommand } from '../../compiler/commands/migrate.ts';
import { diff } from '../../compiler/diff/diff.ts';
import { connect } from '../../compiler/engine/server-connection.ts';
import { introspect, pinnedSettings } from '../../compiler/introspect/introspect.ts';
import { stateOf, type State } from '../../compiler/model/object.ts';
import { readMigration } from '../../compiler/sql/migration-file.ts';
import { splitScript } from '../../compiler/sql/script.ts';
import { stubStatements } from '../../compiler/workspace/external.ts';
import { listFiles } from '../../compiler/workspace/files.ts';
import { loadDigestSchema, numbered } from '../schema/support.ts';
import { withClient } from '../support/database.ts';
import { dumpSchema, runPsql } from '../support/dump.ts';
import { testMajors, withServer, type TestServer } from '../support/servers.ts';
import { repository } from './support.ts';

const generated = join(repository, 'generated');
const files = listFiles(join(generated, 'migrations'))
  .filter((path) => path.endsWith('.sql'))
  .map((path) => join(generated, 'migrations', path));
const migrations = files.map((file) => readMigration(readFileSync(file, 'utf8'), file));
const target = Math.max(...migrations.map((migration) => migration.target ?? 0));

/** Statements one by one; what \\gexec makes is run too. */
async function runScript(url: string, text: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const item of splitScript(text, 'script')) {
      if (item.item === 'command') continue;
      const { rows } = await client.query<{ [column: string]: string | null }>(item.sql);
      if (item.terminator === '\\gexec')
        for (const cell of rows.flatMap((row) => Object.values(row))) if (cell !== null) await client.query(cell);
    }
  });
}

/** An empty database with the other teams' tables, its clock of partitions standing still. */
async function databaseWithExternals(server: TestServer): Promise<string> {
  const url = await server.createDatabase();
  await withClient(url, (client) =>
    client.query(`ALTER DATABASE ${client.escapeIdentifier(new URL(url).pathname.slice(1))} SET schemac.at = '2026-11-24 12:00+00'`),
  );
  const { objects, annotations } = await loadDigestSchema();
  const theirs = objects.filter(({ id, partOf }) => partOf === undefined && annotations.get(id)?.external === true).map(({ id }) => id);
  expect(theirs).toEqual(['table public.email_logs', 'table public.users']);
  for (const sql of stubStatements(stateOf(objects), theirs, server.major)) await runScript(url, sql);
  return url;
}

async function stateOfDatabase(url: string, major: number): Promise<State> {
  const connection = await connect(url);
  try {
    await connection.run('BEGIN');
    await connection.run(pinnedSettings.join(';\n'));
    return await introspect({ query: connection.run }, major);
  } finally {
    await connection.end();
  }
}

describe.each(testMajors.filter((major) => major >= target))('on PostgreSQL %d', (major) => {
  const look = async (how: string, url: string) => ({ how, state: await stateOfDatabase(url, major), dump: await dumpSchema(url) });

  test('the runner, psql and schema.sql make the same database', async () => {
    await withServer(major, async (server) => {
      const url = await databaseWithExternals(server);
      const applied = await migrateCommand({ generated, url });
      expect([applied.exitCode, applied.diagnostics]).toEqual([0, []]);
      const found = [await look('the runner', url)];

      const fresh = await databaseWithExternals(server);
      await runScript(fresh, readFileSync(join(generated, 'schema.sql'), 'utf8'));
      found.push(await look('schema.sql', fresh));

      const byPsql = await databaseWithExternals(server);
      const results = [];
      for (const file of files) results.push(await runPsql(byPsql, file));
      if (!results.includes(undefined)) {
        expect(results.map((result) => [result?.exitCode, result?.errors])).toEqual(files.map(() => [0, '']));
        found.push(await look('psql', byPsql));
      }

      const [runner, ...others] = found;
      expect(runner?.state.size).toBeGreaterThan(100);
      for (const other of others) {
        expect(
          diff(runner?.state ?? new Map(), other.state).map((change) => JSON.stringify(change)),
          other.how,
        ).toEqual([]);
        expect(other.dump, other.how).toBe(runner?.dump);
      }

      const { queries } = await loadDigestSchema();
      expect(queries.length).toBeGreaterThan(10);
      await withClient(url, async (client) => {
        for (const { name, sql } of queries)
          await expect(client.query(`PREPARE ${name} AS ${numbered(sql).sql}`), name).resolves.toBeDefined();
      });
    });
  });
});

describe.each(testMajors.filter((major) => major < target))('on PostgreSQL %d', (major) => {
  test('the runner refuses before it changes anything', async () => {
    await withServer(major, async (server) => {
      const url = await databaseWithExternals(server);
      const before = await stateOfDatabase(url, major);
      const refused = await migrateCommand({ generated, url });
      expect([refused.exitCode, refused.diagnostics.map(({ code }) => code)]).toEqual([1, ['server-too-old']]);
      expect(diff(before, await stateOfDatabase(url, major))).toEqual([]);
    });
  });
});
