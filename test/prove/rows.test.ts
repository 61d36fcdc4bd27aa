/**
 * Generated rows must get into every table that can hold one, whatever its constraints ask for, and
 * a table that cannot is reported, not thrown. Each schema here is nasty in its own way.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { address, type Address } from '../../compiler/model/address.ts';
import { rowsOf, seedRows, survivors, type SeedResult, type Wish } from '../../compiler/prove/rows.ts';
import { testMajors, withServer } from '../support/servers.ts';

let cacheFolder = '';

beforeAll(async () => {
  cacheFolder = await mkdtemp(path.join(tmpdir(), 'schemac rows '));
});
afterAll(() => rm(cacheFolder, { recursive: true, force: true }));

const extensions = ['btree_gist', 'citext', 'hstore', 'ltree', 'cube', 'tablefunc', 'uuid-ossp'];

async function withSchema<Result>(sql: string, action: (engine: Engine) => Promise<Result>): Promise<Result> {
  const engine = await openEngine({ cacheFolder, extensions });
  try {
    await engine.execute(sql);
    return await action(engine);
  } finally {
    await engine.close();
  }
}

/** Every table that is no partition. */
async function tablesOf(engine: Engine): Promise<readonly Address[]> {
  const rows = await engine.query(`
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2`);
  return rows.map((row) => address('table', row['schema'] ?? '', row['name'] ?? ''));
}

const seedAll = async (engine: Engine): Promise<SeedResult> => seedRows(engine, await tablesOf(engine));

/** How many rows each table got: `{ 'table public.a': 3 }`. */
const counts = ({ seeded }: SeedResult): { readonly [table: Address]: number } =>
  Object.fromEntries(seeded.map(({ table, rows }) => [table, rows]));

/** Seeds the whole schema; each table must hold three rows, or as many as are said. */
async function fills(sql: string, fewer: { readonly [table: Address]: number } = {}): Promise<void> {
  await withSchema(sql, async (engine) => {
    const tables = await tablesOf(engine);
    const result = await seedRows(engine, tables);
    expect(result.unseeded).toEqual([]);
    expect(counts(result)).toEqual(Object.fromEntries(tables.map((table) => [table, fewer[table] ?? 3])));
    const held = await rowsOf(engine, tables);
    expect([...held].map(([table, { rows }]) => [table, rows.length])).toEqual(tables.map((table) => [table, fewer[table] ?? 3]));
  });
}

const column = async (engine: Engine, sql: string): Promise<readonly (string | null)[]> =>
  (await engine.query(sql)).map((row) => Object.values(row)[0] ?? null);

const digestSchema = `
  CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
  CREATE TYPE send_status AS ENUM ('queued', 'sent', 'failed');
  CREATE TABLE user_digest_preferences (
    user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    frequency text NOT NULL CHECK (frequency IN ('daily', 'weekly', 'monthly')),
    weekday smallint CHECK (weekday BETWEEN 1 AND 7),
    local_time time NOT NULL DEFAULT '08:00' CHECK (local_time >= '05:00' AND local_time < '12:00'),
    time_zone text NOT NULL CHECK (length(time_zone) BETWEEN 3 AND 64),
    enabled boolean NOT NULL DEFAULT true,
    CHECK (frequency <> 'weekly' OR weekday IS NOT NULL));
  CREATE TABLE digests (
    id uuid NOT NULL DEFAULT gen_random_uuid(), user_id bigint NOT NULL REFERENCES users, created_at timestamptz NOT NULL DEFAULT now(),
    subject text NOT NULL, PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);
  CREATE TABLE digests_p20260101 PARTITION OF digests FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-02-01 00:00+00');
  CREATE TABLE digests_p20260201 PARTITION OF digests FOR VALUES FROM ('2026-02-01 00:00+00') TO ('2026-03-01 00:00+00');
  CREATE TABLE digest_sends (
    id bigint GENERATED ALWAYS AS IDENTITY, digest_id uuid NOT NULL, digest_created_at timestamptz NOT NULL,
    user_id bigint NOT NULL REFERENCES users, kind text NOT NULL CHECK (kind IN ('digest')), period_start date NOT NULL, period_end date NOT NULL,
    status send_status NOT NULL, sent_at timestamptz, PRIMARY KEY (id, digest_created_at),
    UNIQUE (user_id, kind, period_start, digest_created_at), CHECK (period_end > period_start), CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
    FOREIGN KEY (digest_id, digest_created_at) REFERENCES digests (id, created_at)) PARTITION BY RANGE (digest_created_at);
  CREATE TABLE digest_sends_p20260101 PARTITION OF digest_sends FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-02-01 00:00+00');
  CREATE TABLE digest_sends_p20260201 PARTITION OF digest_sends FOR VALUES FROM ('2026-02-01 00:00+00') TO ('2026-03-01 00:00+00');`;

