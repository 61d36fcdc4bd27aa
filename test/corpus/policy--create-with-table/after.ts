import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const other = table('other', { columns: { id: bigint() }, primaryKey: ['id'] });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  rowSecurity: 'forced',
  policies: {
    own: { using: sql`name = current_user` },
    looks: { for: 'update', using: sql`EXISTS (SELECT FROM ${other} WHERE other.id = items.id)` },
  },
});
