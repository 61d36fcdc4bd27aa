import { bigint, hash, list, literal, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const others = table('others', {
  columns: { id: bigint() },
  primaryKey: ['id'],
});
export const items = table('items', {
  columns: { id: bigint(), region: text(), name: text({ nullable: true }) },
  primaryKey: ['id', 'region'],
  indexes: { items_name: { on: 'name' } },
  checks: { c: sql`name <> ''` },
  partitionBy: list('region', {
    children: {
      items_eu: {
        values: ['eu'],
        partitionBy: hash('id', { modulus: 2, children: { items_eu_0: { remainder: 0 }, items_eu_1: { remainder: 1 } } }),
      },
      items_us: { values: ['us', literal("it's")], doc: 'The US.' },
    },
  }),
});
