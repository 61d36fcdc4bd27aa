/**
 * Changes beside what is in use, while an application reads and writes: a session of its own runs its
 * statements between any two transactions of the plan, of both phases, and sees at every moment what it
 * wrote. In the midst of a transaction it would wait. Old code writes until the contract phase begins,
 * new code from the end of the expand phase on; where one text is both, it writes all the time.
 */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diff } from '../../compiler/diff/diff.ts';
import { phaseOf, type Phase } from '../../compiler/model/statement.ts';
import { readState } from '../../compiler/prove/run.ts';
import { apply, loadText, planOnServer } from '../support/corpus.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';

interface Case {
  readonly change: string;
  readonly before: string;
  readonly after: string;
  readonly seed: string;
  /** What the application writes, with $ for the number of the turn. */
  readonly writes: readonly string[];
  /** The same in the words of new code, where they are other ones. */
  readonly newWrites?: readonly string[];
  /** What it reads, and what that must be after so many turns. */
  readonly reads: { readonly query: string; readonly newQuery?: string; readonly rows: (turns: number) => readonly string[] };
  /** Statements that the plan must not hold. */
  readonly never: RegExp;
}

const shop = (type: string): string => `
  export const items = table('items', {
    columns: { id: ${type}({ identity: 'by default', doc: 'Which one.' }), size: ${type}({ nullable: true, default: 1 }), name: text() },
    primaryKey: ['id'], indexes: { items_size: { on: ['size', desc('id')] } }, uniques: { items_name: { columns: ['name', 'id'] } },
    checks: { items_size_check: sql\`size < 100000\` },
  });
  export const orders = table('orders', {
    columns: { id: bigint({ identity: 'always' }), item_id: references(() => items, 'id', { onDelete: 'cascade' }) },
    primaryKey: ['id'], indexes: { orders_item: { on: 'item_id' } },
  });
  export const sold = view('sold', { query: sql\`SELECT item_id, count(*) AS number FROM \${orders} GROUP BY item_id\` });`;

const events = (type: string): string => `
  export const events = table('events', {
    columns: { id: bigint({ identity: 'by default' }), region: text(), part: text(), amount: ${type} },
    primaryKey: ['id', 'region', 'part'], indexes: { events_amount: { on: ['amount'] } },
    partitionBy: list('region', { children: {
      events_eu: { values: ['eu'] },
      events_us: { values: ['us'], partitionBy: list('part', { children: { events_us_a: { values: ['a'] }, events_us_b: { values: ['b'] } } }) },
    } }),
  });`;

const people = (column: string, more = ''): string => `
  export const people = table('people', {
    columns: { id: bigint({ identity: 'by default', doc: 'Which one.' }), ${column}: text({ nullable: true, default: literal('nobody'), doc: 'Who.', ${more} }) },
    primaryKey: ['id'], indexes: { people_listed: { on: ['${column}', 'id'] } }, uniques: { people_${column}: { columns: ['${column}', 'id'] } },
    checks: { people_check: sql\`${column} <> ''\` },
  });
  export const shown = view('shown', { query: sql\`SELECT id, ${column} AS name FROM \${people}\` });`;

const letters = (column: string, more = ''): string => `
  export const readers = table('readers', { columns: { id: bigint() }, primaryKey: ['id'] });
  export const letters = table('letters', {
    columns: { id: bigint({ identity: 'by default' }), region: text(), ${column}: references(() => readers, 'id', { ${more} }) },
    primaryKey: ['id', 'region'], indexes: { letters_${column}: { on: '${column}' }, letters_listed: { on: ['${column}', 'id'] } },
    partitionBy: list('region', { children: { letters_eu: { values: ['eu'] }, letters_us: { values: ['us'] } } }),
  });`;

