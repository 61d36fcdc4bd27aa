import { bigint, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text(), size: bigint({ nullable: true }) },
  primaryKey: ['id'],
  uniques: { items_unique: { columns: ['name'] } },
});
export const orders = table('orders', {
  columns: { id: bigint(), item: references(() => items, 'name', { nullable: true }) },
  primaryKey: ['id'],
});
