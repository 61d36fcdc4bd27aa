import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
});
export const sessions = table('sessions', {
  columns: { id: bigint() },
  primaryKey: ['id'],
  persistence: 'unlogged',
});