describe('the digest tables', () => {
  it('are filled, partitioned ones in two leaves', () =>
    withSchema(digestSchema, async (engine) => {
      const result = await seedAll(engine);
      expect(result.unseeded).toEqual([]);
      expect(Object.values(counts(result))).toEqual([3, 3, 3, 3]);
      expect(result.leaves).toEqual([]);
      expect(await column(engine, 'SELECT DISTINCT tableoid::regclass::text FROM digests ORDER BY 1')).toEqual([
        'digests_p20260101',
        'digests_p20260201',
      ]);
      expect(await column(engine, 'SELECT DISTINCT tableoid::regclass::text FROM digest_sends ORDER BY 1')).toEqual([
        'digest_sends_p20260101',
        'digest_sends_p20260201',
      ]);
    }));

  it('bring along what they refer to', () =>
    withSchema(digestSchema, async (engine) => {
      const result = await seedRows(engine, ['table public.user_digest_preferences']);
      expect(counts(result)).toEqual({ 'table public.user_digest_preferences': 3, 'table public.users': 3 });
    }));

  it('get the same values every time', async () => {
    const sql = `${digestSchema} ALTER TABLE digests ALTER created_at DROP DEFAULT;`;
    const once = (): Promise<unknown> =>
      withSchema(sql, async (engine) => (await seedAll(engine), [...(await rowsOf(engine, await tablesOf(engine)))]));
    expect(await once()).toEqual(await once());
  });

  it('keep the rows that they hold', () =>
    withSchema(`${digestSchema} INSERT INTO users (email) VALUES ('a1'), ('mine');`, async (engine) => {
      const result = await seedRows(engine, ['table public.users', 'table public.digests']);
      expect(counts(result)).toEqual({ 'table public.users': 5, 'table public.digests': 3 });
      expect(await column(engine, 'SELECT email FROM users WHERE id <= 2 ORDER BY id')).toEqual(['a1', 'mine']);
    }));

  it('get leaves where they have too few', () =>
    withSchema(`${digestSchema} DROP TABLE digest_sends; DROP TABLE digests_p20260101; DROP TABLE digests_p20260201;`, async (engine) => {
      const result = await seedRows(engine, ['table public.digests']);
      expect(result.leaves).toEqual(['table public.schemac_proof_1', 'table public.schemac_proof_2']);
      expect(await column(engine, 'SELECT count(DISTINCT tableoid) FROM digests')).toEqual(['2']);
    }));
});

