import { bigint, list, literal, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), region: text(), name: text({ nullable: true }) },
  primaryKey: ['id', 'region'],
  indexes: { items_name: { on: 'name' } },
  partitionBy: list('region', {
    children: { items_eu: { values: ['eu'] }, items_us: { values: ['us', literal("it's")], doc: 'The US.' } },
  }),
});