const cases: readonly Case[] = [
  {
    change: 'the integer key of a table, and what refers to it, become bigint',
    before: shop('integer'),
    after: shop('bigint'),
    seed: `INSERT INTO items (name) SELECT 'item ' || n FROM generate_series(1, 300) n; INSERT INTO orders (item_id) SELECT n FROM generate_series(1, 200) n`,
    writes: [
      `INSERT INTO items (name, size) VALUES ('new $', $)`,
      `INSERT INTO orders (item_id) SELECT max(id) FROM items`,
      `UPDATE items SET size = size + 1 WHERE id <= 100`,
      `UPDATE items SET size = NULL WHERE id = 150 + $`,
      `UPDATE orders SET item_id = 300 WHERE item_id = 100 + $`,
      `DELETE FROM items WHERE id = 200 + $`,
    ],
    reads: {
      query: `SELECT 'items', count(*), max(id), sum(size) FROM items WHERE id <= 100 OR id > 300
        UNION ALL SELECT 'nulls', count(*), max(id), 0 FROM items WHERE size IS NULL
        UNION ALL SELECT 'orders', count(*), max(item_id), 0 FROM orders
        UNION ALL SELECT 'orders of the last item', number, item_id, 0 FROM sold WHERE item_id = 300`,
      rows: (turns) => [
        `items|${100 + turns}|${300 + turns}|${100 + 100 * turns + (turns * (turns + 1)) / 2}`,
        `nulls|${turns}|${150 + turns}|0`,
        `orders|${200 + turns}|${300 + turns}|0`,
        `orders of the last item|${turns}|300|0`,
      ],
    },
    never: /ALTER COLUMN \w+ TYPE/,
  },
  {
    change: 'an amount of a table with partitions of partitions becomes numeric',
    before: events('integer()'),
    after: events('numeric({ precision: 12, scale: 2 })'),
    seed: `INSERT INTO events (region, part, amount) SELECT (ARRAY['eu', 'us', 'us'])[n % 3 + 1], (ARRAY['a', 'a', 'b'])[n % 3 + 1], n FROM generate_series(1, 300) n`,
    writes: [
      `INSERT INTO events (region, part, amount) VALUES ('us', 'b', 1000 + $), ('eu', 'a', 2000 + $)`,
      `UPDATE events SET amount = amount + 1 WHERE id <= 30`,
      `UPDATE events SET region = 'us', part = 'a' WHERE id = 30 + 3 * $`,
      `DELETE FROM events WHERE id = 200 + $`,
    ],
    reads: {
      query: `SELECT count(*), sum(amount)::bigint FROM events WHERE id <= 200 OR id > 300 UNION ALL SELECT count(*), 0 FROM events WHERE id BETWEEN 201 AND 300 UNION ALL SELECT count(*), 0 FROM events_us WHERE id = ANY (SELECT 30 + 3 * n FROM generate_series(1, 30) n)`,
      rows: (turns) => [`${200 + 2 * turns}|${20100 + 3000 * turns + turns * (turns + 1) + 30 * turns}`, `${100 - turns}|0`, `${turns}|0`],
    },
    never: /ALTER COLUMN \w+ TYPE/,
  },
  {
    change: 'a text becomes integer by an expression, the old values kept until the deploy is over',
    before: `export const users = table('users', { columns: { id: bigint({ identity: 'always' }), age: text({ default: literal('0') }) }, primaryKey: ['id'] });`,
    after: `export const users = table('users', { columns: { id: bigint({ identity: 'always' }), age: integer({ default: 0, using: sql\`nullif(trim(age), '')::integer\` }) }, primaryKey: ['id'] });`,
    seed: `INSERT INTO users (age) SELECT ' ' || n FROM generate_series(1, 100) n`,
    writes: [`INSERT INTO users (age) VALUES ('1')`, 'INSERT INTO users DEFAULT VALUES', `UPDATE users SET age = '1000' WHERE id = $`],
    reads: {
      query: `SELECT count(*), sum(trim(age::text)::integer) FROM users`,
      rows: (turns) => [`${100 + 2 * turns}|${5050 + turns + 1000 * turns - (turns * (turns + 1)) / 2}`],
    },
    never: /ALTER COLUMN \w+ TYPE/,
  },
  {
    change: 'a column is renamed, under both names until the deploy is over',
    before: people('name'),
    after: people('full_name', `renamedFrom: 'name'`),
    seed: `INSERT INTO people (name) SELECT 'name ' || n FROM generate_series(1, 100) n`,
    writes: [
      `INSERT INTO people (name) VALUES ('new $')`,
      'INSERT INTO people DEFAULT VALUES',
      `INSERT INTO people (id, name) VALUES ($, 'again') ON CONFLICT (id) DO UPDATE SET name = excluded.name || ' $'`,
      `UPDATE people SET name = NULL WHERE id = 50 + $`,
    ],
    newWrites: [
      `INSERT INTO people (full_name) VALUES ('new $')`,
      'INSERT INTO people DEFAULT VALUES',
      `INSERT INTO people (id, full_name) VALUES ($, 'again') ON CONFLICT (id) DO UPDATE SET full_name = excluded.full_name || ' $'`,
      `UPDATE people SET full_name = NULL WHERE id = 50 + $`,
    ],
    reads: {
      query: `SELECT count(*), count(*) FILTER (WHERE name = 'nobody'), count(*) FILTER (WHERE name LIKE 'again %'), count(*) FILTER (WHERE name IS NULL), count(*) FILTER (WHERE name LIKE 'new %') FROM people`,
      newQuery: `SELECT count(*), count(*) FILTER (WHERE full_name = 'nobody'), count(*) FILTER (WHERE full_name LIKE 'again %'), count(*) FILTER (WHERE full_name IS NULL), count(*) FILTER (WHERE full_name LIKE 'new %') FROM people`,
      rows: (turns) => [`${100 + 2 * turns}|${turns}|${turns}|${turns}|${turns}`],
    },
    never: /RENAME COLUMN/,
  },
  {
    change: 'a NOT NULL column with a foreign key, in partitions, is renamed',
    before: letters('reader'),
    after: letters('recipient', `renamedFrom: 'reader'`),
    seed: `INSERT INTO readers SELECT n FROM generate_series(1, 100) n; INSERT INTO letters (region, reader) SELECT (ARRAY['eu', 'us'])[n % 2 + 1], n FROM generate_series(1, 100) n`,
    writes: [`INSERT INTO letters (region, reader) VALUES ('eu', $), ('us', $)`, `UPDATE letters SET reader = reader WHERE id = $`],
    newWrites: [
      `INSERT INTO letters (region, recipient) VALUES ('eu', $), ('us', $)`,
      `UPDATE letters SET recipient = recipient WHERE id = $`,
    ],
    reads: {
      query: 'SELECT count(*), sum(reader) FROM letters',
      newQuery: 'SELECT count(*), sum(recipient) FROM letters',
      rows: (turns) => [`${100 + 2 * turns}|${5050 + turns * (turns + 1)}`],
    },
    never: /RENAME COLUMN/,
  },
];