describe('types', () => {
  it('of every sort have values', () =>
    fills(
      `
      CREATE TYPE mood AS ENUM ('it''s', 'so "so"', 'b\\c');
      CREATE TYPE pair AS (a integer, b text);
      CREATE TYPE floats AS RANGE (subtype = float8);
      CREATE DOMAIN moods AS mood[] CHECK (cardinality(VALUE) > 1);
      CREATE TABLE numbers (a smallint NOT NULL, b integer NOT NULL, c bigint NOT NULL, d numeric NOT NULL, e numeric(3,3) NOT NULL, f numeric(2,1) NOT NULL,
        g real NOT NULL, h float8 NOT NULL, i money NOT NULL, j oid NOT NULL, UNIQUE (e), UNIQUE (f));
      CREATE TABLE texts (a text NOT NULL UNIQUE, b varchar(1) NOT NULL UNIQUE, c char(5) NOT NULL UNIQUE, d name NOT NULL, e "char" NOT NULL UNIQUE, f citext_free NOT NULL);
      CREATE TABLE times (a date NOT NULL, b time NOT NULL, c timetz NOT NULL, d timestamp(0) NOT NULL, e timestamptz NOT NULL, f interval NOT NULL, g interval year NOT NULL);
      CREATE TABLE others (a boolean NOT NULL, b uuid NOT NULL UNIQUE, c json NOT NULL, d jsonb NOT NULL UNIQUE, e bytea NOT NULL UNIQUE, f inet NOT NULL, g cidr NOT NULL,
        h macaddr NOT NULL, i macaddr8 NOT NULL, j tsvector NOT NULL, k tsquery NOT NULL, l bit(3) NOT NULL UNIQUE, m varbit(4) NOT NULL, n pg_lsn NOT NULL, o xml NOT NULL, p jsonpath NOT NULL);
      CREATE TABLE shapes (a point NOT NULL, b line NOT NULL, c lseg NOT NULL, d box NOT NULL, e path NOT NULL, f polygon NOT NULL, g circle NOT NULL);
      CREATE TABLE made (a mood NOT NULL UNIQUE, b mood[] NOT NULL, c pair NOT NULL, d pair, e moods NOT NULL, f pair[] NOT NULL, g varchar(2)[] NOT NULL, h timestamptz[] NOT NULL, i integer[][] NOT NULL);
      CREATE TABLE ranges (a int4range NOT NULL, b numrange NOT NULL, c tstzrange NOT NULL, d daterange NOT NULL, e floats NOT NULL, f int8multirange NOT NULL, g tsmultirange NOT NULL);
    `.replace('citext_free', 'text COLLATE "C"'),
    ));

  it('of extensions have values', () =>
    fills(`
      CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION cube;
      CREATE TABLE extended (a citext NOT NULL UNIQUE, b hstore NOT NULL, c ltree NOT NULL UNIQUE, d cube NOT NULL, e citext[] NOT NULL, f lquery NOT NULL);`));

  it('that are domains obey their checks', () =>
    fills(`
      CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{2}-[0-9]{4}$');
      CREATE DOMAIN narrow AS code CHECK (VALUE LIKE 'B%');
      CREATE DOMAIN share AS numeric(5,4) NOT NULL CHECK (VALUE > 0.25 AND VALUE < 0.75);
      CREATE TABLE domains (a code PRIMARY KEY, b narrow NOT NULL, c share, d code[] NOT NULL);`));

  it('of columns that have no say in it are left to the engine', () =>
    fills(`
      CREATE TABLE made (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, other integer GENERATED BY DEFAULT AS IDENTITY, s serial,
        net numeric NOT NULL, gross numeric GENERATED ALWAYS AS (net * 2) STORED, low text GENERATED ALWAYS AS (lower(net::text)) STORED,
        at timestamptz NOT NULL DEFAULT now(), CHECK (gross BETWEEN 11 AND 19), UNIQUE (gross));
      CREATE TABLE nothing ();
      CREATE TABLE only_identity (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
      CREATE TABLE default_in_key (kind text NOT NULL DEFAULT 'x' UNIQUE, id uuid DEFAULT gen_random_uuid() PRIMARY KEY);`));
});

