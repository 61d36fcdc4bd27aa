/** A partition rule as an object: made with its first window, read back, altered in every attribute, dropped. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { declarePartitionRule } from '../../compiler/kinds/partition-rule/declare.ts';
import { intervalWords, roughDays } from '../../compiler/kinds/partition-rule/interval.ts';
import { partitionRuleKind } from '../../compiler/kinds/partition-rule/kind.ts';
import type { PartitionRule, PartitionRuleAttributes } from '../../compiler/kinds/partition-rule/object.ts';
import { supportSteps } from '../../compiler/kinds/partition-support/sql.ts';
import type { AttributeRule } from '../../compiler/kinds/contract.ts';
import type { Statement } from '../../compiler/model/statement.ts';
import { introspect, planContext, run, testEngine, testEngines, withAttributes } from './support.ts';

const rule = declarePartitionRule({
  path: ['public', 'Digest log'],
  needs: ['partition-support schemac', 'schema archive'],
  column: 'created at',
  every: '1 month',
  premake: 2,
  retain: '13 months',
  onRetire: 'archive',
  archiveSchema: 'archive',
  grace: '7 days',
  zone: 'Europe/Berlin',
  template: { autovacuum_vacuum_scale_factor: '0.05', fillfactor: '90' },
});
const made = planContext({ made: ['table public."Digest log"', rule.id] });

function alter<Name extends keyof PartitionRuleAttributes>(name: Name, before: PartitionRule, after: PartitionRule): readonly Statement[] {
  const { statements } = partitionRuleKind.alter[name] as AttributeRule<PartitionRule>;
  if (typeof statements !== 'function') throw new Error(`${name} has no statements`);
  return statements(before, after, planContext());
}

describe.each(testEngines)('on %s', (engine) => {
  const { current } = testEngine(engine);

  beforeAll(async () => {
    for (const { sql } of supportSteps(1)) await current().execute(sql);
  });

  afterEach(async () => {
    await current().execute(
      `RESET schemac.at; DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS archive; TRUNCATE schemac.partition_rule`,
    );
  });

  async function table(): Promise<void> {
    await current().execute(`
      CREATE SCHEMA archive;
      CREATE TABLE public."Digest log" (id bigint, "created at" timestamptz NOT NULL, PRIMARY KEY (id, "created at")) PARTITION BY RANGE ("created at")`);
  }

  async function partitions(): Promise<readonly unknown[]> {
    return current().query(`SELECT relation, lower FROM schemac.partition_list('public."Digest log"')`);
  }

  it('is made with its first window, at the clock that is set', async () => {
    await table();
    await current().execute(`SET schemac.at = '2026-07-15 12:00+00'`);
    await run(current(), partitionRuleKind.create(rule, made));
    expect(await introspect(current(), partitionRuleKind)).toEqual([
      { ...rule, dependsOn: expect.arrayContaining([...rule.dependsOn]) as unknown },
    ]);
    expect(await partitions()).toEqual([
      { relation: 'public."Digest log_p20260630T2200"', lower: '2026-06-30 22:00:00+00' },
      { relation: 'public."Digest log_p20260731T2200"', lower: '2026-07-31 22:00:00+00' },
      { relation: 'public."Digest log_p20260831T2200"', lower: '2026-08-31 22:00:00+00' },
    ]);
    await run(current(), partitionRuleKind.create(rule, made));
    expect(await partitions()).toHaveLength(3);
  });

  it('makes the window of now where no clock is set', async () => {
    await table();
    await run(current(), partitionRuleKind.create(rule, made));
    const [row] = await current().query(
      `SELECT count(*) FROM schemac.partition_list('public."Digest log"') WHERE lower <= now() AND now() < upper`,
    );
    expect(row?.['count']).toBe('1');
  });

  const bare = { column: 'created at', every: '1 day', premake: 0, onRetire: 'keep', zone: 'UTC', template: {} } as const;
  const changes: readonly (readonly [name: keyof PartitionRuleAttributes, changed: PartitionRuleAttributes])[] = [
    ['every', { ...bare, every: '7 days' }],
    ['every', { ...bare, every: '6 hours' }],
    ['every', { ...bare, every: '15 minutes' }],
    ['premake', { ...bare, premake: 7 }],
    ['retain', { ...bare, retain: '90 days' }],
    ['onRetire', { ...bare, onRetire: 'drop' }],
    ['onRetire', { ...bare, onRetire: 'archive', archiveSchema: 'archive' }],
    ['grace', { ...bare, grace: '1 month 2 days' }],
    ['zone', { ...bare, zone: 'America/New_York' }],
    ['template', { ...bare, template: { fillfactor: '80', 'toast.autovacuum_enabled': 'false' } }],
    ['column', { ...bare, column: 'it' }],
  ];
  it.each(changes)('changes %s, both ways: %o', async (name, changed) => {
    await table();
    const plain: PartitionRule = { ...rule, attributes: bare };
    const other: PartitionRule = { ...rule, attributes: changed };
    await run(current(), partitionRuleKind.create(plain, made));
    await run(current(), alter(name, plain, other));
    expect((await introspect(current(), partitionRuleKind))[0]?.attributes).toEqual(changed);
    await run(current(), alter(name, other, plain));
    expect((await introspect(current(), partitionRuleKind))[0]?.attributes).toEqual(bare);
  });

  it('moves the archive', async () => {
    await table();
    await run(current(), partitionRuleKind.create(rule, made));
    const other = withAttributes(rule, { archiveSchema: 'attic' });
    await run(current(), alter('archiveSchema', rule, other));
    expect((await introspect(current(), partitionRuleKind))[0]?.attributes.archiveSchema).toBe('attic');
  });

  it('gives the template to the partitions that are there', async () => {
    await table();
    await run(current(), partitionRuleKind.create(rule, made));
    const options = async (): Promise<readonly unknown[]> =>
      current().query(
        `SELECT DISTINCT c.reloptions FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'public."Digest log"'::regclass`,
      );
    expect(await options()).toEqual([{ reloptions: '{autovacuum_vacuum_scale_factor=0.05,fillfactor=90}' }]);
    await run(current(), alter('template', rule, withAttributes(rule, { template: { fillfactor: '70' } })));
    expect(await options()).toEqual([{ reloptions: '{fillfactor=70}' }]);
  });

  it('is forgotten, and its partitions stay', async () => {
    await table();
    await run(current(), partitionRuleKind.create(rule, made));
    const before = await partitions();
    await run(current(), partitionRuleKind.drop(rule, planContext()));
    expect(await introspect(current(), partitionRuleKind)).toEqual([]);
    expect(await partitions()).toEqual(before);
  });

  it('follows its table', async () => {
    await table();
    await run(current(), partitionRuleKind.create(rule, made));
    await current().execute(`ALTER TABLE public."Digest log" RENAME TO digests`);
    expect(await introspect(current(), partitionRuleKind)).toEqual([]);
    const after = declarePartitionRule({ ...rule.attributes, path: ['public', 'digests'], needs: [] });
    await run(current(), partitionRuleKind.rename?.(rule, after, planContext()) ?? []);
    expect((await introspect(current(), partitionRuleKind)).map(({ id }) => id)).toEqual(['partition-rule public.digests']);
  });

  it('is none without the support', async () => {
    const query = partitionRuleKind.introspect.query({
      major: 18,
      hasPartitionRules: false,
      resolve: () => undefined,
      resolveOwn: () => undefined,
    });
    expect(await current().query(query)).toEqual([]);
  });
});

describe('what a change of the rule risks', () => {
  const names = (statements: readonly Statement[]): readonly string[] =>
    statements.flatMap(({ hazards }) => hazards.map(({ hazard }) => hazard));
  const dropping = withAttributes(rule, { onRetire: 'drop' });
  const { grace: _grace, ...endless } = rule.attributes;
  const keeping: PartitionRule = { ...rule, attributes: endless };

  it('dropping sooner, or dropping at all, loses rows', () => {
    expect(names(alter('retain', dropping, withAttributes(dropping, { retain: '12 months' })))).toEqual(['data-loss']);
    expect(names(alter('onRetire', keeping, dropping))).toEqual(['data-loss']);
    expect(names(alter('grace', rule, withAttributes(rule, { grace: '1 day' })))).toEqual(['data-loss']);
    expect(names(alter('grace', keeping, rule))).toEqual(['data-loss']);
    expect(names(alter('retain', rule, withAttributes(rule, { retain: '1 month' })))).toEqual(['data-loss']);
    const counted = withAttributes(dropping, { key: 'integer', every: '1000', retain: '5000' });
    expect(names(alter('retain', counted, withAttributes(counted, { retain: '4000' })))).toEqual(['data-loss']);
  });

  it('keeping longer, or archiving sooner, loses none', () => {
    expect(names(alter('retain', dropping, withAttributes(dropping, { retain: '2 years' })))).toEqual([]);
    expect(names(alter('retain', keeping, withAttributes(keeping, { retain: '1 month' })))).toEqual([]);
    expect(names(alter('onRetire', dropping, rule))).toEqual([]);
    expect(names(alter('grace', rule, keeping))).toEqual([]);
  });

  it('partitions of a new table lock nothing old; those of an old table what it references', () => {
    const key = {
      kind: 'foreign-key',
      id: 'foreign-key public."Digest log".fk',
      path: ['public', 'Digest log', 'fk'],
      partOf: 'table public."Digest log"',
      attributes: { references: 'table public.users' },
      dependsOn: [],
    };
    const relations = (statements: readonly Statement[]): readonly string[] =>
      statements.flatMap(({ locks }) => locks.map(({ relation }) => relation));
    const isNew = planContext({ made: ['table public."Digest log"', rule.id], after: [key] });
    expect(relations(partitionRuleKind.create(rule, isNew))).toEqual(['table public."Digest log"']);
    const isOld = planContext({ before: [key], after: [key] });
    expect(relations(partitionRuleKind.create(rule, isOld))).toEqual(['table public."Digest log"', 'table public.users']);
    expect(names(partitionRuleKind.create(rule, isOld))).toContain('locks-other-table');
  });
});

describe('intervals in words', () => {
  it.each([
    [[13, 0, 0], '13 months'],
    [[1, 0, 0], '1 month'],
    [[0, 7, 0], '7 days'],
    [[0, 1, 43_200], '1 day 12 hours'],
    [[0, 0, 5400], '90 minutes'],
    [[0, 0, 1.5], '1.5 seconds'],
    [[0, 0, 0], '0 days'],
  ])('%j is %s', (parts, words) => {
    expect(intervalWords(parts)).toBe(words);
  });

  it('are compared roughly, and not at all in another spelling', () => {
    expect(roughDays('13 months')).toBeGreaterThan(roughDays('1 year') ?? Infinity);
    expect(roughDays('90 minutes')).toBeLessThan(roughDays('1 day') ?? 0);
    expect(roughDays('P1Y')).toBeUndefined();
    expect(roughDays('1 fortnight')).toBeUndefined();
  });
});
