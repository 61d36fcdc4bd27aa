import { bigint, hash, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const others = table('others', {
  columns: { id: bigint() },
  primaryKey: ['id'],
});
export const items = table('items', {
  columns: { id: bigint(), region: text(), name: text({ nullable: true }) },
  primaryKey: ['id'],
  indexes: { items_name: { on: 'name' } },
  partitionBy: hash('id', { modulus: 3, children: { items_0: { remainder: 0 }, items_1: { remainder: 1 }, items_2: { remainder: 2 } } }),
});