describe('checks', () => {
  it('of the usual forms are satisfied', () =>
    fills(`
      CREATE TABLE checks (
        a integer NOT NULL CHECK (a BETWEEN 1000 AND 1002), b integer NOT NULL CHECK (b > 50000), c numeric NOT NULL CHECK (c >= 6.50 AND c <= 7),
        d text NOT NULL CHECK (d IN ('x', 'y')), e text NOT NULL CHECK (e ~ '^[a-z]+@[a-z]+\\.(org|net)$'), f text NOT NULL CHECK (length(f) = 64),
        g text NOT NULL CHECK (g LIKE 'sk\\_%__' AND char_length(g) >= 8), h text NOT NULL CHECK (upper(h) = h AND h <> ''), i date NOT NULL CHECK (i > '2030-06-01'),
        j jsonb NOT NULL CHECK (jsonb_typeof(j) = 'array'), k jsonb NOT NULL CHECK (j ?& ARRAY[]::text[] OR true) CHECK (k ? 'kind' AND k ->> 'kind' = 'a'),
        l text[] NOT NULL CHECK (cardinality(l) BETWEEN 4 AND 5), m bytea NOT NULL CHECK (octet_length(m) = 32), n inet NOT NULL CHECK (family(n) = 6),
        o text NOT NULL CHECK (o SIMILAR TO '(one|two)%'), p timestamptz NOT NULL CHECK (p >= '2024-01-01' AND p < '2024-01-03'), q integer CHECK (q % 7 = 0),
        r bigint NOT NULL CHECK (r > 9007199254740993), s text NOT NULL CHECK (s ~* '^\\d{3}-\\w{2,}$'), t interval NOT NULL CHECK (t > '40 days'), u text CHECK (u = btrim(u)));`));

  it('across columns are satisfied', () =>
    fills(`
      CREATE TABLE across (low integer NOT NULL, high integer NOT NULL, starts timestamptz NOT NULL, ends timestamptz, kind text NOT NULL, note text, a integer, b integer, c integer,
        CHECK (low < high), CHECK (high - low >= 1), CHECK (ends > starts), CHECK ((kind = 'note') = (note IS NOT NULL)), CHECK (num_nonnulls(a, b, c) = 1), UNIQUE (low), UNIQUE (high));
      CREATE TABLE divided (a integer NOT NULL, b integer NOT NULL, CHECK (100 / a > b));`));

  it('that fail for some values, or call functions, are satisfied', () =>
    fills(`
      CREATE FUNCTION is_even(integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF $1 = 3 THEN RAISE EXCEPTION 'no threes'; END IF; RETURN $1 % 2 = 0; END $$;
      CREATE TABLE even (a integer PRIMARY KEY CHECK (is_even(a)));`));

  it('that nothing satisfies are reported with the words of PostgreSQL, and cost no other table its rows', () =>
    withSchema(
      `CREATE TABLE never (a integer NOT NULL CHECK (a > 1 AND a < 1)); CREATE TABLE after_never (n integer NOT NULL, never integer);
       CREATE DOMAIN hollow AS text NOT NULL CHECK (VALUE = 'x' AND VALUE <> 'x'); CREATE TABLE shells (v hollow);
       CREATE TABLE moody (a text NOT NULL); CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closed today'; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON moody FOR EACH ROW EXECUTE FUNCTION refuse();`,
      async (engine) => {
        const result = await seedRows(engine, [
          'table public.never',
          'table public.after_never',
          'table public.shells',
          'table public.moody',
          'table public.absent',
        ]);
        expect(counts(result)).toEqual({ 'table public.after_never': 3 });
        expect(result.unseeded.map(({ table, reason }) => [table, reason.split('(')[0]?.trim()])).toEqual([
          ['table public.never', 'new row for relation "never" violates check constraint "never_a_check"'],
          ['table public.shells', 'value for domain hollow violates check constraint "hollow_check"'],
          ['table public.moody', 'closed today'],
          ['table public.absent', 'there is no such table'],
        ]);
        // No transaction is left open: outside one a savepoint is refused.
        await expect(engine.execute('SAVEPOINT outside')).rejects.toThrow('SAVEPOINT can only be used in transaction blocks');
      },
    ));
});

