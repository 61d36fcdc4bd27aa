import { bigint, literal, project, range, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const others = table('others', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const items2 = table('items2', {
  columns: { a: bigint(), b: text() },
  partitionBy: range(['a', 'b'], { children: { items2_low: { from: ['minvalue', 'minvalue'], to: [10, literal('x')] } } }),
});
