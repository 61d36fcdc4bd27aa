import { bigint, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
});

export const orders = table('orders', {
  columns: { id: bigint(), item_id: references(() => items, 'id', { nullable: true }) },
  primaryKey: ['id'],
});