describe('keys', () => {
  it('of every sort get rows that differ', () =>
    fills(
      `CREATE EXTENSION btree_gist;
       CREATE TABLE rooms (room integer NOT NULL, during int4range NOT NULL, EXCLUDE USING gist (room WITH =, during WITH &&));
       CREATE TABLE alone (during int4range NOT NULL, EXCLUDE USING gist (during WITH &&));
       CREATE TABLE bookings (at tstzrange NOT NULL, EXCLUDE USING gist (at WITH &&));
       CREATE TABLE keys (a integer, b text, c boolean NOT NULL, PRIMARY KEY (a, b), UNIQUE (c, b));
       CREATE UNIQUE INDEX keys_lower ON keys (lower(b));
       CREATE TABLE nulls (a integer, UNIQUE NULLS NOT DISTINCT (a));
       CREATE TABLE two (yes boolean PRIMARY KEY);
       CREATE TABLE one (id integer PRIMARY KEY DEFAULT 0 CHECK (id = 0), v text);`,
      { 'table public.two': 2, 'table public.one': 1 },
    ));
});

describe('references', () => {
  it('to other schemas, by several columns, sharing columns, to itself, to a key that is also one', () =>
    fills(`
      CREATE SCHEMA other; CREATE TABLE other.tenants (id integer PRIMARY KEY CHECK (id > 100));
      CREATE TABLE projects (tenant integer NOT NULL REFERENCES other.tenants, number integer NOT NULL, PRIMARY KEY (tenant, number));
      CREATE TABLE people (tenant integer NOT NULL REFERENCES other.tenants, name text NOT NULL, PRIMARY KEY (tenant, name));
      CREATE TABLE members (tenant integer NOT NULL, project integer NOT NULL, person text NOT NULL, boss text, PRIMARY KEY (tenant, project, person),
        FOREIGN KEY (tenant, project) REFERENCES projects, FOREIGN KEY (tenant, person) REFERENCES people, FOREIGN KEY (tenant, boss) REFERENCES people);
      CREATE TABLE profiles (tenant integer, name text, bio text, PRIMARY KEY (tenant, name), FOREIGN KEY (tenant, name) REFERENCES people MATCH FULL);
      CREATE TABLE tree (id serial PRIMARY KEY, parent integer REFERENCES tree);
      CREATE TABLE roots (id serial PRIMARY KEY, root integer NOT NULL REFERENCES roots);`));

  it('that run in a circle through a column that may be null', () =>
    fills(`
      CREATE TABLE a (id integer PRIMARY KEY, b integer NOT NULL); CREATE TABLE b (id integer PRIMARY KEY, c integer NOT NULL); CREATE TABLE c (id integer PRIMARY KEY, a integer);
      ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; ALTER TABLE b ADD FOREIGN KEY (c) REFERENCES c; ALTER TABLE c ADD FOREIGN KEY (a) REFERENCES a;`));

  it('that run in a circle and are deferrable', () =>
    fills(`
      CREATE TABLE hens (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, egg integer NOT NULL UNIQUE);
      CREATE TABLE eggs (id serial PRIMARY KEY, hen bigint NOT NULL REFERENCES hens DEFERRABLE INITIALLY DEFERRED);
      ALTER TABLE hens ADD FOREIGN KEY (egg) REFERENCES eggs DEFERRABLE;`));

  it('that run in a circle without a way in are reported; what else there is gets its rows', () =>
    withSchema(
      `CREATE TABLE a (id integer PRIMARY KEY, b integer NOT NULL); CREATE TABLE b (id integer PRIMARY KEY, a integer NOT NULL REFERENCES a);
       ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE TABLE c (id integer PRIMARY KEY);`,
      async (engine) => {
        const result = await seedAll(engine);
        expect(counts(result)).toEqual({ 'table public.c': 3 });
        expect(
          result.unseeded.map(({ table, reason }) => [
            table,
            /violates foreign key constraint "a_b_fkey"|violates foreign key constraint "b_a_fkey"|no value was found/.test(reason),
          ]),
        ).toEqual([
          ['table public.a', true],
          ['table public.b', true],
        ]);
      },
    ));

  it('in a chain of 400 tables, declared last first', async () => {
    const tables = Array.from({ length: 400 }, (_, index) => 399 - index);
    const sql = [
      ...tables.map((index) => `CREATE TABLE t${index} (id integer PRIMARY KEY, before integer NOT NULL);`),
      ...tables.slice(0, -1).map((index) => `ALTER TABLE t${index} ADD FOREIGN KEY (before) REFERENCES t${index - 1};`),
    ].join('\n');
    await withSchema(sql, async (engine) => {
      const result = await seedRows(engine, ['table public.t399']);
      expect([result.seeded.length, result.unseeded]).toEqual([400, []]);
    });
  });
});

