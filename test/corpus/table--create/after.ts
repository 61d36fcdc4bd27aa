import { bigint, project, sql, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
});
export const orders = table('orders', {
  columns: { id: bigint(), placed_at: timestamptz({ default: sql`now()` }), note: text({ nullable: true }) },
  primaryKey: ['id'],
});
