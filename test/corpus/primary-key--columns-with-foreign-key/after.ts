import { bigint, project, references, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), size: bigint() },
  primaryKey: ['size'],
  uniques: { items_id_key: { columns: ['id'] } },
});
export const orders = table('orders', {
  columns: { id: bigint(), item_id: references(() => items, 'id', { constraint: { name: 'to_item' } }) },
  primaryKey: ['id'],
});
