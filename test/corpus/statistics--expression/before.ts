import { bigint, integer, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), kind: text(), period: integer(), title: text() },
  primaryKey: ['id'],
  statistics: { items_s: { on: [sql`period % 3`, 'kind'] } },
});
