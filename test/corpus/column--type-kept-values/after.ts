import { bigint, list, numeric, project, sql, table, text, varchar } from 'schemac';

export const settings = project({ postgres: 14 });
export const events = table('events', {
  columns: {
    id: bigint({ identity: 'always' }),
    region: text(),
    part: text(),
    price: numeric({ precision: 12, scale: 2, default: sql`0.5` }),
    code: varchar({ length: 60, nullable: true }),
  },
  primaryKey: ['id', 'region', 'part'],
  indexes: { events_price: { on: ['price', 'id'] }, events_code: { on: 'code' } },
  partitionBy: list('region', {
    children: {
      events_eu: { values: ['eu'] },
      events_us: { values: ['us'], partitionBy: list('part', { children: { events_us_a: { values: ['a'] } } }) },
    },
  }),
});
