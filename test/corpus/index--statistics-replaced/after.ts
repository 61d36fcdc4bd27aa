import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  indexes: { by_lower: { on: sql`upper(name)`, statistics: { 1: 300 } } },
});
