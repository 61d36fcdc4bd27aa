import { bigint, hash, list, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const parents = table('parents', {
  columns: { id: bigint(), code: text() },
  primaryKey: ['id'],
  uniques: { parents_both: { columns: ['id', 'code'] } },
});
export const kids = table('kids', {
  columns: { id: bigint(), region: text(), parent_id: references(() => parents, 'id', { nullable: true }) },
  primaryKey: ['id', 'region'],
  partitionBy: list('region', {
    children: {
      kids_eu: {
        values: ['eu'],
        partitionBy: hash('id', { modulus: 2, children: { kids_eu_0: { remainder: 0 }, kids_eu_1: { remainder: 1 } } }),
      },
      kids_us: { values: ['us'] },
      kids_rest: { default: true },
    },
  }),
});
