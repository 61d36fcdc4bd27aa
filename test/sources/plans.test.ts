/**
 * Differences between two databases that no schema folder would have: each case both ways, applied
 * with psql, and judged by reading the result again, by the rows, and by pg_dump where one is there.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../support/database.ts';
import { dumpSchema } from '../support/dump.ts';
import { differentLines } from '../support/different-lines.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { applyWithPsql, databaseWith, diff } from './support.ts';
import { cases, type PlanCase } from './plan-cases.ts';

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  const chosen = cases.filter(({ since = 14 }) => since <= major);
  it.each(chosen.flatMap((one) => [['there', one] as const, ['back', one] as const]).map(([way, one]) => [one.name, way, one] as const))(
    '%s, %s',
    async (_name, way, given) => {
      const [before, after] = way === 'there' ? [given.one, given.other] : [given.other, given.one];
      const [from, to] = [await databaseWith(server, before), await databaseWith(server, after)];
      const rows = way === 'there' ? given.rows : given.rowsBack;
      if (rows !== undefined) await withClient(from, (client) => client.query(rows));
      const { lines, exitCode } = await diff(from, to);
      const expected = way === 'there' ? given.there : given.back;
      expect(exitCode).toBe(expected === 'nothing' ? 0 : 2);
      const script = lines.join('\n');
      if (Array.isArray(expected)) expect(statementsOf(script)).toEqual(expected);
      await applyWithPsql(from, script);
      expect((await diff(from, to, { format: 'summary' })).lines).toEqual(['no difference']);
      if (given.count !== undefined && rows !== undefined) expect(await count(from, given.count)).toBe(given.rowCount ?? '1');
      await compareDumps(from, to, given);
    },
  );
});

/** The statements of a script without what is around each: comments, transactions, settings. */
function statementsOf(script: string): readonly string[] {
  return script
    .split('\n')
    .filter((line) => line !== '' && !/^(--|\\set|SET |BEGIN;|COMMIT;|ANALYZE )/.test(line))
    .map((line) => line.replace(/;$/, ''));
}

async function count(url: string, relation: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${relation}`);
    return rows[0]?.count ?? '';
  });
}

async function compareDumps(from: string, to: string, given: PlanCase): Promise<void> {
  if (given.order === 'differs') return;
  const [left, right] = [await dumpSchema(from), await dumpSchema(to)];
  if (left !== undefined && right !== undefined) expect(differentLines(left, right)).toEqual([]);
}
