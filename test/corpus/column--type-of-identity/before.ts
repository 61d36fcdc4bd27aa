import { integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: integer({ identity: 'always' }), name: text() },
  primaryKey: ['id'],
});
