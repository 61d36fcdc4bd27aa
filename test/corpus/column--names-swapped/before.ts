import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), a: text({ renamedFrom: 'b' }), b: bigint({ renamedFrom: 'a' }) },
  primaryKey: ['id'],
});
