/** Declared partitions: made under a new and an old table, read back, altered, detached and dropped. */
import { afterEach, describe, expect, it } from 'vitest';
import { declarePartition } from '../../compiler/kinds/partition/declare.ts';
import { partitionKind } from '../../compiler/kinds/partition/kind.ts';
import type { Partition } from '../../compiler/kinds/partition/object.ts';
import { supportSteps } from '../../compiler/kinds/partition-support/sql.ts';
import type { SchemaObject } from '../../compiler/model/object.ts';
import type { Statement } from '../../compiler/model/statement.ts';
import { introspect, planContext, run, testEngine, testEngines, withAttributes } from './support.ts';

const parent = 'table public.accounts';
const eu = declarePartition({
  path: ['public', 'accounts_eu'],
  parent,
  bound: `FOR VALUES IN ('de', 'fr')`,
  storageParameters: { fillfactor: '90' },
  needs: [],
});
const us = declarePartition({
  path: ['public', 'accounts_us'],
  parent,
  bound: `FOR VALUES IN ('us')`,
  partitionBy: 'HASH (id)',
  storageParameters: {},
  needs: [],
});
const us0 = declarePartition({
  path: ['public', 'accounts_us_0'],
  parent: us.id,
  bound: 'FOR VALUES WITH (modulus 2, remainder 0)',
  storageParameters: {},
  needs: [],
});
const rest = declarePartition({ path: ['public', 'Other accounts'], parent, bound: 'DEFAULT', storageParameters: {}, needs: [] });

function hazards(steps: readonly Statement[]): readonly string[] {
  return steps.flatMap((step) => step.hazards.map(({ hazard, subject }) => `${hazard} ${subject}`));
}

function bound(before: Partition, after: Partition, siblings: readonly SchemaObject[] = []): readonly Statement[] {
  const { statements } = partitionKind.alter.bound;
  if (typeof statements !== 'function') throw new Error('a bound has statements');
  return statements(before, after, planContext({ before: [before, ...siblings], after: [after, ...siblings] }));
}

