import { bigint, integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('things', {
  columns: { id: bigint(), kind: text(), period: integer(), title: text() },
  primaryKey: ['id'],
  renamedFrom: 'items',
  statistics: [{ on: ['kind', 'period'] }],
});
