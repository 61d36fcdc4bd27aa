import { integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const statuses = table('statuses', {
  columns: { id: integer({ renamedFrom: 'code' }), name: text({ renamedFrom: 'title' }) },
  primaryKey: ['id'],
  renamedFrom: 'states',
  rows: [
    { id: 1, name: 'open' },
    { id: 2, name: 'done' },
  ],
});
