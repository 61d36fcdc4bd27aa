import { integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const a = table('a', { columns: { id: integer() } });
export const statuses = table('statuses', {
  columns: { id: integer(), name: text(), note: text({ nullable: true }) },
  primaryKey: ['id'],
  rows: [
    { id: 1, name: 'open' },
    { id: 2, name: "it's \\ done" },
    { id: -3, name: 'gone' },
  ],
});
