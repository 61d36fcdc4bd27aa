import { bigint, literal, project, range, sql, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const events = table('events', {
  columns: {
    id: bigint(),
    at: timestamptz(),
    name: text({ nullable: true }),
    note: text({ default: literal('x') }),
    late: text({ backfill: sql`'l'` }),
  },
  primaryKey: ['id', 'at'],
  partitionBy: range('at', { every: '1 month' }),
});