describe.each(testEngines)('on %s', (engine) => {
  const { current } = testEngine(engine);
  afterEach(async () => {
    await current().execute(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS schemac CASCADE`);
  });

  async function table(): Promise<void> {
    await current().execute(`
      CREATE TABLE public.accounts (id bigint NOT NULL, region text NOT NULL, note text DEFAULT 'none', PRIMARY KEY (id, region)) PARTITION BY LIST (region);
      CREATE INDEX ON public.accounts (note)`);
  }

  const all = [eu, us, us0, rest];
  const sorted = [...all].sort((left, right) => (left.id < right.id ? -1 : 1)).map((partition) => ({ ...partition, dependsOn: [] }));

  it.each([
    ['a new table', [parent, us.id]],
    ['an old table', []],
  ])('are made under %s with its indexes, to any depth', async (_name, made) => {
    await table();
    for (const partition of all) await run(current(), partitionKind.create(partition, planContext({ made })));
    expect(await introspect(current(), partitionKind)).toEqual(sorted);
    await current().execute(`INSERT INTO public.accounts VALUES (1, 'fr'), (2, 'mars')`);
    expect(await current().query(`SELECT note FROM public.accounts_eu`)).toEqual([{ note: 'none' }]);
    const indexes = await current().query(`SELECT count(*) FROM pg_index WHERE indrelid = 'public.accounts_eu'::regclass AND indisvalid`);
    expect(indexes).toEqual([{ count: '2' }]);
  });

  it('under an old table are attached, which locks no reader out', () => {
    const steps = partitionKind.create(eu, planContext());
    expect(steps.map(({ sql }) => sql)).toEqual([
      'CREATE TABLE public.accounts_eu (LIKE public.accounts INCLUDING ALL EXCLUDING IDENTITY) WITH (fillfactor = 90)',
      `ALTER TABLE public.accounts ATTACH PARTITION public.accounts_eu FOR VALUES IN ('de', 'fr')`,
    ]);
    expect(
      steps
        .flatMap(({ locks }) => locks)
        .filter(({ relation }) => relation === parent)
        .map(({ mode }) => mode),
    ).toEqual(['AccessShareLock', 'ShareUpdateExclusiveLock']);
  });

  it('beside a default partition or under a foreign key say whom they stop', () => {
    const key: SchemaObject = {
      kind: 'foreign-key',
      id: 'foreign-key public.accounts.fk',
      path: ['public', 'accounts', 'fk'],
      partOf: parent,
      attributes: { references: 'table public.users' },
      dependsOn: [],
    };
    const state = [rest, key];
    expect(hazards(partitionKind.create(eu, planContext({ before: state, after: [...state, eu] })))).toEqual([
      'locks-other-table table public.users',
      `blocks-reads ${rest.id}`,
      `data-dependent ${eu.id}`,
    ]);
    expect(hazards(partitionKind.create(us0, planContext({ before: [us, key], after: [us, key] })))).toEqual([
      'locks-other-table table public.users',
    ]);
  });

  it('are detached, then dropped; concurrently where no default partition forbids it', async () => {
    await table();
    await run(current(), partitionKind.create(eu, planContext()));
    const alone = partitionKind.drop(eu, planContext({ before: [eu] }));
    expect(alone.map(({ step }) => step)).toEqual(['concurrent', 'transactional']);
    expect(hazards(alone)).toContain(`data-loss ${eu.id}`);
    await run(current(), alone);
    expect(await introspect(current(), partitionKind)).toEqual([]);
    await run(current(), partitionKind.create(eu, planContext()));
    await run(current(), partitionKind.create(rest, planContext()));
    const beside = partitionKind.drop(eu, planContext({ before: [eu, rest] }));
    expect(beside.map(({ step }) => step)).toEqual(['transactional', 'transactional']);
    await run(current(), beside);
    expect((await introspect(current(), partitionKind)).map(({ id }) => id)).toEqual([rest.id]);
  });

  it('get another bound and keep their rows; those that move give way before any comes', async () => {
    await table();
    const asia = withAttributes(us, { bound: `FOR VALUES IN ('jp')` });
    const plain: Partition = { ...asia, attributes: { parent, bound: `FOR VALUES IN ('jp')`, storageParameters: {} } };
    await run(current(), partitionKind.create(eu, planContext()));
    await run(current(), partitionKind.create(plain, planContext()));
    await current().execute(`INSERT INTO public.accounts VALUES (1, 'de')`);
    const [euAfter, plainAfter] = [
      withAttributes(eu, { bound: `FOR VALUES IN ('de')` }),
      withAttributes(plain, { bound: `FOR VALUES IN ('jp', 'fr')` }),
    ];
    const [detachEu, attachEu] = bound(eu, euAfter);
    const [detachPlain, attachPlain] = bound(plain, plainAfter);
    if (!detachEu || !attachEu || !detachPlain || !attachPlain) throw new Error('a bound changes in two steps');
    const attaching = new Set([attachEu.atomic, attachPlain.atomic, detachEu.atomic, detachPlain.atomic]);
    expect(attaching.size).toBe(1);
    expect(attachEu.needs).toEqual(expect.arrayContaining([...detachPlain.makes]));
    await run(current(), [detachEu, detachPlain, attachEu, attachPlain]);
    expect((await introspect(current(), partitionKind)).map(({ attributes }) => attributes.bound)).toEqual([
      `FOR VALUES IN ('de')`,
      `FOR VALUES IN ('jp', 'fr')`,
    ]);
    expect(await current().query(`SELECT id FROM public.accounts`)).toEqual([{ id: '1' }]);
    expect(hazards([detachEu, attachEu])).toContain(`data-dependent ${eu.id}`);
  });

  it('change their storage, are renamed, and refuse what PostgreSQL cannot do', async () => {
    await table();
    await run(current(), partitionKind.create(eu, planContext()));
    const stored = withAttributes(eu, { storageParameters: { autovacuum_enabled: 'false' } });
    const { statements } = partitionKind.alter.storageParameters;
    if (typeof statements !== 'function') throw new Error('storage parameters have statements');
    await run(current(), statements(eu, stored, planContext()));
    expect((await introspect(current(), partitionKind))[0]?.attributes).toEqual(stored.attributes);
    await run(current(), partitionKind.rename?.(stored, { ...stored, path: ['public', 'Europe'] }, planContext()) ?? []);
    expect((await introspect(current(), partitionKind))[0]?.id).toBe('partition public."Europe"');
    for (const name of ['parent', 'partitionBy'] as const) {
      const refuse = partitionKind.alter[name].statements;
      if (typeof refuse !== 'function') throw new Error(`${name} has a function`);
      expect(() => refuse(eu, withAttributes(eu, { [name]: 'table public.other' }), planContext())).toThrow(/cannot/);
    }
  });

  it('of a table with a rule are no objects', async () => {
    for (const { sql } of supportSteps(1)) await current().execute(sql);
    await table();
    await run(current(), partitionKind.create(eu, planContext()));
    await current().execute(`
      CREATE TABLE public.events (at timestamptz NOT NULL) PARTITION BY RANGE (at);
      INSERT INTO schemac.partition_rule VALUES ('public.events', 'at', '1 day', 1, NULL, 'keep', NULL, NULL, 'UTC');
      SELECT schemac.partition_create('public.events', now())`);
    expect((await introspect(current(), partitionKind)).map(({ id }) => id)).toEqual([eu.id]);
  });
});
