import { bigint, list, literal, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const parents = table('parents', {
  columns: { id: bigint() },
  primaryKey: ['id'],
});
export const items = table('items', {
  columns: { id: bigint(), region: text(), parent_id: references(() => parents, 'id', { nullable: true }) },
  primaryKey: ['id', 'region'],
  partitionBy: list('region', {
    children: { items_eu: { values: ['eu'] }, items_us: { values: ['us', literal("it's")], doc: 'The US.' }, items_fr: { values: ['fr'] } },
  }),
});
