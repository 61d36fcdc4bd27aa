import { bigint, hash, list, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), region: text(), name: text(), size: bigint({ nullable: true }) },
  primaryKey: ['id', 'region'],
  partitionBy: list('region', {
    children: {
      items_eu: {
        values: ['eu'],
        partitionBy: hash('id', { modulus: 2, children: { items_eu_0: { remainder: 0 }, items_eu_1: { remainder: 1 } } }),
      },
      items_us: { values: ['us'] },
      items_rest: { default: true },
    },
  }),
});
