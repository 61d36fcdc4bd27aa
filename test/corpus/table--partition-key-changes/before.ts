import { bigint, list, project, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const events = table('events', {
  columns: { id: bigint(), at: timestamptz(), region: text() },
  primaryKey: ['id', 'region'],
  indexes: { events_at: { on: 'at' } },
  partitionBy: list('region', { children: { events_eu: { values: ['eu'] }, events_rest: { default: true } } }),
});
