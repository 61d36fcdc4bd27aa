import { bigint, list, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const parents = table('parents', {
  columns: { id: bigint(), code: text() },
  primaryKey: ['id'],
  uniques: { parents_both: { columns: ['id', 'code'] } },
});
export const kids = table('kids', {
  columns: { id: bigint(), region: text(), parent_id: bigint({ nullable: true }) },
  primaryKey: ['id', 'region'],
  partitionBy: list('region', { children: { kids_eu: { values: ['eu'] }, kids_us: { values: ['us'] } } }),
});
