/**
 * Where libpg-query is no judge, the server is: its build of the scanner keeps comments as tokens,
 * so it knows no text that goes on after a comment. And psql itself splits as we do.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitScript } from '../../compiler/sql/script.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';

const run = promisify(execFile);

/** Each with the value that a server gives when the text was not split. */
const continued = [
  ["SELECT 'a'\n-- ; '\n'b;'", 'ab;'],
  ["SELECT 'a' -- ; '\n  -- more ;\n\t'b;'", 'ab;'],
  ["SELECT E'a' -- ;\n'\\';'", "a';"],
  ["SELECT E'a\\''\n'\\'--'\r\n';'", "a''--;"],
  ["SELECT 'a\\'\n';'", 'a\\;'],
] as const;

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let url: string;
  beforeAll(async () => {
    server = await startServer(major);
    url = await server.createDatabase();
  });
  afterAll(() => server.stop());

  it.each(continued)('%j is one statement', async (sql, value) => {
    expect(splitScript(`${sql}; SELECT 2`, 'a.sql').map((item) => item.item === 'statement' && item.sql)).toEqual([sql, 'SELECT 2']);
    const rows = await withClient(url, (client) => client.query<string[]>({ text: sql, rowMode: 'array' }));
    expect(rows.rows).toEqual([[value]]);
  });

  it('psql sends the same statements', async ({ skip }) => {
    if ((await run('psql', ['--version']).catch(() => undefined)) === undefined) {
      skip('psql is not installed (apt-get install postgresql-client)');
    }
    const statements = [
      // psql 15 itself forgets after a comment that a text began with E, and cuts the third one apart.
      ...continued.map(([sql]) => sql).filter((sql) => !sql.startsWith("SELECT E'a' --")),
      "SELECT $a$;$a$, $$ -- $$, 'it''s;', E'\\';', \"b;\" FROM (SELECT 1 AS \"b;\") x",
      'SELECT /* ; /* ; */ */ 1 + (2)',
      'CREATE TABLE t (a int)',
      'CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)',
      ...(major >= 14 ? ['CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END'] : []),
    ];
    const folder = await mkdtemp(join(tmpdir(), 'schemac psql '));
    const file = join(folder, 'script.sql');
    const script = `${statements.join(';\n\n')};\nSELECT 'SELECT 1' \\gexec\nSELECT 'the last one'`;
    await writeFile(file, script);
    // The server's own log of what reached it would need a superuser's file; psql tells on standard output.
    const { stdout } = await run('psql', [
      '--no-psqlrc',
      '--quiet',
      '--echo-queries',
      '--set',
      'ON_ERROR_STOP=on',
      '--tuples-only',
      '--output',
      '/dev/null',
      '--dbname',
      url,
      '--file',
      file,
    ]);
    const sent = stdout.replace(/;?\n?$/, '');
    let from = 0;
    for (const item of splitScript(script, file)) {
      if (item.item !== 'statement') continue;
      const at = sent.indexOf(item.sql, from);
      expect(at, `${item.sql}\nnot found after place ${String(from)} of\n${sent}`).toBeGreaterThanOrEqual(from);
      // Between two statements psql echoes a semicolon, a line end, or what \gexec made; never a piece of a statement.
      expect(sent.slice(from, at)).toMatch(/^[;\s]*(SELECT 1)?[;\s]*$/);
      from = at + item.sql.length;
    }
    await rm(folder, { recursive: true });
  });
});
