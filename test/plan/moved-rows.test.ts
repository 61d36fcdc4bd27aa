/**
 * A table whose rows are moved into declared partitions, or out of them, while an application goes on:
 * what it reads and writes before, between and during the statements, what stops the exchange, and
 * what is refused.
 */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { phaseOf, type Statement } from '../../compiler/model/statement.ts';
import { runStep } from '../../compiler/prove/run.ts';
import { apply, loadText, planOnServer } from '../support/corpus.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';

const words = 'bigint, func, hash, list, project, range, self, sql, table, text, timestamptz';
const schema = (declarations: string): string =>
  `import { ${words} } from 'schemac';\nexport default project({ postgres: 14 });\n${declarations}\n`;
const events = (more: string): string =>
  `export const events = table('events', { columns: { id: bigint(), name: text(), note: text({ nullable: true }) }, ${more} });`;
const plain = events("primaryKey: ['id']");
const hashed = events(
  "primaryKey: ['id'], partitionBy: hash('id', { modulus: 2, children: { events_0: { remainder: 0 }, events_1: { remainder: 1 } } })",
);
const listed = events(
  "primaryKey: ['id', 'name'], partitionBy: list('name', { children: { events_old: { values: ['old', 'touched'] }, events_rest: { default: true } } })",
);
const seed = `INSERT INTO events SELECT n, 'old' FROM generate_series(1, 3000) n`;

function stepText(step: Statement): string {
  const modes = step.locks.map(({ mode, relation }) => `${mode.replace('Lock', '')} on ${relation.slice(relation.lastIndexOf('.') + 1)}`);
  return [...(step.phase === 'contract' ? ['after:'] : []), step.step, ...modes, ...(step.scans.length > 0 ? ['scan'] : [])].join(' ');
}

