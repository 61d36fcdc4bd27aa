import { bigint, integer, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), sort: text({ renamedFrom: 'kind' }), period: integer(), title: text() },
  primaryKey: ['id'],
  statistics: { items_e: { on: [sql`lower(sort)`, 'period'] } },
});
