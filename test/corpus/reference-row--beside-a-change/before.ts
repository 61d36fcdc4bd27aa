import { integer, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const statuses = table('statuses', {
  columns: { id: integer(), name: text() },
  primaryKey: ['id'],
  rows: [
    { id: 1, name: 'a' },
    { id: 2, name: 'b' },
    { id: 3, name: 'c' },
  ],
});
export const items = table('items', { columns: { id: integer(), status: references(() => statuses, 'id') }, primaryKey: ['id'] });
