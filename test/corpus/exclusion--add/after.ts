import { bigint, int4range, project, table, tstzrange } from 'schemac';

export const settings = project({ postgres: 14 });
export const bookings = table('bookings', {
  columns: { id: bigint(), room: int4range(), during: tstzrange({ nullable: true }) },
  primaryKey: ['id'],
  exclusions: {
    no_overlap: {
      elements: [
        { on: 'room', with: '&&' },
        { on: 'during', with: '&&' },
      ],
      method: 'gist',
    },
  },
});
