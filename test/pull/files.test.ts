/**
 * What pull writes, file by file: the simplest form of everything, and names that TypeScript must hold.
 * Each database is proven to be what its files say, and each file is as prettier has it.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../compiler/engine/server-connection.ts';
import type { Chosen } from '../../compiler/author/select.ts';
import { makeEngines, type Engines } from '../../compiler/sources/engines.ts';
import { prove, pull, unformatted, type Pulled } from '../support/pull.ts';
import { newestMajor, startServer, type TestServer } from '../support/servers.ts';

let server: TestServer;
let engines: Engines;
beforeAll(async () => {
  server = await startServer(newestMajor);
  engines = makeEngines({ cacheFolder: join(tmpdir(), 'schemac-test-cache'), using: server.url });
});
afterAll(async () => {
  await engines.close();
  await server.stop();
});

async function pulled(sql: string, chosen?: Chosen, zone?: string): Promise<Pulled> {
  const url = await server.createDatabase();
  const connection = await connect(url);
  await connection.run(sql);
  await connection.end();
  const result = await pull(url, chosen, zone);
  await prove(result, engines);
  expect(await unformatted(result.authored)).toEqual([]);
  return result;
}

const filesOf = ({ authored }: Pulled): readonly string[] => [...authored.files.keys()];
const textOf = ({ authored }: Pulled, path: string): string =>
  authored.files.get(path) ?? `no file ${path}, but ${[...authored.files.keys()].join(', ')}`;

describe('the simplest form', () => {
  it('of a table: defaults, computed names and NOT NULL are left out, comments are docs', async () => {
    const result = await pulled(`
      CREATE TABLE accounts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email varchar(320) NOT NULL UNIQUE,
        balance numeric(10,2) NOT NULL DEFAULT 0,
        state text NOT NULL DEFAULT 'new' CHECK (state <> ''),
        tags text[],
        seen_at timestamptz(3) NOT NULL DEFAULT now(),
        score real NOT NULL DEFAULT '-1'
      );
      CREATE INDEX ON accounts (state, seen_at DESC);
      COMMENT ON TABLE accounts IS 'Who pays, and "how"; it''s one row each.';
      COMMENT ON COLUMN accounts.email IS 'Where bills go.';`);
    expect(filesOf(result)).toEqual(['project.ts', 'accounts.ts']);
    expect(textOf(result, 'accounts.ts'))
      .toBe(`import { arrayOf, bigint, desc, literal, numeric, real, sql, table, text, timestamptz, varchar } from 'schemac';

export const accounts = table('accounts', {
  doc: 'Who pays, and "how"; it\\'s one row each.',
  columns: {
    id: bigint({ identity: 'always' }),
    email: varchar({ doc: 'Where bills go.', length: 320 }),
    balance: numeric({ precision: 10, scale: 2, default: 0 }),
    state: text({ default: literal('new') }),
    tags: arrayOf(text(), { nullable: true }),
    seen_at: timestamptz({ precision: 3, default: sql\`now()\` }),
    score: real({ default: literal('-1') }),
  },
  primaryKey: ['id'],
  uniques: [{ columns: ['email'] }],
  checks: {
    accounts_state_check: sql\`state <> ''::text\`,
  },
  indexes: [{ on: ['state', desc('seen_at')] }],
});
`);
  });

  it('of references: the column says it, a circle is cut once, more than one column is a key of the table', async () => {
    const result = await pulled(`
      CREATE TABLE teams (id bigint PRIMARY KEY, lead_id bigint, parent_id bigint REFERENCES teams);
      CREATE TABLE people (id bigint PRIMARY KEY, team_id bigint NOT NULL REFERENCES teams ON DELETE CASCADE, UNIQUE (id, team_id));
      ALTER TABLE teams ADD CONSTRAINT team_lead FOREIGN KEY (lead_id) REFERENCES people DEFERRABLE INITIALLY DEFERRED;
      CREATE TABLE badges (person_id bigint, team_id bigint, FOREIGN KEY (person_id, team_id) REFERENCES people (id, team_id));
      CREATE TABLE notes (id bigint PRIMARY KEY, person_id integer REFERENCES people);`);
    expect(textOf(result, 'teams.ts')).toContain(`import type { AnyTable } from 'schemac';
import { people } from './people.ts';`);
    expect(textOf(result, 'teams.ts')).toContain(`
    lead_id: references((): AnyTable => people, 'id', {
      nullable: true,
      deferral: 'initially deferred',
      constraint: { name: 'team_lead' },
    }),`);
    expect(textOf(result, 'teams.ts')).toContain(`
    parent_id: self('id', { nullable: true }),`);
    expect(textOf(result, 'people.ts')).toContain(`
    team_id: references(() => teams, 'id', { onDelete: 'cascade' }),`);
    expect(textOf(result, 'badges.ts')).toContain(`
  foreignKeys: [{ columns: ['person_id', 'team_id'], references: () => people, to: ['id', 'team_id'] }],`);
    // Of another type than what it refers to, so no reference could say it.
    expect(textOf(result, 'notes.ts')).toContain(`
    person_id: integer({ nullable: true }),`);
  });

  it('of a circle of keys that take their type from each other', async () => {
    const result = await pulled(`
      CREATE TABLE one (id bigint PRIMARY KEY); CREATE TABLE two (id bigint PRIMARY KEY REFERENCES one);
      ALTER TABLE one ADD FOREIGN KEY (id) REFERENCES two;`);
    expect(textOf(result, 'one.ts')).toContain('id: bigint(),');
    expect(textOf(result, 'two.ts')).toContain("id: references((): AnyTable => one, 'id'),");
  });
});

describe('files', () => {
  it('a type stands with the one table that uses it, or in types.ts', async () => {
    const result = await pulled(`
      CREATE TYPE mood AS ENUM ('fine', 'it''s bad');
      CREATE TYPE size AS ENUM ('s', 'm');
      CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
      CREATE TABLE cats (id bigint PRIMARY KEY, mood mood NOT NULL DEFAULT 'fine', size size);
      CREATE TABLE dogs (id bigint PRIMARY KEY, size size, owners email[]);`);
    expect([...filesOf(result)].sort()).toEqual(['cats.ts', 'dogs.ts', 'project.ts', 'types.ts']);
    expect(textOf(result, 'types.ts')).toBe(`import { enumType } from 'schemac';

export const size = enumType('size', ['s', 'm']);
`);
    expect(textOf(result, 'cats.ts')).toBe(
      `import { bigint, enumType, literal, ofType, table } from 'schemac';
import { size } from './types.ts';

export const mood = enumType('mood', ['fine', "it's bad"]);

export const cats = table('cats', {
  columns: {
    id: bigint(),
    mood: ofType(mood, { default: literal('fine') }),
    size: ofType(size, { nullable: true }),
  },
  primaryKey: ['id'],
});
`,
    );
    expect(textOf(result, 'dogs.ts')).toContain('owners: arrayOf(ofType(email), { nullable: true }),');
  });

  it('each schema but public has a folder', async () => {
    const result = await pulled(`
      CREATE SCHEMA sales; CREATE TABLE sales.orders (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY REFERENCES sales.orders);`);
    expect([...filesOf(result)].sort()).toEqual(['orders.ts', 'project.ts', 'sales/orders.ts']);
    expect(textOf(result, 'sales/orders.ts')).toContain(`import { sales } from '../project.ts';

export const salesOrders = table('orders', {
  schema: sales,`);
  });
});

describe('names', () => {
  it('that are no identifiers, or the same one', async () => {
    const result = await pulled(`
      CREATE TABLE "order" (id bigint PRIMARY KEY); CREATE TABLE "Order" (id bigint PRIMARY KEY); CREATE TABLE "class" (id bigint PRIMARY KEY);
      CREATE TABLE "table" (id bigint PRIMARY KEY); CREATE TABLE "2024" ("2024" integer, "1" integer, "a b" integer);
      CREATE TABLE "größe" ("ünïcode" integer, "__proto__" integer, "constructor" integer); CREATE TABLE "'); drop table x; --" ("\`\${x}\\" integer);
      CREATE TABLE project (id bigint PRIMARY KEY); CREATE TABLE "con" (id bigint PRIMARY KEY); CREATE TABLE "!!" (id bigint PRIMARY KEY);
      CREATE TABLE types (id bigint PRIMARY KEY); CREATE TABLE "日本" (id bigint PRIMARY KEY);`);
    expect([...filesOf(result)].sort()).toEqual(
      [
        '2024.ts',
        'class.ts',
        'con-table.ts',
        'drop-table-x.ts',
        'größe.ts',
        'order-table.ts',
        'order.ts',
        'project-table.ts',
        'project.ts',
        'table-table.ts',
        'table.ts',
        'types-table.ts',
        '日本.ts',
      ].sort(),
    );
    expect(textOf(result, '2024.ts')).toBe(`import { column, integer, table } from 'schemac';

export const table2024 = table('2024', {
  columns: [
    column('2024', integer({ nullable: true })),
    column('1', integer({ nullable: true })),
    column('a b', integer({ nullable: true })),
  ],
});
`);
    expect(textOf(result, 'größe.ts')).toContain('export const größe = table(');
    expect(textOf(result, 'größe.ts')).toContain("column('__proto__', integer({ nullable: true })),");
    expect(textOf(result, 'class.ts')).toContain('export const classTable = table(');
    expect(result.authored.renamed.map(({ object }) => object)).toContain('table public.class');
  });
});

describe('partitions', () => {
  const parent = 'CREATE TABLE events (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);';

  it('that line up become a rule, whatever they are called', async () => {
    const result = await pulled(`${parent}
      CREATE TABLE january PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') WITH (fillfactor = 90);
      CREATE TABLE "Feb!" PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') WITH (fillfactor = 90);
      CREATE TABLE days (d date NOT NULL) PARTITION BY RANGE (d);
      CREATE TABLE w1 PARTITION OF days FOR VALUES FROM ('2026-01-05') TO ('2026-01-12');
      CREATE TABLE w3 PARTITION OF days FOR VALUES FROM ('2026-01-19') TO ('2026-01-26');`);
    expect(textOf(result, 'events.ts')).toContain("partitionBy: range('at', { every: '1 month', template: { fillfactor: 90 } }),");
    expect(textOf(result, 'days.ts')).toContain("partitionBy: range('d', { every: '1 week' }),");
    expect(result.recognised.rules).toEqual([
      { table: 'table public.days', every: '7 days', partitions: 2 },
      { table: 'table public.events', every: '1 month', partitions: 2 },
    ]);
  });

  it('on the calendar of a time zone become a rule where somebody names it: through the changes of the clock', async () => {
    const partition = (name: string, of: string, from: string, to: string): string =>
      `CREATE TABLE ${name} PARTITION OF ${of} FOR VALUES FROM ('${from} Europe/Berlin') TO ('${to} Europe/Berlin');`;
    const sql = `${parent} ${partition('march', 'events', '2026-03-01', '2026-04-01')} ${partition('april', 'events', '2026-04-01', '2026-05-01')}
      CREATE TABLE clicks (at timestamptz NOT NULL) PARTITION BY RANGE (at);
      ${partition('short_day', 'clicks', '2026-03-29', '2026-03-30')} ${partition('next_day', 'clicks', '2026-03-30', '2026-03-31')}
      CREATE TABLE plain (at timestamptz NOT NULL) PARTITION BY RANGE (at);
      CREATE TABLE plain_1 PARTITION OF plain FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
      CREATE TABLE plain_2 PARTITION OF plain FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');`;
    const named = await pulled(sql, undefined, 'Europe/Berlin');
    expect(named.recognised.rules).toEqual([
      { table: 'table public.clicks', every: '1 day', partitions: 2, zone: 'Europe/Berlin' },
      { table: 'table public.events', every: '1 month', partitions: 2, zone: 'Europe/Berlin' },
      { table: 'table public.plain', every: '1 month', partitions: 2 },
    ]);
    expect(textOf(named, 'events.ts')).toContain("partitionBy: range('at', { every: '1 month', zone: 'Europe/Berlin' }),");
    expect((await pulled(sql)).recognised.rules.map(({ table }) => table)).toEqual(['table public.plain']);
    expect((await pulled(sql, undefined, 'Asia/Tokyo')).recognised.rules.map(({ table }) => table)).toEqual(['table public.plain']);
  });

  it.each([
    ['off the grid', `FOR VALUES FROM ('2026-02-02') TO ('2026-03-02')`],
    ['of another length', `FOR VALUES FROM ('2026-02-01') TO ('2026-04-01')`],
    ['for the rest', 'DEFAULT'],
    ['with storage parameters of its own', `FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') WITH (fillfactor = 50)`],
    ['partitioned again', `FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') PARTITION BY HASH (id)`],
  ])('one %s keeps all of them declared', async (_what, bound) => {
    const result = await pulled(`${parent}
      CREATE TABLE first PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
      CREATE TABLE second PARTITION OF events ${bound};
      ${bound.includes('HASH') ? 'CREATE TABLE h0 PARTITION OF second FOR VALUES WITH (modulus 1, remainder 0);' : ''}`);
    expect(result.recognised.rules).toEqual([]);
    expect(textOf(result, 'events.ts')).toContain(
      "first: { from: literal('2026-01-01 00:00:00+00'), to: literal('2026-02-01 00:00:00+00') },",
    );
  });

  it('with a gap that is there say so, of ranges and of the values of an enum', async () => {
    const result = await pulled(`${parent}
      CREATE TABLE first PARTITION OF events FOR VALUES FROM ('2026-01-02') TO ('2026-02-01');
      CREATE TABLE second PARTITION OF events FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
      CREATE TYPE mood AS ENUM ('calm', 'loud');
      CREATE TABLE moods (m mood NOT NULL) PARTITION BY LIST (m);
      CREATE TABLE calm PARTITION OF moods FOR VALUES IN ('calm');`);
    expect(textOf(result, 'events.ts')).toContain('gaps: true');
    expect(textOf(result, 'moods.ts')).toContain('gaps: true');
  });

  it('what one alone has is left opaque, and that keeps them declared', async () => {
    const result = await pulled(`${parent}
      CREATE TABLE first PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
      CREATE TABLE second PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
      CREATE INDEX only_here ON second (id);`);
    expect(result.authored.opaque).toEqual([{ object: 'index public.only_here', because: 'it is on one partition alone' }]);
    expect(textOf(result, 'events.ts')).toContain(`export const onlyHere = opaque('index public.only_here', {
  create: sql\`CREATE INDEX only_here ON public.second (id)\`,
  drop: sql\`DROP INDEX public.only_here\`,
  dependsOn: [() => events],
});`);
  });
});

describe('what cannot be said', () => {
  it('is carried by its SQL, and built from it', async () => {
    const result = await pulled(`
      CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total integer);
      ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
      ALTER TABLE orders ADD CONSTRAINT buyer FOREIGN KEY (user_id) REFERENCES users NOT VALID;
      COMMENT ON CONSTRAINT buyer ON orders IS 'Old rows have none.';`);
    expect(result.authored.opaque.map(({ object, because }) => `${object}: ${because}`)).toEqual([
      'check public.orders.positive: it is not validated',
      'foreign-key public.orders.buyer: it is not validated',
    ]);
    expect(textOf(result, 'orders.ts')).toContain('NOT VALID');
    expect(textOf(result, 'orders.ts')).toContain("IS 'Old rows have none.'");
  });
});

describe('other teams', () => {
  const sql = `
    CREATE SCHEMA accounts; CREATE TYPE accounts.level AS ENUM ('a');
    CREATE TABLE accounts.users (id bigint PRIMARY KEY DEFAULT 1, level accounts.level, secret text CHECK (secret <> '')); CREATE INDEX ON accounts.users (secret);
    CREATE TABLE accounts.logins (id bigint PRIMARY KEY);
    CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES accounts.users);`;

  it('a table of another schema that is referred to is theirs', async () => {
    const result = await pulled(sql, { schemas: new Set(['public']), externals: new Set() });
    expect([...result.selection.externals]).toEqual(['table accounts.users']);
    // The table logins with its column and its key; of users nothing that a reference does not need.
    expect(result.selection.left).toBe(3);
    const users = textOf(result, 'accounts/users.ts');
    expect(users).toContain("export const users = externalTable('users', {\n  schema: 'accounts',");
    expect(users).not.toContain('checks');
    expect(textOf(result, 'orders.ts')).toContain("user_id: references(() => users, 'id'),");
  });

  it('--external makes a table of one of our schemas theirs', async () => {
    const result = await pulled('CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (user_id bigint REFERENCES users);', {
      externals: new Set(['table public.users']),
    });
    expect(textOf(result, 'users.ts')).toContain("externalTable('users', {");
  });
});
