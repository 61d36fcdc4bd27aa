import { integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const statuses = table('statuses', {
  columns: { id: integer(), name: text(), note: text({ nullable: true }) },
  primaryKey: ['id'],
  rows: [
    { id: 1, name: 'open', note: null },
    { id: 2, name: 'done', note: 'x' },
    { id: 3, name: 'gone', note: null },
  ],
});
