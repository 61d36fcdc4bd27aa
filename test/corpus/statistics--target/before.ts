import { bigint, integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), kind: text(), period: integer(), title: text() },
  primaryKey: ['id'],
  statistics: { items_s: { on: ['kind', 'period'] } },
});
