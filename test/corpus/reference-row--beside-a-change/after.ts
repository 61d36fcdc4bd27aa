import { integer, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const statuses = table('statuses', {
  columns: { id: integer(), name: text() },
  primaryKey: ['id'],
  rows: [
    { id: 3, name: 'c' },
    { id: 4, name: 'd' },
    { id: 5, name: 'e' },
  ],
});
export const items = table('items', {
  columns: { id: integer(), status: references(() => statuses, 'id'), more: text({ nullable: true }) },
  primaryKey: ['id'],
});
