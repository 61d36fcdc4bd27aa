import { bigint, integer, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), kind: text(), period: integer(), title: text({ backfill: sql`'t'` }) },
  primaryKey: ['id'],
  statistics: { items_s: { on: ['kind', 'period', 'title'] }, items_gone: { on: ['period', 'title'] } },
});
