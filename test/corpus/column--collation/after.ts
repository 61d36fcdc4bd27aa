import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ collation: 'C' }) },
  primaryKey: ['id'],
  indexes: { items_name: { on: 'name' } },
});
