import { integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const statuses = table('states', {
  columns: { code: integer({ renamedFrom: 'id' }), title: text({ renamedFrom: 'name' }) },
  primaryKey: ['code'],
  renamedFrom: 'statuses',
  rows: [
    { code: 1, title: 'open' },
    { code: 2, title: 'finished' },
  ],
});
