/**
 * What application code from before a change can do between the expand and the contract migration:
 * everything that it could, and new code too. Each case runs statements of both in between, and looks at the rows afterwards.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phaseOf } from '../../compiler/model/statement.ts';
import { apply, loadText, planOnServer } from '../support/corpus.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';

interface Case {
  readonly change: string;
  /** The columns and what else is in `table('users', {…})`, or whole declarations. */
  readonly before: string;
  readonly after: string;
  readonly seed: string;
  readonly oldCode: readonly string[];
  readonly newCode: readonly string[];
  /** A query on what is there in the end, as `value|value` lines. */
  readonly then: { readonly query: string; readonly rows: readonly string[] };
}

const key = `primaryKey: ['id']`;
const users = (columns: string, more = key, name = 'users'): string =>
  `export const users = table('${name}', { columns: { id: bigint({ identity: 'by default' }), ${columns} }, ${more} });`;

const cases: readonly Case[] = [
  {
    change: 'a NOT NULL column is dropped, another one added',
    before: users('name: text()'),
    after: users("mail: text({ backfill: sql`'none'` })"),
    seed: `INSERT INTO users (name) VALUES ('a')`,
    oldCode: [`INSERT INTO users (name) VALUES ('b')`, `UPDATE users SET name = 'c' WHERE name = 'a'`],
    newCode: [`INSERT INTO users (mail) VALUES ('d@e')`],
    then: { query: 'SELECT id, mail FROM users ORDER BY id', rows: ['1|none', '2|none', '3|d@e'] },
  },
  {
    change: 'a column becomes NOT NULL',
    before: users('name: text({ nullable: true })'),
    after: users("name: text({ backfill: sql`'none'` })"),
    seed: `INSERT INTO users (name) VALUES (NULL)`,
    oldCode: [`INSERT INTO users DEFAULT VALUES`],
    newCode: [`INSERT INTO users (name) VALUES ('a')`],
    then: { query: 'SELECT id, name FROM users ORDER BY id', rows: ['1|none', '2|none', '3|a'] },
  },
  {
    change: 'a default is dropped',
    before: users("name: text({ default: literal('none') })"),
    after: users('name: text()'),
    seed: '',
    oldCode: [`INSERT INTO users DEFAULT VALUES`],
    newCode: [`INSERT INTO users (name) VALUES ('a')`],
    then: { query: 'SELECT id, name FROM users ORDER BY id', rows: ['1|none', '2|a'] },
  },
  {
    change: 'an enum loses a value',
    before: `export const state = enumType('state', ['new', 'odd', 'done']); ${users("state: ofType(state, { default: literal('new') })")}`,
    after: `export const state = enumType('state', ['new', 'done']); ${users("state: ofType(state, { default: literal('new') })")}`,
    seed: '',
    oldCode: [`INSERT INTO users (state) VALUES ('odd')`, `UPDATE users SET state = 'done'`],
    newCode: [`INSERT INTO users DEFAULT VALUES`],
    then: { query: 'SELECT id, state FROM users ORDER BY id', rows: ['1|done', '2|new'] },
  },
  {
    change: 'a view loses a column, with the column of the table',
    before: `${users('name: text({ nullable: true }), age: text({ nullable: true })')} export const shown = view('shown', { query: sql\`SELECT id, name, age FROM \${users}\` });`,
    after: `${users('name: text({ nullable: true })')} export const shown = view('shown', { query: sql\`SELECT id, name FROM \${users}\` });`,
    seed: '',
    oldCode: [`INSERT INTO users (name, age) VALUES ('a', '1')`, 'SELECT age FROM shown'],
    newCode: [`INSERT INTO users (name) VALUES ('b')`, 'SELECT id, name FROM shown'],
    then: { query: 'SELECT * FROM shown ORDER BY id', rows: ['1|a', '2|b'] },
  },
  {
    change: 'a unique constraint goes with one of its columns',
    before: users('name: text(), part: text({ nullable: true })', `${key}, uniques: { users_parts: { columns: ['name', 'part'] } }`),
    after: users('name: text()'),
    seed: '',
    oldCode: [
      `INSERT INTO users (name, part) VALUES ('a', 'b'), ('a', 'c')`,
      `INSERT INTO users (name, part) VALUES ('a', 'b') ON CONFLICT (name, part) DO NOTHING`,
    ],
    newCode: [`INSERT INTO users (name) VALUES ('a')`],
    then: { query: 'SELECT count(*) FROM users', rows: ['3'] },
  },
  {
    change: 'a table and a column of it are renamed, the old names kept',
    before: users('name: text()'),
    after: users("full_name: text({ renamedFrom: 'name' }), mail: text({ nullable: true })", `${key}, renamedFrom: 'users'`, 'people'),
    seed: `INSERT INTO users (name) VALUES ('a')`,
    oldCode: [
      `INSERT INTO users (name) VALUES ('b')`,
      `INSERT INTO users (id, name) VALUES (2, 'c') ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
      `UPDATE users SET name = 'd' WHERE id = 1`,
      `INSERT INTO users (name) VALUES ('gone')`,
      `DELETE FROM users WHERE name = 'gone'`,
    ],
    newCode: [`INSERT INTO people (full_name, mail) VALUES ('e', 'e@f')`],
    then: { query: 'SELECT full_name, mail FROM people ORDER BY id', rows: ['d|', 'c|', 'e|e@f'] },
  },
];

const words = 'bigint, enumType, integer, literal, ofType, project, references, sql, table, text, view';
const schema = (declarations: string): string =>
  `import { ${words} } from 'schemac';\nexport default project({ postgres: 14, renames: 'expand and contract' });\n${declarations}\n`;

describe.each(testMajors)('between expand and contract on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  it.each(cases)('$change', async ({ before, after, seed, oldCode, newCode, then }) => {
    const loaded = { before: await loadText(schema(before)), after: await loadText(schema(after)) };
    expect([...loaded.before.diagnostics, ...loaded.after.diagnostics].filter(({ severity }) => severity === 'error')).toEqual([]);
    const { engine, transition } = await planOnServer(server, { ...loaded, seed });
    try {
      const ofPhase = (phase: string): typeof transition.transactions => transition.transactions.filter((each) => phaseOf(each) === phase);
      expect(transition.transactions.map(phaseOf)).toEqual([
        ...ofPhase('expand').map(() => 'expand'),
        ...ofPhase('contract').map(() => 'contract'),
      ]);
      await apply(engine, ofPhase('expand'));
      for (const sql of [...oldCode, ...newCode]) await engine.execute(sql);
      await apply(engine, ofPhase('contract'));
      const rows = await engine.query(then.query);
      expect(rows.map((row) => Object.values(row).join('|'))).toEqual(then.rows);
      // The last word of old code fails now, or the contract migration had nothing to do.
      if (oldCode[0] !== undefined) await expect(engine.execute(oldCode[0])).rejects.toThrow();
    } finally {
      await engine.close();
    }
  });
});
