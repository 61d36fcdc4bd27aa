import { bigint, project, range, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const events = table('happenings', {
  columns: { id: bigint(), at: timestamptz(), name: text({ nullable: true }) },
  primaryKey: ['id', 'at'],
  indexes: { happenings_name: { on: 'name' } },
  renamedFrom: 'events',
  partitionBy: range('at', { every: '1 month' }),
});
