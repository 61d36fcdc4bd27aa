import { bigint, project, range, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), region: text(), name: text({ nullable: true }) },
  primaryKey: ['id'],
  partitionBy: range('id', {
    children: { items_low: { from: 'minvalue', to: 100 }, items_high: { from: 200, to: 'maxvalue' } },
    gaps: true,
  }),
});
