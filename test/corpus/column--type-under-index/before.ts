import { bigint, project, sql, table, varchar } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: varchar({ length: 20 }) },
  primaryKey: ['id'],
  indexes: { items_name: { on: 'name' }, items_lower: { on: sql`lower(name)` }, items_partial: { on: 'id', where: sql`name = 'x'` } },
});
