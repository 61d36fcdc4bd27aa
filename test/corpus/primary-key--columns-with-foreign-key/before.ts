import { bigint, project, references, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), size: bigint() },
  primaryKey: ['id'],
  uniques: { items_size_key: { columns: ['size'] } },
});
export const orders = table('orders', {
  columns: { id: bigint(), item_id: references(() => items, 'id', { constraint: { name: 'to_item' } }) },
  primaryKey: ['id'],
});
