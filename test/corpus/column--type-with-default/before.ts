import { bigint, literal, project, table, varchar } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: varchar({ length: 20, default: literal('none') }) },
  primaryKey: ['id'],
});
