import { bigint, hash, literal, project, range, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const events = table('events', {
  columns: { id: bigint(), at: timestamptz(), region: text() },
  primaryKey: ['id', 'at'],
  indexes: { events_at: { on: ['at', 'id'] } },
  partitionBy: range('at', {
    children: {
      events_old: { from: 'minvalue', to: literal('2026-01-01 00:00:00+00') },
      events_rest: {
        from: literal('2026-01-01 00:00:00+00'),
        to: 'maxvalue',
        partitionBy: hash('id', { modulus: 2, children: { events_rest_0: { remainder: 0 }, events_rest_1: { remainder: 1 } } }),
      },
    },
  }),
});
