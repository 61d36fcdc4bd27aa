import { bigint, materializedView, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const totals = materializedView('totals', {
  query: sql`SELECT id, name FROM ${items}`,
  indexes: { totals_id: { on: 'id', unique: true }, totals_name: { on: sql`lower(name)` } },
});
