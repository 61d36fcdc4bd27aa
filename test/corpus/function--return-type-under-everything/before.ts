import { bigint, func, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const label = func('label', {
  args: { t: text() },
  returns: text(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT upper(t)`,
  doc: 'One.',
});
export const items = table('items', {
  columns: {
    id: bigint(),
    name: text({ nullable: true }),
    code: text({ nullable: true, default: sql`${label}('x')` }),
    low: text({ nullable: true, generated: sql`${label}(name)` }),
  },
  primaryKey: ['id'],
  checks: { items_label: sql`length(${label}(name)) < 100` },
  indexes: { items_labels: { on: sql`(${label}(name))`, doc: 'By label.' } },
});
export const labels = view('labels', { query: sql`SELECT id, ${label}(name)::text AS l FROM ${items}`, doc: 'All.' });
