import { bigint, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
});

export const customers = table('customers', {
  columns: { id: bigint(), email: text() },
  primaryKey: ['id'],
  uniques: { customers_email_key: { columns: ['email'] } },
});
export const orders = table('orders', {
  columns: {
    id: bigint(),
    customer_id: references(() => customers, 'id'),
    item_id: references(() => items, 'id', { onDelete: 'cascade' }),
  },
  primaryKey: ['id'],
  indexes: { orders_customer: { on: 'customer_id' }, orders_item: { on: 'item_id' } },
});