const words = 'bigint, desc, integer, list, literal, numeric, project, references, sql, table, text, view';
const schema = (declarations: string): string =>
  `import { ${words} } from 'schemac';\nexport default project({ postgres: 14, comments: 'database', renames: 'expand and contract' });\n${declarations}\n`;

describe.each(testMajors)('an application that writes all the time, on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  it.each(cases)('$change', async ({ before, after, seed, writes, newWrites = writes, reads, never }) => {
    const loaded = { before: await loadText(schema(before)), after: await loadText(schema(after)) };
    expect([...loaded.before.diagnostics, ...loaded.after.diagnostics].filter(({ severity }) => severity === 'error')).toEqual([]);
    const plan = await planOnServer(server, { ...loaded, seed });
    const application = new Client({ connectionString: plan.url });
    await application.connect();
    try {
      expect(plan.transition.statements.filter(({ sql }) => never.test(sql))).toEqual([]);
      let turns = 0;
      const turn = async (code: 'old' | 'new', after: string): Promise<void> => {
        turns += 1;
        for (const sql of code === 'old' ? writes : newWrites) await application.query(sql.replaceAll('$', String(turns)));
        const text = code === 'old' ? reads.query : (reads.newQuery ?? reads.query);
        const { rows } = await application.query<unknown[]>({ text, rowMode: 'array' });
        expect(
          rows.map((row) => row.join('|')),
          after,
        ).toEqual(reads.rows(turns));
      };
      const run = async (phase: Phase, code: 'old' | 'new'): Promise<void> => {
        for (const transaction of plan.transition.transactions.filter((each) => phaseOf(each) === phase)) {
          await apply(plan.engine, [transaction]);
          await turn(code, transaction.statements.map(({ sql }) => sql).join(';\n'));
        }
      };
      await turn('old', 'before the first statement');
      await run('expand', 'old');
      for (const code of ['new', 'old', 'new'] as const) await turn(code, 'while both run');
      await run('contract', 'new');
      const reached = await readState(plan.engine, 'no transaction');
      expect(diff(reached, plan.after)).toEqual([]);
    } finally {
      await application.end();
      await plan.engine.close();
    }
  });
});
