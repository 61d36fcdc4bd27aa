import { bigint, materializedView, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const totals = materializedView('totals', {
  query: sql`SELECT name, count(*) AS number, max(id) AS highest FROM ${items} GROUP BY name`,
  doc: 'Totals.',
  indexes: { totals_name: { on: 'name', unique: true, doc: 'By name.' } },
});
