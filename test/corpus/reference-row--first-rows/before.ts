import { integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const statuses = table('statuses', {
  columns: { id: integer(), name: text(), note: text({ nullable: true }) },
  primaryKey: ['id'],
});
