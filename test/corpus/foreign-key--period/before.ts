import { int4range, project, table, tstzrange } from 'schemac';

export const settings = project({ postgres: 18 });
export const stays = table('stays', {
  columns: { room: int4range(), during: tstzrange() },
  primaryKey: { columns: ['room', 'during'], withoutOverlaps: true },
});
export const guests = table('guests', { columns: { room: int4range(), present: tstzrange() } });
