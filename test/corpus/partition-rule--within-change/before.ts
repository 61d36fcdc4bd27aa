import { bigint, hash, project, range, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const events = table('events', {
  columns: { id: bigint(), at: timestamptz(), region: text(), name: text({ nullable: true }) },
  primaryKey: ['id', 'at', 'region'],
  partitionBy: range('at', { every: '1 month', template: { fillfactor: 90 }, within: hash('id', { modulus: 2 }) }),
});