describe('partitions', () => {
  const leavesHit = (engine: Engine, table: string): Promise<readonly (string | null)[]> =>
    column(engine, `SELECT count(DISTINCT tableoid) FROM ${table}`);

  it('by list, hash, expression and several levels get rows in two leaves', () =>
    withSchema(
      `CREATE TYPE region AS ENUM ('north', 'south', 'west');
       CREATE TABLE listed (region region NOT NULL, n integer) PARTITION BY LIST (region);
       CREATE TABLE listed_n PARTITION OF listed FOR VALUES IN ('north'); CREATE TABLE listed_rest PARTITION OF listed DEFAULT;
       CREATE TABLE hashed (id bigserial, v text, PRIMARY KEY (id)) PARTITION BY HASH (id);
       CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 4, REMAINDER 0); CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 4, REMAINDER 1);
       CREATE TABLE hashed_2 PARTITION OF hashed FOR VALUES WITH (MODULUS 4, REMAINDER 2); CREATE TABLE hashed_3 PARTITION OF hashed FOR VALUES WITH (MODULUS 4, REMAINDER 3);
       CREATE TABLE lowered (name text NOT NULL) PARTITION BY RANGE (lower(name));
       CREATE TABLE lowered_a PARTITION OF lowered FOR VALUES FROM ('a') TO ('m'); CREATE TABLE lowered_m PARTITION OF lowered FOR VALUES FROM ('m') TO (MAXVALUE);
       CREATE TABLE levels (tenant integer NOT NULL, at date NOT NULL, n integer CHECK (n > 7)) PARTITION BY LIST (tenant);
       CREATE TABLE levels_7 PARTITION OF levels FOR VALUES IN (7) PARTITION BY RANGE (at);
       CREATE TABLE levels_7_a PARTITION OF levels_7 FOR VALUES FROM ('2019-01-01') TO ('2019-02-01'); CREATE TABLE levels_7_b PARTITION OF levels_7 FOR VALUES FROM ('2019-02-01') TO ('2019-03-01');
       CREATE TABLE ints (a integer, b text) PARTITION BY RANGE (a, b);
       CREATE TABLE ints_1 PARTITION OF ints FOR VALUES FROM (100, 'x') TO (200, 'x'); CREATE TABLE ints_2 PARTITION OF ints FOR VALUES FROM (200, 'x') TO (300, MINVALUE);`,
      async (engine) => {
        const result = await seedAll(engine);
        expect([result.unseeded, result.leaves]).toEqual([[], []]);
        for (const table of ['listed', 'hashed', 'lowered', 'levels', 'ints'])
          expect([table, await leavesHit(engine, table)]).toEqual([table, ['2']]);
      },
    ));

  it('that are missing are made, by every strategy and on every level', () =>
    withSchema(
      `CREATE TYPE region AS ENUM ('north', 'south');
       CREATE TABLE by_time (at timestamptz NOT NULL) PARTITION BY RANGE (at); CREATE TABLE by_number (n smallint NOT NULL) PARTITION BY RANGE (n);
       CREATE TABLE by_uuid (id uuid NOT NULL, n integer) PARTITION BY RANGE (id, n); CREATE TABLE by_enum (r region NOT NULL) PARTITION BY LIST (r);
       CREATE TABLE by_truth (t boolean NOT NULL) PARTITION BY LIST (t); CREATE TABLE by_hash (id bigint NOT NULL) PARTITION BY HASH (id);
       CREATE TABLE by_text (t text NOT NULL) PARTITION BY LIST (t); CREATE TABLE by_word (at timestamptz NOT NULL) PARTITION BY RANGE (date_trunc('day', at AT TIME ZONE 'UTC'));
       CREATE TABLE nested (a integer NOT NULL, at date NOT NULL) PARTITION BY LIST (a); CREATE TABLE nested_1 PARTITION OF nested FOR VALUES IN (1) PARTITION BY RANGE (at);
       CREATE TABLE single (at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE single_1 PARTITION OF single FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
       CREATE TABLE half (id integer NOT NULL) PARTITION BY HASH (id); CREATE TABLE half_0 PARTITION OF half FOR VALUES WITH (MODULUS 3, REMAINDER 1);`,
      async (engine) => {
        const tables = await tablesOf(engine);
        const result = await seedRows(engine, tables);
        expect(result.unseeded).toEqual([]);
        expect(result.leaves).toHaveLength(2 * 9 + 2);
        for (const table of tables) expect([table, await leavesHit(engine, table.replace('table ', ''))]).toEqual([table, ['2']]);
      },
    ));

  it('with references and checks of their own', () =>
    withSchema(
      `CREATE TABLE users (id integer PRIMARY KEY); CREATE TABLE events (at date NOT NULL, user_id integer NOT NULL) PARTITION BY RANGE (at);
       CREATE TABLE events_1 PARTITION OF events (CHECK (user_id > 1), FOREIGN KEY (user_id) REFERENCES users) FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
       CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');`,
      async (engine) => {
        expect(counts(await seedRows(engine, ['table public.events']))).toEqual({ 'table public.events': 3, 'table public.users': 3 });
      },
    ));
});

