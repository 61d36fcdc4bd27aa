import { bigint, func, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const label = func('label', {
  args: { t: text() },
  returns: text(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT upper(t) || ''`,
});
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
  indexes: { items_labels: { on: sql`(${label}(name))` } },
});
