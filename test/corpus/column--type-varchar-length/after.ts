import { bigint, project, table, varchar } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: varchar({ length: 50 }) },
  primaryKey: ['id'],
  indexes: { items_name: { on: 'name' } },
});
