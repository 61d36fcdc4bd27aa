import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const other = table('other', { columns: { id: bigint(), kind: bigint() }, primaryKey: ['id'] });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  rowSecurity: 'on',
  policies: {
    p: { to: 'schemac_reader', using: sql`EXISTS (SELECT FROM ${other} WHERE other.id = items.id AND other.kind > 0)`, doc: 'Why.' },
  },
});
