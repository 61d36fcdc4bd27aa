import { bigint, project, table, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), at: timestamptz() },
  primaryKey: ['id'],
  indexes: { items_at: { on: 'at' } },
});
