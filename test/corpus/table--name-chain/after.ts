import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), other: bigint({ nullable: true }) },
  primaryKey: ['id'],
});
export const new_items = table('new_items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
  renamedFrom: 'items',
});
