import { integer, numeric, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const statuses = table('statuses', {
  columns: { id: integer(), name: text(), weight: numeric({ precision: 5, scale: 2, default: 0 }) },
  primaryKey: ['id'],
  rows: [
    { id: 1, name: 'open', weight: '1.5' },
    { id: 2, name: "it's \\ done", weight: '1.5' },
  ],
});
