import { bigint, project, range, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const events = table('events', {
  columns: { id: bigint(), at: timestamptz(), name: text({ nullable: true }) },
  primaryKey: ['id', 'at'],
  indexes: { events_at: { on: 'at' } },
  partitionBy: range('at', { every: '1 month' }),
});
