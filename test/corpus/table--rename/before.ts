import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const things = table('things', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  renamedFrom: 'items',
});
