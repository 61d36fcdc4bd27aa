/** Each word of a budget: a schema in which it holds, and the same query where it is broken. */
import { expect, it } from 'vitest';
import { gateOfText } from './support.ts';

const schema = (indexes: string, budget: string, sql: string, samples = ''): string => `
  export const users = table('users', { columns: { id: bigint(), name: text({ values: { distinct: 900_000, width: 12 } }) }, primaryKey: ['id'], expectedRows: 1_000_000 });
  export const visits = table('visits', {
    columns: { id: bigint(), user_id: references(() => users, 'id'), at: timestamptz(), page: text({ values: { distinct: 500, width: 20 } }) },
    primaryKey: ['id', 'at'],
    indexes: { ${indexes} },
    expectedRows: 24_000_000,
    partitionBy: range('at', { every: '1 month', retain: '12 months' }),
  });
  export const q = query('asked', { purpose: 'Asked.', sql: sql\`${sql}\`, budget: { ${budget} }, samples: { ${samples} } });`;

const byUser = `visits_user: { on: ['user_id', 'at'] }`;
const ofUser = 'SELECT id, at FROM ${visits} WHERE user_id = :user_id ORDER BY at DESC LIMIT 10';

interface Word {
  readonly word: string;
  readonly kept: string;
  readonly broken: string;
}

const words: readonly Word[] = [
  { word: 'maxCost', kept: schema(byUser, 'maxCost: 500', ofUser), broken: schema('', 'maxCost: 500', ofUser) },
  {
    word: 'maxRows',
    kept: schema(byUser, 'maxRows: 10', ofUser),
    broken: schema(byUser, 'maxRows: 10', 'SELECT id FROM ${visits} WHERE user_id = :user_id'),
  },
  {
    word: 'maxPartitions',
    kept: schema(
      byUser,
      'maxPartitions: 1',
      'SELECT id FROM ${visits} WHERE user_id = :user_id AND at >= :first AND at < :last',
      `first: '2026-01-02 00:00+00', last: '2026-01-09 00:00+00'`,
    ),
    broken: schema(
      byUser,
      'maxPartitions: 1',
      `SELECT id FROM \${visits} WHERE user_id = :user_id AND date_trunc('month', at, 'UTC') = :month`,
    ),
  },
  { word: 'noSeqScan', kept: schema(byUser, 'noSeqScan: true', ofUser), broken: schema('', 'noSeqScan: true', ofUser) },
  {
    word: 'noSeqScan',
    kept: schema('', 'noSeqScan: 20_000_000', 'SELECT count(*) FROM ${users} WHERE name = :name'),
    broken: schema('', 'noSeqScan: 500_000', 'SELECT count(*) FROM ${users} WHERE name = :name'),
  },
  {
    word: 'noSort',
    kept: schema(byUser, 'noSort: true', ofUser),
    broken: schema(`visits_user: { on: 'user_id' }`, 'noSort: true', ofUser),
  },
  {
    word: 'indexOnly',
    kept: schema(
      byUser,
      'indexOnly: true',
      'SELECT count(*) FROM ${visits} WHERE user_id = :user_id AND at >= :first',
      `first: '2026-01-01 00:00+00'`,
    ),
    broken: schema(
      byUser,
      'indexOnly: true',
      'SELECT count(page) FROM ${visits} WHERE user_id = :user_id AND at >= :first',
      `first: '2026-01-01 00:00+00'`,
    ),
  },
];

it.each(words)('$word holds, and is broken', async ({ word, kept, broken }) => {
  expect((await gateOfText(kept)).findings).toEqual([]);
  const { findings } = await gateOfText(broken);
  expect(findings).toMatchObject([{ query: 'asked', form: 'over budget', at: 'budget' }]);
  expect(findings[0]?.message).toContain(`(${word})`);
  // The plan stands below.
  expect(findings[0]?.message.split('\n').slice(1).join('\n')).toMatch(/ on (visits|users)/);
});

it('names an index that mends it, with the plan that it would give', async () => {
  const { findings } = await gateOfText(schema('', 'maxCost: 500, noSeqScan: true, noSort: true', ofUser));
  expect(findings[0]?.hint).toMatch(/^an index of visits on \(user_id, at\) would keep it within its budget/);
  expect(findings[0]?.hint).toContain('Index Scan Backward using visits_user_id_at_idx on visits × 16 partitions');
});

it('warns of a plan that holds only until there are ten times the rows', async () => {
  const growing = `
    export const jobs = table('jobs', { columns: { id: bigint(), state: text({ values: { common: { done: 0.7, open: 0.3 } } }) }, primaryKey: ['id'], expectedRows: 5_000 });
    export const q = query('open_jobs', { purpose: 'Lists.', sql: sql\`SELECT id FROM \${jobs} WHERE state = :state\`, samples: { state: 'open' }, budget: { noSeqScan: 20_000 } });`;
  expect((await gateOfText(growing)).findings).toMatchObject([{ query: 'open_jobs', form: 'over budget when grown' }]);
});