describe.each(testMajors)('on PostgreSQL %i rows are moved', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  const planned = async (before: string, after: string, rows = seed): ReturnType<typeof planOnServer> => {
    const loaded = { before: await loadText(schema(before)), after: await loadText(schema(after)) };
    expect([...loaded.before.diagnostics, ...loaded.after.diagnostics].filter(({ severity }) => severity === 'error')).toEqual([]);
    return planOnServer(server, { ...loaded, seed: rows });
  };

  it('with one lock that readers wait for, in the exchange; what is kept goes after the deploy', async () => {
    const { engine, transition } = await planned(plain, hashed);
    await engine.close();
    const steps = transition.transactions.map(({ statements }) => [...new Set(statements.map(stepText))]);
    expect(steps).toEqual([
      ['transactional'],
      ['transactional', 'transactional ShareRowExclusive on events'],
      ['backfill'],
      ['validate'],
      ['validate scan'],
      ['transactional AccessExclusive on events', 'transactional'],
      ['after: transactional'],
    ]);
  });

  it.each([
    ['into a hash', plain, hashed],
    ['into a list', plain, listed],
    ['from a list into a hash', listed, hashed],
    ['out of a hash', hashed, plain],
  ])('%s: an application that reads and writes all the time loses nothing', async (_, before, after) => {
    const { engine, transition } = await planned(before, after);
    const [database] = await engine.query('SELECT current_database() AS name');
    const url = new URL(server.url);
    url.pathname = `/${database?.['name'] ?? ''}`;
    const client = new Client({ connectionString: url.href });
    await client.connect();
    type Row = { readonly id: string; readonly name: string };
    const held = async (): Promise<ReadonlyMap<string, string>> =>
      new Map((await client.query<Row>('SELECT id, name FROM events')).rows.map(({ id, name }) => [id, name]));
    const expected = new Map(await held());
    let number = 10_000;
    const application = async (): Promise<void> => {
      number += 3;
      await client.query(`INSERT INTO events VALUES ($1, 'new'), ($2, 'gone'), ($3, 'moved')`, [number, number + 1, number + 2]);
      await client.query(`DELETE FROM events WHERE id = $1 OR id = $2`, [number + 1, 3000 - (number % 1000)]);
      await client.query(`UPDATE events SET name = 'touched' WHERE id = $1`, [number % 1000]);
      await client.query(`UPDATE events SET id = -id WHERE id = $1`, [number + 2]);
      await client.query(`BEGIN`);
      await client.query(`UPDATE events SET name = 'never' WHERE id < 20`);
      await client.query(`ROLLBACK`);
      expected.set(String(number), 'new').set(String(-(number + 2)), 'moved');
      expected.delete(String(3000 - (number % 1000)));
      if (expected.has(String(number % 1000))) expected.set(String(number % 1000), 'touched');
    };
    let isOver = false;
    const going = (async () => {
      while (!isOver) await application();
    })();
    for (const { block, statements } of transition.transactions) {
      if (block) await engine.execute('BEGIN');
      for (const step of statements) await runStep(engine, step);
      if (block) await engine.execute('COMMIT');
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    isOver = true;
    await going;
    await application();
    expect(await held()).toEqual(expected);
    expect(number).toBeGreaterThan(10_020);
    expect(await engine.query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'schemac\\_%'`)).toEqual([]);
    await client.end();
    await engine.close();
  });

  it('as they are after triggers of the table have changed them again', async () => {
    const trigger = (text: string): string =>
      `export const mark = func('mark', { returns: 'trigger', language: 'plpgsql', body: sql\`BEGIN UPDATE events SET note = 'marked' WHERE id = NEW.id; RETURN NULL; END\` });
      ${text.replace('primaryKey', "triggers: { mark_it: { when: 'after', on: ['insert'], execute: () => mark } }, primaryKey")}`;
    const { engine, transition } = await planned(trigger(plain), trigger(hashed), '');
    const expand = transition.transactions.filter((each) => phaseOf(each) === 'expand');
    for (const [place, transaction] of expand.entries()) {
      await apply(engine, [transaction]);
      await engine.execute(`INSERT INTO events VALUES (${String(place)}, 'new')`);
    }
    expect(await engine.query(`SELECT count(*)::text AS rows FROM events WHERE note = 'marked'`)).toEqual([
      { rows: String(expand.length) },
    ]);
    await engine.close();
  });

  it('but nothing is exchanged where a writer was not followed, and the next try goes on from there', async () => {
    const { engine, transition } = await planned(plain, hashed);
    const place = transition.transactions.findIndex(
      ({ statements }) => statements[0]?.scans.length === 1 && statements[0].step === 'validate',
    );
    await apply(engine, transition.transactions.slice(0, place));
    await engine.execute(
      `ALTER TABLE events DISABLE TRIGGER schemac_follow; DELETE FROM events WHERE id = 7; ALTER TABLE events ENABLE ALWAYS TRIGGER schemac_follow`,
    );
    const rest = transition.transactions.slice(place);
    await expect(apply(engine, rest)).rejects.toMatchObject({ code: '22000', message: expect.stringContaining('has 2999 rows') as string });
    await engine.execute(`ROLLBACK; DELETE FROM schemac_next.events WHERE id = 7`);
    await apply(engine, rest);
    expect(await engine.query('SELECT count(*)::text AS rows FROM events')).toEqual([{ rows: '2999' }]);
    await engine.close();
  });

  it('and a row that has no partition stops it before', async () => {
    const narrow = listed.replace(', events_rest: { default: true }', '');
    const { engine, transition } = await planned(plain, narrow, `${seed}; INSERT INTO events VALUES (0, 'other')`);
    await expect(apply(engine, transition.transactions)).rejects.toMatchObject({ code: '23514' });
    await engine.execute('ROLLBACK');
    expect(await engine.query('SELECT count(*)::text AS rows FROM events')).toEqual([{ rows: '3001' }]);
    await engine.close();
  });

  it.each([
    ['without a primary key', 'partitioning-stands-in-the-way', plain.replace("primaryKey: ['id']", ''), hashed],
    [
      'beside a column that changes',
      'partitioning-with-other-changes',
      plain,
      hashed.replace('name: text()', 'name: text({ nullable: true })'),
    ],
  ])('but not %s', async (_, code, before, after) => {
    const failure = await planned(before, after, '').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DiagnosticError);
    expect((failure as DiagnosticError).diagnostics.map((each) => each.code)).toEqual([code]);
  });
});
