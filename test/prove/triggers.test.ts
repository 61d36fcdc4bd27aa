/**
 * Triggers run in a proof as they do on the real database: what one refuses, swallows or writes
 * elsewhere must not be taken for a fault of the migration, and what it wrote must be known.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import type { Address } from '../../compiler/model/address.ts';
import { statement, type Statement } from '../../compiler/model/statement.ts';
import { prove, type Proof } from '../../compiler/prove/prove.ts';
import { seedRows, survivors } from '../../compiler/prove/rows.ts';
import { readState } from '../../compiler/prove/run.ts';

let cacheFolder = '';
beforeAll(async () => {
  cacheFolder = await mkdtemp(path.join(tmpdir(), 'schemac-triggers-'));
});
afterAll(() => rm(cacheFolder, { recursive: true, force: true }));

async function withSchema<Result>(sql: string, action: (engine: Engine) => Promise<Result>): Promise<Result> {
  const engine = await openEngine({ cacheFolder });
  try {
    await engine.execute(sql);
    return await action(engine);
  } finally {
    await engine.close();
  }
}

const items = 'CREATE TABLE items (id bigint PRIMARY KEY, name text, touched timestamptz);';
const audit = `
  CREATE TABLE audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text);
  CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (what) VALUES (TG_OP); RETURN NULL; END $$;
  CREATE TRIGGER note AFTER INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION note();`;
const touch = `
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := '2026-02-02Z'; RETURN NEW; END $$;
  CREATE TRIGGER touch BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION touch();`;
const refuse = `
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nothing may change here'; END $$;
  CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE ON items FOR EACH ROW EXECUTE FUNCTION refuse();`;
const swallow = `
  CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
  CREATE TRIGGER swallow BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION swallow();`;
const late = `
  CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'too late'; END $$;
  CREATE CONSTRAINT TRIGGER late AFTER INSERT ON items DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late();`;

/** What a backfill does; `subject` is a column of items. */
const backfill = (sql: string): Statement =>
  statement({ sql, purpose: 'Fill.', subject: 'column public.items.name', step: 'backfill', scans: ['table public.items'] });

async function proofOf(engine: Engine, step: Statement): Promise<Proof> {
  const before = await readState(engine, 'no transaction');
  return prove({
    engine,
    existing: new Set(before.keys()),
    before,
    desired: before,
    transactions: [{ block: false, statements: [step] }],
    renames: new Map<Address, Address>(),
    target: 18,
    read: () => readState(engine, 'no transaction'),
  });
}

describe('rows for a proof', () => {
  it.each([
    ['refuses them', refuse, 'nothing may change here'],
    ['refuses them in the end', late, 'too late'],
    ['lets none in', swallow, 'rows were accepted and are not there: a trigger or a rule keeps them out'],
  ])('are missing where a trigger %s, with the reason', (_, trigger, reason) =>
    withSchema(items + trigger, async (engine) => {
      const result = await seedRows(engine, ['table public.items']);
      expect(result).toMatchObject({ seeded: [], unseeded: [{ table: 'table public.items', reason }] });
      expect(await engine.query('SELECT FROM items')).toEqual([]);
    }),
  );
});

describe('a proof', () => {
  const fill = backfill(`UPDATE items SET name = 'x' WHERE name IS NULL`);

  it('takes what a trigger writes for no loss, and says where it wrote', () =>
    withSchema(items + touch + audit, async (engine) => {
      const proof = await proofOf(engine, fill);
      expect(proof.diagnostics).toEqual([]);
      expect(proof.seeded).toEqual(['table public.items']);
      expect(proof.written).toEqual(['table public.audit', 'table public.items']);
    }));

  it('still sees rows that are gone', () =>
    withSchema(items + touch, async (engine) => {
      const proof = await proofOf(engine, backfill('DELETE FROM items WHERE id = (SELECT min(id) FROM items)'));
      expect(proof.diagnostics.map(({ code }) => code)).toEqual(['rows-lost']);
    }));

  it('sees a changed value where no trigger could have changed it', () =>
    withSchema(items, async (engine) => {
      const proof = await proofOf(engine, backfill(`UPDATE items SET touched = '2026-02-02Z'`));
      expect(proof.diagnostics.map(({ code }) => code)).toEqual(['rows-lost']);
    }));

  it('goes on without rows where a trigger refuses them', () =>
    withSchema(items + refuse, async (engine) => {
      const proof = await proofOf(engine, fill);
      expect(proof.diagnostics).toEqual([]);
      expect(proof.unseeded).toEqual([{ table: 'table public.items', reason: 'nothing may change here' }]);
    }));

  it('leaves alone what was in a table before', () =>
    withSchema(`${items}${touch}${audit} CREATE TABLE kinds (id int); INSERT INTO kinds VALUES (1)`, async (engine) => {
      expect((await proofOf(engine, fill)).written).not.toContain('table public.kinds');
    }));
});

it('more rows are a difference, unless triggers fire', () => {
  const held = (...rows: string[]) =>
    new Map([['table public.t', { columns: [{ name: 'a', type: 'text' }], rows: rows.map((row) => [row]) }]]);
  const given = { filled: new Set<Address>(), recomputed: new Set<Address>() };
  const compare = (triggers: 'fire' | 'rest') => survivors(held('a'), held('b', 'c'), new Map(), { ...given, triggers });
  expect(compare('rest')).toHaveLength(1);
  expect(compare('fire')).toEqual([]);
});
