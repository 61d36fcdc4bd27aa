import { integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const statuses = table('statuses', {
  columns: { id: integer(), name: text(), note: text({ nullable: true }) },
  primaryKey: ['id'],
  rows: [
    { id: 1, name: 'opened', note: 'n' },
    { id: 2, name: 'done', note: null },
    { id: 4, name: 'new', note: null },
  ],
});
