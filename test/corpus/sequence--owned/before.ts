import { bigint, project, sequence, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const numbers = sequence('numbers');
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
