import { bigint, numeric, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const statuses = table('statuses', {
  columns: { id: bigint(), weight: numeric({ precision: 5, scale: 4 }) },
  primaryKey: ['id'],
  rows: [
    { id: '1', weight: '1.5' },
    { id: '2', weight: '2' },
  ],
});
