import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const first = table('first', {
  columns: { id: bigint(), a: text({ nullable: true }) },
  primaryKey: ['id'],
  renamedFrom: 'second',
});
export const second = table('second', {
  columns: { id: bigint(), b: text({ nullable: true }) },
  primaryKey: ['id'],
  renamedFrom: 'first',
});
