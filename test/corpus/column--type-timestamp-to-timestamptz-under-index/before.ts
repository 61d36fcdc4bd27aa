import { bigint, project, table, timestamp } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), at: timestamp() },
  primaryKey: ['id'],
  indexes: { items_at: { on: 'at' } },
});