describe('names', () => {
  it('that are hostile are only names', () =>
    fills(`
      CREATE SCHEMA "a.b "" ; $$ DROP"; CREATE TYPE "a.b "" ; $$ DROP"."select" AS ENUM ('x;', '''');
      CREATE TABLE "a.b "" ; $$ DROP"."table' -- \n é" ("select" integer PRIMARY KEY, "value" text NOT NULL CHECK ("value" IN ('a''b', 'c\\d')), "ordinal 0" integer NOT NULL CHECK ("ordinal 0" > 4),
        "Mixed""Case" "a.b "" ; $$ DROP"."select" NOT NULL, part0 integer NOT NULL CHECK (part0 < "ordinal 0"), "order" integer REFERENCES "a.b "" ; $$ DROP"."table' -- \n é");
      CREATE TABLE "ORDER" ("user" integer NOT NULL REFERENCES "a.b "" ; $$ DROP"."table' -- \n é", "rows" date NOT NULL, target integer NOT NULL REFERENCES "a.b "" ; $$ DROP"."table' -- \n é" CHECK (target > 0));`));
});

describe('wishes', () => {
  const wish = (expression: string): readonly Wish[] => [{ table: 'table public.t', expression }];

  it('are met where that is possible', () =>
    withSchema(`CREATE TABLE t (a text, n integer NOT NULL CHECK (n > 1))`, async (engine) => {
      await seedRows(engine, ['table public.t'], [...wish(`a = ANY (ARRAY['on', 'off'])`), ...wish('n < 4')]);
      expect(await column(engine, `SELECT count(*) FROM t WHERE a IN ('on', 'off') AND n IN (2, 3)`)).toEqual(['3']);
    }));

  it('are forgotten where it is not', () =>
    withSchema(`CREATE TABLE t (a text, n integer NOT NULL CHECK (n > 1))`, async (engine) => {
      expect(counts(await seedRows(engine, ['table public.t'], wish('n < 0')))).toEqual({ 'table public.t': 3 });
      expect(counts(await seedRows(engine, ['table public.t'], wish('no_such_column > n')))).toEqual({ 'table public.t': 6 });
    }));
});

