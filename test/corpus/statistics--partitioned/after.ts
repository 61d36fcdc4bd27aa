import { bigint, integer, project, range, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), at: timestamptz(), kind: text(), period: integer() },
  primaryKey: ['id', 'at'],
  partitionBy: range('at', { every: '1 month' }),
  statistics: { items_s: { on: ['kind', 'period'] } },
});
