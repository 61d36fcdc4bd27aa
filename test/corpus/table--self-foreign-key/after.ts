import { bigint, project, self, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
});

export const nodes = table('nodes', {
  columns: { id: bigint(), parent_id: self('id', { nullable: true, onDelete: 'cascade' }) },
  primaryKey: ['id'],
});
