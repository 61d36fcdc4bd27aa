import { bigint, project, sql, table, text, varchar } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), kind: varchar({ length: 40 }), period: bigint(), title: text() },
  primaryKey: ['id'],
  statistics: { items_s: { on: ['kind', 'period'] }, items_e: { on: [sql`lower(kind)`, sql`period + 1`] } },
});
