import { bigint, enumType, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('state', ['new', "it's", 'do"ne']);
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
