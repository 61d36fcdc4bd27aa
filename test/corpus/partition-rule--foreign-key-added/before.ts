import { bigint, project, range, table, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const parents = table('parents', {
  columns: { id: bigint() },
  primaryKey: ['id'],
});
export const events = table('events', {
  columns: { id: bigint(), at: timestamptz(), parent_id: bigint({ nullable: true }) },
  primaryKey: ['id', 'at'],
  partitionBy: range('at', { every: '1 month' }),
});
