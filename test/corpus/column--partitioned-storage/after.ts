import { bigint, list, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: {
    id: bigint(),
    region: text(),
    name: text({ storage: 'external', compression: 'pglz', nullable: true }),
    size: bigint({ nullable: true }),
  },
  primaryKey: ['id', 'region'],
  partitionBy: list('region', { children: { items_eu: { values: ['eu'] }, items_us: { values: ['us'] } } }),
});
