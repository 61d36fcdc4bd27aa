/** A policy is held against what heads of migrations say: which statement, which table, how many rows, what instead. */
import { describe, expect, it } from 'vitest';
import { policyFindings, type JudgedMigration } from '../../compiler/lint/policy.ts';
import type { MigrationPolicy } from '../../compiler/model/declared.ts';
import { readHazardLine, readLockLine } from '../../compiler/sql/head-lines.ts';

const policy: MigrationPolicy = { forbid: ['rewrite', 'blocks-reads', 'blocks-writes'], overRows: 1_000_000, except: [] };
const orders = 'table public.orders';

function migration(name: string, locks: readonly string[], more: Partial<JudgedMigration['head']> = {}): JudgedMigration {
  return { name, head: { locks, hazards: [], rows: [], ...more }, step: (number) => ({ purpose: `Step ${String(number)}.` }) };
}

const rewriting = migration('0007_widen', [
  `2 AccessExclusiveLock on ${orders} (blocks reads and writes), rewrites the table, reads every row`,
]);
const short = migration('0008_add', [`1 AccessExclusiveLock on ${orders} (blocks reads and writes), no rewrite, no scan`]);
const building = migration('0009_index', [`1 ShareLock on ${orders} (blocks writes), no rewrite, reads every row, expected, not measured`]);
const validating = migration('0010_check', [`1 ShareUpdateExclusiveLock on ${orders} (blocks nothing), no rewrite, reads every row`]);

const broken = (given: MigrationPolicy, migrations: readonly JudgedMigration[], rows: number | undefined): readonly string[] =>
  policyFindings(given, migrations, () => rows).map(({ code, message }) => `${code}: ${message}`);

describe('the policy', () => {
  it('forbids what keeps others waiting for as long as there are rows, and nothing that is over in a moment', () => {
    expect(broken(policy, [rewriting, short, building, validating], 40_000_000)).toEqual([
      'forbidden-by-policy: statement 2 of 0007_widen (Step 2.) writes every row again, on public.orders of 40,000,000 declared rows: the policy forbids rewrite on tables of 1,000,000 rows or more',
      'forbidden-by-policy: statement 1 of 0009_index (Step 1.) keeps writes waiting while it goes through every row, on public.orders of 40,000,000 declared rows: the policy forbids blocks-writes on tables of 1,000,000 rows or more',
    ]);
  });

  it('says of what a statement does the strongest that is forbidden', () => {
    const rules = (forbid: MigrationPolicy['forbid']): number => broken({ ...policy, forbid }, [rewriting], 2_000_000).length;
    expect([rules(['rewrite', 'blocks-writes']), rules(['blocks-reads', 'blocks-writes']), rules(['blocks-writes']), rules([])]).toEqual([
      1, 1, 1, 0,
    ]);
  });

  it('lets small tables be, and takes one that says nothing for a large one', () => {
    expect(broken(policy, [building], 999_999)).toEqual([]);
    expect(broken({ ...policy, overRows: 0 }, [building], 3)).toHaveLength(1);
    const [unknown] = policyFindings(policy, [building], () => undefined);
    expect(unknown?.message).toContain('public.orders whose rows nobody declared');
    expect(unknown?.hint).toContain('expectedRows: 5_000');
  });

  it('goes by the rows that were declared when the migration was compiled', () => {
    const then = { ...building, head: { ...building.head, rows: [`${orders} 500`] } };
    expect(broken(policy, [then], 40_000_000)).toEqual([]);
  });

  it('is not asked of what was there before it', () => {
    expect(broken({ ...policy, after: '0008_add' }, [rewriting, building], 2_000_000)).toHaveLength(1);
  });

  it('takes exceptions by migration, rule and table, and tells those that nothing needs', () => {
    const except = [
      { migration: 'index', rule: 'blocks-writes', on: orders, reason: 'At night.' },
      { migration: '0007_widen', rule: 'data-loss', on: orders, reason: 'Agreed.' },
    ] as const;
    const findings = policyFindings({ ...policy, except }, [building], () => 2_000_000);
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ['policy-exception-unused', `the policy excepts 'data-loss' on ${orders} in 0007_widen, where nothing needs it`],
    ]);
  });

  it('knows hazards by their own lines: of a column the table is meant', () => {
    const losing = migration('0011_drop', [], { hazards: ['1 data-loss column public.orders.note: the values of the column are gone'] });
    expect(broken({ ...policy, forbid: ['data-loss'] }, [losing], 2_000_000)).toHaveLength(1);
    expect(broken(policy, [losing], 2_000_000)).toEqual([]);
  });
});

describe('lines of a head', () => {
  it('are read with any name in them', () => {
    const odd = 'table public."a: (blocks b), c"';
    expect(readHazardLine(`12 data-loss ${odd}: gone`)).toEqual({ step: 12, hazard: 'data-loss', subject: odd });
    expect(readLockLine(`3 ShareLock on ${odd} (blocks writes), no rewrite, no scan`)).toMatchObject({
      step: 3,
      relation: odd,
      scans: false,
    });
    expect(readLockLine('  find such rows: SELECT 1;')).toBeUndefined();
    expect(readHazardLine('1 no-such-hazard table public.t: x')).toBeUndefined();
  });
});
