import { bigint, list, literal, project, sql, table, text, uuid } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: {
    id: bigint(),
    region: text(),
    name: text({ nullable: true }),
    size: bigint({ nullable: true }),
    note: text({ default: literal('x') }),
    token: uuid({ default: sql`gen_random_uuid()` }),
    late: text({ backfill: sql`'late'` }),
  },
  primaryKey: ['id', 'region'],
  partitionBy: list('region', { children: { items_eu: { values: ['eu'] }, items_us: { values: ['us'] } } }),
});
