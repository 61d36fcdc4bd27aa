import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  indexes: { items_name: { on: 'name' }, items_lower: { on: sql`lower(name)` }, items_partial: { on: 'id', where: sql`name = 'x'` } },
});