describe('survival', () => {
  const lived = (change: string, renames: readonly (readonly [Address, Address])[] = []): Promise<readonly string[]> =>
    withSchema('CREATE TABLE t (id integer PRIMARY KEY, "Name" text, gone integer, wide integer)', async (engine) => {
      await seedRows(engine, ['table public.t']);
      const before = await rowsOf(engine, ['table public.t']);
      expect(before.get('table public.t')?.rows).toEqual([
        ['1', 'a1', '1', '1'],
        ['2', 'b2', '2', '2'],
        ['3', 'c3', '3', '3'],
      ]);
      await engine.execute(change);
      const map = new Map(renames);
      return survivors(before, await rowsOf(engine, [map.get('table public.t') ?? 'table public.t']), map);
    });

  it('lets columns come, go and change their type', async () => {
    expect(await lived('ALTER TABLE t DROP gone, ADD fresh integer DEFAULT 7, ALTER wide TYPE bigint USING wide * 2')).toEqual([]);
    expect(await lived('DROP TABLE t')).toEqual([]);
  });

  it('follows renamed tables and columns', async () => {
    const renames = [
      ['table public.t', 'table public.u'],
      ['column public.t."Name"', 'column public.u.title'],
    ] as const;
    expect(await lived('ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME "Name" TO title', renames)).toEqual([]);
    expect(
      await lived(`ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME "Name" TO title; UPDATE u SET title = 'x' WHERE id = 2`, renames),
    ).toEqual([`the column public.t."Name" changed in 1 of 3 rows: 'b2' became 'x'`]);
  });

  it('names what was lost', async () => {
    expect(await lived('DELETE FROM t WHERE id = 1')).toEqual(['the table public.t held 3 rows before the migration and holds 2 after it']);
    expect(await lived('UPDATE t SET gone = NULL WHERE id > 1')).toEqual([
      `the column public.t.gone changed in 2 of 3 rows: '2' became null`,
    ]);
    expect(await lived('UPDATE t SET wide = 4 - wide')).toEqual([
      'the rows of public.t hold the same values in every column, but in other combinations',
    ]);
  });
});

describe.each(testMajors)('PostgreSQL %i', (major) => {
  it('gets the same rows as the embedded engine', async () => {
    const sql = `${digestSchema}
      ALTER TABLE digests ALTER created_at DROP DEFAULT;
      CREATE TABLE hens (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, egg integer NOT NULL UNIQUE);
      CREATE TABLE eggs (id serial PRIMARY KEY, hen bigint NOT NULL REFERENCES hens DEFERRABLE);
      ALTER TABLE hens ADD FOREIGN KEY (egg) REFERENCES eggs DEFERRABLE;
      CREATE TABLE by_list (t text NOT NULL CHECK (length(t) > 3)) PARTITION BY LIST (t);
      CREATE TABLE never (a integer NOT NULL CHECK (a > 1 AND a < 1));`;
    const seed = async (engine: Engine): Promise<unknown> => {
      const result = await seedAll(engine);
      return [result, [...(await rowsOf(engine, await tablesOf(engine)))]];
    };
    await withServer(major, async (server) => {
      const engine = await openEngine({ cacheFolder, using: server.url });
      try {
        await engine.execute(sql);
        expect(await seed(engine)).toEqual(await withSchema(sql, seed));
      } finally {
        await engine.close();
      }
    });
  });
});

const schemas = fileURLToPath(new URL('../../../shared/schemas/', import.meta.url));
const present = existsSync(schemas);
if (!present) console.info(`skipped: rows in public schemas, there is no ${schemas}`);

describe.skipIf(!present)('public schemas', () => {
  it.each(['chinook', 'temporal', 'pagila', 'adventureworks'])('%s is filled, every table of it', async (name) => {
    const sql = (await readFile(path.join(schemas, `${name}.sql`), 'utf8')).replace(/^\\.*$/gm, '');
    await withSchema(sql, async (engine) => {
      const tables = await tablesOf(engine);
      expect(tables.length).toBeGreaterThan(10);
      const result = await seedRows(engine, tables);
      console.info(`${name}: rows in ${result.seeded.length} of ${tables.length} tables`);
      expect(result.unseeded).toEqual([]);
    });
  });
});
